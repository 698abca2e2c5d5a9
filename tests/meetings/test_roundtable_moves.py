"""A roundtable goes to another time: seats are held until they are answered for, the line keeps its order."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from meetings import line, moving, reminding, seating
from meetings.models.meeting import Meeting
from meetings.models.seat import Entry, Seat
from members.models.person import Person
from roundtable import moments
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


def held_letters() -> list[str]:
    return list(Letter.objects.filter(kind="meetings/seat_held").order_by("pk").values_list("to", flat=True))


def test_who_holds_a_seat_is_reminded_once_a_day_before_it_goes_on(
    moved: Meeting, seats: list[Seat], clock: Stopped
) -> None:
    until = Seat.objects.get(pk=seats[0].pk).offered_until
    assert until is not None
    clock.to(until - timedelta(hours=25))
    assert reminding.remind() == 0
    clock.to(until - timedelta(hours=12))
    assert [reminding.remind(), reminding.remind()] == [1, 0]
    assert held_letters() == [seats[0].person.email]
    letter = Letter.objects.get(kind="meetings/seat_held")
    assert (moments.short(until, seats[0].person.zone) in letter.text, letter.expires_at) == (True, until)


def test_who_has_answered_or_was_offered_a_freed_seat_is_not_reminded_of_a_held_one(
    moved: Meeting, seats: list[Seat], clock: Stopped, say: Say
) -> None:
    say(seats[0], "no")
    offered = Seat.objects.get(pk=seats[1].pk)
    assert offered.offered_until is not None
    clock.to(offered.offered_until - timedelta(hours=12))
    reminding.remind()
    assert held_letters() == []


def test_a_seat_held_for_a_day_is_not_mentioned_twice(
    two: Meeting, seats: list[Seat], host: Person, clock: Stopped
) -> None:
    clock.to(two.starts_at - timedelta(days=2))
    moving.move(two, on=two.local_date, at=time(20), by=host)
    clock.forward(hours=12)
    reminding.remind()
    assert held_letters() == []


def test_moved_twice_before_a_letter_left_it_was_at_the_hour_told_last(
    two: Meeting, seats: list[Seat], host: Person, clock: Stopped
) -> None:
    Letter.objects.filter(about=two.about).update(state="sent", secret=None, sent_at=clock.now())
    was = two.starts_at
    for hour in (20, 21):
        moving.move(two, on=two.local_date, at=time(hour), by=host)
    told = Letter.objects.filter(about=two.about, state="queued", to=seats[0].person.email)
    assert [f"It was planned for {moments.said(was, two.zone)}" in one.text for one in told] == [True]
    assert "than the time before" not in told[0].text  # dates of a roundtable are single ones
