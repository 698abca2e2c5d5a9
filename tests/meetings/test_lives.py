"""How the circles of a program live, on one page: numbers and shapes, the same statements for one circle and three."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from groups.models.group import Group, Membership
from meetings import lives
from meetings.lives import ALL
from meetings.models.meeting import MeetingRole
from meetings.models.seat import Attendance
from meetings.survival import Life
from members import milestones
from members.models.application import Application
from members.models.person import Person
from members.models.program import Program
from tests.conftest import START, Stopped
from tests.meetings.conftest import Made

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(organizer: Person) -> Callable[[], Any]:
    client = Client()
    client.force_login(organizer)
    return lambda: client.get(reverse("admin:groups_lives", args=["cto"]))


def wait(program: Program, someone: Person, *, weeks: int, metro: str = "Lisbon") -> None:
    Application.objects.create(
        program=program, person=someone, stage="pooled", metro=metro, submitted_at=START - timedelta(weeks=weeks)
    )


def seal(group: Group, *, days: int, closed: int | None = None, into: Group | None = None) -> None:
    """Sealed so many days ago, and closed so many days ago or ahead."""
    Group.objects.filter(pk=group.pk).update(
        sealed_at=START - timedelta(days=days),
        closed_at=None if closed is None else START - timedelta(days=closed),
        merged_into=into,
    )


def test_what_lives_what_closes_later_and_what_went_into_another_have_not_ended(made: Made, program: Program) -> None:
    one, two, three, four = (made(name, ()) for name in ("One", "Two", "Three", "Four"))
    seal(one, days=400)
    seal(two, days=300, closed=100)
    seal(three, days=300, closed=-5)
    seal(four, days=200, closed=50, into=one)
    Group.objects.filter(pk=two.pk).update(mode="in_person")
    found = lives.lives(lives.circles(Group.objects.all(), program), START)
    assert found.by_mode == {
        ALL: [Life(150, ended=False), Life(400, ended=False), Life(300, ended=False), Life(200, ended=True)],
        "by video": [Life(150, ended=False), Life(400, ended=False), Life(300, ended=False)],
        "in person": [Life(200, ended=True)],
    }
    assert list(found.by_cadence) == [ALL]


def test_one_who_led_more_than_half_comes_first_without_a_name(made: Made, page: Callable[[], Any]) -> None:
    made("Shared", (8, 8, 8))
    carried = made("Zealous", (8, 8, 8, 8))
    first = carried.memberships.order_by("pk")[0].person
    MeetingRole.objects.filter(meeting__group=carried).update(person=first)
    answer = page()
    told = [(one.group.name, one.load.members, one.load.alone) for one in answer.context["leading"]]
    assert told == [("Zealous", (4, 0, 0, 0, 0, 0, 0, 0), True), ("Shared", (1, 1, 1, 0, 0, 0, 0, 0), False)]
    shown = answer.content.decode()
    assert "one leads more than half" in shown
    assert [one.name for one in Person.objects.all() if one.name in shown and "Organizer" not in one.name] == []


def test_the_way_goes_on_to_the_first_and_third_meeting_and_a_second_season(
    made: Made, program: Program, person: Callable[..., Person]
) -> None:
    group = made("Long", (1, 2, 8, 8, 8, 8, 8))
    keys = {}
    for one in group.memberships.select_related("person").order_by("pk"):
        keys[one.person.name] = Application.objects.create(
            program=program, person=one.person, stage="placed", submitted_at=START - timedelta(days=900)
        ).pk
    Membership.objects.filter(person__name="BettyLong").update(left_on=START.date() - timedelta(days=8))
    reached = dict(milestones.of(program))
    days = [one.starts_at for one in group.meetings.order_by("starts_at")]
    assert (reached["first meeting"][keys["AdaLong"]], reached["third meeting"][keys["AdaLong"]]) == (days[0], days[2])
    assert (reached["first meeting"][keys["HedyLong"]], reached["third meeting"][keys["HedyLong"]]) == (
        days[2],
        days[4],
    )
    assert reached["second season"] == {key: days[6] for name, key in keys.items() if name != "BettyLong"}


def test_waiting_is_counted_by_place_and_weeks_from_five_people_on(
    program: Program, person: Callable[..., Person], page: Callable[[], Any], clock: Stopped
) -> None:
    clock.to(START)
    for number in range(5):
        wait(program, person(f"Long{number}"), weeks=30)
    for number in range(4):
        wait(program, person(f"Short{number}"), weeks=5)
    answer = page()
    ((row, cells),) = answer.context["waits"].lines
    assert (row, [cell.number for cell in cells]) == ("Lisbon", [None, None, None, None, 5])
    assert [cell.step for cell in cells] == [0, 0, 0, 0, 5]


def test_a_kind_has_a_curve_from_five_circles_on(made: Made, page: Callable[[], Any]) -> None:
    for number in range(9):
        group = made(f"C{number}", ())
        seal(group, days=400, closed=100 if number % 2 else None)
        Group.objects.filter(pk=group.pk).update(mode="video" if number < 5 else "in_person")
    drawn = page().context["by_mode"]
    assert [(one.name, one.circles) for one in drawn.curves] == [(ALL, 9), ("by video", 5)]
    assert [[mark and mark.percent for mark in marks] for _, marks in drawn.rows][-1] == [56, 60]


def test_a_chapter_sees_its_city_and_an_organizer_of_others_nothing(
    made: Made, program: Program, organizer: Person, person: Callable[..., Person]
) -> None:
    made("Elsewhere", (8, 8, 8))
    client = Client()
    chapter = person("Chapter", is_staff=True)
    program.organizer_set.create(person=chapter, metro="Porto")
    client.force_login(chapter)
    assert client.get(reverse("admin:groups_lives", args=["cto"])).context["leading"] == []
    far = person("Far", is_staff=True)
    Program.objects.create(slug="far", name="Far").organizer_set.create(person=far)
    client.force_login(far)
    assert client.get(reverse("admin:groups_lives", args=["cto"])).status_code == 404


def test_it_asks_the_same_for_one_circle_and_for_three(
    made: Made,
    program: Program,
    page: Callable[[], Any],
    person: Callable[..., Person],
    django_assert_num_queries: Callable[..., Any],
) -> None:
    for number, name in enumerate(("One", "Two", "Three")):
        made(name, (8, 5, 4), missed=Attendance.EXCUSED)
        wait(program, person(f"W{number}"), weeks=number)
        if number != 1:
            with django_assert_num_queries(15):
                shown = page().content.decode()
    assert "How long circles live" in shown
