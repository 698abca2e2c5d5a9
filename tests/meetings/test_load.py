"""Who carries a circle: numbers by member, and one who led more than half."""

from __future__ import annotations

import pytest

from meetings.load import Load, load, marks, width


@pytest.mark.parametrize(
    ("leaders", "told", "alone"),
    [
        ([], Load((0, 0, 0), 0, 0), False),
        ([1, 2, 3], Load((1, 1, 1), 0, 0), False),
        ([1, 1], Load((2, 0, 0), 0, 0), False),
        ([1, 1, 2], Load((2, 1, 0), 0, 0), True),
        ([1, 1, 2, 2], Load((2, 2, 0), 0, 0), False),
        ([1, None, 9, 1, 1], Load((3, 0, 0), 1, 1), True),
        ([9, 9, 9, 1], Load((1, 0, 0), 3, 0), False),
        ([1] * 5 + [2] * 8, Load((8, 0, 0), 0, 0), True),
    ],
    ids=["none", "shared", "too few", "two of three", "half", "with others", "by who has left", "the last eight"],
)
def test_members_are_counted_the_most_first(leaders: list[int | None], told: Load, alone: bool) -> None:  # noqa: FBT001 - a case
    found = load(leaders, [1, 2, 3])
    assert (found, found.alone) == (told, alone)


def test_a_picture_has_a_mark_for_each_time_and_a_ring_for_who_did_not_lead() -> None:
    some = Load((3, 1, 0), 0, 0)
    placed = marks(some)
    assert [mark.kind for mark in placed] == ["square", "square", "square", "dot", "ring"]
    assert [mark.x for mark in placed] == [6, 17, 28, 46, 64]
    assert max(mark.x for mark in placed) < width(some)
