"""How a roundtable goes: shares from counts, when to stop, and what the organizer reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from groups.models.group import Group
from meetings import calling, tablehealth, turnout
from meetings.models.meeting import Meeting
from meetings.models.seat import Attendance
from meetings.turnout import Held
from members.models.person import Person
from members.models.program import Program
from tests.conftest import Guests, Say, Stopped


def people(*keys: int) -> frozenset[int]:
    return frozenset(keys)


def many(count: int) -> frozenset[int]:
    return frozenset(range(count))


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ([], (0, None, None, None, 0, False)),
        ([Held(12, many(6))], (1, 0.5, None, None, 0, False)),
        ([Held(10, many(10), many(8), people(1, 2))], (1, 1.0, 0.2, None, 2, False)),
        ([Held(12, many(6), many(6)), Held(12, many(12), people(0, 1, 20, 21))], (2, 0.75, 10 / 18, 0.5, 0, False)),
        ([Held(12, many(6), many(6)), Held(12, many(6))], (2, 0.5, 0.0, None, 0, False)),
        ([Held(12, many(4)), Held(12, many(4))], (2, 1 / 3, None, None, 0, True)),
        ([Held(12, many(4)), Held(12, many(5))], (2, 0.375, None, None, 0, False)),
        ([Held(12, many(4))], (1, 1 / 3, None, None, 0, False)),
        ([Held(5, people(), people())] * 2, (2, 0.0, None, None, 0, True)),
    ],
)
def test_a_roundtable_is_read_from_its_meetings(held: list[Held], expected: tuple[object, ...]) -> None:
    found = turnout.of(held)
    told = (found.meetings, found.filled, found.missed, found.returning, found.sponsors, found.stop)
    assert told == pytest.approx(expected) if None not in expected else told == expected
    assert bool(found.words) is found.stop


KEYS = st.frozensets(st.integers(0, 20), max_size=12)


@given(st.lists(st.builds(Held, st.just(12), KEYS, st.none() | KEYS, KEYS), max_size=9))
def test_shares_are_shares_and_only_six_meetings_count(held: list[Held]) -> None:
    found = turnout.of(held)
    assert all(share is None or 0 <= share <= 1 for share in (found.filled, found.missed, found.returning))
    assert found.filled == turnout.of(held[-6:]).filled


@pytest.fixture
def met(roundtable: Meeting, guests: Guests, say: Say, clock: Stopped) -> Meeting:
    """The host and four guests have a seat; one of them did not come, and one said nothing at all."""
    for seat in guests(5)[:4]:
        say(seat, "yes")
    roundtable.seats.coming().update(attendance=Attendance.PRESENT)
    roundtable.seats.filter(person__name="A").update(attendance=Attendance.ABSENT)
    clock.to(roundtable.ends_at)
    return roundtable


@pytest.mark.django_db
def test_the_organizer_reads_counts_of_each_roundtable_that_has_met(
    met: Meeting, program: Program, organizer: Person, client: Client
) -> None:
    (row,) = tablehealth.of_groups(Group.objects.organized_by(organizer), now=met.ends_at)
    assert (row.filled, row.missed, row.returning, row.turnout.sponsors) == ("42 %", "20 %", "not known", 0)
    client.force_login(organizer)
    page = client.get(reverse("admin:groups_tables", args=[program.slug])).content.decode()
    assert ("How they go" in page, "42 %" in page, "Better to stop" in page) == (True, True, False)


@pytest.mark.django_db
def test_after_two_thin_ones_running_it_says_that_it_is_better_to_stop(
    met: Meeting, program: Program, organizer: Person, host: Person, client: Client, clock: Stopped
) -> None:
    met.seats.filter(person__name="A").delete()
    second = calling.open_date(met.group, on=met.local_date.replace(month=7), host=host)
    clock.to(second.ends_at)
    client.force_login(organizer)
    assert "Better to stop" in client.get(reverse("admin:groups_tables", args=[program.slug])).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_roundtables_is_three_questions(
    count: int,
    met: Meeting,
    host: Person,
    organizer: Person,
    clock: Stopped,
    django_assert_num_queries: Callable[..., object],
) -> None:
    for number in range(1, count):
        other = Group.objects.get(pk=met.group_id)
        other.pk, other.public_id, other.name = None, f"other{number}", f"Other {number}"
        other.save()
        calling.open_date(other, on=met.local_date.replace(month=6), host=host)
    clock.forward(days=60)
    with django_assert_num_queries(3):  # type: ignore[attr-defined]
        assert len(tablehealth.of_groups(Group.objects.organized_by(organizer), now=clock.now())) == count
