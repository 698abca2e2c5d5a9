"""What a member chooses for their own calendar: its words, another address; and what a program puts there by itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar, Event

from meetings import calendars, calling, feed, following
from meetings.models.calendar import CalendarChoice
from meetings.models.meeting import Meeting
from meetings.models.seat import Entry, Seat
from roundtable.checks import SENDGRID
from roundtable.outbox.models import Letter
from tests.conftest import Stopped

pytestmark = pytest.mark.django_db
LINK = "https://meet.example/attic"


@pytest.fixture
def mailed(meeting: Meeting, clock: Stopped) -> Meeting:
    """The first date has reached everybody's calendar."""
    Letter.objects.filter(about=meeting.about).update(state="sent", secret=None, sent_at=clock.now())
    return meeting


@pytest.fixture
def seat(meeting: Meeting) -> Seat:
    return meeting.seats.get(person__email="ada@example.org")


@pytest.fixture
def ada(client: Client, seat: Seat) -> Client:
    client.force_login(seat.person)
    return client


def press(browser: Client, **fields: str) -> str:
    return browser.post("/calendar/", fields, follow=True).content.decode()


def events(kind: str = "meetings/resent") -> list[Event]:
    letters = Letter.objects.filter(kind=kind).order_by("pk")
    return [Calendar.from_ical(bytes(one.ics or b"")).events[0] for one in letters]


def code() -> str:
    return Letter.objects.filter(kind="meetings/confirm_calendar").latest("pk").secrets_by_mark()["~~code~~"]


def test_own_words_come_into_the_calendar_once_and_nobody_else_hears_of_them(
    mailed: Meeting, seat: Seat, ada: Client
) -> None:
    uid = seat.entries.get().uid
    assert 'value="Roundtable"' in ada.get("/calendar/").content.decode()
    assert "At most 40 characters" in press(ada, label="x" * 41)
    assert "Saved. Dates that are in your calendar follow" in press(ada, label="  My \n Thursdays ")
    for _ in range(2):
        following.follow()
    (told,) = events()
    assert (told["SUMMARY"], told["UID"], told["SEQUENCE"]) == ("My Thursdays", uid, 1)
    assert Letter.objects.get(kind="meetings/resent").subject.startswith("Updated: Roundtable,")
    assert Entry.objects.get(uid=uid).floor == 0
    assert b"SUMMARY:My Thursdays" in feed.build(seat.person, source="https://x.example/")
    press(ada, label="")
    following.follow()
    assert [str(one["SUMMARY"]) for one in events()] == ["My Thursdays", "Roundtable"]


def test_a_date_that_has_not_left_is_renamed_once_it_has(meeting: Meeting, seat: Seat, clock: Stopped) -> None:
    calendars.call_it(seat.person, "Circle")
    following.follow()
    assert events() == []
    Letter.objects.filter(about=meeting.about).update(state="sent", secret=None, sent_at=clock.now())
    following.follow()
    assert [str(one["SUMMARY"]) for one in events()] == ["Circle"]


def test_dates_go_to_another_calendar_once_its_code_is_typed(mailed: Meeting, seat: Seat, ada: Client) -> None:
    assert "A code is on its way" in press(ada, calendar="ada@home.example")
    letter = Letter.objects.get(kind="meetings/confirm_calendar")
    assert (letter.to, seat.person.name in letter.text, mailed.group.name in letter.text) == (
        "ada@home.example",
        False,
        False,
    )
    following.follow()
    assert events() == []
    assert "This is not the code of the letter" in press(ada, code="WRONG-ONE")
    assert "From now on your dates go to this address" in press(ada, code=code().lower())
    for _ in range(2):
        following.follow()
    assert [str(one["ATTENDEE"]) for one in events()] == ["mailto:ada@home.example"]
    assert [str(one["ATTENDEE"]) for one in events("meetings/other_address")] == ["mailto:ada@example.org"]
    assert "Your dates go to this address" in press(ada, calendar="Ada@Example.org")
    following.follow()
    assert seat.entries.get(ended_at=None).address == "ada@example.org"


def test_a_code_counts_three_times_and_for_an_hour(seat: Seat, ada: Client, clock: Stopped) -> None:
    press(ada, calendar="ada@home.example")
    right = code()
    for _ in range(3):
        press(ada, code="WRONG-ONE")
    assert "no longer counts" in press(ada, code=right)
    clock.forward(minutes=1)
    press(ada, calendar="ada@home.example")
    clock.forward(hours=1)
    assert "no longer counts" in press(ada, code=code())
    assert CalendarChoice.objects.get().address == ""


def test_nobody_is_sent_codes_without_end(seat: Seat, ada: Client, clock: Stopped) -> None:
    sent = [ada.post("/calendar/", {"calendar": f"{n}@home.example"}).status_code for n in range(6)]
    assert sent == [302] * 5 + [429]


@pytest.mark.parametrize("open_link", [False, True])
def test_a_link_is_in_calendars_only_where_the_program_says_that_it_is_no_secret(
    mailed: Meeting,
    seat: Seat,
    ada: Client,
    open_link: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    program = mailed.group.program
    program.link_in_calendar = open_link
    program.save()
    calling.agree_on_place(mailed, room="", video_link=LINK)
    told = [
        (str(one["CONFERENCE"]), str(one["LOCATION"]))
        for one in events()
        if str(one["ATTENDEE"]).endswith("ada@example.org")
    ]
    assert told == ([(LINK, LINK)] if open_link else [])
    written = feed.build(seat.person, source="https://x.example/").replace(b"\r\n ", b"")
    line = b"CONFERENCE;FEATURE=VIDEO;LABEL=Join by video;VALUE=URI:" + LINK.encode()
    assert (line in written, LINK.encode() in written) == (open_link, open_link)
    assert (LINK in ada.get(mailed.path).content.decode()) == open_link


def test_a_service_that_garbles_letters_gets_a_name_in_ascii(meeting: Meeting, seat: Seat, settings: Any) -> None:
    seat.person.name = "Zoë Łukasz Ångström 🦀"
    settings.INVITE_EMAIL_BACKEND = SENDGRID
    entry = seat.entries.get()
    entry.seat = seat
    assert calling.letters.calendar_entry(entry).name == "Zoe Lukasz Angstrom"
