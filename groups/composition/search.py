"""Quality, with the people placed fixed in number: a heat bath of swaps and moves that cools down to plain descent."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from groups.composition.case import Case, Placement, Progress
from groups.composition.crowd import Crowd
from groups.composition.pace import Pace
from groups.composition.people import NONE
from groups.composition.rooms import Room, Rows, parted, rejoined, seated, whole_room
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
    best = improved(case, placement.tables, pace, progress, placement)
    for restart in range(1, 1 + RESTARTS):
        if placement.variant is None or pace.over(0.5):
            break
        tables = placement.variant(case.problem.seed + restart)
        if tables is None or sum(table.size for table in tables) < placement.placed:
            break
        best = max(best, improved(case, tables, pace, progress, placement), key=lambda found: found[0])
    placement.tables = best[1]


def improved(
    case: Case, tables: Sequence[Table], pace: Pace, progress: Progress, placement: Placement
) -> tuple[float, list[Table]]:
    """From these tables on, room by room: the sum of members times quality, and the tables."""
    room = whole_room(case, tables)
    parts = parted(room)
    found = [cooled(part, pace, lambda: progress("quality", placement.placed, placement.bound)) for part in parts]
    seats = rejoined(room.seats, [(part, inside) for part, (_, inside) in zip(parts, found, strict=True)])
    return sum(worth for worth, _ in found), seated(case, seats, tables)


def cooled(room: Room, pace: Pace, progress: Callable[[], None]) -> tuple[float, Rows]:
    """One heat bath for this room: the sum of members times quality, and who sits where."""
    if not len(room.needed_windows):
        return 0.0, room.seats
    bath = Bath(room)
    rounds = passes(int((room.seats != NONE).sum()))
    for number in range(rounds):
        cooling = number / max(1.0, rounds * (1 - DESCENT))
        stirred = bath.one_pass(HOT * (COLD / HOT) ** cooling if cooling < 1 else 0.0, pace)
        progress()
        if not stirred or pace.over():
            break
    return bath.best, bath.kept


class Bath:
    """The groups as rows, who may move, and the best that was seen at the end of a pass."""

    def __init__(self, room: Room) -> None:
        self.room, self.rules = room, room.rules
        self.crowd = Crowd(room)
        self.chance = np.random.default_rng((room.seed, room.number))
        self.movable = room.movable
        self.skipped = np.minimum(room.skipped, 3)
        self.apart: dict[int, list[int]] = {}
        for one, other in room.apart.tolist():
            self.apart.setdefault(one, []).append(other)
            self.apart.setdefault(other, []).append(one)
        self.best = float(self.crowd.worth.sum())
        self.kept = room.seats

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
            self.best, self.kept = total, self.crowd.group[:-1].copy()
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
        crowd, apart = self.crowd, self.apart
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
        if len(crowd.members[mine]) <= self.rules.size_min:
            return np.zeros(0)
        left = crowd.joined(np.array([i]), np.array([crowd.nobody]), np.array([mine]))[0]
        if left == -np.inf:
            return np.zeros(0)
        whole = crowd.n + 1 + groups
        gains = (crowd.o_size[whole] + 1) * crowd.joined(whole, np.array([i]), groups) - crowd.worth
        gains += left * (len(crowd.members[mine]) - 1) - crowd.worth[mine]
        gains[mine] = -np.inf
        gains[[int(crowd.group[foe]) for foe in self.apart.get(i, ()) if crowd.group[foe] != NONE]] = -np.inf
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
