"""Numbers become shapes, and what is below five stays without a number where hours are concerned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.pictures import OTHERS, added_up, bars, funnel, heat, step_of, strip, waits
from members.weekhours import SLOTS

START = datetime(2026, 5, 4, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "most", "step"), [(0, 10, 0), (1, 10, 1), (2, 10, 1), (3, 10, 2), (10, 10, 5), (0, 0, 0), (1, 1, 5)]
)
def test_five_steps_of_the_largest_number(count, most, step):
    assert step_of(count, most) == step


def test_a_heat_map_stands_by_sums_and_its_table_says_the_same():
    grid = heat({("Chicago", "America/Chicago"): 4, ("Berlin", "Europe/Berlin"): 7, ("Berlin", "UTC"): 1})
    assert [tick.value for tick in grid.rows] == ["Berlin", "Chicago"]
    assert [tick.words for tick in grid.columns] == ["Berlin", "Chicago", "UTC"]
    assert [(row, [cell.number for cell in cells]) for row, cells in grid.lines] == [
        ("Berlin", [7, 0, 1]),
        ("Chicago", [0, 4, 0]),
    ]
    assert [cell.number for cell in grid.cells] == [7, 0, 1, 0, 4, 0]


def test_what_does_not_fit_is_added_up():
    grid = heat({(f"city {number}", "UTC"): number for number in range(1, 6)}, most_rows=3)
    assert [(row, cells[0].number) for row, cells in grid.lines] == [("city 5", 5), ("city 4", 4), (OTHERS, 6)]


@given(st.lists(st.integers(0, 12), min_size=SLOTS, max_size=SLOTS))
def test_no_half_hour_below_five_has_a_number_anywhere(sums):
    grid = strip(sums, sums)
    if grid is None:
        assert max(sums) < 5
        return
    shown = {cell.number for cell in grid.cells} | {cell.number for _, cells in grid.lines for cell in cells}
    assert {number for number in shown if number is not None and number < 5} == set()
    assert {cell.step for cell in grid.cells if cell.number is None} <= {0}


def test_a_time_that_fewer_than_five_call_good_is_hatched():
    grid = strip([6, *[0] * 335], [4, *[0] * 335])
    assert grid is not None
    assert (grid.cells[0].number, grid.cells[0].solid, grid.cells[1].words) == (6, False, "fewer than 5")


@pytest.mark.parametrize(("shift", "slot"), [(0, 0), (2, 2), (335, 335)])
def test_masks_are_turned_onto_the_chosen_clock(shift, slot):
    sums = added_up({"UTC": [1, 1], "Asia/Tokyo": [1 << 1]}, {"UTC": shift, "Asia/Tokyo": 0})
    assert (sums[slot], sum(sums)) == (2 + (slot == 1), 3)


def test_a_funnel_counts_who_is_left_and_the_median_of_days():
    applied = {1: START, 2: START, 3: START}
    pooled = {1: START + timedelta(days=2), 2: START + timedelta(days=5), 9: START}
    drawn = funnel([("applied", applied), ("in the pool", pooled), ("invited", {})])
    assert [(bar.name, bar.count, bar.percent, bar.lost, bar.days, bar.between) for bar in drawn.bars] == [
        ("applied", 3, 100, 0, 0.0, None),
        ("in the pool", 2, 67, 1, 3.5, 3.5),
        ("invited", 0, 0, 2, None, None),
    ]


def test_days_from_step_to_step_are_those_of_who_reached_both():
    later = {1: START + timedelta(days=9), 2: START + timedelta(days=1), 3: START}
    drawn = funnel(
        [("a", dict.fromkeys([1, 2, 3], START)), ("b", {1: START + timedelta(days=2), 2: START}), ("c", later)]
    )
    assert [bar.between for bar in drawn.bars] == [None, 1.0, 4.0]


def test_who_waits_is_counted_by_place_and_in_the_order_of_spans_from_five_on():
    grid = waits({("Lisbon", "long"): 4, ("Porto", "long"): 9, ("Porto", "short"): 5}, ["short", "long"])
    assert [(row, [(cell.number, cell.step) for cell in cells]) for row, cells in grid.lines] == [
        ("Porto", [(5, 3), (9, 5)]),
        ("Lisbon", [(None, 0), (None, 0)]),
    ]
    assert waits({}, ["short"]).cells == ()


def test_nobody_draws_nothing():
    assert (funnel([]).bars, funnel([("applied", {})]).bars, bars({}).bars, heat({}).cells) == ((), (), (), ())


def test_bars_stand_longest_first():
    assert [(bar.name, bar.count, bar.percent) for bar in bars({"a": 1, "b": 4}).bars] == [("b", 4, 100), ("a", 1, 25)]
