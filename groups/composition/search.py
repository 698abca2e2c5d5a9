"""Quality, with the people placed fixed in number: a heat bath of swaps and moves that cools down to plain descent."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from groups.composition.case import Case, Placement, Progress
from groups.composition.crowd import Crowd, Rows
from groups.composition.pace import Pace
from groups.composition.people import NONE
from groups.composition.units import Table

CANDIDATES = 200  # people looked at as partners of one swap
HOT, COLD = 0.2, 0.01  # in members times quality
RESTARTS = 5
DESCENT = 0.15  # share of the passes that only ever improve


def passes(placed: int) -> int:
    """How often everybody is looked at: by size alone, so that the same seed gives the same answer."""
    return 40 if placed <= 300 else 24 if placed <= 2000 else 6


def improve(case: Case, placement: Placement, pace: Pace, progress: Progress) -> None:
    """Better groups of as many people; nobody skipped before loses a seat, nobody who stays in a draft group moves.

    A small pool also starts again from other tables that seat as many: a swap seldom leads from one to the other.
    """
    best = cooled(case, placement.tables, pace, progress, placement)
    for restart in range(1, 1 + RESTARTS):
        if placement.variant is None or pace.over(0.5):
            break
        tables = placement.variant(case.problem.seed + restart)
        if tables is None or sum(table.size for table in tables) < placement.placed:
            break
        best = max(best, cooled(case, tables, pace, progress, placement), key=lambda found: found[0])
    placement.tables = best[1]


def cooled(
    case: Case, tables: list[Table], pace: Pace, progress: Progress, placement: Placement
) -> tuple[float, list[Table]]:
    """One heat bath from these tables: the sum of members times quality, and the tables."""
    if not tables:
        return 0.0, tables
    bath = Bath(case, tables)
    rounds = passes(placement.placed)
    for number in range(rounds):
        cooling = number / max(1.0, rounds * (1 - DESCENT))
        stirred = bath.one_pass(HOT * (COLD / HOT) ** cooling if cooling < 1 else 0.0, pace)
        progress("quality", placement.placed, placement.bound)
        if not stirred or pace.over():
            break
    return bath.best, bath.best_tables()


class Bath:
    """The groups as rows, who may move, and the best that was seen at the end of a pass."""

    def __init__(self, case: Case, tables: list[Table]) -> None:
        self.case, self.tables = case, tables
        self.crowd = Crowd(case, tables)
        self.chance = np.random.default_rng(case.problem.seed)
        self.movable = self._movable()
        self.skipped = np.minimum(case.roster.skipped, 3)
        self.best = float(self.crowd.worth.sum())
        self.kept = [rows.copy() for rows in self.crowd.members]

    def _movable(self) -> NDArray[np.bool_]:
        """Neither locked, nor in a together set, nor at home in a draft group; and placed or placeable at all."""
        movable = np.zeros(self.crowd.n, dtype=bool)
        for number, unit in enumerate(self.case.units):
            if unit.size == 1 and unit.lock == NONE and number in self.case.closure.alive:
                movable[unit.rows[0]] = True
        movable[list(self._at_home())] = False
        return movable

    def _at_home(self) -> Iterator[int]:
        """Each draft group goes on as the free group with most of its people; those do not move again."""
        row, taken = self.case.roster.row, set()
        for draft in self.case.problem.draft:
            old = {row[name] for name in draft.members if name in row}
            common = [(len(old.intersection(rows.tolist())), -g) for g, rows in enumerate(self.crowd.members)]
            most, heir = max(((n, g) for n, g in common if -g not in taken), default=(0, 0))
            if most:
                taken.add(-heir)
                yield from old.intersection(self.crowd.members[-heir].tolist())

    def one_pass(self, heat: float, pace: Pace) -> bool:
        """Everybody once, in a new order. False if nobody had a choice, now or ever."""
        placed = np.flatnonzero((self.crowd.group[:-1] != NONE) & self.movable)
        stirred = False
        for row in self.chance.permutation(placed):
            if pace.over():
                return True
            if self.crowd.group[row] != NONE:
                stirred |= self.stir(int(row), heat)
        if (total := float(self.crowd.worth.sum())) > self.best + 1e-9:
            self.best, self.kept = total, [rows.copy() for rows in self.crowd.members]
        return stirred

    def stir(self, i: int, heat: float) -> bool:
        """Swap this person with somebody, or move them, or leave them: the likelier the better. False: no choice."""
        rows = self.partners(i)
        gains = np.concatenate([self.swaps(i, rows), self.moves(i), [0.0]])
        choice = int(np.argmax(gains + heat * self.chance.gumbel(size=len(gains)) if heat else gains))
        if choice < len(rows):
            self.swap(i, int(rows[choice]))
        elif choice < len(gains) - 1:
            self.move(i, choice - len(rows))
        return len(rows) == CANDIDATES or bool((gains[:-1] > -np.inf).any())

    def partners(self, i: int) -> Rows:
        """People who share a window with the others of i's group: placed elsewhere, or waiting and skipped as often."""
        crowd = self.crowd
        share = (crowd.windows[:-1] & crowd.o_windows[i]).any(axis=1)
        group = crowd.group[:-1]
        share &= self.movable & (group != group[i]) & ((group != NONE) | (self.skipped >= self.skipped[i]))
        rows = np.flatnonzero(share)
        return self.chance.choice(rows, CANDIDATES, replace=False) if len(rows) > CANDIDATES else rows

    def swaps(self, i: int, rows: Rows) -> NDArray[np.float64]:
        """What both groups together gain if i and each of these change places."""
        if not len(rows):
            return np.zeros(0)
        crowd = self.crowd
        mine, theirs = crowd.group[i], crowd.group[rows]
        here = len(crowd.members[mine]) * crowd.joined(np.array([i]), rows, np.array([mine]))
        waiting = theirs == NONE
        there = (crowd.o_size[rows] + 1) * crowd.joined(rows, np.array([i]), theirs)
        there = np.where(waiting, 0.0, there - np.where(waiting, 0.0, crowd.worth[theirs]))
        return np.where(self.clash(i, rows), -np.inf, here - crowd.worth[mine] + there)

    def clash(self, i: int, rows: Rows) -> NDArray[np.bool_]:
        """Where a swap would seat a keep-apart pair together."""
        crowd, apart = self.crowd, self.case.roster.apart
        found = np.zeros(len(rows), dtype=bool)
        for foe in apart.get(i, ()):
            if crowd.group[foe] != NONE:
                found |= (crowd.group[rows] == crowd.group[foe]) & (rows != foe)
        for place, row in enumerate(rows.tolist()) if apart else ():
            foes = apart.get(row, ())
            found[place] |= any(foe != i and crowd.group[foe] == crowd.group[i] for foe in foes)
        return found

    def moves(self, i: int) -> NDArray[np.float64]:
        """What is gained if i leaves for each group with room, their own being large enough without them."""
        crowd, groups = self.crowd, np.arange(len(self.crowd.members))
        mine = crowd.group[i]
        if len(crowd.members[mine]) <= self.case.rules.size_min:
            return np.zeros(0)
        left = crowd.joined(np.array([i]), np.array([crowd.nobody]), np.array([mine]))[0]
        if left == -np.inf:
            return np.zeros(0)
        whole = crowd.n + 1 + groups
        gains = (crowd.o_size[whole] + 1) * crowd.joined(whole, np.array([i]), groups) - crowd.worth
        gains += left * (len(crowd.members[mine]) - 1) - crowd.worth[mine]
        gains[mine] = -np.inf
        gains[
            [int(crowd.group[foe]) for foe in self.case.roster.apart.get(i, ()) if crowd.group[foe] != NONE]
        ] = -np.inf
        return gains

    def swap(self, i: int, j: int) -> None:
        """The two change places; one of them may be waiting."""
        crowd = self.crowd
        mine, theirs = int(crowd.group[i]), int(crowd.group[j])
        crowd.group[i] = NONE
        one = crowd.members[mine]
        crowd.seat(mine, np.where(one == i, j, one))
        if theirs != NONE:
            other = crowd.members[theirs]
            crowd.seat(theirs, np.where(other == j, i, other))

    def move(self, i: int, target: int) -> None:
        """One person goes over to another group."""
        crowd = self.crowd
        mine = int(crowd.group[i])
        crowd.seat(mine, crowd.members[mine][crowd.members[mine] != i])
        crowd.seat(target, np.append(crowd.members[target], i))

    def best_tables(self) -> list[Table]:
        """The best groups seen, as tables."""
        unit_of = {row: number for number, unit in enumerate(self.case.units) for row in unit.rows}
        tables = []
        for old, rows in zip(self.tables, self.kept, strict=True):
            starts, places = old.frame if old.lock != NONE else (-1, -1)
            table = Table(self.case.units, self.case.rules, starts, places)
            table.lock = old.lock
            for number in sorted({unit_of[row] for row in rows.tolist()}):
                table.add(number)
            tables.append(table)
        return tables
