"""Half way between two dates: who hears how many topics wait, once, and how they end that."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from groups.models.group import Group, Membership
from groups.models.sabbatical import Sabbatical
from meetings import midcycle, midway, rhythms, topics
from meetings.models.board import Board
from meetings.models.meeting import Meeting
from meetings.models.seat import Seat
from members.models.person import Person
from members.models.program import Program
from roundtable.outbox.models import Letter
from tests.conftest import START, Held, Stopped

BEFORE = START - timedelta(weeks=6)
HALF = datetime(2026, 4, 21, 9, tzinfo=UTC)  # nine in the morning, three weeks after one and before the other


@pytest.mark.parametrize(
    ("zone", "now", "due"),
    [
        ("UTC", HALF - timedelta(minutes=1), False),
        ("UTC", HALF, True),
        ("America/New_York", HALF, False),
        ("America/New_York", HALF + timedelta(hours=4), True),
        ("Pacific/Auckland", HALF + timedelta(hours=11), False),
        ("Pacific/Auckland", HALF + timedelta(hours=12), True),
        ("UTC", HALF + timedelta(days=3, hours=8), True),
        ("UTC", HALF + timedelta(days=3, hours=9), False),
    ],
)
def test_it_is_due_at_nine_of_the_day_half_way_and_for_three_days(
    zone: str,
    now: datetime,
    due: bool,  # noqa: FBT001 -- a case
) -> None:
    assert midway.is_due(BEFORE, START, zone, now) is due
    assert midway.is_near(BEFORE, START, now) or not due


@pytest.fixture
def apart(held: Held, table: Board, clock: Stopped) -> Meeting:
    """Six weeks lie between the last meeting and the next one; it is the morning half way."""
    held(BEFORE.date(), Velocity="Ask first")
    Program.objects.update(every_weeks=6)
    clock.to(HALF)
    return table.meeting


def told() -> list[str]:
    found = Letter.objects.filter(kind="meetings/between").exclude(state="cancelled")
    return sorted(to.partition("@")[0] for to in found.values_list("to", flat=True))


@pytest.mark.django_db
def test_each_member_hears_once_how_many_topics_wait(apart: Meeting, table: Board, ada: Person) -> None:
    topics.propose(table, by=ada, title="Quarryfalcon", note="", hidden=False, key=uuid4())
    assert (midcycle.write_due(), midcycle.write_due()) == (3, 0)
    assert told() == ["ada", "grace", "hedy"]
    letter = Letter.objects.filter(kind="meetings/between")[0]
    assert "1 topic waits on the board" in letter.text
    assert f"/meetings/{apart.public_id}/board/#new-topic" in letter.text
    words = letter.subject + letter.text + letter.html
    assert [
        one for one in ("Quarryfalcon", "Ada", "Grace", apart.group.name) if one in words.replace(letter.to, "")
    ] == []


def often(apart: Meeting, hedy: Person) -> None:
    Program.objects.update(every_weeks=5)


def own_rhythm(apart: Meeting, hedy: Person) -> None:
    kept = rhythms.keep(apart.group)
    kept.weeks = 4
    kept.save()


def first(apart: Meeting, hedy: Person) -> None:
    Meeting.objects.exclude(pk=apart.pk).delete()


def open_roster(apart: Meeting, hedy: Person) -> None:
    Group.objects.update(roster="open")


def called_off(apart: Meeting, hedy: Person) -> None:
    Meeting.objects.filter(pk=apart.pk).update(state="cancelled")


@pytest.mark.django_db
@pytest.mark.parametrize("change", [often, own_rhythm, first, open_roster, called_off])
def test_nobody_hears_where_dates_are_near_or_there_is_no_half_way(
    change: Callable[[Meeting, Person], None], apart: Meeting, hedy: Person
) -> None:
    change(apart, hedy)
    assert midcycle.write_due() == 0


def rests(hedy: Person) -> None:
    Sabbatical.objects.create(membership=Membership.objects.get(person=hedy), meetings=1, begun_at=BEFORE)


def excused(hedy: Person) -> None:
    Seat.objects.filter(person=hedy, meeting__starts_at=START).update(state="excused")


def not_said_yet(hedy: Person) -> None:
    Seat.objects.filter(person=hedy, meeting__starts_at=START).update(state="invited")


def asked_not_to(hedy: Person) -> None:
    midcycle.quiet(hedy, wanted=True)
    midcycle.quiet(hedy, wanted=True)


def gone(hedy: Person) -> None:
    Person.objects.filter(pk=hedy.pk).update(is_active=False)


@pytest.mark.django_db
@pytest.mark.parametrize("why", [rests, excused, not_said_yet, asked_not_to, gone])
def test_who_rests_has_not_answered_or_asked_not_to_hear_is_left_out(
    why: Callable[[Person], None], apart: Meeting, hedy: Person
) -> None:
    why(hedy)
    midcycle.write_due()
    assert told() == ["ada", "grace"]


@pytest.mark.django_db
def test_a_moved_date_is_the_same_meeting(apart: Meeting, clock: Stopped) -> None:
    midcycle.write_due()
    Meeting.objects.filter(pk=apart.pk).update(
        starts_at=START + timedelta(days=4), ends_at=START + timedelta(days=4, hours=2)
    )
    clock.forward(days=2)
    assert (midcycle.write_due(), len(told())) == (0, 3)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_sweep_asks_the_same_for_any_number_of_members(
    count: int, apart: Meeting, person: Callable[..., Person], django_assert_num_queries: Callable[..., object]
) -> None:
    for number in range(count):
        Seat.objects.create(meeting=apart, person=person(f"More{number}"), state="coming")
    with django_assert_num_queries(12):  # type: ignore[attr-defined] # the fixture of pytest-django
        assert midcycle.write_due() == 3 + count


@pytest.mark.django_db
def test_the_way_out_needs_no_sign_in_and_leads_back(apart: Meeting, hedy: Person, client: Client) -> None:
    midcycle.write_due()
    letter = Letter.objects.get(kind="meetings/between", to=hedy.email)
    assert letter.headers["List-Unsubscribe"].endswith("/between/~~out~~/>")
    page = client.get(f"/between/{json.loads(letter.secret)['out']}/", follow=True)
    assert ("A letter half way" in page.content.decode(), midcycle.is_quiet(hedy)) == (True, False)
    there = page.redirect_chain[-1][0]
    assert "No letter between meetings" in client.post(there, {"letters": "none"}, follow=True).content.decode()
    assert (midcycle.is_quiet(hedy), Client().get(there).status_code) == (True, 404)
    client.force_login(hedy)
    assert "You get no letter half way" in client.get(apart.path).content.decode()
    client.post(f"/meetings/{apart.public_id}/between/", {"letters": "again"})
    assert not midcycle.is_quiet(hedy)
