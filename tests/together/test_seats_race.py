"""A roundtable's seats under many answers at once: the last one, the line, and offers that end meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import cast

import pytest
from django.db import transaction

from meetings import calling, entries, mailbox, opening, seating
from meetings.models.meeting import Meeting
from meetings.models.reply import Reply
from meetings.models.seat import Answer, Entry, Seat, State, Via
from meetings.replies import Verdict
from members import leaving
from members.models.person import Person
from roundtable.outbox.models import Letter
from tests.conftest import Guests, Outcome, Stopped
from tests.meetings.mailing import reply

pytestmark = pytest.mark.django_db(transaction=True)
Together = Callable[..., Outcome]
Look = tuple[list[int], int, int]


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


def test_two_hundred_answers_by_page_link_and_mail_at_once_fill_twelve_seats_and_a_line_without_gaps(
    roundtable: Meeting, guests: Guests, clock: Stopped, at_once: Together
) -> None:
    seats = guests(200)
    clock.forward(minutes=1)
    calls = [by(list(Via)[number % 3], seat, clock, number) for number, seat in enumerate(reversed(seats))]
    outcome = at_once(*calls)
    assert outcome.errors == []
    assert numbers(roundtable) == list(range(1, 13))
    states = Counter(roundtable.seats.values_list("state", flat=True))
    assert states == {State.COMING: 12, State.WAITING: 189}
    lined = [seat.line_at for seat in roundtable.seats.in_line() if seat.line_at]
    assert (len(lined), lined) == (189, sorted(set(lined)))
    assert Counter(Reply.objects.values_list("verdict", flat=True)) == {Verdict.APPLIED: 66}
    assert set(Entry.objects.filter(ended_at=None).values_list("seat", flat=True)) == set(
        roundtable.seats.values_list("pk", flat=True)
    )


def by(via: Via, seat: Seat, clock: Stopped, number: int) -> Callable[[], object]:
    """The yes of one person, each received at a moment of its own."""
    received_at = clock.now() + timedelta(milliseconds=number)
    if via != Via.MAIL:
        return partial(seating.respond, seat, Answer.YES, via=via, received_at=received_at)
    entry = entries.begin(seat, now=clock.now() - timedelta(minutes=1))
    row, _ = mailbox.keep(reply(entry), received_at)
    return partial(mailbox.judge, row.pk)


def test_one_mail_that_five_workers_take_up_is_judged_once(
    roundtable: Meeting, guests: Guests, clock: Stopped, at_once: Together
) -> None:
    (seat,) = guests(1)
    say(seat, "yes", clock)()
    clock.forward(seconds=1)
    row, _ = mailbox.keep(reply(seat.entries.get(), "DECLINED"), clock.now())
    outcome = at_once(*[partial(mailbox.judge, row.pk)] * 5)
    assert (outcome.errors, Reply.objects.get().verdict) == ([], Verdict.APPLIED)
    assert list(seat.history.values_list("answer", flat=True)) == ["yes", "no"]


def test_one_mail_that_is_delivered_by_five_calls_at_once_is_one_reply(
    roundtable: Meeting, guests: Guests, clock: Stopped, at_once: Together
) -> None:
    (seat,) = guests(1)
    say(seat, "yes", clock)()
    raw = reply(seat.entries.get(), "DECLINED")
    outcome = at_once(*[partial(mailbox.keep, raw, clock.now())] * 5)
    assert (outcome.errors, Reply.objects.count()) == ([], 1)


def test_a_cap_that_goes_down_and_up_among_twenty_answers_never_overbooks_and_leaves_no_free_seat_unoffered(
    roundtable: Meeting, guests: Guests, host: Person, clock: Stopped, at_once: Together
) -> None:
    seats = guests(26)
    Meeting.objects.update(cap=6)
    for seat in seats[:6]:  # five seats beside the host's, and one in line
        say(seat, "yes", clock)()
        clock.forward(seconds=1)
    answers: list[Callable[[], object]] = [
        say(seat, "yes", clock, after=number) for number, seat in enumerate(seats[6:20])
    ]
    answers += [say(seat, "no", clock) for seat in seats[:3]]
    answers += [say(seat, "maybe", clock) for seat in seats[20:23]]
    caps = [4, 9, 3, 7, 5]
    changes: list[Callable[[], object]] = [
        partial(opening.change, roundtable, told=opening.Told(cap), by=host) for cap in caps
    ]
    calls = [*answers[:7], *changes[:3], *answers[7:], *changes[3:]]
    outcome = at_once(*[partial(looked_at, roundtable, call) for call in calls])
    assert outcome.errors == []
    assert len(outcome.results) == 25
    assert all(given == [] or taken <= cap for given, taken, cap in cast("list[Look]", outcome.results))
    last = Meeting.objects.get(pk=roundtable.pk)
    held = numbers(last)
    lined = list(last.seats.in_line())
    assert last.cap in caps
    assert (len(held), len(set(held))) == (len(held), len(held))
    assert not lined or len(held) >= last.cap
    assert [seat.line_at for seat in lined] == sorted(seat.line_at for seat in lined if seat.line_at)
    assert not last.seats.coming().filter(number=None).exists()
    assert last.seats.coming().count() + len(lined) + last.seats.exclude(offered_until=None).count() == 18


def looked_at(meeting: Meeting, call: Callable[[], object]) -> Look:
    """In the transaction of an act, under its lock: the numbers that it gave, how many are held after it, the cap."""
    with transaction.atomic():
        seating.locked(meeting.pk)
        before = held_by(meeting)
        call()
        after = held_by(meeting)
        return sorted(after - before), len(after), Meeting.objects.get(pk=meeting.pk).cap


def held_by(meeting: Meeting) -> set[int]:
    """The seats that have a number."""
    return set(meeting.seats.exclude(number=None).values_list("pk", flat=True))
