"""Calendars follow what happened elsewhere: an answer on the page, a new address, a seat that was passed to nobody.

A sweep finds what is due, each in a transaction of its own. Lock order: meeting, seat, entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet

from meetings import entries, letters, receipts, seating
from meetings.ics import Partstat
from meetings.models.meeting import State as MeetingState
from meetings.models.reply import CalendarChoice, Reply
from meetings.models.seat import Answer, Entry, Seat, State, Via
from meetings.receipts import Again
from meetings.replies import Verdict
from members.models.person import Person
from members.models.program import Roster
from roundtable import clock, links
from roundtable.outbox.post import post

log = structlog.get_logger(__name__)

SETTLED = timedelta(minutes=10)  # people change their mind, and one mail is enough
SILENCE = timedelta(hours=24)
SHOWN = {
    State.COMING: Partstat.ACCEPTED,
    State.NOT_COMING: Partstat.DECLINED,
    State.TENTATIVE: Partstat.TENTATIVE,
}


def follow() -> None:
    """All that is due. One that breaks keeps none waiting."""
    now = clock.database_now()
    _each(_to_readdress(now), readdress)
    _each(_to_echo(now), echo)
    _each(_passed_on(now), release)


def echoes(person: Person) -> bool:
    """Whether answers on the page go into this person's calendar by mail."""
    return not CalendarChoice.objects.filter(person=person, echoes=False).exists()


def choose(person: Person, *, echoes: bool) -> None:
    """The switch, twice is once."""
    CalendarChoice.objects.update_or_create(person=person, defaults={"echoes": echoes})


def _each(keys: Iterable[int], work: Callable[[int, datetime], None]) -> None:
    for key in list(keys):
        try:
            with transaction.atomic():
                work(key, clock.database_now())
        except Exception:
            log.exception("a calendar did not follow", about=f"seat:{key}", task=work.__name__)


def _live(now: datetime) -> QuerySet[Entry]:
    """What stands in calendars now, of meetings to come."""
    planned = Entry.objects.filter(seat__meeting__state=MeetingState.PLANNED, seat__meeting__starts_at__gt=now)
    return planned.filter(ended_at=None).order_by("pk")


def _to_echo(now: datetime) -> Iterable[int]:
    """Seats in circles whose calendar shows another answer than the page has had for ten minutes."""
    other = Q()
    for state, partstat in SHOWN.items():
        other |= Q(seat__state=state) & ~Q(partstat=partstat)
    silent = CalendarChoice.objects.filter(echoes=False).values("person")
    circles = _live(now).filter(other, seat__meeting__group__roster=Roster.FIXED)
    due = circles.filter(seat__answered_at__lte=now - SETTLED).exclude(seat__person__in=silent)
    return due.values_list("seat", flat=True)


def echo(key: int, now: datetime) -> None:
    """The answer given elsewhere, under the same SEQUENCE; only once the calendar has the date at all."""
    seat = _held(key)
    partstat, entry = SHOWN.get(State(seat.state)), entries.live(seat)
    if entry is None or partstat is None or entry.partstat == partstat or not entries.has_left(entry):
        return
    post(receipts.resent(entries.again(entry, now=now, partstat=partstat), Again.ECHO))


def _to_readdress(now: datetime) -> Iterable[int]:
    return _live(now).exclude(address=F("seat__person__email")).values_list("seat", flat=True)


def readdress(key: int, now: datetime) -> None:
    """Answers are matched by address: the date leaves the old one's calendar, and comes to the new one under a new
    UID. Links in letters to the old address open nothing any more.
    """
    seat = _held(key)
    entry = entries.live(seat)
    if entry is None or entry.address == seat.person.email:
        return
    heard = entries.end(entry, now=now)
    links.end(seat.about)
    if heard:
        post(receipts.gone_from_here(entry))
    fresh = entries.begin(seat, now=now, partstat=Partstat(entry.partstat))
    is_first = not heard and seat.meeting.group.roster == Roster.FIXED
    post(letters.planned(fresh) if is_first else receipts.resent(fresh, Again.ADDRESS))


def _passed_on(now: datetime) -> Iterable[int]:
    """Seats at roundtables that their calendar gave to somebody else a day ago; nothing has been heard since.

    For the time that it was: who was asked anew after a move is not held to it.
    """
    passed = Reply.objects.filter(verdict=Verdict.DELEGATED, received_at__lte=now - SILENCE)
    passed = passed.filter(entry__ended_at=None, sequence__gte=F("entry__floor"))
    unanswered = Q(seat__answered_at=None) | Q(seat__answered_at__lte=F("received_at"))
    coming_up = passed.filter(unanswered, seat__meeting__state=MeetingState.PLANNED, seat__meeting__starts_at__gt=now)
    open_ones = coming_up.filter(seat__meeting__group__roster=Roster.OPEN).exclude(seat__state=State.NOT_COMING)
    return open_ones.values_list("seat", flat=True).distinct()


def release(key: int, now: datetime) -> None:
    """Nobody came in for it and nobody said a word: the seat goes to the first in line."""
    seat = _held(key)
    if key in set(_passed_on(now)):  # again, under the lock: they may have answered meanwhile
        seating.respond(seat, Answer.NO, via=Via.MAIL, received_at=now)


def _held(key: int) -> Seat:
    meeting = seating.locked(Seat.objects.values_list("meeting", flat=True).get(pk=key))
    return seating.seat_of(meeting, key)
