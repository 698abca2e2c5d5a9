"""The letter about a quarter: to whom, when, once; with one address, no number and no name."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groups.models.group import Group
from meetings import briefing, quarterly
from members.models.application import Application
from members.models.person import Person
from members.models.program import Organizer, Program
from roundtable.outbox.models import Letter
from tests.conftest import Stopped
from tests.meetings.conftest import Made

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 7, 1, 12, tzinfo=UTC)  # the first day of a quarter
KIND = "meetings/quarter_in_private"


@pytest.fixture
def circle(made: Made) -> Group:
    return made("Zealous", (8, 8, 8))


def letters() -> list[Letter]:
    return list(Letter.objects.filter(kind=KIND).order_by("pk"))


@pytest.mark.parametrize(
    ("days", "hours", "written"),
    [(0, 0, 0), (1, 0, 0), (2, 0, 1), (2, -5, 0), (2, 6, 0), (3, 0, 0), (5, 0, 1), (20, 0, 1), (21, 0, 0), (60, 0, 0)],
    ids=["first day", "second", "third", "night", "evening", "Saturday", "Monday", "late", "old", "long over"],
)
def test_it_comes_on_a_working_day_in_the_first_weeks(
    circle: Group, organizer: Person, clock: Stopped, days: int, hours: int, written: int
) -> None:
    clock.to(WEDNESDAY + timedelta(days=days, hours=hours))
    assert (quarterly.write_due(), len(letters())) == (written, written)


def test_it_comes_once_when_they_are_awake_and_has_one_address_and_no_number(
    circle: Group, organizer: Person, clock: Stopped
) -> None:
    Person.objects.filter(pk=organizer.pk).update(zone="Asia/Tokyo")
    for moment, written in [(3, 0), (12, 1), (13, 0), (36, 0)]:  # midday in UTC is 21:00 there; 21:00 is six
        clock.to(WEDNESDAY + timedelta(days=4, hours=moment))
        assert quarterly.write_due() == written
    (letter,) = letters()
    assert (letter.to, letter.expires_at) == (organizer.email, datetime(2026, 7, 22, 18, tzinfo=UTC))
    assert len(set(re.findall(r"https?://\S+", letter.text))) == 1
    assert "/admin/groups/group/quarters/cto/2026-q2/" in letter.text
    assert re.findall(r"\d+", letter.text.partition("http")[0]) == ["2026"]
    names = [one.name for one in Person.objects.exclude(pk=organizer.pk)]
    told = letter.subject + letter.text + letter.html
    assert [name for name in ["Zealous", *names] if name in told] == []


def test_who_wants_no_brief_and_who_organizes_no_more_gets_none(
    circle: Group, organizer: Person, program: Program, person: Callable[..., Person], clock: Stopped
) -> None:
    quiet, former = person("Quiet", is_staff=True), person("Former")
    for one in (quiet, former):
        Organizer.objects.create(program=program, person=one)
    briefing.switch(quiet, on=False)
    clock.to(WEDNESDAY + timedelta(days=2))
    assert quarterly.write_due() == 1
    assert [letter.to for letter in letters()] == [organizer.email]


def test_where_nothing_was_there_is_no_letter_and_it_opens_where_something_was(
    program: Program, person: Callable[..., Person], clock: Stopped
) -> None:
    empty, chapter = (person(name, is_staff=True) for name in ("Empty", "Chapter"))
    Organizer.objects.create(program=program, person=empty, metro="Porto")
    quiet = Program.objects.create(slug="alpha", name="Alpha")
    for one, metro in ((quiet, ""), (program, "Lisbon")):
        Organizer.objects.create(program=one, person=chapter, metro=metro)
    for one, at in ((program, "2026-05-01T12:00Z"), (quiet, "2026-07-01T12:00Z")):
        Application.objects.create(
            program=one,
            person=person(f"A{one.pk}"),
            stage="pooled",
            metro="Lisbon",
            submitted_at=datetime.fromisoformat(at),
        )
    clock.to(WEDNESDAY + timedelta(days=2))
    assert quarterly.write_due() == 1
    (letter,) = letters()
    assert (letter.to, "quarters/cto/2026-q2/" in letter.text) == (chapter.email, True)


def test_many_organizers_and_circles_are_read_in_the_same_statements(
    made: Made, organizer: Person, program: Program, person: Callable[..., Person], clock: Stopped
) -> None:
    made("One", (8,))
    asked = []
    for quarter, more in enumerate(((), ("Second", "Third"))):
        for name in more:
            made(name, (8,))
            Organizer.objects.create(program=program, person=person(f"Org{name}", is_staff=True))
        clock.to(WEDNESDAY + timedelta(days=2 + 96 * quarter))
        with CaptureQueriesContext(connection) as found:
            assert quarterly.write_due() == 1 + len(more)
        asked.append(len(found))
    assert asked == [asked[0]] * 2
