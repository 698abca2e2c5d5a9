"""One road for every answer: page, link, calendar and organizer all end in `respond`.

A circle has a seat for each member. At a roundtable seats have a number, from 1 to the cap: who is coming has one, and
who is offered one, so that neither the line nor two answers at once can overbook it. What happens to a seat happens to
the calendar entry in the same transaction. Lock order everywhere: meeting, seat, entry.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import structlog
from django.db import transaction

from meetings import entries, letters, line, rota
from meetings.ics import Method, Partstat
from meetings.line import Told
from meetings.models.meeting import Meeting
from meetings.models.meeting import State as MeetingState
from meetings.models.seat import Answer, Seat, State, Via
from members.models.person import Person
from members.models.program import Program, Roster
from roundtable import clock, links
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel, post

AFTER = {Answer.YES: State.COMING, Answer.NO: State.NOT_COMING, Answer.MAYBE: State.TENTATIVE}
PARTSTAT = {State.COMING: Partstat.ACCEPTED, State.WAITING: Partstat.TENTATIVE}

log = structlog.get_logger(__name__)


@transaction.atomic
def respond(seat: Seat, answer: Answer, *, via: Via, received_at: datetime) -> Seat:
    """The last answer received before the start counts, whatever it waited for. In a circle it is the state of the
    seat, and a no gives a role on; at a roundtable a yes takes the lowest free number or the end of the line, and
    anything else frees it.

    Mail has an order of its own (`replies`), which has been asked before. Raises NotAllowed when late.
    """
    meeting, now = locked(seat.meeting_id), max(clock.now(), received_at)
    refuse_late(meeting, received_at)
    if meeting.group.roster == Roster.OPEN:
        settle(meeting, now=now, over_at=received_at)
    seat = seat_of(meeting, seat.pk)  # only now: it may have changed while we waited
    if seat.state == State.EXCUSED:
        raise NotAllowed("You are on a sabbatical at this date. End it on the group's page, and the seat is yours.")
    if via != Via.MAIL and seat.answered_at is not None and received_at < seat.answered_at:
        seat.history.create(answer=answer, via=via, received_at=received_at)
        return seat
    seat.answered_at = received_at
    if meeting.group.roster == Roster.FIXED:
        seat.state = AFTER[answer]
        seat.save(update_fields=["state", "answered_at"])
        if answer == Answer.NO:
            let_talk_go(seat)
            rota.release(meeting, seat.person)
    elif answer == Answer.YES:
        take(seat, received_at=received_at, now=now)
    else:
        release(seat, AFTER[answer], now=now)
    seat.history.create(answer=answer, via=via, received_at=received_at)
    if meeting.group.roster == Roster.OPEN:
        offer_freed(meeting, now=now)
    return seat


def locked(key: int) -> Meeting:
    """The meeting as it is now, held until this transaction ends."""
    return Meeting.objects.select_for_update(of=("self",)).select_related("group__program").get(pk=key)


def seat_of(meeting: Meeting, key: int) -> Seat:
    seat = meeting.seats.select_for_update(of=("self",)).select_related("person").get(pk=key)
    seat.meeting = meeting
    return seat


def refuse_late(meeting: Meeting, now: datetime) -> None:
    """Raises NotAllowed with what happened since the letter was sent."""
    if meeting.state == MeetingState.CANCELLED:
        raise NotAllowed("This meeting has been cancelled; you need not answer.")
    if now >= meeting.starts_at:
        raise NotAllowed("This meeting has begun; please tell the facilitator.")


def take(seat: Seat, *, received_at: datetime, now: datetime) -> None:
    """A yes: the number that is kept for me, else the lowest free one, else a place in line. Twice is once."""
    free = line.free_numbers(taken(seat.meeting), seat.meeting.cap)
    was = State(seat.state)
    if seat.number is None and not free:
        seat.state, seat.line_at = State.WAITING, seat.line_at or received_at
    else:
        seat.state, seat.number = State.COMING, seat.number or free[0]
        seat.line_at = seat.offered_until = None
    seat.lapses = 0
    seat.save()
    if seat.state != was:
        tell(seat, Told(seat.state), now=now)


def release(seat: Seat, state: State, *, now: datetime, told: Told = Told.RELEASED) -> None:
    """Number and place in line are free for others, and so is a role at this meeting, and the talk; the date leaves the
    calendar.
    """
    seat.state, seat.lapses = state, 0
    seat.number = seat.line_at = seat.offered_until = None
    seat.save()
    seat.meeting.roles.filter(person=seat.person).delete()
    let_talk_go(seat)
    tell(seat, told, now=now)


def let_talk_go(seat: Seat) -> None:
    """Who does not come gives no talk. The caller holds the meeting."""
    if seat.meeting.presenter_id == seat.person_id:
        seat.meeting.presenter = None
        seat.meeting.save(update_fields=["presenter"])


def taken(meeting: Meeting) -> list[int]:
    """The numbers of those who are coming, and of the seats that are kept for somebody."""
    numbers = meeting.seats.order_by("number").values_list("number", flat=True)
    return [number for number in numbers if number is not None]


def offer_freed(
    meeting: Meeting, *, now: datetime, passed_over: Collection[int] = (), most_lapses: int = line.OFFERS - 1
) -> None:
    """Free numbers are offered down the line, each kept for one person; in the last hours all in line are asked."""
    if now >= meeting.starts_at:
        return
    free = line.free_numbers(taken(meeting), meeting.cap)
    lasts = line.offer_lasts(meeting.starts_at - now)
    if lasts is None:
        ask_all(meeting, now=now, any_free=bool(free))
        return
    waiting = meeting.seats.in_line().filter(lapses__lte=most_lapses).exclude(pk__in=passed_over)
    for number, key in zip(free, list(waiting.values_list("pk", flat=True)), strict=False):
        seat = seat_of(meeting, key)
        seat.number, seat.offered_until = number, now + lasts
        seat.save()
        tell(seat, Told.OFFERED, now=now)


def ask_all(meeting: Meeting, *, now: datetime, any_free: bool) -> None:
    """Everybody in line hears that a seat is free, or that it has gone: the first yes has it, and holds no number."""
    for key in meeting.seats.in_line().filter(offered_until__isnull=any_free).values_list("pk", flat=True):
        seat = seat_of(meeting, key)
        seat.offered_until = meeting.starts_at if any_free else None
        seat.save()
        tell(seat, Told.ANYONE if any_free else Told.TAKEN, now=now)


def settle(meeting: Meeting, *, now: datetime, over_at: datetime) -> None:
    """Offers whose time is over go on to the next in line; who let one pass stands at the end, and is told kindly."""
    over = meeting.seats.filter(offered_until__lte=over_at).exclude(number=None).order_by("offered_until", "pk")
    passed = list(over.values_list("pk", flat=True))
    for key in passed:
        seat = seat_of(meeting, key)
        seat.number, seat.offered_until, seat.line_at, seat.lapses = None, None, now, seat.lapses + 1
        seat.save()
    for key in passed:
        tell(seat_of(meeting, key), Told.LAPSED, now=now)
    if passed:
        offer_freed(meeting, now=now, passed_over=passed)
    offer_freed(meeting, now=now, most_lapses=0)  # a seat that came free by itself; who let one pass is not asked anew


def tell(seat: Seat, told: Told, *, now: datetime) -> None:
    """Calendar and letter follow the seat. An older letter of this kind that has not left is superseded."""
    cancel(seat.meeting.about, kinds=(letters.SEAT_TOLD,), person=seat.person)
    entry, partstat = entries.live(seat), PARTSTAT.get(State(seat.state))
    if partstat is None:
        if entry is not None and entries.end(entry, now=now):
            post(letters.seat_told(entry, told, standing(seat, now=now), Method.CANCEL))
        return
    if entry is None:
        entry = entries.begin(seat, now=now, partstat=partstat)
    else:
        entries.change(entry, now=now, partstat=partstat)
    post(letters.seat_told(entry, told, standing(seat, now=now)))


def standing(seat: Seat, *, now: datetime) -> line.Standing:
    """Where this person stands at a roundtable, in numbers."""
    meeting = seat.meeting
    order = list(meeting.seats.in_line().values_list("pk", flat=True))
    return line.Standing(
        cap=min(meeting.cap, line.SEATS),
        taken=meeting.seats.exclude(number=None).count(),
        waiting=len(order),
        place=order.index(seat.pk) + 1 if seat.pk in order else None,
        rule=line.rule(meeting.starts_at - now),
    )


def lapse_due() -> None:
    """Each roundtable that somebody waits for: offers that are over go on. One that breaks keeps none waiting."""
    now = clock.database_now()
    lined = Meeting.objects.coming_up(now).filter(seats__state=State.WAITING, starts_at__gt=now)
    for key in list(lined.order_by("pk").distinct().values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                settle(locked(key), now=now, over_at=now)
        except Exception:
            log.exception("offers did not go on", about=f"meeting:{key}")


@transaction.atomic
def give_up(person: Person, program: Program | None = None) -> None:
    """Somebody leaves a program, or the site: their seats at its roundtables to come go to the next in line."""
    now = clock.now()
    to_come = Meeting.objects.coming_up(now).filter(starts_at__gt=now, group__roster=Roster.OPEN, seats__person=person)
    if program is not None:
        to_come = to_come.filter(group__program=program)
    for key in list(to_come.order_by("pk").values_list("pk", flat=True)):
        meeting = locked(key)
        seat = seat_of(meeting, meeting.seats.get(person=person).pk)
        release(seat, State.NOT_COMING, now=now, told=Told.GONE)
        links.end(seat.about)
        seat.delete()
        offer_freed(meeting, now=now)
