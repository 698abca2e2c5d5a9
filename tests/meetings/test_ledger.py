"""The figures of unfair hours: nine meetings every six weeks of 2027, counted by the clock."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from meetings import cadence, ledger, slots
from members.weekhours import WeekHours

DAYS = [date(2027, 1, 7) + timedelta(weeks=number) for number in range(0, 52, 6)]
HOURS = [time(half // 2, half % 2 * 30) for half in range(10, 48)]
LOS_ANGELES, NEW_YORK, MADRID, SYDNEY = "America/Los_Angeles", "America/New_York", "Europe/Madrid", "Australia/Sydney"
PAIR, THREE = [LOS_ANGELES, MADRID], [NEW_YORK, MADRID, SYDNEY]


def by_clock(anchor, zones, hours=HOURS):
    starts = {at: [cadence.instant(day, at, anchor) for day in DAYS] for at in hours}
    return {
        at: [{one: slots.clock_points(start, 90, one) for one in zones} for start in found]
        for at, found in starts.items()
    }


def paid(rotation, zones):
    return [rotation.totals[one] for one in zones]


def test_los_angeles_and_madrid_pay_nothing_and_nine_at_a_fixed_hour_and_six_each_in_turn():
    hours = by_clock(MADRID, PAIR)
    assert paid(ledger.rotate({time(18): hours[time(18)]}, {}), PAIR) == [0, 9]
    chosen = ledger.best_turns(hours)
    assert paid(ledger.rotate({at: hours[at] for at in chosen}, {}), PAIR) == [6, 6]


def test_every_fixed_hour_of_new_york_madrid_and_sydney_falls_into_a_night_and_three_in_turn_never():
    hours = by_clock(NEW_YORK, THREE)
    alone = {at: ledger.rotate({at: one}, {}) for at, one in hours.items()}
    assert min(found.nights for found in alone.values()) > 0
    assert paid(alone[time(6)], THREE) == [36, 0, 54]
    chosen = ledger.best_turns(hours)
    assert chosen == (time(6), time(7), time(15))
    found = ledger.rotate({at: hours[at] for at in chosen}, {})
    assert (paid(found, THREE), found.nights) == ([16, 12, 30], 0)


def test_what_was_paid_before_decides_the_next_date():
    hours = by_clock(MADRID, PAIR, [time(16), time(18)])
    next_date = {at: found[:1] for at, found in hours.items()}
    assert ledger.rotate(next_date, {LOS_ANGELES: 0, MADRID: 9}).order == (time(16),)
    assert ledger.rotate(next_date, {LOS_ANGELES: 9, MADRID: 0}).order == (time(18),)


def test_of_equal_hours_the_earlier_one():
    same = [{"ada": 1, "grace": 1}]
    assert ledger.rotate({time(9): same, time(10): same}, {}).order == (time(9),)


def test_an_hour_in_the_night_is_taken_only_if_all_are():
    night, late = [{"ada": 10, "grace": 0}], [{"ada": 4, "grace": 4}]
    assert ledger.rotate({time(6): night, time(20): late}, {"grace": 90}).order == (time(20),)
    assert ledger.rotate({time(6): night}, {}).nights == 1


@pytest.mark.parametrize(
    ("costs", "fair"),
    [
        ([{"ada": 0, "grace": 0}] * 9, True),
        ([{"ada": 1, "grace": 1}] * 9, True),
        ([{"ada": 1, "grace": 0}] * 2, True),
        ([{"ada": 1, "grace": 0}] * 3, False),
        ([{"ada": 10, "grace": 10}], False),
    ],
)
def test_an_hour_is_fair_if_nobody_pays_much_more_and_nobody_at_night(costs, fair):
    assert ledger.is_fair(costs) is fair


def test_a_date_costs_by_the_persons_own_hours():
    week = WeekHours(0, sum(1 << bit for bit in range(3 * 48 + 34, 3 * 48 + 42)), NEW_YORK)  # Thursdays, 17 to 21
    assert ledger.costs({"ada": week}, DAYS[0], time(17), zone=NEW_YORK, minutes=90) == {"ada": 1}
    assert ledger.costs({"ada": week}, DAYS[0], time(21, 30), zone=NEW_YORK, minutes=90) == {"ada": 10}
