"""Quality, with the people placed fixed in number: a heat bath of swaps and moves that cools down to plain descent."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from groups.composition.case import Case, Placement, Progress
from groups.composition.crowd import Crowd
from groups.composition.pace import Pace
from groups.composition.people import NONE
from groups.composition.rooms import Room, Rows, parted, rejoined, seated, whole_room
from groups.composition.units import Table

WHOLE = 1400  # tables that are improved in one room; of more, other ones meet in each pass
AT_ONCE = 8  # one in so many groups is looked at together: two that meet would have to wait
CANDIDATES = 200  # people looked at as partners of one, on average; more cost more than they gain
HOT, COLD = 0.1, 0.015  # in members times quality
RESTARTS = 5
DESCENT = 0.1  # share of the passes that only ever improve


def passes(placed: int) -> int:
    """How often everybody is looked at: by size alone, so that the same seed gives the same answer."""
    return 40 if placed <= 300 else 30 if placed <= 2000 else 14


def improve(case: Case, placement: Placement, pace: Pace, progress: Progress) -> None:
    """Better groups of as many people; nobody skipped before loses a seat, nobody who stays in a draft group moves.

    A small pool also starts again from other tables that seat as many: a swap seldom leads from one to the other.
    """
    if not placement.tables:
        return
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
    worth, seats = cooled(room, pace, lambda: progress("quality", placement.placed, placement.bound))
    return worth, seated(case, seats, tables)


def cooled(room: Room, pace: Pace, progress: Callable[[], None]) -> tuple[float, Rows]:
    """One heat bath for this room: the sum of members times quality, and who sits where."""
    chance = np.random.default_rng((room.seed, room.number))
    room = replace(room, rows=np.arange(len(room.rows)), tables=np.arange(len(room.tables)))  # of itself, if a part
    best, kept = 0.0, room.seats
    rounds = passes(int((room.seats != NONE).sum()))
    for number in range(rounds):
        cooling = number / max(1.0, rounds * (1 - DESCENT))
        heat = HOT * (COLD / HOT) ** cooling if cooling < 1 else 0.0
        baths, before, stirred = [], 0.0, False
        for part in parted(room, WHOLE, chance, pace.each):
            baths.append(bath := Bath(part, chance))
            before += bath.worth
            stirred |= bath.one_pass(heat, pace)
        best = best or before
        room = replace(room, seats=rejoined(room.seats, [(bath.room, bath.seats) for bath in baths]))
        if (worth := sum(bath.worth for bath in baths)) > best:
            best, kept = worth, room.seats
        progress()
        if not stirred or pace.over():
            break
    return best, kept


class Bath:
    """The crowd of a room, and who of it may move."""

    def __init__(self, room: Room, chance: np.random.Generator) -> None:
        self.room, self.crowd = room, Crowd(room)
        self.chance = chance
        self.movable = np.append(room.movable, [False, *[True] * len(room.tables)])
        self.skipped = np.append(np.minimum(room.skipped, 3), np.zeros(1 + len(room.tables), dtype=np.int8))
        self.foes = self._foes()

    @property
    def seats(self) -> Rows:
        """Who sits at which table now."""
        return self.crowd.group[: self.crowd.n]

    @property
    def worth(self) -> float:
        """The sum of members times quality."""
        return float(self.crowd.worth.sum())

    def _foes(self) -> Rows:
        """By line those to be kept apart from it; filled up with nobody."""
        pairs = [*self.room.apart.tolist(), *self.room.apart[:, ::-1].tolist()]
        foes: dict[int, list[int]] = {}
        for one, other in pairs:
            foes.setdefault(one, []).append(other)
        table = np.full((self.crowd.lines, max(map(len, foes.values()), default=0)), self.crowd.nobody)
        for one, others in foes.items():
            table[one, : len(others)] = others
        return table

    def one_pass(self, heat: float, pace: Pace) -> bool:
        """Everybody once, in a new order, some at a time. False if nobody had a choice, now or ever."""
        group, n = self.crowd.group, self.crowd.n
        queue = self.chance.permutation(np.flatnonzero((group[:n] != NONE) & self.movable[:n]))
        at_once, stirred = max(1, len(self.room.tables) // AT_ONCE), False
        while len(queue) and not pace.over():
            queue = queue[group[queue] != NONE]
            _, first = np.unique(group[queue[:at_once]], return_index=True)
            first.sort()
            stirred |= self.stir(queue[first], heat)
            queue = np.delete(queue, first)
        return stirred or bool(len(queue))

    def stir(self, people: Rows, heat: float) -> bool:
        """Each of these, of different groups, changes places with somebody, moves or stays: the likelier the better.

        False if none of them had a choice.
        """
        who, lines = self.partners(people)
        gains = self.gains(people[who], lines)
        wish, stay = gains, np.zeros(len(people))
        if heat:
            wish = gains + heat * self.chance.gumbel(size=len(gains))
            stay = heat * self.chance.gumbel(size=len(people))
        ends = np.searchsorted(who, np.arange(len(people) + 1))
        touched: set[int] = set()
        for place, row in enumerate(people.tolist()):
            start, end = ends[place], ends[place + 1]
            if start < end and wish[best := start + int(wish[start:end].argmax())] > stay[place]:
                self.swap(row, int(lines[best]), touched)
        if touched:
            self.crowd.seat(np.array(sorted(touched)))
        return bool((gains > -np.inf).any())

    def partners(self, people: Rows) -> tuple[Rows, Rows]:
        """Per person the lines to look at: others who sit, or wait and were skipped as often; and groups to move to.

        Such a group has room, and one's own is large enough without oneself.
        """
        crowd, n = self.crowd, self.crowd.n
        lines = self.movable.copy()
        lines[n + 1 :] &= crowd.o_size[n + 1 :] < crowd.rules.size_max
        who, line = crowd.pairs(people, self.chance, lines)
        row = people[who]
        allowed = (crowd.group[line] != NONE) | (self.skipped[line] >= self.skipped[row])
        allowed &= (line < n) | (crowd.o_size[row] >= crowd.rules.size_min)
        found = np.flatnonzero(allowed)
        if len(found) > CANDIDATES * len(people):
            found = found[self.chance.random(len(found)) * len(found) < CANDIDATES * len(people)]
        return who[found], line[found]

    def gains(self, people: Rows, lines: Rows) -> NDArray[np.float64]:
        """What both groups together gain if each person takes the place of the line, and the reverse."""
        crowd, group = self.crowd, self.crowd.group
        mine, theirs = group[people], group[lines]
        joins = np.minimum(lines, crowd.nobody)  # who moves to a group has nobody in exchange
        here = (crowd.o_size[people] + crowd.one[joins]) * crowd.joined(people, joins, mine)
        there = (crowd.o_size[lines] + 1) * crowd.joined(lines, people, theirs)
        there = np.where(theirs == NONE, 0.0, there - crowd.worth[theirs])
        return np.where(self.clash(people, lines), -np.inf, here - crowd.worth[mine] + there)

    def clash(self, people: Rows, lines: Rows) -> NDArray[np.bool_]:
        """Where a swap would seat a keep-apart pair together."""
        group, nobody = self.crowd.group, self.crowd.nobody
        found = np.zeros(len(people), dtype=bool)
        for mine, theirs in zip(self.foes[people].T, self.foes[lines].T, strict=True):
            found |= (mine != nobody) & (group[mine] == group[lines]) & (mine != lines) & (group[mine] != NONE)
            found |= (theirs != nobody) & (group[theirs] == group[people]) & (theirs != people)
        return found

    def swap(self, one: int, line: int, touched: set[int]) -> None:
        """The two change places, one of them may be waiting; or one moves. Not into a group that was just changed."""
        crowd = self.crowd
        mine, theirs = int(crowd.group[one]), int(crowd.group[line])
        if mine in touched or theirs in touched:
            return
        touched.add(mine)
        members = crowd.members[mine]
        members[members == one] = min(line, crowd.nobody)
        crowd.group[one] = theirs
        if line < crowd.n:
            crowd.group[line] = mine
        if theirs == NONE:
            crowd.rise(one)
            return
        touched.add(theirs)
        members = crowd.members[theirs]
        members[np.flatnonzero(members == min(line, crowd.nobody))[0]] = one
