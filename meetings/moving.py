"""One date goes to another day or hour, or is called off; its fellows stay where they are.

Lock order: group, poll, meeting, seat, entry. Every letter is written in the transaction of the change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.db import transaction

from groups.models.group import Group
from meetings import board, cadence, daysoff, ending, entries, letters, line, roleletters, seating
from meetings.ics import Partstat
from meetings.line import Told
from meetings.models.meeting import Meeting, State
from meetings.models.rota import about as rota_about
from meetings.models.seat import Seat
from meetings.models.seat import State as SeatState
from members.models.person import Person
from members.models.program import Roster
from roundtable import audit, clock, links, moments
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel, post


@transaction.atomic
def move(meeting: Meeting, *, on: date, at: time, by: Person | None) -> Meeting:
    """Another day or hour on the meeting's own clock: answers were for the old one, so everybody is asked again.

    The rhythm stays: what was planned for this date counts as planned. Raises NotAllowed when it is too late, for a
    moment that is over, and for the same one again. A poll about another time for it ends.
    """
    ending.end_polls(meeting, clock.now())
    meeting, now = seating.locked(meeting.pk), clock.now()
    seating.refuse_late(meeting, now)
    shift(meeting, on, at, starts_at=new_start(meeting, on, at, now=now), now=now, by=by)
    audit.note(by, "moved", meeting.about)
    return meeting


def rearrange(group: Group, from_date: date, now: datetime, hour_of: Callable[[Meeting], time]) -> list[Meeting]:
    """Each date to come from a day on goes to the hour that `hour_of` gives it, on its own day."""
    ending.end_polls(group, now)
    planned = Meeting.objects.select_for_update(of=("self",)).select_related("group__program")
    moved: list[Meeting] = []
    for meeting in planned.filter(group=group, local_date__gte=from_date, starts_at__gt=now).coming_up(now):
        on, at = meeting.local_date, hour_of(meeting)
        starts_at = cadence.instant(on, at, meeting.zone)
        if starts_at != meeting.starts_at:
            shift(meeting, on, at, starts_at=starts_at, now=now, by=None, mornings=len(moved))
            moved.append(meeting)
    return moved


def shift(
    meeting: Meeting, on: date, at: time, *, starts_at: datetime, now: datetime, by: Person | None, mornings: int = 0
) -> None:
    """The meeting, its board, each seat and each calendar; letters leave so many mornings ahead."""
    was, meeting.local_date, meeting.local_time = meeting.starts_at, on, at
    move_to(meeting, starts_at)
    ask_everybody(meeting, was=was, now=now, by=by, mornings=mornings)


def move_to(meeting: Meeting, starts_at: datetime) -> None:
    """The same for a date that goes elsewhere: where it was stays known, for who opens an older letter."""
    if meeting.starts_at != starts_at:
        meeting.earlier_times.create(starts_at=meeting.starts_at, left_at=clock.now())
    place(meeting, starts_at)


def place(meeting: Meeting, starts_at: datetime) -> None:
    """The instants of this local date and time, and the board goes along. The caller holds the meeting."""
    meeting.starts_at, meeting.ends_at = starts_at, starts_at + timedelta(minutes=meeting.minutes)
    meeting.save(
        update_fields=["occurrence_date", "local_date", "local_time", "zone", "minutes", "starts_at", "ends_at"]
    )
    board.prepare(meeting)


def ask_everybody(
    meeting: Meeting, *, was: datetime, now: datetime, by: Person | None = None, mornings: int = 0
) -> None:
    """Answers and reminders were for the time before; public holidays of the new day are counted anew."""
    seats = seats_of(meeting)
    if was != meeting.starts_at:
        cancel(meeting.about, kinds=(*set(letters.REMINDERS.values()), *roleletters.KINDS))
        links.move(rota_about(meeting), meeting.ends_at + letters.LINK_OUTLIVES_MEETING)
    daysoff.note(meeting, [seat.person for seat in seats])
    for seat in seats:
        if meeting.group.roster == Roster.FIXED:
            ask_again(seat, was=was, now=now, mornings=mornings)
        else:
            hold(seat, was=was, now=now, by=by)


def new_start(meeting: Meeting, on: date, at: time, *, now: datetime) -> datetime:
    """The instant meant, on the meeting's own clock. Raises NotAllowed with what stands against it."""
    starts_at = cadence.instant(on, at, meeting.zone)
    if starts_at <= now:
        raise NotAllowed("This moment is over: choose one that is still to come.")
    if starts_at == meeting.starts_at:
        raise NotAllowed("The meeting is at this time already.")
    others = meeting.group.meetings.filter(local_date=on).exclude(pk=meeting.pk)
    if others.exclude(state=State.CANCELLED).exists():
        raise NotAllowed("The group meets on this day already: choose another one.")
    return starts_at


@transaction.atomic
def call_off(meeting: Meeting, *, by: Person) -> Meeting:
    """This date falls out: it leaves every calendar, topics go on to the next one. Raises NotAllowed when too late."""
    ending.end_polls(meeting, clock.now())
    meeting, now = seating.locked(meeting.pk), clock.now()
    seating.refuse_late(meeting, now)
    fall_out(meeting, now=now)
    audit.note(by, "called off", meeting.about)
    return meeting


def fall_out(meeting: Meeting, *, now: datetime) -> None:
    """The date leaves every calendar, and topics go on. The caller holds the meeting."""
    ending.call_off(meeting, letters.called_off, now=now)
    board.pass_on(meeting)


def told_before(meeting: Meeting, letter_at: datetime) -> datetime | None:
    """The time that a letter of this moment named, if the meeting begins at another one now."""
    left = meeting.earlier_times.filter(left_at__gt=letter_at).first()
    return left.starts_at if left and left.starts_at != meeting.starts_at else None


def seats_of(meeting: Meeting) -> list[Seat]:
    """Held, in one order."""
    seats = list(meeting.seats.select_for_update(of=("self",)).select_related("person").order_by("pk"))
    for seat in seats:
        seat.meeting = meeting
    return seats


def ask_again(seat: Seat, *, was: datetime, now: datetime, mornings: int = 0) -> None:
    """The answer was for the old time. Who never heard of that one hears of the new one alone, so many mornings on."""
    if seat.state != SeatState.EXCUSED:
        seat.state, seat.answered_at = SeatState.INVITED, None
        seat.save(update_fields=["state", "answered_at"])
    links.move(seat.about, seat.meeting.ends_at + letters.LINK_OUTLIVES_MEETING)  # those in older letters go on
    entry = entries.live(seat)
    if entry is None:
        return
    heard = entries.mailed(entry)
    entries.move(entry, was=was, now=now)
    told = letters.moved(entry) if heard else letters.planned(entry)
    post(replace(told, not_before=moments.morning(now, seat.person.zone, mornings)))


def hold(seat: Seat, *, was: datetime, now: datetime, by: Person | None) -> None:
    """At a roundtable who has a seat keeps it until they answer, or until half of the time left is gone; who moved the
    meeting comes. The line keeps its order.
    """
    moved_it = by is not None and seat.person_id == by.pk
    if seat.number is not None and not moved_it:
        seat.state, seat.line_at = SeatState.WAITING, seat.line_at or seat.answered_at or now
        seat.offered_until, seat.answered_at = now + line.held_for(seat.meeting.starts_at - now), None
        seat.save()
    links.move(seat.about, seat.meeting.ends_at + letters.LINK_OUTLIVES_MEETING)  # those in older letters go on
    entry = entries.live(seat)
    if entry is None:
        return
    cancel(seat.meeting.about, kinds=(letters.SEAT_TOLD,), person=seat.person)  # it names the hour before
    asked = seat.number is None or moved_it
    entries.move(entry, was=was, now=now, partstat=Partstat(entry.partstat) if asked else Partstat.NEEDS_ACTION)
    post(letters.seat_told(entry, Told.MOVED, seating.standing(seat, now=now)))
