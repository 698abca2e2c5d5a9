"""A roundtable from its date to its memory: who is asked, what calendars hold, who may open what, who goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from groups.models.group import Group
from groups.sealing import calendar
from meetings import calling, seating
from meetings.models.board import Board
from meetings.models.meeting import Meeting
from meetings.models.seat import Answer, Entry, Seat, Via
from members.models.application import Application
from members.models.person import Person
from members.models.program import Program, Roster
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from tests.conftest import START, Guests, Say, Stopped

pytestmark = pytest.mark.django_db


def sent(kind: str = "meetings/seat_told") -> None:
    """Whatever waited has left."""
    Letter.objects.filter(kind=kind, state="queued").update(state="failed")


def event(name: str) -> tuple[str, str, str, int, str]:
    """Method, status, answer, sequence and UID of the last calendar part that somebody got."""
    letter = Letter.objects.filter(to=f"{name.lower()}@example.org", ics__isnull=False).order_by("pk").last()
    assert letter is not None
    assert letter.ics is not None
    whole = Calendar.from_ical(bytes(letter.ics))
    (one,) = whole.events
    answer = one["ATTENDEE"].params["PARTSTAT"]
    return str(whole["METHOD"]), str(one["STATUS"]), answer, one.sequence, str(one["UID"])


# The date and the letters


def test_a_date_has_its_host_with_a_role_a_seat_and_an_entry_and_a_board(roundtable: Meeting, host: Person) -> None:
    assert (roundtable.local_date, str(roundtable.local_time), roundtable.cap) == (date(2026, 5, 26), "18:00:00", 12)
    assert list(roundtable.roles.values_list("role", "person")) == [("facilitator", host.pk)]
    assert list(roundtable.seats.values_list("person", "number", "state")) == [(host.pk, 1, "coming")]
    assert event("host")[:4] == ("REQUEST", "CONFIRMED", "ACCEPTED", 0)
    assert "You host this meeting" in Letter.objects.get(to=host.email).text
    assert Board.objects.filter(meeting=roundtable).count() == 1


def test_groups_reach_a_date_by_the_hook(roundtable: Meeting) -> None:
    assert calendar.open_date == calling.open_date


@pytest.mark.parametrize(
    ("roster", "on", "why"),
    [
        (Roster.FIXED, date(2026, 6, 9), "single dates are for roundtables"),
        (Roster.OPEN, date(2026, 5, 26), "planned already"),
        (Roster.OPEN, date(2026, 5, 5), "is over"),
    ],
)
def test_a_date_that_cannot_be_is_refused_in_words(
    roster: str, on: date, why: str, roundtable: Meeting, host: Person
) -> None:
    Group.objects.update(roster=roster)
    with pytest.raises(NotAllowed, match=why):
        calling.open_date(roundtable.group, on=on, host=host)
    assert Meeting.objects.count() == 1


def test_asking_the_pool_twice_asks_whoever_is_new(roundtable: Meeting, host: Person, guests: Guests) -> None:
    seats = guests(3)
    people = [seat.person for seat in seats]
    newcomer = Person.objects.create_user("zoe@example.org", name="Zoe", initials="Z")
    assert calling.invite_pool(roundtable, [*people, host, newcomer, newcomer]) == 1
    assert Letter.objects.filter(kind="meetings/taster").count() == 4
    assert {seat.state for seat in Seat.objects.exclude(person=host)} == {"invited"}


def test_the_lot_is_the_same_at_a_second_try_and_for_any_order(
    roundtable: Meeting, person: Callable[..., Person]
) -> None:
    people = [person(f"P{number}") for number in range(9)]
    drawn = calling.drawn(roundtable, people)
    assert calling.drawn(roundtable, people[::-1]) == drawn
    assert drawn != people


def test_who_was_left_in_line_last_time_is_asked_first(two: Meeting, guests: Guests, say: Say, host: Person) -> None:
    seats = guests(6)
    for seat in seats[:3]:
        say(seat, "yes")
    following = calling.open_date(two.group, on=two.local_date + timedelta(days=42), host=host)
    calling.invite_pool(following, [seat.person for seat in seats])
    letters = Letter.objects.filter(about=following.about, kind="meetings/taster").order_by("pk")
    assert sorted(letter.to[0] for letter in letters[:2]) == ["b", "c"]
    assert letters.count() == 6


@pytest.mark.parametrize("change", [{"state": "cancelled"}, {"starts_at": START - timedelta(days=8)}])
def test_nobody_is_asked_to_what_is_cancelled_or_has_begun(
    change: dict[str, object], roundtable: Meeting, person: Callable[..., Person]
) -> None:
    Meeting.objects.update(**change)
    with pytest.raises(NotAllowed):
        calling.invite_pool(roundtable, [person("Ann")])


def test_a_letter_to_the_pool_names_nobody_and_has_a_way_out(
    roundtable: Meeting, guests: Guests, program: Program, say: Say, client: Client
) -> None:
    waits = Person.objects.create_user("zoe@example.org", name="Zoe", initials="Z", zone="America/New_York")
    Application.objects.create(program=program, person=waits, stage="pooled", submitted_at=START)
    for seat in guests(2):
        say(seat, "yes")
    calling.invite_pool(roundtable, [waits])
    letter = Letter.objects.get(to="zoe@example.org")
    words = letter.subject + letter.text + letter.html
    assert "Tue 26 May 2026, 18:00 Lisbon (UTC+1) · 13:00 for you" in words
    assert [name for name in ("Host", roundtable.group.name, "@example") if name in words] == []
    assert letter.headers == {"List-Unsubscribe": "<https://roundtable.example/waiting/~~out~~/>"}
    way_out = letter.secrets_by_mark()["~~out~~"]
    page = client.get(reverse("members:waiting_by_letter", args=[way_out]), follow=True)
    client.post(page.request["PATH_INFO"], {"answer": "pause"})
    assert Application.objects.get(person=waits).stage == "dormant"


# What calendars hold


def test_nothing_is_in_a_calendar_until_a_seat_is_taken(roundtable: Meeting, guests: Guests, say: Say) -> None:
    seats = guests(3)
    for seat, words in zip(seats, ("no", "maybe", "no"), strict=True):
        say(seat, words)
    assert Entry.objects.filter(seat__in=seats).count() == 0
    assert Letter.objects.filter(kind="meetings/seat_told").count() == 1  # the host's


def test_the_entry_follows_the_seat_from_line_to_offer_to_seat_to_nothing_and_back(
    two: Meeting, guests: Guests, say: Say
) -> None:
    first, second = guests(2)
    say(first, "yes")
    seen = []
    for who, words in ((second, "yes"), (first, "no"), (second, "yes"), (second, "no"), (second, "yes")):
        sent()
        say(who, words)
        seen.append(event("b"))
    uids = [one[4] for one in seen]
    assert [one[:4] for one in seen] == [
        ("REQUEST", "TENTATIVE", "TENTATIVE", 0),  # in line
        ("REQUEST", "TENTATIVE", "TENTATIVE", 1),  # offered
        ("REQUEST", "CONFIRMED", "ACCEPTED", 2),  # claimed
        ("CANCEL", "CANCELLED", "ACCEPTED", 3),  # let go
        ("REQUEST", "CONFIRMED", "ACCEPTED", 0),  # back
    ]
    assert (len(set(uids[:4])), uids[4] == uids[0]) == (1, False)
    assert Entry.objects.filter(seat=second, floor=0).count() == 2


def test_each_message_of_an_entry_is_later_than_the_one_before(two: Meeting, guests: Guests, clock: Stopped) -> None:
    (seat,) = guests(1)
    stamps = []
    for words in ("yes", "no"):
        sent()
        seating.respond(seat, Answer(words), via=Via.PAGE, received_at=clock.now())
        letter = Letter.objects.filter(to=seat.person.email, ics__isnull=False).latest("pk")
        stamps.append(Calendar.from_ical(bytes(letter.ics or b"")).events[0].DTSTAMP)
    assert stamps[0] < stamps[1]


def test_a_letter_that_has_not_left_is_superseded_and_what_nobody_saw_is_not_cancelled(
    two: Meeting, guests: Guests, say: Say
) -> None:
    (seat,) = guests(1)
    for words in ("yes", "no", "yes", "no"):
        say(seat, words)
    told = Letter.objects.filter(to=seat.person.email, kind="meetings/seat_told")
    assert set(told.values_list("state", flat=True)) == {"cancelled"}
    assert Entry.objects.filter(seat=seat, ended_at=None).count() == 0


def test_no_letter_or_entry_of_one_holds_a_name_or_address_of_another(two: Meeting, guests: Guests, say: Say) -> None:
    Person.objects.filter(email="host@example.org").update(name="Quarryfalcon")
    seats = guests(3)
    two.room = "Moorlantern"
    two.save()
    for seat in seats:
        Person.objects.filter(pk=seat.person_id).update(name=f"Name{seat.pk}", email=f"box{seat.pk}@example.org")
    for seat in seats:
        say(seat, "yes")
    say(seats[0], "no")
    for seat in seats:
        hidden = ["Quarryfalcon", *[f"{word}{one.pk}" for one in seats if one != seat for word in ("Name", "box")]]
        if seat != seats[0]:
            hidden.append("Moorlantern")  # the room is for who has a seat
        for letter in Letter.objects.filter(person=seat.person):
            words = f"{letter.subject}{letter.text}{letter.html}{bytes(letter.ics or b'').decode()}"
            assert [word for word in hidden if word in words.replace("\r\n ", "")] == []
