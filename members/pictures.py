"""Numbers made into shapes for SVG, and into the table that stands under each picture with the same numbers.

Nothing here knows whose numbers they are. Where single people could be guessed, what is below five has no number.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from members.weekhours import DAYS, PER_DAY, SLOTS, clock

SHOWN_FROM = 5
STEPS = 5
OTHERS = "others"
BAR_WIDTH, BAR_HEIGHT, BAR_GAP, NAME_WIDTH = 560, 26, 10, 130


@dataclass(frozen=True, slots=True)
class Cell:
    """One box of a grid: where it stands, how dark it is (0 to 5), its number where it has one, and what it says."""

    x: int
    y: int
    step: int
    number: int | None
    row: str
    column: str
    solid: bool = True

    @property
    def words(self) -> str:
        return "fewer than 5" if self.number is None else str(self.number)


@dataclass(frozen=True, slots=True)
class Tick:
    """A word at the edge of a picture."""

    at: int
    words: str
    value: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Boxes in rows and columns. `lines` are the same numbers for a table: a heading and its cells."""

    width: int
    height: int
    cell_width: int
    cell_height: int
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    cells: tuple[Cell, ...]
    lines: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its length for the number it stands for, and the share of the first."""

    name: str
    y: int
    width: int
    count: int
    percent: int
    lost: int = 0
    days: float | None = None  # since the first step, median
    between: float | None = None  # since the step before, median


@dataclass(frozen=True, slots=True)
class Shared:
    """Something that people do not want to be the only one with: how many mind, and how many have it."""

    dimension: str
    value: str
    minding: int
    having: int


@dataclass(frozen=True, slots=True)
class Bars:
    width: int
    height: int
    bars: tuple[Bar, ...]


def step_of(count: int, most: int) -> int:
    """0 for nothing, else 1 to 5 in equal parts of the largest number."""
    return min(STEPS, math.ceil(STEPS * count / most)) if count and most else 0


def heat(counts: Mapping[tuple[str, str], int], *, most_rows: int = 24, most_columns: int = 7) -> Grid:
    """Rows and columns by their sums, the largest first; what does not fit is added up as others."""
    rows = _largest(Counter(), [(row, count) for (row, _), count in counts.items()], most_rows)
    columns = _largest(Counter(), [(column, count) for (_, column), count in counts.items()], most_columns)
    summed: Counter[tuple[str, str]] = Counter()
    for (row, column), count in counts.items():
        summed[row if row in rows else OTHERS, column if column in columns else OTHERS] += count
    return _grid(rows, columns, summed, 92, 28, (150, 26))


def strip(sums: Sequence[int], good: Sequence[int]) -> Grid | None:
    """Seven days across 48 half hours. Below five there is no number: who can at this time is nobody's business.

    A box is solid where five or more call the time good, else it is hatched. None where no half hour has five.
    """
    if max(sums, default=0) < SHOWN_FROM:
        return None
    half_hours = [clock(half_hour) for half_hour in range(PER_DAY)]
    cells = {}
    for slot in range(SLOTS):
        day, half_hour = divmod(slot, PER_DAY)
        number = sums[slot] if sums[slot] >= SHOWN_FROM else None
        x, y = 44 + 23 * half_hour, 22 + 24 * day
        step = step_of(number or 0, max(sums))
        cells[day, half_hour] = Cell(x, y, step, number, DAYS[day], half_hours[half_hour], good[slot] >= SHOWN_FROM)
    lines = tuple((half_hours[at], tuple(cells[day, at] for day in range(7))) for at in range(PER_DAY))
    shown = tuple(line for line in lines if any(cell.number is not None for cell in line[1]))
    rows = tuple(Tick(22 + 24 * day, DAYS[day], DAYS[day]) for day in range(7))
    columns = tuple(Tick(44 + 23 * at, half_hours[at][:2], half_hours[at]) for at in range(0, PER_DAY, 2))
    return Grid(44 + 23 * PER_DAY, 22 + 24 * 7, 22, 22, rows, columns, tuple(cells.values()), shown)


def added_up(weeks: Mapping[str, Sequence[int]], shifts: Mapping[str, int]) -> list[int]:
    """How many can at each half hour of a chosen clock: masks by zone, each turned by that zone's half hours."""
    sums = [0] * SLOTS
    for zone, masks in weeks.items():
        for mask in masks:
            while mask:
                lowest = mask & -mask
                sums[(lowest.bit_length() - 1 + shifts[zone]) % SLOTS] += 1
                mask ^= lowest
    return sums


def funnel(steps: Sequence[tuple[str, Mapping[int, datetime]]]) -> Bars:
    """How many came how far, how many were lost on the way there, and the median of days since the first step and since
    the one before.
    """
    if not steps or not steps[0][1]:
        return Bars(0, 0, ())
    first, bars = steps[0][1], []
    before = first
    for index, (name, reached) in enumerate(steps):
        here = {key: moment for key, moment in reached.items() if key in first}
        lost = max(0, len(before) - len(here))
        bar = _bar(name, index, len(here), len(first), lost, days_between(first, here))
        bars.append(replace(bar, between=days_between(before, here) if index else None))
        before = here
    return _bars(bars)


def days_between(earlier: Mapping[int, datetime], later: Mapping[int, datetime]) -> float | None:
    """The median of days from one step to another of those who reached both; who went the other way took none."""
    spans = [max(later[key] - earlier[key], timedelta(0)) / timedelta(days=1) for key in later.keys() & earlier.keys()]
    return round(statistics.median(spans), 1) if spans else None


def waits(counts: Mapping[tuple[str, str], int], spans: Sequence[str]) -> Grid:
    """How many wait where, for how long: places by their sums, spans in their order. None below five has a number."""
    rows = _largest(Counter(), [(row, count) for (row, _), count in counts.items()], len(counts))
    return _grid(rows, list(spans), counts, 92, 28, (150, 26), least=SHOWN_FROM)


def bars(counts: Mapping[str, int]) -> Bars:
    """One bar for each, the longest first."""
    return in_order(dict(sorted(counts.items(), key=lambda one: (-one[1], one[0]))))


def in_order(counts: Mapping[str, int]) -> Bars:
    """One bar for each in the order given, against the longest."""
    most = max(counts.values(), default=0)
    return _bars([_bar(name, index, count, most) for index, (name, count) in enumerate(counts.items())])


def most_groups(minding: int, having: int) -> int | None:
    """In how many groups people can sit who do not want to be alone, each beside somebody who has it too.

    Half of those who have it, rounded down: nine who all mind fit into four groups. None below five, where a number
    would speak of somebody.
    """
    return min(minding, having // 2) if minding >= SHOWN_FROM else None


def best_of_each_day(sums: Sequence[int]) -> dict[str, int]:
    """The half hour of each day at which most can, like "Mon 08:00", with how many; none below five."""
    best: dict[str, int] = {}
    for day, name in enumerate(DAYS):
        at = max(range(PER_DAY), key=lambda half_hour: (sums[day * PER_DAY + half_hour], -half_hour))
        if (count := sums[day * PER_DAY + at]) >= SHOWN_FROM:
            best[f"{name} {clock(at)}"] = count
    return best


def _largest(summed: Counter[str], counts: list[tuple[str, int]], most: int) -> list[str]:
    for name, count in counts:
        summed[name] += count
    ranked = sorted(summed, key=lambda name: (-summed[name], name))
    return ranked if len(ranked) <= most else [*ranked[: most - 1], OTHERS]


def _grid(
    rows: list[str],
    columns: list[str],
    counts: Mapping[tuple[str, str], int],
    wide: int,
    high: int,
    edge: tuple[int, int],
    *,
    least: int = 0,
) -> Grid:
    left, top = edge
    most = max(counts.values(), default=0)
    lines = []
    for down, row in enumerate(rows):
        line = []
        for across, column in enumerate(columns):
            count = counts.get((row, column), 0)
            at = left + wide * across, top + high * down
            number = count if count >= least else None
            line.append(Cell(*at, step_of(number or 0, most), number, row, column))
        lines.append((row, tuple(line)))
    return Grid(
        left + wide * len(columns),
        top + high * len(rows),
        wide - 2,
        high - 2,
        tuple(Tick(top + high * down, row, row) for down, row in enumerate(rows)),
        tuple(Tick(left + wide * across, _city(column), column) for across, column in enumerate(columns)),
        tuple(cell for _, line in lines for cell in line),
        tuple(lines),
    )


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def _bar(name: str, index: int, count: int, most: int, lost: int = 0, days: float | None = None) -> Bar:
    share = count / most if most else 0.0
    return Bar(name, index * (BAR_HEIGHT + BAR_GAP), round(BAR_WIDTH * share), count, round(100 * share), lost, days)


def _bars(bars: list[Bar]) -> Bars:
    return Bars(NAME_WIDTH + BAR_WIDTH + 60, len(bars) * (BAR_HEIGHT + BAR_GAP), tuple(bars))
