"""A roundtable's seats: who has a number, who stands in line, what is offered to whom and for how long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from meetings import line, seating
from meetings.models.meeting import Meeting
from meetings.models.seat import Answer, Entry, Seat, State, Via
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from tests.conftest import Guests, Say, Stopped

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def three(roundtable: Meeting) -> Meeting:
    """Three seats, one of them the host's."""
    roundtable.cap = 3
    roundtable.save()
    return roundtable


@pytest.fixture
def full(three: Meeting, guests: Guests, say: Say) -> list[Seat]:
    """A and B are coming; C, D and E wait, in this order."""
    seats = guests(5)
    for seat in seats:
        say(seat, "yes")
    return seats


def table(meeting: Meeting) -> str:
    """ "Host1 A2 B3 | C D", with "C?2" for a seat that is kept for C."""
    seats = meeting.seats.select_related("person")
    coming = [f"{one.person.name}{one.number}" for one in seats.coming().order_by("number")]
    kept = [f"{one.person.name}?{one.number}" for one in seats.filter(state="waiting").exclude(number=None)]
    waiting = [one.person.name for one in seats.in_line()]
    return " ".join(coming) + " | " + " ".join([*sorted(kept), *waiting])


def letters_to(name: str) -> list[str]:
    """The first words of what somebody was told, oldest first; a superseded letter too."""
    found = Letter.objects.filter(to=f"{name.lower()}@example.org", kind="meetings/seat_told").order_by("pk")
    return [letter.subject.partition(":")[0] for letter in found]


@pytest.mark.parametrize(
    ("left", "lasts"),
    [(73, 24), (72.1, 24), (72, 6), (25, 6), (24, 1), (6.1, 1), (6, None), (5, None), (0, None)],
)
def test_the_nearer_the_meeting_the_shorter_an_offer(left: float, lasts: int | None) -> None:
    assert line.offer_lasts(left * HOUR) == (None if lasts is None else lasts * HOUR)


@pytest.mark.parametrize(
    ("taken", "cap", "free"),
    [([], 3, [1, 2, 3]), ([1, 3], 3, [2]), ([1, 2, 3], 3, []), ([1, 5, 6], 2, []), ([2], 20, [1, *range(3, 13)])],
)
def test_free_numbers_are_the_lowest_under_the_cap(taken: list[int], cap: int, free: list[int]) -> None:
    assert line.free_numbers(taken, cap) == free


def test_places_are_said_as_people_say_them() -> None:
    said = [line.ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111)]
    assert said == ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "101st", "111th"]


SCRIPTS = {
    "a yes takes the lowest free number": ("A+ B+", "Host1 A2 B3 | "),
    "a yes twice is once": ("A+ A+ A+", "Host1 A2 | "),
    "who comes too late stands in line": ("A+ B+ C+ D+", "Host1 A2 B3 | C D"),
    "a yes twice keeps the place in line": ("A+ B+ C+ D+ C+", "Host1 A2 B3 | C D"),
    "a no leaves the line": ("A+ B+ C+ D+ C-", "Host1 A2 B3 | D"),
    "a no offers the number to the first in line": ("A+ B+ C+ D+ A-", "Host1 B3 | C?2 D"),
    "not knowing frees the number as well": ("A+ B+ C+ A~", "Host1 B3 | C?2"),
    "a yes claims what is offered": ("A+ B+ C+ D+ A- C+", "Host1 C2 B3 | D"),
    "an offered seat counts under the cap": ("A+ B+ C+ D+ A- E+", "Host1 B3 | C?2 D E"),
    "an offer that is refused goes on": ("A+ B+ C+ D+ A- C-", "Host1 B3 | D?2"),
    "two freed seats are two offers": ("A+ B+ C+ D+ A- B-", "Host1 | C?2 D?3"),
    "who comes back stands at the end": ("A+ B+ C+ D+ A- A+", "Host1 B3 | C?2 D A"),
    "not knowing holds no seat and no place": ("A~ B+ C+", "Host1 B2 C3 | "),
    "the host may be unable too": ("A+ B+ C+ H-", "A2 B3 | C?1"),
}


@pytest.mark.parametrize(("script", "result"), SCRIPTS.values(), ids=SCRIPTS)
def test_seats_go_by_order_of_answer(script: str, result: str, three: Meeting, guests: Guests, say: Say) -> None:
    seats = {seat.person.name: seat for seat in guests(5)}
    seats["H"] = three.seats.get(person__name="Host")
    for step in script.split():
        say(seats[step[0]], {"+": "yes", "-": "no", "~": "maybe"}[step[1]])
    assert table(three) == result


def test_a_mail_that_was_slow_on_its_way_to_us_keeps_the_place_it_was_received_at(
    three: Meeting, guests: Guests, say: Say, clock: Stopped
) -> None:
    seats = guests(4)
    for seat in seats[:2]:
        say(seat, "yes")
    received_at = clock.now()
    say(seats[2], "yes")
    seating.respond(seats[3], Answer.YES, via=Via.MAIL, received_at=received_at)
    assert table(three) == "Host1 A2 B3 | D C"


@pytest.mark.parametrize(("before", "until"), [(100, 24), (50, 6), (10, 1)])
def test_an_offer_is_kept_as_long_as_the_time_left_allows(
    before: int, until: int, full: list[Seat], three: Meeting, clock: Stopped, say: Say
) -> None:
    clock.to(three.starts_at - before * HOUR - timedelta(seconds=1))
    say(full[0], "no")
    assert Seat.objects.get(pk=full[2].pk).offered_until == clock.now() + until * HOUR
    assert letters_to("C") == ["In line", "A seat is kept for you"]


def test_what_nobody_claims_goes_on_and_who_let_it_pass_stands_at_the_end(
    full: list[Seat], three: Meeting, clock: Stopped, say: Say
) -> None:
    say(full[0], "no")
    clock.forward(hours=24)
    seating.lapse_due()
    assert table(three) == "Host1 B3 | D?2 E C"
    assert letters_to("C") == ["In line", "A seat is kept for you", "Still in line"]
    assert letters_to("D") == ["In line", "A seat is kept for you"]


def test_sweeping_again_changes_nothing(full: list[Seat], three: Meeting, clock: Stopped, say: Say) -> None:
    say(full[0], "no")
    clock.forward(hours=24)
    for _ in range(3):
        seating.lapse_due()
    assert (table(three), Letter.objects.filter(kind="meetings/seat_told").count()) == ("Host1 B3 | D?2 E C", 9)


def test_a_yes_after_the_offer_is_over_is_late_whether_or_not_it_was_swept(
    full: list[Seat], three: Meeting, clock: Stopped, say: Say
) -> None:
    say(full[0], "no")
    clock.forward(hours=24)
    assert say(full[2], "yes").state == State.WAITING
    assert table(three) == "Host1 B3 | D?2 E C"


def test_the_only_one_in_line_may_still_take_what_they_let_pass(
    full: list[Seat], three: Meeting, clock: Stopped, say: Say
) -> None:
    for seat in (full[3], full[4], full[0]):
        say(seat, "no")
    clock.forward(hours=24)
    for _ in range(2):
        seating.lapse_due()
    assert table(three) == "Host1 B3 | C"
    say(full[2], "yes")
    assert table(three) == "Host1 C2 B3 | "


def test_after_three_offers_without_an_answer_there_are_no_more_until_the_person_speaks(
    full: list[Seat], three: Meeting, clock: Stopped, say: Say
) -> None:
    Seat.objects.filter(pk=full[2].pk).update(lapses=2)
    say(full[0], "no")
    clock.forward(hours=24)
    seating.lapse_due()
    for seat in (full[3], full[4], full[1]):
        say(seat, "no")
    assert table(three) == "Host1 | C"
    assert "no more for this meeting" in Letter.objects.filter(to="c@example.org").latest("pk").text
    say(full[2], "yes")
    assert table(three) == "Host1 C2 | "


def test_in_the_last_hours_all_in_line_are_asked_and_the_first_yes_has_it(
    full: list[Seat], three: Meeting, clock: Stopped, say: Say
) -> None:
    clock.to(three.starts_at - 6 * HOUR)
    say(full[0], "no")
    assert table(three) == "Host1 B3 | C D E"
    assert [letters_to(name)[-1] for name in "CDE"] == ["A seat is free"] * 3
    say(full[4], "yes")
    assert table(three) == "Host1 E2 B3 | C D"
    assert [letters_to(name)[-1] for name in "CDE"] == ["In line", "In line", "Your seat"]
    assert Seat.objects.filter(state=State.WAITING).exclude(offered_until=None).count() == 0


def test_a_lowered_cap_unseats_nobody_and_offers_nothing_until_below_it(
    full: list[Seat], three: Meeting, say: Say
) -> None:
    Meeting.objects.update(cap=2)
    say(full[0], "no")
    assert table(three) == "Host1 B3 | C D E"
    say(full[1], "no")
    assert table(three) == "Host1 | C?2 D E"


def test_a_raised_cap_is_offered_down_the_line(full: list[Seat], three: Meeting, clock: Stopped) -> None:
    Meeting.objects.update(cap=5)
    seating.lapse_due()
    assert table(three) == "Host1 A2 B3 | C?4 D?5 E"


def test_who_frees_a_seat_frees_their_role_too(three: Meeting, guests: Guests, say: Say) -> None:
    guests(1)
    say(three.seats.get(number=1), "no")
    assert three.roles.count() == 0


@pytest.mark.parametrize("answer", ["yes", "no", "maybe"])
def test_after_the_start_nobody_takes_or_frees_a_seat(
    answer: str, full: list[Seat], three: Meeting, clock: Stopped, say: Say
) -> None:
    clock.to(three.starts_at)
    with pytest.raises(NotAllowed, match="has begun"):
        say(full[0], answer)
    assert table(three) == "Host1 A2 B3 | C D E"


WRONG = {
    "two people with one number": {"state": "coming", "number": 1},
    "a thirteenth seat": {"state": "coming", "number": 13},
    "a number without a seat": {"state": "invited", "number": 7},
    "a number in line without an offer": {"number": 7},
    "in line without a time": {"line_at": None},
    "an offer to who does not wait": {"state": "invited", "line_at": None, "offered_until": "2026-05-20T10:00Z"},
}


@pytest.mark.parametrize("columns", WRONG.values(), ids=WRONG)
def test_the_database_itself_refuses(columns: dict[str, object], full: list[Seat]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.filter(pk=full[2].pk).update(**columns)


def holds(meeting: Meeting) -> None:
    """What is true of a roundtable after anything that anybody does."""
    seats = list(meeting.seats.all())
    numbers = [seat.number for seat in seats if seat.number is not None]
    assert len(numbers) == len(set(numbers)) <= meeting.cap
    assert all((seat.number is not None) for seat in seats if seat.state == State.COMING)
    free = line.free_numbers(numbers, meeting.cap)
    assert not free or not [seat for seat in meeting.seats.in_line() if not seat.lapses]
    live = set(Entry.objects.filter(seat__meeting=meeting, ended_at=None).values_list("seat", flat=True))
    assert live == {seat.pk for seat in seats if seat.state in (State.COMING, State.WAITING)}


STEPS = some.lists(
    some.tuples(some.integers(0, 5), some.sampled_from(["yes", "yes", "no", "maybe", "wait"])), max_size=25
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_no_seat_is_given_twice_and_none_is_kept_from_the_line(
    steps: list[tuple[int, str]], three: Meeting, guests: Guests, clock: Stopped, say: Say
) -> None:
    began = clock.now()
    with transaction.atomic():
        seats = guests(5)
        for who, words in steps:
            if words == "wait":
                clock.forward(hours=8 * (who + 1))
                seating.lapse_due()
            elif clock.now() < three.starts_at - HOUR:
                say([*seats, three.seats.order_by("pk")[0]][who], words)
            if clock.now() < three.starts_at - 6 * HOUR:
                holds(three)
        transaction.set_rollback(True)
    clock.to(began)
