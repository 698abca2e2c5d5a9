"""After a no: whether the people who are left can still become a group, and who would make it so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from groups.composition.rules import Breach

Broken = Callable[[frozenset[str]], Sequence[Breach]]
AT_ONCE = 3  # more people than this are a new group, not a repair


class Step(StrEnum):
    """What comes next for a group that is being asked."""

    WAIT = "wait"  # it holds if everybody says yes, and nobody could be added
    STAND_BY = "stand_by"  # these people on stand-by complete it, or let it hold again
    ALONE = "alone"  # somebody would be alone against their wish: they hear it first, and nobody else
    STUCK = "stuck"  # nobody on stand-by helps: other groups for these people, or none


@dataclass(frozen=True, slots=True)
class Outlook:
    """The step, and whom it is about: who would be asked, or who would be alone."""

    step: Step
    people: tuple[str, ...] = ()


def outlook(
    live: frozenset[str],
    line: Sequence[str],
    broken: Broken,
    *,
    size_target: int,
    size_max: int,
    settled: frozenset[str],
) -> Outlook:
    """Who was asked or said yes, with the stand-by in their order. `settled` have heard that they would be alone.

    A circle never asks more people than it has chairs for, so that every yes can be seated.
    """
    breaches = broken(live)
    chairs = (size_max if breaches else size_target) - len(live)
    found = next(
        (some for some in _choices(line, chairs, most=AT_ONCE if breaches else 1) if not broken(live | some)), None
    )
    if found:
        return Outlook(Step.STAND_BY, tuple(one for one in line if one in found))
    if not breaches:
        return Outlook(Step.WAIT)
    alone = sorted({one for breach in breaches if breach.rule == "never_alone" for one in breach.people} - settled)
    return Outlook(Step.ALONE, tuple(alone)) if alone else Outlook(Step.STUCK)


def _choices(line: Sequence[str], chairs: int, *, most: int) -> Iterator[frozenset[str]]:
    """Fewest people first, and among as many those who stand first in line."""
    for count in range(1, min(chairs, most, len(line)) + 1):
        yield from (frozenset(some) for some in combinations(line, count))
