"""A quarter of a program on one page: sums alone, of what its reader looks after, in the same statements."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from groups.models.group import Group, Membership
from meetings import lookback
from meetings.models.meeting import Meeting, MeetingRole, State
from meetings.quarters import Quarter
from meetings.story import Came, Numbers
from members.models.application import Application
from members.models.person import Person
from members.models.program import Organizer, Program
from tests.conftest import START, Stopped
from tests.meetings.conftest import Made, held

pytestmark = pytest.mark.django_db
FIRST, SECOND = Quarter(2026, 1), Quarter(2026, 2)
Page = Callable[..., Any]


@pytest.fixture
def page(organizer: Person) -> Page:
    client = Client()
    client.force_login(organizer)
    return lambda quarter="2026-q1", slug="cto": client.get(reverse("admin:groups_quarter", args=[slug, quarter]))


def on(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def apply(program: Program, someone: Person, at: datetime, stage: str = "pooled", metro: str = "") -> None:
    Application.objects.create(
        program=program, person=someone, stage=stage, submitted_at=at, decided_at=at, metro=metro
    )


def test_people_are_counted_by_their_days(
    program: Program, person: Callable[..., Person], made: Made, organizer: Person
) -> None:
    circle = made("One", ())
    joined = person("Joined")
    Membership.objects.create(group=circle, person=joined, joined_on=on(3, 5).date())
    apply(program, joined, on(12, 1, 2025), "placed")
    later = person("Later")
    Membership.objects.create(group=circle, person=later, joined_on=on(4, 5).date())
    apply(program, later, on(2, 1), "placed")
    apply(program, person("Waits"), on(1, 1))
    apply(program, person("Next"), on(4, 1))
    apply(program, person("Gone"), on(2, 2), "withdrawn")
    first, second = (lookback.look_back(organizer, program, one).numbers for one in (FIRST, SECOND))
    assert (first.applied, first.found, first.waiting) == (3, 1, 2)  # later and waits
    assert (second.applied, second.found, second.waiting) == (1, 1, 2)  # waits and next


def test_circles_are_counted_at_both_ends(program: Program, made: Made, organizer: Person, clock: Stopped) -> None:
    lives = {
        "Old": (on(6, 1, 2025), None),
        "Ended": (on(6, 1, 2025), on(2, 1)),
        "Merged": (on(6, 1, 2025), on(3, 1)),
        "Before": (on(6, 1, 2025), on(12, 1, 2025)),
        "New": (on(1, 1), None),
        "Brief": (on(1, 5), on(3, 31)),
        "Afterwards": (on(4, 1), on(6, 1)),
    }
    for name, (sealed, closed) in lives.items():
        Group.objects.filter(pk=made(name, ()).pk).update(sealed_at=sealed, closed_at=closed)
    Group.objects.filter(name="Merged").update(merged_into=Group.objects.get(name="Old"))
    clock.to(START)
    first, second = (lookback.look_back(organizer, program, one).numbers for one in (FIRST, SECOND))
    assert (first.lived, first.sealed, first.ended, first.merged, first.living) == (3, 2, 2, 1, 2)
    assert (second.lived, second.sealed, second.ended, second.living) == (2, 1, 0, 3)  # its close lies ahead
    assert [(mark.months, mark.percent, mark.at_risk) for mark in first.survive] == [
        (0, 100, 6),
        (3, 83, 4),
        (6, 62, 4),
    ]


def test_dates_answers_and_who_led_become_sums(made: Made, program: Program, organizer: Person) -> None:
    circle = made("One", (8, 5, 4), silent=2)  # 10 Feb, 24 Mar, 5 May
    off, unsaid = held(circle, weeks=10), held(circle, weeks=9)
    Meeting.objects.filter(pk=off.pk).update(state=State.CANCELLED)
    held(circle, weeks=-3)
    numbers, earliest = lookback.look_back(organizer, program, FIRST)
    told = {month: counts for month, counts in numbers.dates.items() if counts}
    assert told == {"Feb": Counter({Came.HELD: 1}), "Mar": Counter({Came.HELD: 1, Came.OFF: 1, Came.UNSAID: 1})}
    assert (numbers.seats, numbers.answered, numbers.came) == (16, 12, 13)
    assert (numbers.members, numbers.led, numbers.by_nobody) == (8, Counter({1: 2}), 0)
    assert earliest == SECOND  # it was sealed in May
    assert unsaid.local_date.month == 3
    running = lookback.look_back(organizer, program, SECOND).numbers
    assert (running.dates["May"], running.dates["Jun"]) == (Counter({Came.HELD: 1}), Counter({Came.AHEAD: 1}))
    MeetingRole.objects.all().delete()
    assert lookback.look_back(organizer, program, FIRST).numbers.by_nobody == 2


def test_the_page_names_no_circle_and_no_member(made: Made, page: Page, program: Program, organizer: Person) -> None:
    made("Zealous", (8, 5, 4))
    apply(program, Person.objects.get(name="AdaZealous"), on(2, 1), "placed")
    shown = page().content.decode()
    assert "2 of 2 planned meetings were held." in shown
    assert (
        len(re.findall(r"<section [^>]*data-chapter", shown)) == len(re.findall(r"<svg class=\"picture\"", shown)) == 4
    )
    names = [one.name for one in Person.objects.exclude(pk=organizer.pk)]
    assert [name for name in ["Zealous", *names] if name in shown] == []


def test_an_empty_quarter_says_so_and_one_that_has_not_begun_is_not_there(page: Page, clock: Stopped) -> None:
    clock.to(START)
    assert "Nothing to tell of this quarter" in page("2025-q4").content.decode()
    assert [page(words).status_code for words in ("2026-q2", "2026-q3", "2026-q9", "soon")] == [200, 404, 404, 404]


def test_the_way_leads_to_the_quarters_and_programs_beside(
    page: Page, program: Program, person: Callable[..., Person], organizer: Person, clock: Stopped
) -> None:
    clock.to(START)
    apply(program, person("Long"), on(11, 1, 2025))
    other = Program.objects.create(slug="vp", name="VP circles")
    assert (page().context["before"], page().context["after"]) == (Quarter(2025, 4), SECOND)
    assert (page("2025-q4").context["before"], page("2026-q2").context["after"]) == (None, None)
    assert list(page().context["others"]) == []
    Organizer.objects.create(program=other, person=organizer)
    assert reverse("admin:groups_quarter", args=["vp", "2026-q1"]) in page().content.decode()


def test_a_chapter_counts_its_city_and_an_organizer_of_others_nothing(
    made: Made, program: Program, person: Callable[..., Person], clock: Stopped
) -> None:
    made("Elsewhere", (8, 8, 8))
    apply(program, person("There"), on(2, 1), metro="Lisbon")
    apply(program, person("Here"), on(2, 1), metro="Porto")
    chapter, far = person("Chapter", is_staff=True), person("Far", is_staff=True)
    Organizer.objects.create(program=program, person=chapter, metro="Porto")
    Organizer.objects.create(program=Program.objects.create(slug="far", name="Far"), person=far)
    numbers = lookback.look_back(chapter, program, FIRST).numbers
    empty = {month: Counter[Came]() for month in ("Jan", "Feb", "Mar")}
    assert numbers == Numbers(applied=1, waiting=1, dates=empty)
    client = Client()
    client.force_login(far)
    assert client.get(reverse("admin:groups_quarter", args=["cto", "2026-q1"])).status_code == 404


def test_it_asks_the_same_for_one_circle_and_for_three(
    made: Made,
    program: Program,
    page: Page,
    person: Callable[..., Person],
    django_assert_num_queries: Callable[..., Any],
) -> None:
    for number, name in enumerate(("One", "Two", "Three")):
        made(name, (8, 5, 4))
        apply(program, person(f"W{number}"), on(2, 1 + number))
        if number != 1:
            with django_assert_num_queries(14):
                shown = page().content.decode()
    assert "How they met" in shown
