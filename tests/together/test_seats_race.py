"""A roundtable's seats under many answers at once: the last one, the line, and offers that end meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from meetings import calling, seating
from meetings.models.meeting import Meeting
from meetings.models.seat import Answer, Entry, Seat, State, Via
from members import leaving
from members.models.person import Person
from roundtable.outbox.models import Letter
from tests.conftest import Guests, Outcome, Stopped

pytestmark = pytest.mark.django_db(transaction=True)
Together = Callable[..., Outcome]


def say(seat: Seat, answer: str, clock: Stopped, *, after: int = 0) -> Callable[[], object]:
    """An answer by page, link or mail, received some seconds after the clock's moment."""
    via = list(Via)[seat.pk % 3]
    received_at = clock.now() + timedelta(seconds=after)
    return partial(seating.respond, seat, Answer(answer), via=via, received_at=received_at)


def numbers(meeting: Meeting) -> list[int]:
    return [seat.number for seat in meeting.seats.order_by("number") if seat.number is not None]


def test_thirty_yeses_at_once_for_the_last_seat_give_one_seat_and_a_line_by_time_of_receipt(
    roundtable: Meeting, guests: Guests, clock: Stopped, at_once: Together
) -> None:
    seats = guests(40)
    for seat in seats[:10]:
        say(seat, "yes", clock)()
    calls = [say(seat, "yes", clock, after=number) for number, seat in enumerate(reversed(seats[10:]))]
    outcome = at_once(*calls)
    assert outcome.errors == []
    assert numbers(roundtable) == list(range(1, 13))
    assert roundtable.seats.coming().count() == 12
    lined = [seat.line_at for seat in roundtable.seats.in_line() if seat.line_at]
    assert (len(lined), lined) == (29, sorted(lined))
    assert Entry.objects.filter(seat__meeting=roundtable, ended_at=None).count() == 41
    assert Letter.objects.filter(kind="meetings/seat_told").values("person").distinct().count() == 41


def test_one_person_s_yes_from_many_tabs_is_one_seat_one_entry_and_one_letter(
    roundtable: Meeting, guests: Guests, clock: Stopped, at_once: Together
) -> None:
    (seat,) = guests(1)
    outcome = at_once(*[say(seat, "yes", clock)] * 6)
    assert (outcome.errors, numbers(roundtable)) == ([], [1, 2])
    assert (Entry.objects.filter(seat=seat).count(), Letter.objects.filter(person=seat.person).count()) == (1, 2)


def test_the_pool_asked_from_two_tabs_is_asked_once(
    roundtable: Meeting, person: Callable[..., Person], at_once: Together
) -> None:
    people = [person(f"P{number}") for number in range(8)]
    outcome = at_once(*[partial(calling.invite_pool, roundtable, people)] * 4)
    assert (outcome.errors, sorted(outcome.results)) == ([], [0, 0, 0, 8])  # type: ignore[type-var]
    assert (roundtable.seats.count(), Letter.objects.filter(kind="meetings/taster").count()) == (9, 8)


def test_one_date_planned_twice_at_once_is_one_meeting(roundtable: Meeting, host: Person, at_once: Together) -> None:
    on = roundtable.local_date + timedelta(days=42)
    outcome = at_once(*[partial(calling.open_date, roundtable.group, on=on, host=host)] * 3)
    assert (len(outcome.results), {str(error) for error in outcome.errors}) == (1, {"This date is planned already."})


def test_noes_claims_lapses_and_farewells_at_once_leave_no_seat_double_and_none_unoffered(
    roundtable: Meeting, guests: Guests, clock: Stopped, at_once: Together
) -> None:
    seats = guests(24)
    for seat in seats:
        say(seat, "yes", clock)()
        clock.forward(seconds=1)
    for seat in seats[:4]:  # four offers, to the first four in line
        say(seat, "no", clock)()
    clock.forward(hours=24)
    offered = list(roundtable.seats.filter(state=State.WAITING).exclude(number=None).order_by("line_at"))
    calls: list[Callable[[], object]] = [
        *[say(seat, "yes", clock) for seat in offered],  # too late by now, or not: whichever comes first decides alike
        *[say(seat, "no", clock) for seat in seats[4:8]],
        *[say(seat, "yes", clock) for seat in seats[:4]],
        *[say(seat, "maybe", clock) for seat in seats[8:10]],
        partial(leaving.erase, seats[10].person),
        partial(leaving.erase, seats[20].person),
        *[seating.lapse_due] * 3,
    ]
    outcome = at_once(*calls)
    assert outcome.errors == []
    held = numbers(roundtable)
    assert (len(set(held)), len(held)) == (12, 12)
    assert not roundtable.seats.coming().filter(number=None).exists()
    live = Entry.objects.filter(seat__meeting=roundtable, ended_at=None).values_list("seat", flat=True)
    assert sorted(live) == sorted(
        roundtable.seats.filter(state__in=[State.COMING, State.WAITING]).values_list("pk", flat=True)
    )
