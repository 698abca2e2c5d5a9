"""Reminders go out by themselves, each once for a seat and a time, by a sweep on the database clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from meetings import agenda, counting, letters
from meetings.models.meeting import Format, Meeting, MeetingRole, Role
from meetings.models.meeting import State as MeetingState
from meetings.models.seat import HourBefore, Seat, SkippedReminder, State
from meetings.reminders import FURTHEST, NOBODY, Reminder, Said, closes_at, held_long, is_due
from members.models.program import Roster
from roundtable import clock
from roundtable.outbox.post import Draft, known, post

OPEN = (State.INVITED, State.TENTATIVE)
CHECKLISTS = (Reminder.CHECKLIST, Reminder.CHECKLIST_AGAIN)
YESTERDAY = timedelta(days=1)
Wish = tuple[Reminder, Seat]


def remind() -> int:
    """All reminders that are due and not yet written; what could not be written in its time is recorded. How many."""
    now = clock.database_now()
    wishes = [(what, seat) for seat in near(now) for what in wanted(seat)]
    due = by_key((what, seat) for what, seat in wishes if is_due(what, moment(what, seat), seat.person.zone, now))
    over = by_key((what, seat) for what, seat in wishes if now >= closes_at(what, moment(what, seat)))
    written = known([*due, *over])
    with transaction.atomic():
        found = drafts([due[key] for key in due.keys() - written])
        post(*found)
        skip([over[key] for key in over.keys() - written], now)
    return len(found)


def by_key(wishes: Iterable[Wish]) -> dict[str, Wish]:
    return {letters.reminder_key(what, seat): (what, seat) for what, seat in wishes}


def skip(over: list[Wish], now: datetime) -> None:
    """What is past its time and was never written: recorded once, and not sent late."""
    SkippedReminder.objects.bulk_create(
        [
            SkippedReminder(seat=seat, what=what, starts_at=seat.meeting.starts_at, skipped_at=now)
            for what, seat in needed(over)[0]
        ],
        ignore_conflicts=True,
    )


def near(now: datetime) -> Iterable[Seat]:
    """The seats of meetings in the days ahead, and those held until then, with whether the person leads, and whether
    they want to hear of it an hour before. What began since yesterday is looked at once more for what was skipped.
    """
    leads = MeetingRole.objects.filter(meeting=OuterRef("meeting"), person=OuterRef("person"), role=Role.FACILITATOR)
    wishes = HourBefore.objects.filter(person=OuterRef("person"))
    soon = Q(meeting__starts_at__lte=now + FURTHEST) | Q(offered_until__lte=now + FURTHEST)
    seats = Seat.objects.filter(soon, meeting__state=MeetingState.PLANNED, meeting__starts_at__gt=now - YESTERDAY)
    seats = seats.select_related("person", "meeting__group").order_by("pk")
    return seats.annotate(leads=Exists(leads), hour_before=Exists(wishes))


def wanted(seat: Seat) -> Iterator[Reminder]:
    """What this person should hear at some time, as they have answered so far. At a roundtable silence is a no."""
    is_circle = seat.meeting.group.roster == Roster.FIXED
    if seat.leads and seat.meeting.is_unready:  # type: ignore[attr-defined] # annotated in near
        yield from (Reminder.CHECKLIST, Reminder.CHECKLIST_AGAIN)
    if seat.state == State.TENTATIVE or (is_circle and seat.state == State.INVITED):
        yield Reminder.ANSWER
    if seat.state == State.TENTATIVE and not is_circle:
        yield Reminder.ANSWER_NOW
    if is_circle and seat.leads:  # type: ignore[attr-defined] # the same
        yield Reminder.SILENT
    if seat.state == State.COMING:
        yield Reminder.TOMORROW
    if seat.state == State.COMING and seat.hour_before:  # type: ignore[attr-defined] # the same
        yield Reminder.STARTING
    if seat.held and held_long(moment(Reminder.HELD, seat), seat.meeting.starts_at):
        yield Reminder.HELD


def moment(what: Reminder, seat: Seat) -> datetime:
    """What it is counted from: the start, or the end of the time for which a seat is held."""
    return seat.offered_until if what == Reminder.HELD and seat.offered_until else seat.meeting.starts_at


def drafts(due: list[Wish]) -> list[Draft]:
    """The letters. Seats of one date share its record, so that what it knows is asked once for a date."""
    dates: dict[int, Meeting] = {}
    for _, seat in due:
        seat.meeting = dates.setdefault(seat.meeting_id, seat.meeting)
    led = {seat.meeting_id for what, seat in due if what in CHECKLISTS}
    return letters.reminders(*needed(due), counting.briefs(led))


def needed(wishes: list[Wish]) -> tuple[list[Wish], dict[int, Said]]:
    """Without what nobody needs: who leads hears nothing where everybody has answered and enough come. And what it is
    that they hear, by meeting.
    """
    led = {seat.meeting_id: seat.meeting for what, seat in wishes if what == Reminder.SILENT}
    found = Counter(Seat.objects.filter(meeting__in=led).values_list("meeting", "state"))
    said = {key: heard(meeting, {state: found[key, state] for state in State}) for key, meeting in led.items()}
    return [(what, seat) for what, seat in wishes if what != Reminder.SILENT or said[seat.meeting_id] != NOBODY], said


def heard(meeting: Meeting, count: Mapping[State, int]) -> Said:
    """At the time of this letter the silent are not counted on; a meeting that is short already is not offered so."""
    is_few = agenda.too_few(count[State.COMING], open_seats=0, left=agenda.FEW_COUNT_FROM)
    return Said(sum(count[state] for state in OPEN), few=is_few and meeting.format != Format.SHORT)
