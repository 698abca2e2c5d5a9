"""Letters about meetings: one person each, the hour on both clocks, and no word of what a group talks about."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings

from groups.models.sabbatical import Sabbatical
from meetings import ics
from meetings.ics import Method
from meetings.line import OFFERS, Standing, Told
from meetings.models.meeting import Meeting
from meetings.models.seat import PURPOSE, Entry, Seat, State
from members.letters import waiting_tokens
from members.models.application import Application
from members.models.person import Person
from members.models.program import Roster
from roundtable import links, moments
from roundtable.outbox.models import Priority, mark
from roundtable.outbox.post import Draft

LINK_OUTLIVES_MEETING = timedelta(days=1)
SEAT_TOLD = "meetings/seat_told"


def planned(entry: Entry) -> Draft:
    """E20: the date with its calendar entry. Frozen now: a retry sends the same bytes under the same Message-ID."""
    seat = entry.seat
    meeting, person = seat.meeting, seat.person
    return Draft(
        kind="meetings/planned",
        to=person,
        about=meeting.about,
        dedupe_key=f"entry:{entry.pk}:REQUEST:{entry.sequence}:{entry.stamp_at:%Y%m%dT%H%M%S%f}",
        context={
            "group": meeting.group.name,
            "day": moments.short(meeting.starts_at, meeting.zone),
            "when": moments.both(meeting.starts_at, meeting.zone, person.zone),
            "minutes": meeting.minutes,
            "path": meeting.path,
        },
        links={"token": links.make(PURPOSE, seat.about, person, meeting.ends_at + LINK_OUTLIVES_MEETING)},
        ics=ics.build(calendar_entry(entry)),
        priority=Priority.SEAT,
        expires_at=meeting.ends_at,
    )


def taken_out(entry: Entry) -> Draft:
    """To one person alone: this date is not yours any more. The others' calendars hear nothing."""
    meeting, person = entry.seat.meeting, entry.seat.person
    return Draft(
        kind="meetings/taken_out",
        to=person,
        about=meeting.about,
        dedupe_key=f"entry:{entry.pk}:CANCEL:{entry.sequence}",
        context={
            "day": moments.short(meeting.starts_at, meeting.zone),
            "when": moments.both(meeting.starts_at, meeting.zone, person.zone),
        },
        ics=ics.build(calendar_entry(entry), ics.Method.CANCEL),
        priority=Priority.SEAT,
        expires_at=meeting.ends_at,
    )


def excused(entry: Entry) -> Draft:
    """To who is on a sabbatical: this date goes from the calendar, the seat in the group is kept."""
    return dataclasses.replace(taken_out(entry), kind="meetings/excused")


def called_off(entry: Entry) -> Draft:
    """E26, to each who has a seat: this meeting does not take place."""
    return dataclasses.replace(taken_out(entry), kind="meetings/called_off")


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
        },
        links={"token": key, **({"out": out} if out else {})},
        headers={"List-Unsubscribe": f"<{settings.SITE_URL}/waiting/{mark('out')}/>"} if out else {},
        priority=Priority.SEAT,
        expires_at=meeting.starts_at,
    )


def seat_told(entry: Entry, told: Told, standing: Standing, method: Method = Method.REQUEST) -> Draft:
    """E21: what became of my seat at a roundtable, with the present entry; place in line and rule in numbers only."""
    seat = entry.seat
    meeting, person = seat.meeting, seat.person
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
            "day": moments.short(meeting.starts_at, meeting.zone),
            "when": moments.both(meeting.starts_at, meeting.zone, person.zone),
            "minutes": meeting.minutes,
            "path": meeting.path,
            "hosts": meeting.roles.filter(person=person).exists(),
            "standing": standing,
            "until": moments.short(seat.offered_until, person.zone) if seat.offered_until else "",
            "last": seat.lapses >= OFFERS,
        },
        links={"token": token} if answerable else {},
        ics=ics.build(calendar_entry(entry), method),
        priority=Priority.SEAT,
        expires_at=ends,
    )


def calendar_entry(entry: Entry) -> ics.Entry:
    """What one person's calendar holds: a neutral word, both clocks, the page behind the sign-in. Nothing else.

    Without a seat of one's own at a roundtable it is tentative, says so, and does not say where.
    """
    seat = entry.seat
    meeting, person = seat.meeting, seat.person
    page = f"{settings.SITE_URL}{meeting.path}"
    hours = moments.both(meeting.starts_at, meeting.zone, person.zone)
    firm = meeting.group.roster == Roster.FIXED or seat.state == State.COMING
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
        name=person.name,
        partstat=ics.Partstat(entry.partstat),
        url=page,
        description="\n".join(filter(None, [hours, not_yet(seat), page])),
        location=(firm and meeting.room) or "See the meeting page",
        status=ics.Status.TENTATIVE if seat.state == State.WAITING else ics.Status.CONFIRMED,
    )


def not_yet(seat: Seat) -> str:
    """What stands between somebody in line and a seat; empty for everybody else."""
    if seat.offered and seat.offered_until:
        return f"A seat is yours until {moments.short(seat.offered_until, seat.person.zone)}: take it on the page."
    return "You are in line: this is not a seat yet." if seat.state == State.WAITING else ""
