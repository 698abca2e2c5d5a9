"""Planning a date: the meeting, a seat and a calendar entry for each member, the roles, the board, and the letters.

Lock order everywhere: meeting, seat, entry. The letters are written in the transaction of the change.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from groups.models.group import Group, Membership
from meetings import (
    attending,
    board,
    cadence,
    daysoff,
    entries,
    letters,
    line,
    pausing,
    receipts,
    rhythms,
    rota,
    seating,
    turns,
)
from meetings.ics import Partstat
from meetings.line import Told
from meetings.models.cadence import GroupCadence, GroupChoice
from meetings.models.meeting import Format, Meeting, Role, State
from meetings.models.rota import OptOut
from meetings.models.seat import Entry, Seat
from meetings.models.seat import State as SeatState
from meetings.receipts import Again
from meetings.slots import fits
from members.models.hours import Hours
from members.models.person import Person
from members.models.program import Roster
from members.weekhours import WeekHours
from roundtable import clock, links, moments
from roundtable.errors import NotAllowed
from roundtable.outbox.post import Draft, cancel, post

NOTICE = timedelta(days=7)  # people need a week to make room
WORDS_SETTLE = timedelta(minutes=10)
Writing = Callable[[Entry], Draft]
LATEST_FIRST = timedelta(days=21)  # after the seal a group meets within three weeks, or it cools down
WRITTEN_ANEW: Mapping[str, Writing] = {
    "meetings/planned": letters.planned,
    "groups/sealed": letters.sealed,
    "meetings/moved": letters.moved,
}


@transaction.atomic
def plan_first(group: Group) -> Meeting:
    """The first date: the group's own weekly hour, in the first week from a week on in which everybody is free.

    It stands in the letter that says that the group is sealed.
    """
    members = [membership.person for membership in group.memberships.on(clock.today()).select_related("person")]
    weeks, rhythm, home = hours_of(group, members), rhythms.of_group(group), daysoff.countries(group, members)
    dates = first_dates(group, today=clock.today())
    free = [day for day in dates if everybody_free(rhythm, day, weeks)]
    free = [day for day in free if working_day(rhythm, day, members, home) == day] or free
    first = plan(group, on=(free or dates)[0], members=members, form=Format.ICE_BREAKER, told=letters.sealed)
    kept = rhythms.keep(group)
    if kept.first_date != first.occurrence_date:  # of a half the rhythm came along, and is counted from its own first
        kept.first_date = first.occurrence_date
        kept.save(update_fields=["first_date"])
    return first


def carry_on(group: Group, made: Group) -> None:
    """What a circle has chosen goes on in the half that leaves it: rhythm, length, and what members read."""
    kept = GroupCadence.objects.filter(group=group).first()
    if kept is not None:
        copy = GroupCadence(group=made)
        copy.take(replace(kept.value, skips=frozenset()))
        copy.save()
    for choice in GroupChoice.objects.filter(group=group):
        GroupChoice.objects.create(group=made, standings=choice.standings, link_minutes=choice.link_minutes)


def first_dates(group: Group, *, today: date) -> list[date]:
    """The group's weekday from a week after today until three weeks after it."""
    days = [today + timedelta(days=ahead) for ahead in range(NOTICE.days, LATEST_FIRST.days + 1)]
    return [day for day in days if day.weekday() == group.window // 48]


def everybody_free(rhythm: cadence.Cadence, day: date, weeks: Sequence[WeekHours]) -> bool:
    """Whether the whole meeting lies in everybody's own hours on that very date."""
    starts_at = cadence.instant(day, rhythm.at, rhythm.zone)
    return all(fits(week, starts_at, rhythm.minutes) for week in weeks)


def working_day(rhythm: cadence.Cadence, on: date, members: Sequence[Person], home: Mapping[int, str]) -> date:
    """This date, or the first a week or more after it on which enough members are free of a holiday of their country.

    Where the group meets in that week anyhow, or none of the next three is better, the date stays.
    """
    for ahead in range(min(weeks_apart(rhythm.rule), daysoff.FURTHEST + 1)):
        day = on + ahead * daysoff.WEEK
        starts_at = cadence.instant(day, rhythm.at, rhythm.zone)
        if not daysoff.too_few(daysoff.away(starts_at, members, home), len(members)):
            return day
    return on


def weeks_apart(rule: cadence.Rule) -> int:
    """At least so many weeks lie between two dates."""
    return rule.weeks if isinstance(rule, cadence.EveryNWeeks) else 4


def hours_of(group: Group, members: Sequence[Person]) -> list[WeekHours]:
    """The members' own hours as they gave them with their applications."""
    rows = Hours.objects.filter(application__program=group.program, application__person__in=members)
    return [row.week for row in rows]


def plan(
    group: Group,
    *,
    on: date,
    members: Sequence[Person],
    form: Format = Format.LEAN_COFFEE,
    told: Writing = letters.planned,
    mornings: int = 0,
    at: time | None = None,
) -> Meeting:
    """One date of a group: everybody gets a seat, an entry in the calendar and one letter, so many mornings ahead; who
    is on a sabbatical an excused seat alone. An hour that was chosen for this very date is `at`; without one the date
    makes way for public holidays, and is at the group's hour.
    """
    now = clock.now()
    day = on
    if at is None:
        rhythm = rhythms.of_group(group)
        day = working_day(rhythm, on, members, daysoff.countries(group, members))
        at = turns.hour_on(group, day, own=rhythms.hour_of(group))
    meeting = new_meeting(group, on=on, form=form, day=day, at=at)
    daysoff.note(meeting, members)
    resting = pausing.away(group)
    for person in members:
        if person.pk in resting:
            pausing.seat_away(meeting, person)
    rota.fill(meeting)  # before the letters, which tell who leads
    board.prepare(meeting)
    drafts = []
    for person in members:
        if person.pk not in resting:
            morning = moments.morning(now, person.zone, mornings)
            drafts.append(replace(told(seat_member(meeting, person, now=now)), not_before=morning))
    post(*drafts)
    return meeting


def new_meeting(group: Group, *, on: date, form: Format, day: date | None = None, at: time | None = None) -> Meeting:
    """What the rhythm has for this date: on that day or another one, at its hour or another, on the rhythm's clock."""
    rhythm = rhythms.of_group(group)
    day, at = day or on, at or rhythm.at
    starts_at = cadence.instant(day, at, rhythm.zone)
    return Meeting.objects.create(
        group=group,
        state=State.PLANNED,
        format=form,
        occurrence_date=on,
        local_date=day,
        local_time=at,
        zone=rhythm.zone,
        minutes=rhythm.minutes,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=rhythm.minutes),
    )


@transaction.atomic
def open_date(
    group: Group, *, on: date, host: Person, at: time | None = None, cap: int = line.SEATS, theme: str = ""
) -> Meeting:
    """One date of a roundtable: the host leads it and has its first seat; nobody else has been asked yet.

    Without an hour of its own it is at the group's. Raises NotAllowed for a circle, for a date that is over and for
    one that is planned already.
    """
    group, now = Group.objects.select_for_update(of=("self",)).select_related("program").get(pk=group.pk), clock.now()
    if group.roster != Roster.OPEN:
        raise NotAllowed("A circle's dates follow its rhythm; single dates are for roundtables.")
    if cadence.instant(on, at or rhythms.hour_of(group), group.zone) <= now:
        raise NotAllowed("This date is over: choose one that is still to come.")
    if group.meetings.filter(occurrence_date=on).exists():
        raise NotAllowed("This date is planned already.")
    meeting = new_meeting(group, on=on, form=Format.LEAN_COFFEE, at=at)
    meeting.cap, meeting.theme = cap, theme
    meeting.save(update_fields=["cap", "theme"])
    meeting.roles.create(role=Role.FACILITATOR, person=host)
    board.prepare(meeting)
    seat = Seat.objects.create(meeting=meeting, person=host, state=SeatState.COMING, number=1, answered_at=now)
    seating.tell(seat, Told.COMING, now=now)
    return meeting


@transaction.atomic
def invite_pool(meeting: Meeting, people: Sequence[Person]) -> int:
    """A letter with a seat to take for each: who was left waiting last time first, then by a lot that a retry draws
    alike. Whoever was asked before is not asked again. How many letters. Raises NotAllowed when late.
    """
    meeting = seating.locked(meeting.pk)
    seating.refuse_late(meeting, clock.now())
    asked = set(meeting.seats.values_list("person", flat=True))
    fresh = [person for person in drawn(meeting, people) if person.pk not in asked]
    seats = Seat.objects.bulk_create(Seat(meeting=meeting, person=person) for person in fresh)
    post(*letters.tasters(meeting, seats))
    return len(seats)


def drawn(meeting: Meeting, people: Sequence[Person]) -> list[Person]:
    """Each once, in the order of this meeting's lot; those first whom the last meeting of the group left in line."""
    lot = random.Random(meeting.public_id)  # noqa: S311 - an order for letters, the same at a second try
    line = sorted({person.pk: person for person in people}.values(), key=lambda person: person.pk)
    lot.shuffle(line)
    left = left_in_line(meeting)
    return sorted(line, key=lambda person: person.pk not in left)


def left_in_line(meeting: Meeting) -> set[int]:
    """Whom the group's meeting before this one left waiting for a seat."""
    before = Meeting.objects.filter(group=meeting.group_id, starts_at__lt=meeting.starts_at)
    last = before.exclude(state=State.CANCELLED).order_by("-starts_at", "-pk").first()
    return set(last.seats.filter(state=SeatState.WAITING).values_list("person", flat=True)) if last else set()


@transaction.atomic
def agree_on_place(meeting: Meeting, *, room: str, video_link: str, asked_by: Person | None = None) -> Meeting:
    """Where we meet, as any member may write it down; calendars with another room follow. Who leads or keeps time may
    ask everybody again whether they come there: `asked_by`. Raises NotAllowed late, and where there is nothing to ask.
    """
    meeting, now = seating.locked(meeting.pk), clock.now()
    if now >= meeting.ends_at or meeting.state == State.CANCELLED:
        raise NotAllowed("This meeting is over; the place of the next one stands on its own page.")
    before, shown = (meeting.room, meeting.video_link), (meeting.room, meeting.link_for_calendars)
    if not video_link and now < link_shows_at(meeting):
        video_link = meeting.video_link  # who writes down a room does not see it yet, and must not lose it
    meeting.room, meeting.video_link = room, video_link
    meeting.save(update_fields=["room", "video_link"])
    if asked_by is not None:
        refuse_to_ask(meeting, asked_by, now, elsewhere=before != (room, video_link))
        ask_about_place(meeting, now=now)
    elif shown != (meeting.room, meeting.link_for_calendars):
        show_room(meeting, now=now)
    return meeting


def refuse_to_ask(meeting: Meeting, by: Person, now: datetime, *, elsewhere: bool) -> None:
    """Raises NotAllowed with what stands against asking everybody again."""
    seating.refuse_late(meeting, now)
    if not meeting.roles.leading().filter(person=by).exists():
        raise NotAllowed("Only who leads or keeps time asks everybody again. Save the place without the tick.")
    if not elsewhere:
        raise NotAllowed("The place is the same as before, so nobody is asked again. Change it, or leave out the tick.")


def ask_about_place(meeting: Meeting, *, now: datetime) -> None:
    """Answers were for the place before: in a circle they are open again; at a roundtable who has a seat keeps it until
    they say otherwise. Calendars ask anew, and a mail that answers the former place is stale.
    """
    for seat in meeting.seats.select_for_update(of=("self",)).select_related("person").order_by("pk"):
        seat.meeting = meeting
        if meeting.group.roster == Roster.FIXED and seat.state != SeatState.EXCUSED:
            seat.state, seat.answered_at = SeatState.INVITED, None
            seat.save(update_fields=["state", "answered_at"])
        entry = told_where(seat, now=now, partstat=Partstat.NEEDS_ACTION)
        if entry is not None:
            entries.move(entry, was=meeting.starts_at, now=now)
            post(receipts.resent(entry, Again.OTHER_PLACE, not_before=now + WORDS_SETTLE))


def show_room(meeting: Meeting, *, now: datetime) -> None:
    """To each who knows where it is and has the date in their calendar: the place is new, time and answers stay.

    Ten minutes later, so that two changes are one letter; in the last ten there is none, as it would come too late.
    """
    for seat in meeting.seats.select_for_update(of=("self",)).select_related("person").order_by("pk"):
        seat.meeting = meeting
        entry = told_where(seat, now=now)
        if entry is not None:
            entries.change(entry, now=now, partstat=Partstat(entry.partstat))
            if now + WORDS_SETTLE < meeting.ends_at:
                post(receipts.resent(entry, Again.PLACE, not_before=now + WORDS_SETTLE))


def told_where(seat: Seat, *, now: datetime, partstat: Partstat | None = None) -> Entry | None:
    """The entry of who knows the place and has the date in their calendar; what waits to show the former one does not
    leave. Who has not heard of the date yet hears of it with the present place, and of nothing else.
    """
    entry = entries.live(seat)
    if entry is None or not letters.shows_place(seat) or told_anew(entry, now=now, partstat=partstat):
        return None
    if not entries.has_left(entry):
        return None
    cancel(seat.meeting.about, kinds=(receipts.RESENT,), person=seat.person)
    return entry


def told_anew(entry: Entry, *, now: datetime, partstat: Partstat | None = None) -> bool:
    """A letter that has not left would tell of the date as it was: it is taken back, and written with what is true now,
    for the same hour. Whether there was one.
    """
    letter = entries.waiting(entry, kinds=WRITTEN_ANEW.keys())
    if letter is None:
        return False
    entries.mailed(entry)
    entries.change(entry, now=now, partstat=partstat or Partstat(entry.partstat))
    post(replace(WRITTEN_ANEW[letter.kind](entry), not_before=letter.not_before))
    return True


def link_shows_at(meeting: Meeting) -> datetime:
    """From then on those who meet see the link to the video room: half an hour before, or as their circle chose; from
    the beginning where it is no secret.
    """
    if meeting.group.program.link_in_calendar:
        return datetime.min.replace(tzinfo=UTC)
    choice = GroupChoice.objects.filter(group=meeting.group_id).first() or GroupChoice()
    return meeting.starts_at - timedelta(minutes=choice.link_minutes)


@transaction.atomic
def welcome(membership: Membership) -> None:
    """Somebody joined: a seat at each date that is planned, with its entry and letter; on a sabbatical the seat alone.

    Whoever has one there from an earlier time keeps it.
    """
    now = clock.now()
    planned = Meeting.objects.select_for_update(of=("self",)).select_related("group__program")
    coming_up = planned.filter(group=membership.group).coming_up(now)
    for meeting in coming_up.exclude(seats__person=membership.person):
        if membership.person_id in pausing.away(membership.group):  # asked anew: each date uses up one of the pause
            pausing.seat_away(meeting, membership.person)
        else:
            post(letters.planned(seat_member(meeting, membership.person, now=now)))


def seat_member(meeting: Meeting, person: Person, *, now: datetime) -> Entry:
    """A seat, and its calendar entry under an address nobody can guess, for a letter that carries it."""
    return entries.begin(Seat.objects.create(meeting=meeting, person=person), now=now)


@transaction.atomic
def farewell(membership: Membership) -> None:
    """Somebody left: each date that is planned goes from their calendar, and their role to the next in the rota."""
    group, person, now = membership.group, membership.person, clock.now()
    OptOut.objects.filter(group=group, person=person).delete()
    planned = Meeting.objects.select_for_update(of=("self",)).select_related("group__program")
    for meeting in planned.filter(group=group).coming_up(now):
        rota.release(meeting, person)
        for seat in meeting.seats.select_for_update(of=("self",)).filter(person=person).select_related("person"):
            seat.meeting = meeting
            unseat(seat, now=now)
        attending.belongs_no_more(meeting, person)


def unseat(seat: Seat, *, now: datetime) -> None:
    """The seat ends. A date that has been mailed is cancelled; one that has not left yet is taken back."""
    cancel(seat.meeting.about, person=seat.person)
    entry = entries.live(seat)
    if entry is not None and entries.end(entry, now=now):
        post(letters.taken_out(entry))
    links.end(seat.about)
    seating.let_talk_go(seat)
    seat.delete()
