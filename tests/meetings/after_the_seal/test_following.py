"""Calendars follow the page, a new address and a new place; each with the one letter that carries the entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from icalendar import Calendar, Event
from pytest_django import DjangoAssertNumQueries

from meetings import calling, following, seating
from meetings.models.meeting import Meeting
from meetings.models.seat import Answer, Entry, Seat, Via
from meetings.weeks import members_of
from members.models.person import Person
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from tests.conftest import Guests, Say, Stopped

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailed(meeting: Meeting, clock: Stopped) -> Meeting:
    """The first date has reached everybody's calendar."""
    Letter.objects.filter(about=meeting.about).update(state="sent", secret=None, sent_at=clock.now())
    return meeting


@pytest.fixture
def seat(meeting: Meeting) -> Seat:
    return meeting.seats.get(person__email="ada@example.org")


@pytest.fixture
def answer(seat: Seat, clock: Stopped) -> Callable[[str], None]:
    def give(words: str) -> None:
        clock.forward(seconds=1)
        seating.respond(seat, Answer(words), via=Via.PAGE, received_at=clock.now())

    return give


def events(kind: str = "meetings/resent", **more: object) -> list[Event]:
    letters = Letter.objects.filter(kind=kind, **more).order_by("pk")
    return [Calendar.from_ical(bytes(one.ics or b"")).events[0] for one in letters]


def shown(event: Event) -> tuple[str, str, str]:
    return str(event["SEQUENCE"]), str(event["ATTENDEE"].params["PARTSTAT"]), str(event["UID"])


def test_what_was_said_on_the_page_is_in_the_calendar_ten_minutes_after_the_last_change_of_mind(
    mailed: Meeting, seat: Seat, answer: Callable[[str], None], clock: Stopped
) -> None:
    uid = seat.entries.get().uid
    answer("yes")
    clock.forward(minutes=8)
    answer("no")
    clock.forward(minutes=9)
    following.follow()
    assert events() == []
    clock.forward(minutes=1)
    following.follow()
    following.follow()
    assert [shown(one) for one in events()] == [("0", "DECLINED", uid)]
    assert Letter.objects.get(kind="meetings/resent").to == "ada@example.org"
    answer("yes")
    clock.forward(minutes=10)
    following.follow()
    assert [shown(one) for one in events()] == [("0", "DECLINED", uid), ("0", "ACCEPTED", uid)]
    assert events()[1].stamp > events()[0].stamp


def test_who_came_back_to_what_the_calendar_shows_hears_nothing(
    mailed: Meeting, seat: Seat, answer: Callable[[str], None], clock: Stopped
) -> None:
    seat.entries.update(partstat="ACCEPTED")
    answer("no")
    answer("yes")
    clock.forward(minutes=10)
    following.follow()
    assert events() == []


def test_a_date_that_has_not_reached_the_calendar_is_not_overtaken_by_an_echo(
    meeting: Meeting, answer: Callable[[str], None], clock: Stopped
) -> None:
    answer("yes")
    clock.forward(minutes=10)
    following.follow()
    assert events() == []


@pytest.mark.parametrize("dates", [1, 3])
def test_an_echo_of_one_date_costs_what_an_echo_of_three_does(
    dates: int, mailed: Meeting, clock: Stopped, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for weeks in range(1, dates):
        calling.plan(mailed.group, on=mailed.local_date + timedelta(weeks=weeks), members=members_of(mailed.group))
    Letter.objects.update(state="sent", secret=None, sent_at=clock.now())
    for seat in Seat.objects.all():
        seating.respond(seat, Answer.NO, via=Via.PAGE, received_at=clock.now())
    clock.forward(minutes=10)
    with django_assert_num_queries(12):
        following.follow()
    assert [shown(one)[:2] for one in events()] == [("0", "DECLINED")] * 3 * dates


def test_an_echo_that_breaks_keeps_no_other_waiting(mailed: Meeting, clock: Stopped) -> None:
    for seat in mailed.seats.all():
        seating.respond(seat, Answer.YES, via=Via.PAGE, received_at=clock.now())
    clock.forward(minutes=10)
    Person.objects.filter(email="ada@example.org").update(zone="Mars/Olympus")
    following.follow()
    assert [shown(one)[:2] for one in events()] == [("0", "ACCEPTED")] * 2


def test_the_switch_stands_on_the_page_of_the_feed(
    mailed: Meeting, seat: Seat, answer: Callable[[str], None], clock: Stopped, client: Client
) -> None:
    client.force_login(seat.person)
    assert "Send me no such letters" in client.get("/calendar/").content.decode()
    for _ in range(2):
        client.post("/calendar/", {"echo": "off"})
    answer("yes")
    clock.forward(minutes=10)
    following.follow()
    assert events() == []
    page = client.post("/calendar/", {"echo": "on"}, follow=True).content.decode()
    assert "Send me no such letters" in page
    following.follow()
    assert len(events()) == 1


def test_a_new_address_has_the_date_under_a_new_id_and_the_old_one_no_longer(
    mailed: Meeting, seat: Seat, clock: Stopped, client: Client
) -> None:
    link = Letter.objects.get(kind="groups/sealed", to="ada@example.org")
    old = seat.entries.get()
    seat.person.email = "lovelace@example.org"
    seat.person.save()
    following.follow()
    following.follow()
    cancelled, fresh = events("meetings/other_address"), events()
    assert [str(one["UID"]) for one in cancelled] == [old.uid]
    assert [str(one["ATTENDEE"]) for one in cancelled + fresh] == [
        "mailto:ada@example.org",
        "mailto:lovelace@example.org",
    ]
    assert [shown(one)[:2] for one in fresh] == [("0", "NEEDS-ACTION")]
    assert set(Letter.objects.filter(about=mailed.about).exclude(state="sent").values_list("kind", "to")) == {
        ("meetings/other_address", "ada@example.org"),
        ("meetings/resent", "lovelace@example.org"),
    }
    assert seat.entries.get(ended_at=None).uid != old.uid
    assert client.get(f"/seats/{link.secrets_by_mark().get('~~token~~', 'x.y')}/").status_code == 404


def test_a_date_that_never_left_goes_to_the_new_address_alone(meeting: Meeting, seat: Seat) -> None:
    seat.person.email = "lovelace@example.org"
    seat.person.save()
    following.follow()
    assert Letter.objects.filter(to="ada@example.org", ics__isnull=False, state="queued").count() == 0
    assert [str(one["ATTENDEE"]) for one in events("meetings/planned")] == ["mailto:lovelace@example.org"]


def test_a_letter_that_is_written_before_the_sweep_goes_where_the_entry_lives(mailed: Meeting, seat: Seat) -> None:
    seat.person.email = "lovelace@example.org"
    seat.person.save()
    calling.agree_on_place(mailed, room="Attic", video_link="")
    assert Letter.objects.filter(kind="meetings/resent", person=seat.person).get().to == "ada@example.org"


def test_a_new_room_is_in_every_calendar_once_and_answers_stay(
    mailed: Meeting, seat: Seat, answer: Callable[[str], None]
) -> None:
    answer("yes")
    for room in ("Cellar", "Attic", "Attic"):
        calling.agree_on_place(mailed, room=room, video_link="https://meet.example/x")
    fresh = events(state="queued")
    assert [(str(one["LOCATION"]), *shown(one)[:2]) for one in fresh] == [("Attic", "2", "NEEDS-ACTION")] * 3
    assert Entry.objects.filter(floor=0).count() == 3
    assert Seat.objects.get(pk=seat.pk).state == "coming"


@pytest.mark.parametrize("asked", [False, True])
def test_a_letter_that_has_not_left_tells_of_the_present_place_at_its_own_hour(
    asked: bool,  # noqa: FBT001 - one of two cases
    meeting: Meeting,
    clock: Stopped,
) -> None:
    calling.agree_on_place(meeting, room="Cellar", video_link="")
    later = clock.now() + timedelta(days=1)
    Letter.objects.filter(kind="groups/sealed").update(not_before=later)
    by = meeting.roles.earliest("pk").person if asked else None
    calling.agree_on_place(meeting, room="Attic", video_link="", asked_by=by)
    assert [str(one["LOCATION"]) for one in events("groups/sealed", state="queued")] == ["Attic"] * 3
    waiting = Letter.objects.filter(about=meeting.about, state="queued", ics__isnull=False)
    assert set(waiting.values_list("kind", "not_before")) == {("groups/sealed", later)}


def test_at_a_roundtable_a_new_address_keeps_the_place_in_line(
    two: Meeting, guests: Guests, say: Say, clock: Stopped
) -> None:
    first, second = guests(2)
    for seat in (first, second):
        say(seat, "yes")
    Letter.objects.filter(about=two.about).update(state="sent", secret=None, sent_at=clock.now())
    second.person.email = "new@example.org"
    second.person.save()
    following.follow()
    assert [(shown(one)[:2], str(one["STATUS"])) for one in events()] == [(("0", "TENTATIVE"), "TENTATIVE")]
    assert Seat.objects.get(pk=second.pk).line_at == Seat.objects.get(pk=second.pk).answered_at


def test_nothing_follows_what_is_over(
    mailed: Meeting, seat: Seat, answer: Callable[[str], None], clock: Stopped
) -> None:
    answer("yes")
    clock.to(mailed.starts_at + timedelta(minutes=1))
    following.follow()
    assert events() == []


@pytest.mark.parametrize(("left", "written"), [(11, 3), (10, 0), (1, 0)])
def test_a_room_written_down_as_the_meeting_ends_is_kept_and_no_letter_comes_too_late(
    left: int, written: int, mailed: Meeting, clock: Stopped
) -> None:
    clock.to(mailed.ends_at - timedelta(minutes=left))
    calling.agree_on_place(mailed, room="Attic", video_link="")
    mailed.refresh_from_db()
    fresh = Letter.objects.filter(kind="meetings/resent", state="queued")
    assert (mailed.room, fresh.count()) == ("Attic", written)


def test_who_leads_asks_everybody_again_with_a_new_place(
    mailed: Meeting, seat: Seat, answer: Callable[[str], None]
) -> None:
    answer("yes")
    led = mailed.roles.earliest("pk").person
    calling.agree_on_place(mailed, room="Attic", video_link="", asked_by=led)
    fresh = events(state="queued")
    assert [(str(one["LOCATION"]), *shown(one)[:2]) for one in fresh] == [("Attic", "1", "NEEDS-ACTION")] * 3
    assert Entry.objects.filter(floor=1, sequence=1).count() == 3
    assert set(Seat.objects.filter(meeting=mailed).values_list("state", "answered_at")) == {("invited", None)}
    letter = Letter.objects.get(kind="meetings/resent", person=seat.person)
    assert ("say once more whether you come" in letter.text, "no longer on" in letter.text) == (True, False)


@pytest.mark.parametrize(
    ("who", "room", "sentence"),
    [("another", "Attic", "Only who leads or keeps time"), ("leads", "", "same as before"), ("late", "Attic", "begun")],
)
def test_asking_again_for_nothing_or_by_others_is_refused_and_nothing_changes(
    who: str, room: str, sentence: str, mailed: Meeting, clock: Stopped
) -> None:
    roles = mailed.roles.values("person")
    other = mailed.seats.exclude(person__in=roles).get().person
    by = other if who == "another" else mailed.roles.earliest("pk").person
    if who == "late":
        clock.to(mailed.starts_at)
    with pytest.raises(NotAllowed, match=sentence):
        calling.agree_on_place(mailed, room=room, video_link="", asked_by=by)
    mailed.refresh_from_db()
    assert (mailed.room, events(), Entry.objects.filter(floor=0).count()) == ("", [], 3)


def test_the_tick_stands_in_the_form_of_who_leads_alone(mailed: Meeting, seat: Seat, client: Client) -> None:
    roles = mailed.roles.values("person")
    other, led = mailed.seats.exclude(person__in=roles).get().person, mailed.roles.earliest("pk").person
    said = {"room": "Attic", "video_link": "", "ask_again": "on"}
    client.force_login(other)
    assert "Ask everybody again" not in client.get(mailed.path).content.decode()
    assert "Only who leads or keeps time" in client.post(f"{mailed.path}where/", said).content.decode()
    client.force_login(led)
    assert "Ask everybody again" in client.get(mailed.path).content.decode()
    assert client.post(f"{mailed.path}where/", said).status_code == 302
    assert "same as before" in client.post(f"{mailed.path}where/", said).content.decode()
    assert len(events(state="queued")) == 3


def test_at_a_roundtable_who_is_asked_about_the_place_keeps_the_seat(
    two: Meeting, guests: Guests, say: Say, clock: Stopped, host: Person
) -> None:
    first, second = guests(2)
    for one in (first, second):
        say(one, "yes")
    Letter.objects.filter(about=two.about).update(state="sent", secret=None, sent_at=clock.now())
    calling.agree_on_place(two, room="Attic", video_link="", asked_by=host)
    told = Letter.objects.filter(kind="meetings/resent", state="queued").order_by("to")
    assert [one.to for one in told] == sorted([first.person.email, host.email])  # who is in line knows no place
    assert all("Your seat stays yours" in one.text for one in told)
    assert Seat.objects.values_list("state", "number").get(pk=first.pk) == ("coming", 2)
