"""Large pools in pieces that other processes can work on: place globally, improve shard by shard, pool the leftovers.

Each step is a function of its arguments alone: run twice, by whatever process, it returns the same.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from groups.composition.case import Case, Placement, Progress
from groups.composition.greedy import eject, insert
from groups.composition.pace import Pace
from groups.composition.people import NONE, Problem
from groups.composition.placement import frame_of, place
from groups.composition.rooms import Room, Rows, parted, rejoined, seated, whole_room
from groups.composition.search import cooled
from groups.composition.solver import Proposal, concluded, silently
from groups.composition.soundness import require_sound
from groups.composition.units import EVERYWHERE, Table


@dataclass(frozen=True, slots=True)
class Seating:
    """Who sits where in a whole pool: `seats` by row of the roster (-1 waits), `locks` by table (-1 is free)."""

    seats: Rows
    locks: Rows
    bound: int
    source: str
    stages: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    cut_short: bool = False
    seconds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def placed(self) -> int:
        """How many people have a seat."""
        return int((self.seats != NONE).sum())


def place_globally(
    problem: Problem,
    seconds: float = 60.0,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Seating:
    """As many people as can be placed, all at once. Raises BadProblem or LocksImpossible."""
    require_sound(problem)
    pace = Pace(seconds, cancelled)
    case = Case(problem, pace.each)
    return _noted(case, place(case, pace, progress or silently), pace)


def split(problem: Problem, seating: Seating, *, cancelled: Callable[[], bool] | None = None) -> tuple[Room, ...]:
    """Shards of 140 groups, neighbours by venue and hour, each with the waiting people whose hours fit it best.

    A shard holds numbers alone: nobody's id, no value of a dimension. It pickles; `to_bytes`, `from_bytes` do without.
    """
    case = Case(problem, Pace(math.inf, cancelled).each)
    return parted(whole_room(case, _tables(case, seating)), each=case.each)


def improve_shard(
    shard: Room,
    seconds: float,
    *,
    progress: Callable[[], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Rows:
    """Better groups of as many people: the seats by line of the shard. Seeded by (seed, shard)."""
    return cooled(shard, Pace(seconds, cancelled), progress or _nothing)[1]


def gathered(seating: Seating, found: Iterable[tuple[Room, Rows]]) -> Seating:
    """The seating with what became of its shards, in any order; a shard that is missing stays as it was."""
    return replace(seating, seats=rejoined(seating.seats, found))


def pool_leftovers(
    problem: Problem, seating: Seating, seconds: float, *, cancelled: Callable[[], bool] | None = None
) -> Seating:
    """Whoever still waits sits down where there now is room, or where somebody can move on to another group."""
    pace = Pace(seconds, cancelled)
    case = Case(problem, pace.each)
    tables = _tables(case, seating)
    alive = case.closure.alive
    waiting = insert(tables, [number for number in case.waiting(tables) if number in alive], pace)
    eject(tables, waiting, pace)
    return _noted(case, Placement(tables, seating.bound, seating.source, dict(seating.stages)), pace, seating)


def finish(problem: Problem, seating: Seating, *, cancelled: Callable[[], bool] | None = None) -> Proposal:
    """Checked, explained and certified. Raises CheckFailed if a rule is broken, which would be a bug of ours."""
    pace = Pace(math.inf, cancelled)
    case = Case(problem, pace.each)
    pace.stages.update(seating.seconds)
    pace.cut_short = seating.cut_short
    placement = Placement(_tables(case, seating), seating.bound, seating.source, dict(seating.stages))
    return concluded(case, placement, pace)


def _nothing() -> None:
    """For callers who do not want to be told."""


def _noted(case: Case, placement: Placement, pace: Pace, before: Seating | None = None) -> Seating:
    seconds = dict(before.seconds) if before else {}
    for stage, spent in pace.stages.items():
        seconds[stage] = round(seconds.get(stage, 0.0) + spent, 3)
    return Seating(
        seats=whole_room(case, placement.tables).seats,
        locks=np.array([table.lock for table in placement.tables], dtype=np.int64),
        bound=placement.bound,
        source=placement.source,
        stages=placement.stages,
        cut_short=pace.cut_short or (before is not None and before.cut_short),
        seconds=seconds,
    )


def _tables(case: Case, seating: Seating) -> list[Table]:
    empty = []
    for lock in seating.locks.tolist():
        starts, places = frame_of(case, lock) if lock != NONE else (EVERYWHERE, EVERYWHERE)
        table = Table(case.units, case.rules, starts, places)
        table.lock = lock
        empty.append(table)
    return seated(case, seating.seats, empty)
