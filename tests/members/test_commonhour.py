"""The hour that suits most of a pool: eight share it, or nobody hears of it."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from members import commonhour
from members.commonhour import CommonHour, best, spread, starts
from members.weekhours import FULL, SLOTS, WeekHours, block_mask, on_anchor, slots_of

MONDAY = date(2026, 5, 4)
LISBON, BERLIN = "Europe/Lisbon", "Europe/Berlin"
EVENING, EARLY = block_mask(3, "evening"), block_mask(0, "early")


def weeks(count: int, good: int, zone: str = LISBON, possible: int = 0) -> list[WeekHours]:
    return [WeekHours(good, possible, zone)] * count


@pytest.mark.parametrize(("sharing", "told"), [(7, False), (8, True)])
def test_fewer_than_eight_who_share_an_hour_are_not_told(sharing: int, told: bool) -> None:  # noqa: FBT001 -- a table
    found = best([*weeks(sharing, EVENING), *weeks(7, EARLY)], slots=3, monday=MONDAY)
    assert (found is not None) == told


def test_the_hour_of_most_wins_over_the_hour_that_is_good_for_more() -> None:
    pool = [*weeks(8, EARLY), *weeks(9, 0, possible=EVENING)]
    assert best(pool, slots=3, monday=MONDAY) == CommonHour(3 * 48 + 34, 3, LISBON)


def test_of_two_hours_with_as_many_the_better_liked_wins() -> None:
    assert best(weeks(8, EVENING, possible=EARLY), slots=3, monday=MONDAY) == CommonHour(3 * 48 + 34, 3, LISBON)


def test_it_is_told_on_the_clock_that_most_keep() -> None:
    found = best([*weeks(6, EVENING, BERLIN), *weeks(3, EVENING)], slots=3, monday=MONDAY)
    assert found is not None
    assert (found.words, found.zone) == ("Thu 18:00 to 19:30", BERLIN)


@pytest.mark.parametrize(
    ("start", "slots", "words"),
    [(0, 2, "Mon 00:00 to 01:00"), (46, 2, "Mon 23:00 to 24:00"), (335, 3, "Sun 23:30 to 01:00")],
)
def test_an_hour_in_words(start: int, slots: int, words: str) -> None:
    assert CommonHour(start, slots, LISBON).words == words


@given(st.integers(0, FULL), st.integers(1, 6))
def test_a_start_has_all_its_half_hours(mask: int, slots: int) -> None:
    free = set(slots_of(mask))
    whole = {one for one in range(SLOTS) if all((one + step) % SLOTS in free for step in range(slots))}
    assert set(np.flatnonzero(starts(spread([mask]), slots)[0])) == whole


PEOPLE = st.builds(
    WeekHours,
    st.integers(0, FULL) | st.just(EVENING),
    st.integers(0, FULL),
    st.sampled_from([LISBON, BERLIN, "Asia/Kolkata", "Asia/Kathmandu", "America/New_York"]),
)


@given(st.lists(PEOPLE, min_size=8, max_size=20), st.integers(1, 6), st.sampled_from([MONDAY, date(2026, 3, 23)]))
def test_many_weeks_at_once_are_as_each_is_on_the_anchor(pool: list[WeekHours], slots: int, monday: date) -> None:
    """The same as one by one, also in the week in which clocks change and between zones off by 15 minutes."""
    kept = Counter(week.zone for week in pool)
    zone = min(kept, key=lambda one: (-kept[one], one))
    seen = [on_anchor(week, zone, monday, weeks=1).hours for week in pool]

    def shared(masks: list[int], start: int) -> int:
        stretch = [(start + step) % SLOTS for step in range(slots)]
        return sum(all(mask >> slot & 1 for slot in stretch) for mask in masks)

    free, liked = [week.available for week in seen], [week.good for week in seen]
    start = min(range(SLOTS), key=lambda one: (-shared(free, one), -shared(liked, one), one))
    expected = CommonHour(start, slots, zone) if shared(free, start) >= 8 else None
    assert best(pool, slots=slots, monday=monday) == expected


def test_eight_is_the_number() -> None:
    assert commonhour.SHARED_BY == 8
