"""Who carries a circle: how often each member led the last eight meetings. Numbers without names. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

SHOWN = 8  # meetings
START, STEP, GAP = 6, 11, 7
ENOUGH = 3  # led meetings: before, the first leader has always led more than half


@dataclass(frozen=True, slots=True)
class Load:
    """How often the members led, the one who led most first; how often somebody who has left; how often nobody."""

    members: tuple[int, ...]
    gone: int
    nobody: int

    @property
    def led(self) -> int:
        """Meetings that somebody led."""
        return sum(self.members) + self.gone

    @property
    def alone(self) -> bool:
        """Whether one member led more than half of them."""
        return self.led >= ENOUGH and max(self.members, default=0) * 2 > self.led


@dataclass(frozen=True, slots=True)
class Mark:
    """One time that a member led, or a ring for one who did not: squares for one who led more than half."""

    x: int
    kind: str


def marks(shown: Load) -> list[Mark]:
    """From left to right, a gap between two members."""
    placed, x = [], START
    for first, times in zip([True, *[False] * len(shown.members)], shown.members, strict=False):
        kind = "square" if first and shown.alone else "dot" if times else "ring"
        placed += [Mark(x + STEP * turn, kind) for turn in range(max(times, 1))]
        x += STEP * max(times, 1) + GAP
    return placed


def width(shown: Load) -> int:
    return sum(STEP * max(times, 1) + GAP for times in shown.members) + START


def load(leaders: Sequence[int | None], members: Collection[int]) -> Load:
    """Of the last eight meetings, oldest first; None is a meeting that nobody led."""
    last = leaders[-SHOWN:]
    counted = Counter(one for one in last if one is not None)
    own = sorted((counted[one] for one in members), reverse=True)
    return Load(tuple(own), counted.total() - sum(own), sum(one is None for one in last))
