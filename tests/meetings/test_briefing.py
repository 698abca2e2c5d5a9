"""The weekly brief: to whom, when, once; about what they look after and nothing else, in the same few statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groups.models.brief import BriefOff, Suggestion
from groups.models.group import Group
from meetings import briefing
from meetings.models.poll import Kind, Poll
from members.models.application import Application
from members.models.person import Person
from members.models.program import Organizer, Program
from roundtable.outbox.models import Letter
from tests.conftest import Stopped
from tests.meetings.conftest import Made

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 5, 18, 8, tzinfo=UTC)  # the one after START
KIND = "meetings/weekly_brief_in_private"


@pytest.fixture
def failing(made: Made) -> Group:
    """In danger by three signals; what there is to do is another hour."""
    return made("Failing", (8, 5, 4), silent=4)


def letters() -> list[Letter]:
    return list(Letter.objects.filter(kind=KIND).order_by("pk"))


def body(letter: Letter) -> list[str]:
    """The lines between the title and the first address."""
    text = letter.text.partition("\n\n")[2].partition("\n\nHow all circles are")[0]
    return text.strip().splitlines()


def wait(program: Program, someone: Person, *, days: int) -> None:
    Application.objects.create(
        program=program, person=someone, stage="pooled", submitted_at=MONDAY - timedelta(days=days)
    )


def test_it_comes_on_monday_at_eight_on_the_own_clock_and_once(
    failing: Group, organizer: Person, clock: Stopped
) -> None:
    Person.objects.filter(pk=organizer.pk).update(zone="America/New_York")  # eight there is noon in UTC
    for moment, written in [(MONDAY, 0), (MONDAY + timedelta(hours=4), 1), (MONDAY + timedelta(hours=5), 0)]:
        clock.to(moment)
        assert briefing.write_due() == written
    (letter,) = letters()
    assert (letter.to, letter.expires_at) == (organizer.email, MONDAY + timedelta(days=1, hours=14))


@pytest.mark.parametrize(
    ("hours", "written"),
    [(-1, 0), (0, 1), (33, 1), (34, 0), (24 * 3, 0)],
    ids=["early", "on time", "late", "stale", "Thursday"],
)
def test_what_was_missed_is_made_up_for_until_tuesday_evening(
    failing: Group, organizer: Person, clock: Stopped, hours: int, written: int
) -> None:
    clock.to(MONDAY + timedelta(hours=hours))
    assert briefing.write_due() == written


def test_it_says_what_is_wrong_and_what_to_do_and_names_nobody(
    failing: Group, made: Made, organizer: Person, program: Program, person: Callable[..., Person], clock: Stopped
) -> None:
    made("Well", (8, 8, 8))
    wait(program, person("Long"), days=200)
    wait(program, person("Short"), days=80)
    clock.to(MONDAY)
    briefing.write_due()
    (letter,) = letters()
    assert body(letter) == [
        "Failing: presence, misses running, answers. Ask for another hour.",
        "No next date: Failing, Well.",
        "1 person waits longer than 90 days; the longest wait is 28 weeks.",
    ]
    names = [one.name for one in Person.objects.exclude(pk=organizer.pk)]
    assert [name for name in names if name in letter.text + letter.html + letter.subject] == []


def test_the_next_one_says_what_came_of_it(failing: Group, made: Made, organizer: Person, clock: Stopped) -> None:
    moved, closed = made("Moved", (8, 5, 4), silent=4), made("Closed", (8, 5, 4), silent=4)
    clock.to(MONDAY)
    briefing.write_due()
    assert Suggestion.objects.filter(person=organizer, week=MONDAY.date()).count() == 3
    running = {"kind": Kind.HOUR, "from_date": MONDAY.date(), "zone": "UTC", "minutes": 90, "opened_at": MONDAY}
    Poll.objects.create(group=moved, closes_at=MONDAY + timedelta(days=9), **running)
    Group.objects.filter(pk=closed.pk).update(closed_at=MONDAY)
    clock.forward(days=7)
    briefing.write_due()
    assert body(letters()[1])[-1] == "Of last week's suggestions: 1 under way, 1 closed, 1 as before."


def test_what_is_older_than_four_weeks_is_forgotten(failing: Group, organizer: Person, clock: Stopped) -> None:
    for week in range(6):
        clock.to(MONDAY + timedelta(weeks=week))
        briefing.write_due()
    weeks = [MONDAY.date() + timedelta(weeks=week) for week in range(1, 6)]
    assert list(Suggestion.objects.order_by("week").values_list("week", flat=True)) == weeks


def test_a_chapter_hears_of_its_city_alone(
    made: Made, program: Program, person: Callable[..., Person], clock: Stopped
) -> None:
    here, there = made("Here", (8, 8, 8)), made("There", (8, 5, 4), silent=4)
    Group.objects.filter(pk=here.pk).update(metro="Porto")
    Group.objects.filter(pk=there.pk).update(metro="Lisbon")
    Organizer.objects.create(program=program, person=person("Chapter", is_staff=True), metro="Porto")
    clock.to(MONDAY)
    briefing.write_due()
    assert [body(letter) for letter in letters()] == [["No next date: Here."]]


def test_nothing_to_look_after_is_no_letter(organizer: Person, clock: Stopped) -> None:
    clock.to(MONDAY)
    assert (briefing.write_due(), letters()) == (0, [])


def test_it_can_be_switched_off_and_on_and_the_page_stays(failing: Group, organizer: Person, clock: Stopped) -> None:
    client, page = Client(), reverse("admin:groups_brief")
    client.force_login(organizer)
    clock.to(MONDAY)
    for _ in range(2):
        assert client.post(page, {"weekly": "off"}).status_code == 302
    assert (briefing.write_due(), BriefOff.objects.count()) == (0, 1)
    shown = client.get(page).content.decode()
    assert "Failing: presence, misses running, answers. Ask for another hour." in shown
    assert "The letter is off." in shown
    client.post(page, {"weekly": "perhaps"})
    client.post(page, {"weekly": "on"})
    assert (briefing.write_due(), BriefOff.objects.count()) == (1, 0)


def test_who_organizes_no_more_hears_nothing(failing: Group, organizer: Person, clock: Stopped) -> None:
    Person.objects.filter(pk=organizer.pk).update(is_staff=False)
    clock.to(MONDAY)
    assert briefing.write_due() == 0


def test_many_organizers_and_circles_are_read_in_the_same_statements(
    made: Made, organizer: Person, program: Program, person: Callable[..., Person], clock: Stopped
) -> None:
    made("One", (8, 5, 4), silent=4)
    clock.to(MONDAY)
    briefing.write_due()
    asked: list[int] = []
    for more in ((), ("Second", "Third")):
        for name in more:
            made(name, (8, 5, 4), silent=4)
            Organizer.objects.create(program=program, person=person(f"Org{name}", is_staff=True))
        clock.to(MONDAY + timedelta(days=7 * (len(asked) + 1)))
        with CaptureQueriesContext(connection) as found:
            assert briefing.write_due() == 1 + len(more)
        asked.append(len(found))
    assert asked == [asked[0]] * 2


def test_the_page_asks_the_same_for_one_and_for_three(
    made: Made, organizer: Person, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = Client()
    client.force_login(organizer)
    for name in ("One", "Two", "Three"):
        made(name, (8, 5, 4), silent=4)
        if name != "Two":
            with django_assert_num_queries(13):
                client.get(reverse("admin:groups_brief"))
