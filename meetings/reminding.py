"""Reminders go out by themselves, each once for a seat and a time, by a sweep on the database clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from meetings import letters
from meetings.models.meeting import MeetingRole, Role
from meetings.models.meeting import State as MeetingState
from meetings.models.seat import Seat, State
from meetings.reminders import FURTHEST, Reminder, is_due
from members.models.program import Roster
from roundtable import clock
from roundtable.outbox.models import Letter
from roundtable.outbox.post import Draft, post

OPEN = (State.INVITED, State.TENTATIVE)


def remind() -> int:
    """All reminders that are due and not yet written. How many."""
    now = clock.database_now()
    due = [(what, seat) for seat in near(now) for what in wanted(seat) if is_due(what, *moment(seat), now)]
    keys = {letters.reminder_key(what, seat): (what, seat) for what, seat in due}
    written = Letter.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True)
    fresh = [keys[key] for key in keys.keys() - set(written)]
    with transaction.atomic():
        found = drafts(fresh)
        post(*found)
    return len(found)


def near(now: datetime) -> Iterable[Seat]:
    """The seats of meetings in the days ahead, with what a reminder says and whether the person leads."""
    leads = MeetingRole.objects.filter(meeting=OuterRef("meeting"), person=OuterRef("person"), role=Role.FACILITATOR)
    seats = Seat.objects.filter(
        meeting__state=MeetingState.PLANNED, meeting__starts_at__gt=now, meeting__starts_at__lte=now + FURTHEST
    )
    return seats.select_related("person", "meeting__group").annotate(leads=Exists(leads)).order_by("pk")


def wanted(seat: Seat) -> Iterator[Reminder]:
    """What this person should hear at some time, as they have answered so far. At a roundtable silence is a no."""
    is_circle = seat.meeting.group.roster == Roster.FIXED
    if seat.state == State.TENTATIVE or (is_circle and seat.state == State.INVITED):
        yield Reminder.ANSWER
    if seat.state == State.TENTATIVE and not is_circle:
        yield Reminder.ANSWER_NOW
    if is_circle and seat.leads:  # type: ignore[attr-defined] # annotated in near
        yield Reminder.SILENT
    if seat.state == State.COMING:
        yield Reminder.TOMORROW


def moment(seat: Seat) -> tuple[datetime, str]:
    """When it is, and on which clock the person lives."""
    return seat.meeting.starts_at, seat.person.zone


def drafts(due: list[tuple[Reminder, Seat]]) -> list[Draft]:
    """The letters. Who leads hears nothing where everybody has answered."""
    led = [seat.meeting_id for what, seat in due if what == Reminder.SILENT]
    silent = Counter(Seat.objects.filter(meeting__in=led, state__in=OPEN).values_list("meeting", flat=True))
    due = [(what, seat) for what, seat in due if what != Reminder.SILENT or silent[seat.meeting_id]]
    return letters.reminders(due, silent)
