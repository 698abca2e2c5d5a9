"""The public archive of a program's roundtables: nothing before it is switched on, and then themes alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from meetings import archive
from meetings.models.meeting import Format, Meeting
from members.models.person import Person
from members.models.program import Organizer, Program
from tests.conftest import Guests, Say, Stopped

pytestmark = pytest.mark.django_db
THEME = "Velocity: people, process or tools"


@pytest.fixture
def over(roundtable: Meeting, guests: Guests, say: Say, clock: Stopped) -> Meeting:
    """A roundtable that three came to, and its end."""
    for seat in guests(3):
        say(seat, "yes")
    Meeting.objects.update(theme=THEME, format=Format.TALK, room="Attic, Rua 1")
    clock.to(roundtable.ends_at)
    return roundtable


@pytest.fixture
def page(client: Client, program: Program) -> Callable[[], tuple[int, str]]:
    def get() -> tuple[int, str]:
        answer = client.get(reverse("meetings:roundtables", args=[program.slug]))
        return answer.status_code, answer.content.decode()

    return get


def test_nobody_sees_it_before_an_organizer_shows_it_and_after_it_is_hidden(
    over: Meeting, page: Callable[[], tuple[int, str]], program: Program, organizer: Person
) -> None:
    shown = [page()[0]]
    for on in (True, True, False, False):
        archive.show(program, shown=on, by=organizer)
        shown.append(page()[0])
    assert shown == [404, 200, 200, 404, 404]


def test_it_tells_theme_format_and_month_and_nothing_else(
    over: Meeting, page: Callable[[], tuple[int, str]], program: Program, organizer: Person, host: Person
) -> None:
    archive.show(program, shown=True, by=organizer)
    text = page()[1]
    assert [word in text for word in (THEME, "talk + discussion", "May 2026")] == [True] * 3
    told = (host.name, over.group.name, "Attic", "Lisbon", "26 May", over.public_id, over.group.public_id, "12 seats")
    assert [word for word in told if word in text] == []


@pytest.mark.parametrize(
    "change", [{"state": "cancelled"}, {"theme": ""}, {"ends_at": "ahead"}, {"group__roster": "fixed"}]
)
def test_what_did_not_take_place_or_is_a_circles_is_not_told(
    change: dict[str, object], over: Meeting, program: Program, clock: Stopped
) -> None:
    if "group__roster" in change:
        type(over.group).objects.update(roster="fixed")
    elif "ends_at" in change:
        clock.to(over.ends_at - timedelta(minutes=1))
    else:
        Meeting.objects.update(**change)
    assert archive.of(program) == []


def test_the_last_one_stands_first(over: Meeting, program: Program, clock: Stopped) -> None:
    again = Meeting.objects.get(pk=over.pk)
    again.pk, again.public_id, again.theme = None, "another", "Metrics"
    again.occurrence_date = again.local_date = over.local_date + timedelta(days=42)
    again.starts_at, again.ends_at = over.starts_at + timedelta(days=42), over.ends_at + timedelta(days=42)
    again.save()
    clock.to(again.ends_at)
    assert [(one.month, one.theme) for one in archive.of(program)] == [("July", "Metrics"), ("May", THEME)]


def test_an_organizer_of_the_whole_program_switches_it_on_by_the_page(
    over: Meeting,
    page: Callable[[], tuple[int, str]],
    program: Program,
    organizer: Person,
    person: Callable[..., Person],
) -> None:
    desk, tables = Client(), reverse("admin:groups_tables", args=[program.slug])
    switch = reverse("admin:groups_tables_archive", args=[program.slug])
    desk.force_login(organizer)
    assert "Show it to everybody" in desk.get(tables).content.decode()
    assert "Hide it" in desk.post(switch, {"shown": "yes"}, follow=True).content.decode()
    assert page()[0] == 200
    chapter = person("Carla", is_staff=True)
    Organizer.objects.create(program=program, person=chapter, metro="Lisbon")
    desk.force_login(chapter)
    assert "Public archive" not in desk.get(tables).content.decode()
    assert (desk.post(switch, {"shown": "no"}).status_code, page()[0]) == (404, 200)
