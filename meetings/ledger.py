"""The ledger of unfair hours: what they cost each member, and how a group without a fair one takes turns. Pure.

A date costs its worst half hour (`slots.cost`); the night is refused. Each next date takes the hour that keeps the
highest total lowest, then the sum, then the earlier one (`slots.fairest`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import combinations

from meetings import cadence
from meetings.slots import NIGHT, Hours, cost, fairest

TURNS = 3
FAIR_SPREAD = 2  # points a year between who pays most and who pays least
Costs = Mapping[str, int]  # what one date costs each person


@dataclass(frozen=True)
class Rotation:
    """Which hour each date takes, what everybody has paid in the end, and on how many dates it is somebody's night."""

    order: tuple[time, ...]
    totals: Costs
    nights: int

    @property
    def spread(self) -> int:
        """How far the totals lie apart."""
        return spread(self.totals)


def spread(totals: Costs) -> int:
    """Between who paid most and who paid least."""
    return max(totals.values(), default=0) - min(totals.values(), default=0)


def costs(weeks: Mapping[str, Hours], day: date, at: time, *, zone: str, minutes: int) -> dict[str, int]:
    """What a meeting of this day and hour costs each person."""
    start = cadence.instant(day, at, zone)
    return {person: cost(week, start, minutes) for person, week in weeks.items()}


def rotate(hours: Mapping[time, Sequence[Costs]], totals: Costs) -> Rotation:
    """The dates one after the other, each at the fairest of the hours; an hour in somebody's night only if all are."""
    held, order, nights = dict(totals), [], 0
    for number in range(len(next(iter(hours.values()), ()))):
        awake = [at for at in hours if max(hours[at][number].values()) < NIGHT]
        nights += not awake
        choice = awake or list(hours)
        at = choice[fairest(held, [hours[one][number] for one in choice])]
        order.append(at)
        held = {person: held.get(person, 0) + points for person, points in hours[at][number].items()}
    return Rotation(tuple(order), held, nights)


def best_turns(hours: Mapping[time, Sequence[Costs]]) -> tuple[time, ...]:
    """The one to three hours that together are fairest over these dates: fewest nights, the highest total lowest, then
    the sum, then the totals closest together, then the fewest hours, then the earlier ones."""

    def unfairness(chosen: tuple[time, ...]) -> tuple[object, ...]:
        found = rotate({at: hours[at] for at in chosen}, {})
        paid = found.totals.values()
        return found.nights, max(paid), sum(paid), found.spread, len(chosen), chosen

    useful = [at for at in hours if any(max(one.values()) < NIGHT for one in hours[at])]
    sets = [chosen for size in range(1, TURNS + 1) for chosen in combinations(useful, size)]
    return min(sets, key=unfairness, default=())


def is_fair(hour: Sequence[Costs]) -> bool:
    """Whether one hour for all these dates keeps out of every night and costs nobody much more than anybody else."""
    alone = rotate({time(12): hour}, {})
    return not alone.nights and alone.spread <= FAIR_SPREAD
