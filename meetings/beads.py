"""The timeline as a picture: a line of meetings, newest first, a branch of topics from each, threads where a topic went
along. Numbers for SVG, pure; the page says the same in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LINE, FIRST, STEP, ROW, TOP = 92, 128, 30, 46, 26
SHOWN = 9  # topics on one branch: as many as fit a phone


@dataclass(frozen=True)
class Spot:
    """One topic of a meeting: its key, whether it was talked about, and whether something was kept of it."""

    key: int
    discussed: bool
    kept: bool


@dataclass(frozen=True)
class Bead:
    """Where a topic lies."""

    x: int
    y: int
    state: str


@dataclass(frozen=True)
class Branch:
    """A meeting: its day, where its line of topics ends, and how many more it had than fit."""

    y: int
    words: str
    end: int
    more: int


@dataclass(frozen=True)
class Picture:
    """All of it, with its size."""

    width: int
    height: int
    line: int
    branches: tuple[Branch, ...]
    beads: tuple[Bead, ...]
    threads: tuple[str, ...]


def picture(rows: Sequence[tuple[str, Sequence[Spot]]], came_from: Mapping[int, int]) -> Picture:
    """Rows of a day and its topics, newest first, and from which topic each one came. A topic that came from
    elsewhere than these rows hangs on a short thread."""
    places = {
        spot.key: (FIRST + STEP * column, TOP + ROW * row)
        for row, (_, spots) in enumerate(rows)
        for column, spot in enumerate(spots[:SHOWN])
    }
    beads = [Bead(*places[spot.key], state(spot)) for _, spots in rows for spot in spots[:SHOWN]]
    threads = [thread(places[key], places.get(came_from[key])) for key in places if key in came_from]
    width = max([FIRST + STEP * 5, *(x + STEP for x, _ in places.values())])
    branches = [branch(row, words, len(spots)) for row, (words, spots) in enumerate(rows)]
    return Picture(width, TOP + ROW * len(rows) - ROW // 4, LINE, tuple(branches), tuple(beads), tuple(threads))


def state(spot: Spot) -> str:
    """Full where something was kept, a ring where it was talked about, hollow and small where it was not."""
    return "kept" if spot.kept else "discussed" if spot.discussed else "open"


def branch(row: int, words: str, count: int) -> Branch:
    """From the line of meetings to the last topic that fits."""
    last = FIRST + STEP * (min(count, SHOWN) - 1) if count else LINE
    return Branch(TOP + ROW * row, words, last, max(count - SHOWN, 0))


def thread(here: tuple[int, int], before: tuple[int, int] | None) -> str:
    """A curve down to where the topic was before; without such a place straight down and soon over."""
    x, y = here
    if before is None:
        return f"M{x} {y}v{ROW // 3}"
    return f"M{x} {y}C{x} {y + ROW // 2} {before[0]} {before[1] - ROW // 2} {before[0]} {before[1]}"
