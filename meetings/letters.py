"""Letters about meetings: one person each, the hour on both clocks, and no word of what a group talks about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings

from groups.models.sabbatical import Sabbatical
from meetings import ics
from meetings.cadence import EveryNWeeks, instant
from meetings.ics import Method
from meetings.line import OFFERS, Standing, Told
from meetings.models.cadence import GroupCadence
from meetings.models.meeting import Meeting, Ready, Role
from meetings.models.seat import PURPOSE, Entry, Seat, State
from meetings.reminders import NOBODY, NOTHING, Brief, Reminder, Said
from members.letters import waiting_tokens
from members.models.application import Application
from members.models.person import Person
from members.models.program import Organizer, Roster
from roundtable import links, moments
from roundtable.checks import SENDGRID
from roundtable.outbox.models import Priority, mark
from roundtable.outbox.post import Draft

LINK_OUTLIVES_MEETING = timedelta(days=1)
SEAT_TOLD = "meetings/seat_told"
REMINDERS = {
    Reminder.CHECKLIST: "meetings/checklist",
    Reminder.CHECKLIST_AGAIN: "meetings/checklist",
    Reminder.STARTING: "meetings/starting",
    Reminder.ANSWER: "meetings/please_answer",
    Reminder.ANSWER_NOW: "meetings/please_answer",
    Reminder.SILENT: "meetings/silent",
    Reminder.TOMORROW: "meetings/tomorrow",
    Reminder.HELD: "meetings/seat_held",
}


def planned(entry: Entry) -> Draft:
    """E20: the date with its calendar entry."""
    meeting, person = entry.seat.meeting, entry.seat.person
    words = {
        "group": meeting.group.name,
        "day": moments.short(meeting.starts_at, meeting.zone),
        "when": moments.both(meeting.starts_at, meeting.zone, person.zone),
        "minutes": meeting.minutes,
        "other_hour": other_hour(meeting, person.zone),
        "path": meeting.path,
    }
    return with_entry(entry, "meetings/planned", words)


def with_entry(entry: Entry, kind: str, words: Mapping[str, object], *, token: str = "") -> Draft:
    """A letter that carries the entry. Frozen now: a retry sends the same bytes under the same Message-ID.

    Who writes many brings each its token.
    """
    seat = entry.seat
    meeting = seat.meeting
    return Draft(
        kind=kind,
        to=seat.person,
        about=meeting.about,
        dedupe_key=f"entry:{entry.pk}:REQUEST:{entry.sequence}:{entry.stamp_at:%Y%m%dT%H%M%S%f}",
        context=words,
        links={"token": token or tokens([seat])[0]},
        ics=ics.build(calendar_entry(entry)),
        priority=Priority.SEAT,
        expires_at=meeting.ends_at,
        address=entry.address,
    )


def tokens(seats: Iterable[Seat]) -> list[str]:
    """A link for each of these seats, in one statement."""
    wanted = [(seat.about, seat.person, seat.meeting.ends_at + LINK_OUTLIVES_MEETING) for seat in seats]
    return links.make_until(PURPOSE, wanted)


def other_hour(meeting: Meeting, zone: str) -> str:
    """A word where this clock shows another hour than at the group's date before."""
    before = meeting.time_before
    return moments.another_hour(meeting.starts_at, before, zone) if before else ""


def moved(entry: Entry) -> Draft:
    """E26: another time, old and new; the same entry, and the answer is open again."""
    told = planned(entry)
    return replace(told, kind="meetings/moved", context={**told.context, "was": was(entry)})


def was(entry: Entry) -> str:
    """The hour that this person was told last, wherever the date was meanwhile: it may have been set and corrected
    before a letter left. Empty where no letter named one, and where it is the present one.
    """
    meeting, told = entry.seat.meeting, entry.told_starts_at
    return moments.both(told, meeting.zone, entry.seat.person.zone) if told and told != meeting.starts_at else ""


def called_off(entry: Entry) -> Draft:
    """E26: this date falls out, for everybody; the next one stands."""
    return _ended(entry, "meetings/called_off")


def sealed(entry: Entry) -> Draft:
    """E15 and E16 in one: your circle is sealed, its first date with the calendar entry, the dates that follow from its
    rhythm, and whether this person leads the first meeting. The names are on the group's page.
    """
    seat = entry.seat
    meeting, person, group = seat.meeting, seat.person, seat.meeting.group
    kept: GroupCadence | None = getattr(group, "cadence", None)
    rhythm = kept.rule if kept else EveryNWeeks(group.program.every_weeks, meeting.local_date.weekday())
    following = [
        instant(day, meeting.local_time, meeting.zone) for day in islice(rhythm.dates(meeting.local_date), 1, 4)
    ]
    told = planned(entry)
    return replace(
        told,
        kind="groups/sealed",
        context={
            **told.context,
            "program": group.program.name,
            "group_path": f"/groups/{group.public_id}/",
            "leads": meeting.roles.filter(person=person, role=Role.FACILITATOR).exists(),
            "often": rhythm.often,
            "following": [moments.short(moment, person.zone) for moment in following],
        },
    )


def taken_out(entry: Entry) -> Draft:
    """To one person alone: this date is not yours any more. The others' calendars hear nothing."""
    return _ended(entry, "meetings/taken_out")


def known_start(entry: Entry) -> datetime:
    """When the date begins as far as this person was told."""
    return entry.told_starts_at or entry.seat.meeting.starts_at


def _ended(entry: Entry, kind: str) -> Draft:
    """A letter with the CANCEL of one entry, under the hour that this person knows."""
    meeting, person = entry.seat.meeting, entry.seat.person
    known = known_start(entry)
    return Draft(
        kind=kind,
        to=person,
        about=meeting.about,
        dedupe_key=f"entry:{entry.pk}:CANCEL:{entry.sequence}",
        context={
            "day": moments.short(known, meeting.zone),
            "when": moments.both(known, meeting.zone, person.zone),
            "group": meeting.group.name,
        },
        ics=ics.build(calendar_entry(entry), ics.Method.CANCEL),
        priority=Priority.SEAT,
        expires_at=meeting.ends_at,
        address=entry.address,
    )


def excused(entry: Entry) -> Draft:
    """To who is on a sabbatical: this date goes from the calendar, the seat in the group is kept."""
    return _ended(entry, "meetings/excused")


def ended(entry: Entry) -> Draft:
    """To each who has a seat: the circle ends before this date."""
    return _ended(entry, "meetings/ended")


def clock_rules(role: Organizer, meetings: Sequence[Meeting], *, now: datetime) -> Draft:
    """To an organizer, one line: the rules of the clocks have changed, and so many dates kept their local hour."""
    cities = sorted({moments.city(meeting.zone) for meeting in meetings})
    return Draft(
        kind="meetings/clock_rules",
        to=role.person,
        about=f"program:{role.program_id}",
        dedupe_key=f"clock_rules:{role.pk}:{now:%Y%m%dT%H%M}",
        context={"program": role.program.name, "cities": cities, "dates": len(meetings)},
    )


def one_less(sabbatical: Sabbatical, meeting: Meeting, person: Person) -> Draft:
    """E33, to who leads: one member pauses at this date. Who it is stands on the meeting's page."""
    return Draft(
        kind="meetings/one_less",
        to=person,
        about=meeting.about,
        dedupe_key=f"one_less:{sabbatical.pk}:{meeting.pk}",
        context={
            "day": moments.short(meeting.starts_at, meeting.zone),
            "when": moments.both(meeting.starts_at, meeting.zone, person.zone),
            "path": meeting.path,
        },
        expires_at=meeting.starts_at,
    )


def tasters(meeting: Meeting, seats: Sequence[Seat]) -> list[Draft]:
    """E09: to people of the pool, in this order: a seat at a roundtable, first come, first served. Names nobody.

    The way out is the one of the monthly letter: pause, without signing in.
    """
    keys = links.make_each(
        PURPOSE, [(seat.about, seat.person) for seat in seats], meeting.ends_at + LINK_OUTLIVES_MEETING
    )
    people = [seat.person for seat in seats]
    applications = Application.objects.filter(program=meeting.group.program_id, person__in=people)
    waiting = list(applications.select_related("person").order_by("pk"))
    outs = {one.person_id: token for one, token in zip(waiting, waiting_tokens(waiting), strict=True)}
    return [taster(meeting, seat, key, outs.get(seat.person_id)) for seat, key in zip(seats, keys, strict=True)]


def taster(meeting: Meeting, seat: Seat, key: str, out: str | None) -> Draft:
    """One of these letters; `out` opens the page that ends them."""
    return Draft(
        kind="meetings/taster",
        to=seat.person,
        about=meeting.about,
        dedupe_key=f"taster:{seat.pk}",
        context={
            "program": meeting.group.program.name,
            "day": moments.short(meeting.starts_at, meeting.zone),
            "when": moments.both(meeting.starts_at, meeting.zone, seat.person.zone),
            "minutes": meeting.minutes,
            "metro": "" if meeting.group.mode == "video" else meeting.group.metro,
            "cap": meeting.cap,
            "theme": meeting.theme,
        },
        links={"token": key, **({"out": out} if out else {})},
        headers={"List-Unsubscribe": f"<{settings.SITE_URL}/waiting/{mark('out')}/>"} if out else {},
        priority=Priority.SEAT,
        expires_at=meeting.starts_at,
    )


def seat_told(entry: Entry, told: Told, standing: Standing, method: Method = Method.REQUEST) -> Draft:
    """E21: what became of my seat at a roundtable, with the present entry; place in line and rule in numbers only.

    A date that moved says when it was, and never "an hour later than the time before" as a circle's letters do: dates
    of a roundtable are set one by one, for other people each time, so nobody has an hour that they are used to.
    """
    seat = entry.seat
    meeting, person = seat.meeting, seat.person
    starts = known_start(entry) if method is Method.CANCEL else meeting.starts_at
    ends = {Told.OFFERED: seat.offered_until, Told.ANYONE: meeting.starts_at}.get(told) or meeting.ends_at
    answerable = told not in (Told.RELEASED, Told.GONE)
    token = links.make(PURPOSE, seat.about, person, meeting.ends_at + LINK_OUTLIVES_MEETING) if answerable else ""
    return Draft(
        kind=SEAT_TOLD,
        to=person,
        about=meeting.about,
        dedupe_key=f"entry:{entry.pk}:{method}:{entry.sequence}:{entry.stamp_at:%Y%m%dT%H%M%S%f}",
        context={
            "told": told.value,
            "day": moments.short(starts, meeting.zone),
            "when": moments.both(starts, meeting.zone, person.zone),
            "minutes": meeting.minutes,
            "path": meeting.path,
            "theme": meeting.theme,
            "hosts": meeting.roles.filter(person=person).exists(),
            "standing": standing,
            "until": moments.short(seat.offered_until, person.zone) if seat.offered_until else "",
            "last": seat.lapses >= OFFERS,
            "was": was(entry) if told == Told.MOVED else "",
        },
        links={"token": token} if answerable else {},
        ics=ics.build(calendar_entry(entry), method),
        priority=Priority.SEAT,
        expires_at=ends,
        address=entry.address,
    )


def reminder_key(what: Reminder, seat: Seat) -> str:
    """One reminder of a kind for a seat and a time: after a move it is another one."""
    return f"{what}:{seat.pk}:{seat.meeting.starts_at:%Y%m%dT%H%M}"


def reminders(
    due: Sequence[tuple[Reminder, Seat]], said: Mapping[int, Said], briefs: Mapping[int, Brief]
) -> list[Draft]:
    """E22 to E24, and to who leads how many have not answered, or that few come: `said`, by meeting, and what to know
    with the checklist. All links in one statement.
    """
    wanted = [(seat.about, seat.person) for _, seat in due]
    latest = max((seat.meeting.ends_at for _, seat in due), default=None)
    tokens = links.make_each(PURPOSE, wanted, latest + LINK_OUTLIVES_MEETING) if latest else []
    return [
        _reminder(*one, token, said.get(one[1].meeting_id, NOBODY), briefs.get(one[1].meeting_id, NOTHING))
        for one, token in zip(due, tokens, strict=True)
    ]


def _reminder(what: Reminder, seat: Seat, token: str, said: Said, brief: Brief) -> Draft:
    meeting, person = seat.meeting, seat.person
    held_until = seat.offered_until if what == Reminder.HELD else None
    return Draft(
        kind=REMINDERS[what],
        to=person,
        about=meeting.about,
        dedupe_key=reminder_key(what, seat),
        context={
            "when": moments.both(meeting.starts_at, meeting.zone, person.zone),
            "minutes": meeting.minutes,
            "other_hour": other_hour(meeting, person.zone) if what == Reminder.TOMORROW else "",
            "path": meeting.path,
            "room": meeting.room,
            "by_link": bool(meeting.video_link),
            "silent": said.silent,
            "few": said.few,
            "brief": brief,
            "missing": [tick.label for tick in Ready if tick not in meeting.ready],
            "until": moments.short(held_until, person.zone) if held_until else "",
        },
        links={"token": token},
        priority=Priority.REMINDER,
        expires_at=held_until or meeting.starts_at,
    )


def calendar_entry(entry: Entry) -> ics.Entry:
    """What one person's calendar holds: a neutral word, both clocks, the page behind the sign-in. Nothing else.

    Without a seat of one's own at a roundtable it is tentative, says so, and does not say where.
    """
    seat = entry.seat
    meeting, person = seat.meeting, seat.person
    page = f"{settings.SITE_URL}{meeting.path}"
    hours = moments.both(meeting.starts_at, meeting.zone, person.zone)
    knows, link = shows_place(seat), meeting.link_for_calendars
    return ics.Entry(
        uid=entry.uid,
        sequence=entry.sequence,
        stamp=entry.stamp_at,
        created_at=entry.created_at,
        modified_at=entry.stamp_at,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        organizer=entry.organizer,
        attendee=entry.address,
        name=ics.plain_name(person.name) if settings.INVITE_EMAIL_BACKEND == SENDGRID else person.name,
        summary=entry.summary,
        partstat=ics.Partstat(entry.partstat),
        url=page,
        description="\n".join(filter(None, [hours, not_yet(seat), page])),
        location=(knows and (meeting.room or link)) or "See the meeting page",
        conference=link if knows else "",
        status=ics.Status.TENTATIVE if seat.state == State.WAITING else ics.Status.CONFIRMED,
        ended=entry.ended_at is not None,
    )


def shows_place(seat: Seat) -> bool:
    """In a circle to everybody, at a roundtable to who comes."""
    return seat.meeting.group.roster == Roster.FIXED or seat.state == State.COMING


def not_yet(seat: Seat) -> str:
    """What stands between somebody in line and a seat; empty for everybody else."""
    if seat.offered and seat.offered_until:
        return f"A seat is yours until {moments.short(seat.offered_until, seat.person.zone)}: take it on the page."
    return "You are in line: this is not a seat yet." if seat.state == State.WAITING else ""
