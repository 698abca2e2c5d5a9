"""A roundtable has no members: the seat is the right, to the page with numbers; coming, to names, place and board."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from meetings import access, attending, board, calling, seating, topics
from meetings.models.board import Board, Topic
from meetings.models.meeting import Meeting
from meetings.models.seat import Seat, State
from members import leaving
from members.models.application import Application
from members.models.person import Person
from members.models.program import Program
from roundtable.outbox.models import Letter
from tests.conftest import START, Guests, Say, Stopped

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(two: Meeting, guests: Guests, say: Say) -> dict[str, Person]:
    """One of each: with a seat, in line, asked, not coming, not knowing; and two who run things and were not asked."""
    seats = dict(zip(("coming", "waiting", "no", "maybe", "asked"), guests(5), strict=True))
    for part, words in (("coming", "yes"), ("waiting", "yes"), ("no", "no"), ("maybe", "maybe")):
        say(seats[part], words)
    return {part: seat.person for part, seat in seats.items()}


@pytest.mark.parametrize(
    ("part", "page", "table"),
    [("coming", 200, 200), ("waiting", 200, 404), ("no", 200, 404), ("maybe", 200, 404), ("asked", 200, 404)],
)
def test_the_seat_opens_the_page_and_coming_opens_the_board(
    part: str, page: int, table: int, cast: dict[str, Person], two: Meeting, client: Client
) -> None:
    client.force_login(cast[part])
    shown = client.get(two.path)
    words = shown.content.decode()
    assert (shown.status_code, client.get(f"{two.path}board/").status_code) == (page, table)
    assert [name in words for name in (">H<", "Host", "Facilitator")] == [part == "coming"] * 3
    assert ("2 of 2 seats" in words, "Seats go by order of answer" in words) == (True, True)
    where = client.post(reverse("meetings:where", args=[two.public_id]), {"room": "Attic"})
    assert where.status_code == (302 if part == "coming" else 404)


@pytest.mark.parametrize("who", ["stranger", "organizer", "superuser", "ada", "former"])
def test_whoever_has_no_seat_finds_nothing_whatever_their_rights(
    who: str, two: Meeting, request: pytest.FixtureRequest, client: Client
) -> None:
    client.force_login(request.getfixturevalue(who))
    group = reverse("meetings:group", args=[two.group.public_id])
    pages = [
        two.path,
        f"{two.path}board/",
        f"{two.path}board/shared/",
        f"{two.path}board/own/",
        group,
        f"{group}takeaways/",
    ]
    assert [client.get(page).status_code for page in pages] == [404] * 6
    assert client.post(two.path, {"answer": "yes"}).status_code == 404


@pytest.mark.parametrize("part", ["coming", "waiting", "asked"])
def test_a_roundtable_has_no_page_of_members(part: str, cast: dict[str, Person], two: Meeting, client: Client) -> None:
    client.force_login(cast[part])
    assert client.get(reverse("meetings:group", args=[two.group.public_id])).status_code == 404


def test_who_lets_the_seat_go_loses_the_board_at_once(cast: dict[str, Person], two: Meeting, client: Client) -> None:
    client.force_login(cast["coming"])
    client.post(two.path, {"answer": "no"})
    assert client.get(f"{two.path}board/").status_code == 404
    assert client.get(f"{two.path}board/shared/").status_code == 404


def test_my_place_and_the_rule_stand_on_page_link_and_letter(
    two: Meeting, guests: Guests, say: Say, client: Client
) -> None:
    seats = guests(4)
    for seat in seats:
        say(seat, "yes")
    letter = Letter.objects.get(to=seats[2].person.email, kind="meetings/seat_told")
    link = client.get(reverse("meetings:seat", args=[letter.secrets_by_mark()["~~token~~"]]), follow=True)
    client.force_login(seats[2].person)
    for words in (link.content.decode(), client.get(two.path).content.decode()):
        assert "2nd of 3 in line" in words
        assert "Seats go by order of answer; a freed seat is yours for 24 hours." in words
    assert "2nd of 2 in line. Seats go by order of answer; a freed seat is yours for 24 hours." in letter.text


def test_the_link_shows_no_name_and_its_button_takes_the_seat(two: Meeting, guests: Guests, client: Client) -> None:
    (seat,) = guests(1)
    letter = Letter.objects.get(to=seat.person.email)
    link = client.get(reverse("meetings:seat", args=[letter.secrets_by_mark()["~~token~~"]]), follow=True)
    words = link.content.decode()
    assert ("Host" in words, "Take a seat" in words, Seat.objects.get(pk=seat.pk).state) == (False, True, "invited")
    page = reverse("meetings:seat", args=[seat.public_id])
    assert client.post(page, {}).status_code == 200
    client.post(page, {"answer": "yes"})
    assert Seat.objects.get(pk=seat.pk).number == 2
    assert "You have a seat." in client.get(page).content.decode()


WORDS = {
    "offered": ("A seat is yours until", "Take the seat"),
    "coming": ("You have a seat.", "Let the seat go"),
    "waiting": ("You are 1st of 1 in line.", "Leave the line"),
    "not_coming": ("You are not coming.", "Get in line"),
    "tentative": ("That holds no seat and no place in line", "I cannot come"),
}


@pytest.mark.parametrize("state", WORDS)
def test_each_state_has_its_words_and_buttons(
    state: str, two: Meeting, guests: Guests, say: Say, client: Client
) -> None:
    first, second = guests(2)
    say(first, "yes")
    for words in {"not_coming": ["no"], "tentative": ["maybe"], "coming": []}.get(state, ["yes"]):
        say(second, words)
    if state == "offered":
        say(first, "no")
    client.force_login((first if state == "coming" else second).person)
    page = client.get(two.path).content.decode()
    assert [words for words in WORDS[state] if words not in page] == []


def test_after_the_start_the_page_shows_no_buttons(
    two: Meeting, cast: dict[str, Person], client: Client, clock: Stopped
) -> None:
    clock.to(two.starts_at)
    client.force_login(cast["coming"])
    page = client.get(two.path).content.decode()
    assert ("Let the seat go" in page, "You have a seat." in page) == (False, True)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_database_the_same_for_one_guest_and_for_three(
    count: int, roundtable: Meeting, host: Person, guests: Guests, say: Say, client: Client, django_assert_num_queries
) -> None:
    for seat in guests(count):
        say(seat, "yes")
    client.force_login(host)
    with django_assert_num_queries(12):
        client.get(roundtable.path)


def test_my_roundtables_stand_among_my_groups(cast: dict[str, Person], two: Meeting, client: Client) -> None:
    client.force_login(cast["waiting"])
    page = client.get("/groups/").content.decode()
    assert (two.path in page, ">waiting<" in page, "No group yet" in page) == (True, True, False)


# What is kept


@pytest.fixture
def held(two: Meeting, cast: dict[str, Person], host: Person, clock: Stopped) -> Meeting:
    """The host was there and spoke of two topics; the one with the other seat stayed away."""
    table = Board.objects.get(meeting=two)
    clock.to(two.starts_at)
    attending.here(table, by=host)
    for title in ("Thornwicket", "Saltmeadow"):
        topics.propose(table, by=host, title=title, note="", hidden=False, key=uuid4())
    board.begin(table, by=host, step=0)
    opened = Topic.objects.order_by("pk")[0].public_id
    board.open_topic(table, by=host, step=Board.objects.get(pk=table.pk).step, topic=opened)
    board.sum_up(table, by=host, text="Hollowmarrow", revision=0)
    board.close(table, by=host, step=Board.objects.get(pk=table.pk).step)
    return two


def test_takeaways_are_for_those_who_were_there(
    held: Meeting, host: Person, cast: dict[str, Person], client: Client
) -> None:
    page = reverse("meetings:takeaways", args=[held.group.public_id])
    client.force_login(host)
    assert "Hollowmarrow" in client.get(page).content.decode()
    assert page in client.get(held.path).content.decode()
    for part in ("coming", "waiting", "asked"):
        client.force_login(cast[part])
        assert client.get(page).status_code == 404


def test_a_topic_of_last_time_does_not_come_along_to_other_guests(held: Meeting, host: Person) -> None:
    following = calling.open_date(held.group, on=held.local_date + timedelta(days=42), host=host)
    assert Topic.objects.filter(board__meeting=following).count() == 0


def test_who_was_there_once_reads_nothing_of_a_meeting_they_missed(
    held: Meeting, host: Person, person: Callable[..., Person]
) -> None:
    following = calling.open_date(held.group, on=held.local_date + timedelta(days=42), host=host)
    newcomer = person("Zoe")
    Seat.objects.create(meeting=following, person=newcomer, state=State.COMING, number=2, attendance="present")
    assert access.memory(newcomer, held.group.public_id).takeaways.count() == 0
    assert access.memory(host, held.group.public_id).takeaways.count() == 1


# Who goes


def test_who_erases_everything_leaves_the_seat_to_the_first_in_line(
    cast: dict[str, Person], two: Meeting, client: Client
) -> None:
    leaving.erase(cast["coming"])
    waiting = two.seats.get(person=cast["waiting"])
    assert (waiting.number, waiting.offered) == (2, True)
    assert two.seats.count() == 5
    assert not Letter.objects.filter(to="a@example.org").exists()


def test_who_withdraws_is_out_of_this_programs_roundtables_and_hears_so_once(
    cast: dict[str, Person], two: Meeting, program: Program, client: Client
) -> None:
    Letter.objects.filter(kind="meetings/seat_told").update(state="failed")  # left, as far as taking back goes
    waits = cast["coming"]
    application = Application.objects.create(program=program, person=waits, stage="pooled", submitted_at=START)
    letter = Letter.objects.get(to=waits.email, kind="meetings/taster")
    leaving.withdraw(application)
    assert not two.seats.filter(person=waits).exists()
    assert two.seats.get(person=cast["waiting"]).offered
    told = Letter.objects.filter(to=waits.email, ics__isnull=False).latest("pk")
    assert str(Calendar.from_ical(bytes(told.ics or b""))["METHOD"]) == "CANCEL"
    assert client.get(reverse("meetings:seat", args=[letter.secrets_by_mark()["~~token~~"]])).status_code == 404
    with pytest.raises(Http404):
        access.seat(waits, two.public_id)


def test_who_withdraws_elsewhere_keeps_the_seat(cast: dict[str, Person], two: Meeting) -> None:
    other = Program.objects.create(slug="other", name="Other")
    application = Application.objects.create(program=other, person=cast["coming"], stage="pooled", submitted_at=START)
    leaving.withdraw(application)
    assert two.seats.get(person=cast["coming"]).number == 2


def test_a_meeting_that_is_over_keeps_who_was_there(held: Meeting, host: Person, clock: Stopped) -> None:
    clock.forward(days=2)
    seating.give_up(host)
    assert held.seats.get(person=host).attended
