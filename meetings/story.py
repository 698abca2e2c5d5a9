"""A program's quarter as a story: at most five short captions, each with a picture and its numbers. Pure.

Only sums over all circles of the program come in: no name of a person or a circle, and no word of anybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from meetings.survival import FEWEST, Mark
from members import pictures
from members.pictures import Bars

TIMES = ("not at all", "once", "twice", "three times and more")
LEGEND_HEIGHT, HEAD_WIDTH = 34, 175
NARROW = 18  # pixels: a part below has no room for its number


class Came(StrEnum):
    """What became of a planned date."""

    HELD = "held"
    UNSAID = "nobody said who came"
    AHEAD = "still ahead"
    OFF = "called off"


NOT_HELD = {Came.UNSAID: "of {} nobody said who came", Came.AHEAD: "{} still ahead", Came.OFF: "{} called off"}


@dataclass(frozen=True)
class Numbers:
    """All that is told of one program and quarter; what only counts circles and people."""

    running: bool = False  # it is not over
    applied: int = 0
    found: int = 0  # people who came into their first circle of the program
    waiting: int = 0  # on its last day, or today
    dates: Mapping[str, Counter[Came]] = field(default_factory=dict)  # by month, in order
    lived: int = 0  # circles on its first day
    sealed: int = 0
    ended: int = 0
    merged: int = 0
    survive: tuple[Mark, ...] = ()  # of all circles so far
    seats: int = 0  # of meetings that were held
    answered: int = 0  # three days before
    came: int = 0
    talked: int = 0
    kept: int = 0
    members: int = 0
    led: Counter[int] = field(default_factory=Counter)  # members by how often they led, who led at all
    by_nobody: int = 0

    @property
    def living(self) -> int:
        """Circles on its last day, or today."""
        return self.lived + self.sealed - self.ended - self.merged

    @property
    def planned(self) -> Counter[Came]:
        return sum(self.dates.values(), Counter())


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of one row; its number where there is room for it."""

    x: int
    y: int
    width: int
    middle: int
    what: Came
    number: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A month: its name, where its line lies, and how many dates came to what, in the order of the heads."""

    name: str
    y: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stack:
    """Months as rows of parts, with a legend above: what there is, and where it stands."""

    width: int
    height: int
    heads: tuple[tuple[int, Came], ...]
    rows: tuple[Row, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Chapter:
    """One caption and its picture: bars, or months in parts."""

    key: str
    title: str
    words: str
    bars: Bars | None = None
    stack: Stack | None = None


def tell(numbers: Numbers) -> list[Chapter]:
    """The chapters that have something to show, in their order; none of a quarter in which nothing was."""
    told = (_people(numbers), _dates(numbers), _circles(numbers), _brought(numbers), _leading(numbers))
    return [chapter for chapter in told if chapter is not None]


def _people(one: Numbers) -> Chapter | None:
    wait = "wait today" if one.running else "waited at its end"
    shown = {"applied": one.applied, "found a circle": one.found, wait: one.waiting}
    words = f"{_n(one.applied, 'person', 'people')} applied and {one.found} found a circle; "
    words += f"{_n(one.waiting, 'person', 'people')} {'waits today' if one.running and one.waiting == 1 else wait}."
    return _bars("people", "Who came", words, shown)


def _dates(one: Numbers) -> Chapter | None:
    planned = one.planned
    if not planned.total():
        return None
    words = f"{planned[Came.HELD]} of {_n(planned.total(), 'planned meeting was', 'planned meetings were')} held"
    rest = [said.format(planned[what]) for what, said in NOT_HELD.items() if planned[what]]
    words = f"{words}; {', '.join(rest)}." if rest else f"{words}."
    return Chapter("dates", "How they met", words, stack=stack(one.dates))


def _circles(one: Numbers) -> Chapter | None:
    changes = {"sealed": one.sealed, "ended": one.ended, "went into another": one.merged}
    shown = {
        "lived at its start": one.lived,
        **changes,
        "live today" if one.running else "lived at its end": one.living,
    }
    at_end = "today" if one.running else "at its end"
    words = f"{_n(one.lived, 'circle', 'circles')} lived at its start, and {one.living} {at_end}"
    came = [f"{count} {what}" for what, count in changes.items() if count]
    words = f"{words}: {', '.join(came)}." if came else f"{words}."
    return _bars("circles", "Which circles live", f"{words}{_survive(one.survive)}", shown)


def _survive(marks: Iterable[Mark]) -> str:
    """What is known of the first and the second half year, where enough circles have been watched for as long."""
    known = [mark for mark in marks if mark.months in (6, 12) and mark.at_risk >= FEWEST]
    told = ", and ".join(f"{mark.percent} % live after {mark.months} months" for mark in known)
    return f" Of all circles so far {told}." if told else ""


def _brought(one: Numbers) -> Chapter | None:
    shown = {"seats": one.seats, "answered in time": one.answered, "came": one.came}
    shown |= {"topics talked about": one.talked, "left a takeaway": one.kept}
    words = f"Of {_n(one.seats, 'seat', 'seats')} at meetings that were held, {one.answered} had an answer three days "
    words += f"before, and {_n(one.came, 'person', 'people')} came. "
    words += f"{_n(one.talked, 'topic was', 'topics were')} talked about; {one.kept} left a takeaway."
    return _bars("brought", "What members brought", words, shown)


def _leading(one: Numbers) -> Chapter | None:
    leaders = sum(one.led.values())
    if not leaders and not one.by_nobody:
        return None
    often = [one.members - leaders, one.led[1], one.led[2], sum(n for times, n in one.led.items() if times > 2)]
    words = f"{leaders} of {_n(one.members, 'member', 'members')} led a meeting that was held."
    if one.by_nobody:
        words += f" {_n(one.by_nobody, 'was', 'were')} led by nobody."
    return _bars("leading", "Who led", words, dict(zip(TIMES, often, strict=True)))


def _bars(key: str, title: str, words: str, shown: Mapping[str, int]) -> Chapter | None:
    return Chapter(key, title, words, bars=pictures.in_order(shown)) if any(shown.values()) else None


def stack(months: Mapping[str, Counter[Came]]) -> Stack:
    """One row for each month, as long as its dates, what was held first."""
    present = [what for what in Came if any(counts[what] for counts in months.values())]
    most = max((counts.total() for counts in months.values()), default=0)
    rows, parts = [], []
    for down, (name, counts) in enumerate(months.items()):
        y = LEGEND_HEIGHT + down * (pictures.BAR_HEIGHT + pictures.BAR_GAP)
        rows.append(Row(name, y, tuple(counts[what] for what in present)))
        parts += _parts(counts, y, most)
    heads = tuple((pictures.NAME_WIDTH + HEAD_WIDTH * across, what) for across, what in enumerate(present))
    height = LEGEND_HEIGHT + len(rows) * (pictures.BAR_HEIGHT + pictures.BAR_GAP)
    return Stack(pictures.NAME_WIDTH + pictures.BAR_WIDTH + 60, height, heads, tuple(rows), tuple(parts))


def _parts(counts: Counter[Came], y: int, most: int) -> list[Part]:
    parts, done = [], 0
    for what in Came:
        if not counts[what]:
            continue
        x, end = (pictures.NAME_WIDTH + pictures.BAR_WIDTH * at // most for at in (done, done + counts[what]))
        done += counts[what]
        number = counts[what] if end - x >= NARROW else None
        parts.append(Part(x, y, end - x - 2, (x + end) // 2 - 1, what, number))
    return parts


def _n(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
