"""Quarters of a year, and the story of one: what is said, what is left out, and what the pictures show."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings import quarters
from meetings.quarters import Quarter, quarter_of
from meetings.story import TIMES, Came, Numbers, stack, tell
from meetings.survival import Mark
from members.pictures import BAR_WIDTH, NAME_WIDTH

DATES = st.dictionaries(
    st.sampled_from(["Jan", "Feb", "Mar"]), st.dictionaries(st.sampled_from(Came), st.integers(0, 60)).map(Counter)
)


@given(st.dates(date(1000, 1, 1), date(9998, 12, 31)))
def test_a_day_lies_in_one_quarter_which_its_address_names(day: date) -> None:
    found = quarter_of(day)
    assert (day in found, day in found.before, day in found.after) == (True, False, False)
    assert found.before.end == found.first
    assert quarters.read(str(found)) == found
    assert quarter_of(found.end - timedelta(days=1)) == found


@pytest.mark.parametrize(
    "words", ["", "2026", "2026-q5", "2026-q0", "0026-q1", "9999-q4", "2026-Q1", "2026-q1 ", "२०२६-q1"]
)
def test_what_is_no_quarter_is_none(words: str) -> None:
    assert quarters.read(words) is None


def test_a_quarter_has_a_name() -> None:
    assert [Quarter(2026, number).name for number in (1, 4)] == [
        "the first quarter of 2026",
        "the fourth quarter of 2026",
    ]


def test_a_quarter_in_which_nothing_was_has_no_chapter() -> None:
    assert tell(Numbers(dates={"Jan": Counter(), "Feb": Counter(), "Mar": Counter()}, members=0)) == []


def test_each_chapter_is_a_short_caption_of_sums() -> None:
    full = Numbers(
        applied=34,
        found=20,
        waiting=41,
        dates={"Jan": Counter({Came.HELD: 5}), "Feb": Counter({Came.HELD: 6, Came.OFF: 1, Came.UNSAID: 1})},
        lived=8,
        sealed=3,
        ended=1,
        merged=1,
        survive=(Mark(3, 0.9, 9), Mark(6, 0.78, 9), Mark(12, 0.5, 4)),
        seats=88,
        answered=80,
        came=77,
        talked=40,
        kept=33,
        members=72,
        led=Counter({1: 8, 3: 1}),
        by_nobody=1,
    )
    assert {one.title: one.words for one in tell(full)} == {
        "Who came": "34 people applied and 20 found a circle; 41 people waited at its end.",
        "How they met": "11 of 13 planned meetings were held; of 1 nobody said who came, 1 called off.",
        "Which circles live": "8 circles lived at its start, and 9 at its end: 3 sealed, 1 ended, 1 went into another."
        " Of all circles so far 78 % live after 6 months.",
        "What members brought": "Of 88 seats at meetings that were held, 80 had an answer three days before, and 77 "
        "people came. 40 topics were talked about; 33 left a takeaway.",
        "Who led": "9 of 72 members led a meeting that was held. 1 was led by nobody.",
    }
    leading = tell(full)[-1].bars
    assert leading is not None
    assert [(bar.name, bar.count) for bar in leading.bars] == list(zip(TIMES, (63, 8, 0, 1), strict=True))


def test_while_it_runs_it_speaks_of_today() -> None:
    one, other = tell(Numbers(running=True, applied=1, waiting=1, lived=1))
    assert one.bars is not None
    assert other.bars is not None
    assert one.words == "1 person applied and 0 found a circle; 1 person waits today."
    assert [bar.name for bar in one.bars.bars + other.bars.bars if "today" in bar.name] == ["wait today", "live today"]
    assert other.words == "1 circle lived at its start, and 1 today."


@given(DATES)
def test_the_parts_of_a_month_lie_side_by_side_and_in_their_frame(dates: dict[str, Counter[Came]]) -> None:
    drawn = stack(dates)
    assert sum(sum(row.counts) for row in drawn.rows) == sum(counts.total() for counts in dates.values())
    for row in drawn.rows:
        parts = [part for part in drawn.parts if part.y == row.y]
        assert all(one.x + one.width <= other.x for one, other in itertools.pairwise(parts))
        assert all(part.x >= NAME_WIDTH and part.x + part.width <= NAME_WIDTH + BAR_WIDTH for part in parts)
        assert all(part.width > 0 and part.y < drawn.height for part in parts)
