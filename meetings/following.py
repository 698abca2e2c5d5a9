"""Calendars follow what happened elsewhere: an answer on the page, a new address, a seat that was passed to nobody.

A sweep finds what is due, and one that breaks keeps no other waiting. Lock order: meeting, seat, entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from meetings import calendars, entries, letters, receipts, seating
from meetings.ics import SUMMARY, Partstat
from meetings.models.calendar import CalendarChoice
from meetings.models.meeting import State as MeetingState
from meetings.models.reply import Reply
from meetings.models.seat import Answer, Entry, Seat, State, Via
from meetings.receipts import Again
from meetings.replies import Verdict
from members.models.program import Roster
from roundtable import clock, links
from roundtable.outbox.post import post

log = structlog.get_logger(__name__)

SETTLED = timedelta(minutes=10)  # people change their mind, and one mail is enough
SILENCE = timedelta(hours=24)
TOGETHER = 50  # answers in one transaction; where one of them breaks, each in its own
SHOWN = {
    State.COMING: Partstat.ACCEPTED,
    State.NOT_COMING: Partstat.DECLINED,
    State.TENTATIVE: Partstat.TENTATIVE,
}


def follow() -> None:
    """All that is due. One that breaks keeps none waiting."""
    now = clock.database_now()
    _each(_to_readdress(now), readdress)
    _each(_to_rename(now), rename)
    answered = list(_to_echo(now).values_list("seat", flat=True))
    for start in range(0, len(answered), TOGETHER):
        some = answered[start : start + TOGETHER]
        if not _done(echo, *some):
            _each(some, echo)
    _each(_passed_on(now), release)


def _each(keys: Iterable[int], work: Callable[..., None]) -> None:
    for key in list(keys):
        _done(work, key)


def _done(work: Callable[..., None], *keys: int) -> bool:
    """Whether it went well."""
    try:
        with transaction.atomic():
            work(*keys, now=clock.database_now())
    except Exception:
        log.exception("a calendar did not follow", about=f"seat:{keys[0]}", count=len(keys), task=work.__name__)
        return False
    return True


def _live(now: datetime) -> QuerySet[Entry]:
    """What stands in calendars now, of meetings to come."""
    planned = Entry.objects.filter(seat__meeting__state=MeetingState.PLANNED, seat__meeting__starts_at__gt=now)
    return planned.filter(ended_at=None).order_by("pk")


def _to_echo(now: datetime) -> QuerySet[Entry]:
    """Those in circles that show another answer than the page has had for ten minutes."""
    other = Q()
    for state, partstat in SHOWN.items():
        other |= Q(seat__state=state) & ~Q(partstat=partstat)
    silent = CalendarChoice.objects.filter(echoes=False).values("person")
    circles = _live(now).filter(other, seat__meeting__group__roster=Roster.FIXED)
    return circles.filter(seat__answered_at__lte=now - SETTLED).exclude(seat__person__in=silent)


def echo(*keys: int, now: datetime) -> None:
    """The answers given elsewhere, under the same SEQUENCE; only once the calendar has the date at all. Asked again
    under the locks; a date that somebody holds just now follows with the next sweep, so nobody waits for another.
    """
    due = _to_echo(now).filter(seat__in=keys).select_related("seat__person", "seat__meeting__group__program")
    held = due.select_for_update(of=("self", "seat", "seat__meeting"), skip_locked=True)
    left = entries.left(held)
    told = [entry for entry in held if entry.pk in left]
    for entry in told:
        entry.partstat = SHOWN[State(entry.seat.state)]
    tokens = letters.tokens(entry.seat for entry in entries.again_each(told, now=now))
    post(*(receipts.resent(entry, Again.ECHO, token=token) for entry, token in zip(told, tokens, strict=True)))


def _to_rename(now: datetime) -> Iterable[int]:
    """Seats whose entry bears other words than its owner has chosen by now."""
    chosen = CalendarChoice.objects.filter(person=OuterRef("seat__person")).exclude(label="").values("label")
    words = Coalesce(Subquery(chosen), Value(SUMMARY))
    return _live(now).exclude(summary=words).values_list("seat", flat=True)


def rename(key: int, *, now: datetime) -> None:
    """The words of a date change, time and answers stay; what has not reached a calendar is renamed once it has."""
    seat = _held(key)
    entry, words = entries.live(seat), calendars.label(seat.person)
    if entry is None or entry.summary == words or not entries.has_left(entry):
        return
    entry.summary = words
    entry.save(update_fields=["summary"])
    post(receipts.resent(entries.change(entry, now=now, partstat=Partstat(entry.partstat)), Again.LABEL))


def _to_readdress(now: datetime) -> Iterable[int]:
    chosen = CalendarChoice.objects.filter(person=OuterRef("seat__person")).exclude(address="").values("address")
    own = Coalesce(Subquery(chosen), F("seat__person__email"))
    return _live(now).exclude(address=own).values_list("seat", flat=True)


def readdress(key: int, *, now: datetime) -> None:
    """Answers are matched by address: the date leaves the old one's calendar, and comes to the new one under a new
    UID. Links in letters to the old address open nothing any more.
    """
    seat = _held(key)
    entry = entries.live(seat)
    if entry is None or entry.address == calendars.address(seat.person):
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


def release(key: int, *, now: datetime) -> None:
    """Nobody came in for it and nobody said a word: the seat goes to the first in line."""
    seat = _held(key)
    if key in set(_passed_on(now)):  # again, under the lock: they may have answered meanwhile
        seating.respond(seat, Answer.NO, via=Via.MAIL, received_at=now)


def _held(key: int) -> Seat:
    meeting = seating.locked(Seat.objects.values_list("meeting", flat=True).get(pk=key))
    return seating.seat_of(meeting, key)
