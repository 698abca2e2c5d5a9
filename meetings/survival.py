"""How long circles live: the product-limit estimator of Kaplan and Meier (J. Am. Stat. Assoc. 53, 1958, 457-481). Pure.

A circle that lives today is right-censored: it counts among those at risk up to today, and its end has not been seen.
On one day ends come before what is censored, so that who is censored that day was still at risk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

MONTH = 30.4375  # days, the mean of a calendar
MARKS = (0, 3, 6, 12, 18, 24, 36, 48, 60)  # months of the table
FEWEST = 5  # circles, for a curve of their own


@dataclass(frozen=True, slots=True)
class Life:
    """One circle since its seal: so many days, and whether they ended it or only today did."""

    days: int
    ended: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A day on which circles ended: how many were at risk until then, and the share that outlives it."""

    days: int
    at_risk: int
    ended: int
    alive: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A month of the table: the share alive, and how many circles have been watched for as long."""

    months: int
    alive: float
    at_risk: int

    @property
    def percent(self) -> int:
        return round(100 * self.alive)


def curve(lives: Sequence[Life]) -> list[Step]:
    """The steps, first day first; none where nothing has ended. Raises ValueError for a life of less than no days."""
    if any(life.days < 0 for life in lives):
        raise ValueError("A circle that is not sealed yet does not live yet.")
    ends = Counter(life.days for life in lives if life.ended)
    steps, alive = [], 1.0
    for days in sorted(ends):
        watched = at_risk(lives, days)
        alive *= 1 - ends[days] / watched
        steps.append(Step(days, watched, ends[days], alive))
    return steps


def at_risk(lives: Sequence[Life], days: int) -> int:
    """How many were alive and watched just before that day was over."""
    return sum(life.days >= days for life in lives)


def alive_after(steps: Sequence[Step], days: float) -> float:
    """The share that outlives so many days."""
    return next((step.alive for step in reversed(steps) if step.days <= days), 1.0)


def longest(lives: Sequence[Life]) -> int:
    """The days that the circle watched longest was watched; beyond, nothing is known."""
    return max((life.days for life in lives), default=0)


def marks(lives: Sequence[Life]) -> list[Mark]:
    """The months of the table, as far as somebody has been watched for as long."""
    steps = curve(lives)
    days = [(months, round(months * MONTH)) for months in MARKS]
    return [
        Mark(months, alive_after(steps, day), at_risk(lives, day)) for months, day in days if at_risk(lives, day) > 0
    ]
