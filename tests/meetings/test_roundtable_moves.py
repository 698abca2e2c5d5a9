"""A roundtable goes to another time: seats are held until they are answered for, the line keeps its order."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from meetings import line, moving, seating
from meetings.models.meeting import Meeting
from meetings.models.seat import Entry, Seat
from members.models.person import Person
from roundtable.outbox.models import Letter
from tests.conftest import Guests, Say, Stopped

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def seats(two: Meeting, guests: Guests, say: Say) -> list[Seat]:
    """One with the last seat, two in line, one who said no, one who said nothing."""
    made = guests(5)
    for seat, words in zip(made, ("yes", "yes", "yes", "no"), strict=False):
        say(seat, words)
    return made


@pytest.fixture
def moved(two: Meeting, seats: list[Seat], host: Person) -> Meeting:
    return moving.move(two, on=two.local_date + timedelta(days=1), at=time(19), by=host)


def states(seats: list[Seat]) -> list[tuple[str, int | None]]:
    return [Seat.objects.values_list("state", "number").get(pk=seat.pk) for seat in seats]


@pytest.mark.parametrize(("left", "held"), [(400, 120), (240, 120), (100, 50), (2, 1)])
def test_a_seat_is_held_for_half_of_what_is_left_at_most_five_days(left: int, held: int) -> None:
    assert line.held_for(left * HOUR) == held * HOUR


def test_a_seat_is_held_and_the_line_keeps_its_order(moved: Meeting, seats: list[Seat], clock: Stopped) -> None:
    assert states(seats) == [
        ("waiting", 2),
        ("waiting", None),
        ("waiting", None),
        ("not_coming", None),
        ("invited", None),
    ]
    assert Seat.objects.get(pk=seats[0].pk).offered_until == clock.now() + timedelta(days=5)
    assert list(moved.seats.in_line().values_list("pk", flat=True)) == [seats[1].pk, seats[2].pk]
    assert moved.seats.get(number=1).state == "coming"
    assert moved.cap == 2


def test_calendars_have_the_new_time_under_the_same_id_and_answers_to_the_old_one_are_stale(
    moved: Meeting, seats: list[Seat]
) -> None:
    letters = Letter.objects.filter(kind="meetings/seat_told", subject__startswith="Updated").order_by("pk")
    events = [Calendar.from_ical(bytes(letter.ics or b"")).events[0] for letter in letters]
    assert {event.start for event in events} == {moved.starts_at}
    live = {entry.uid: entry for entry in Entry.objects.filter(ended_at=None)}
    assert {str(event["UID"]) for event in events} == set(live)
    assert all(entry.floor == entry.sequence > 0 for entry in live.values())
    held = Letter.objects.get(to=seats[0].person.email, subject__startswith="Updated")
    lined = Letter.objects.get(to=seats[2].person.email, subject__startswith="Updated")
    assert ("Your seat is held until" in held.text, "2nd of 2 in line" in lined.text) == (True, True)


def test_who_says_yes_keeps_the_number_and_who_says_nothing_loses_it_to_the_first_in_line(
    moved: Meeting, seats: list[Seat], clock: Stopped, say: Say
) -> None:
    clock.forward(days=5)
    seating.lapse_due()
    assert states(seats)[:3] == [("waiting", None), ("waiting", 2), ("waiting", None)]
    assert list(moved.seats.in_line().values_list("pk", flat=True)) == [seats[2].pk, seats[0].pk]
    say(seats[1], "yes")
    assert states(seats)[1] == ("coming", 2)


def test_a_held_seat_is_theirs_with_one_word(moved: Meeting, seats: list[Seat], clock: Stopped, say: Say) -> None:
    say(seats[0], "yes")
    clock.forward(days=6)
    seating.lapse_due()
    assert states(seats)[0] == ("coming", 2)


def test_the_host_moves_it_from_the_page(two: Meeting, seats: list[Seat], host: Person) -> None:
    browser, guest = Client(), Client()
    browser.force_login(host)
    guest.force_login(seats[0].person)
    on = {"on": str(two.local_date + timedelta(days=1)), "at": "12:00"}
    assert "keeps it until they answer" in browser.get(two.path).content.decode()
    assert guest.post(f"{two.path}move/", on).status_code == 404
    assert browser.post(f"{two.path}move/", on).status_code == 302
    assert Meeting.objects.get(pk=two.pk).local_time == time(12)
