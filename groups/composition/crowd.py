"""What the search adds up: a row of numbers per person, and per person the same of all *others* in their group,
so that "this one against every other, valid and how good" is a single call on arrays."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from groups.composition.people import NONE
from groups.composition.rooms import ALL, Room, Rows
from groups.composition.score import quality

YOUNG, OLD = 1000, -1000  # years of nobody: neutral under minimum and maximum


class Crowd:
    """Lines 0..n-1 are people, line n is nobody. Of the sums, lines n+1+g hold the whole group g."""

    def __init__(self, room: Room) -> None:
        self.room, self.rules = room, room.rules
        self.n = len(room.rows)
        self.nobody = self.n
        self._people()
        self.needed_windows, self.needed_places = room.needed_windows, room.needed_places
        tables = len(room.needed_windows)
        self._sums(tables)
        self.members: list[Rows] = []
        self.group = np.full(self.n + 1, NONE)
        for number in range(tables):
            rows = np.flatnonzero(room.seats == number)
            self.members.append(rows)
            self.seat(number, rows)

    def _people(self) -> None:
        room, nobody = self.room, (0, 1)
        self.places = np.vstack([room.places, np.full(room.places.shape[1], ALL)])
        self.windows = np.vstack([room.windows, np.full(6, ALL)])
        self.company = np.pad(room.company, nobody, constant_values=NONE)
        self.youngest = np.where(room.years < 0, YOUNG, room.years)
        self.youngest = np.pad(self.youngest.astype(np.int32), nobody, constant_values=YOUNG)
        self.oldest = np.pad(room.years.astype(np.int32), nobody, constant_values=OLD)
        self.oldest[self.oldest < 0] = OLD
        self.one = np.pad(np.ones(self.n, dtype=np.int32), nobody)
        # one table of everything that is merely counted: roles, interests, holders, wishes, willing
        roles = np.arange(room.role.max(initial=0) + 1) == room.role[:, None]
        parts = [roles, room.interests, room.has, room.wish & ~room.has, room.wish & room.has]
        parts.append(room.willing[:, None])
        ends = np.cumsum([0, *(part.shape[1] for part in parts)])
        self.roles, self.interests, self.holds, self.lonely, self.paired, self.willing = (
            slice(int(start), int(end)) for start, end in pairwise(ends)
        )
        self.counts = np.vstack([np.hstack(parts), np.zeros(ends[-1], dtype=bool)]).astype(np.int16)

    def _sums(self, groups: int) -> None:
        rows = self.n + 1 + groups
        self.o_windows = np.full((rows, 6), ALL)
        self.o_places = np.full((rows, self.places.shape[1]), ALL)
        self.o_counts = np.zeros((rows, self.counts.shape[1]), dtype=np.int16)
        self.o_size = np.zeros(rows, dtype=np.int32)
        self.o_youngest = np.full(rows, YOUNG, dtype=np.int32)
        self.o_oldest = np.full(rows, OLD, dtype=np.int32)
        self.o_company = np.full((rows, self.rules.size_max), NONE - 1, dtype=np.int32)
        self.worth = np.zeros(groups)

    def whole(self, group: int | Rows) -> int | Rows:
        """The row of sums of a whole group."""
        return self.n + 1 + group

    def seat(self, number: int, rows: Rows) -> None:
        """These people are the group: add up, for each of them, the others, and then everybody."""
        self.members[number : number + 1] = [rows]
        self.group[rows] = number
        k = len(rows)
        target = np.append(rows, self.whole(number))
        apart = np.vstack([np.eye(k, dtype=bool), np.zeros((1, k), dtype=bool)])
        self.o_windows[target] = _anded(self.windows[rows], apart)
        self.o_places[target] = _anded(self.places[rows], apart)
        total = self.counts[rows].sum(axis=0)
        self.o_counts[target] = np.vstack([total - self.counts[rows], total])
        self.o_size[target] = [*[k - 1] * k, k]
        self.o_youngest[target] = np.where(apart, YOUNG, self.youngest[rows]).min(axis=1)
        self.o_oldest[target] = np.where(apart, OLD, self.oldest[rows]).max(axis=1)
        company = np.where(apart, NONE - 1, self.company[rows])
        company[company == NONE] = NONE - 1
        self.o_company[target] = NONE - 1
        self.o_company[target, :k] = company
        everybody = np.array([self.whole(number)])
        self.worth[number] = k * self.joined(everybody, np.array([self.nobody]), np.array([number]))[0]

    def joined(self, others: Rows, person: Rows, group: Rows) -> NDArray[np.float64]:
        """The quality of these others with this person in this group's place; -inf where a rule would break.

        `others`, `person` and `group` have one entry or as many as there are cases. Keep-apart pairs are not looked at.
        """
        windows = self.o_windows[others] & self.windows[person]
        counts = self.o_counts[others] + self.counts[person]
        size = self.o_size[others] + self.one[person]
        same = (self.o_company[others] == self.company[person][:, None]).sum(axis=1)
        valid = (windows & self.needed_windows[group]).any(axis=1)
        valid &= (self.o_places[others] & self.places[person] & self.needed_places[group]).any(axis=1)
        valid &= (same < self.rules.max_per_company) & (counts[:, self.willing.start] >= self.rules.willing_min)
        valid &= (size >= self.rules.size_min) & (size <= self.rules.size_max)
        holds = counts[:, self.holds]
        if holds.shape[1]:
            alone = (counts[:, self.lonely] > 0) & (holds < 1) | (counts[:, self.paired] > 0) & (holds < 2)
            valid &= ~alone.any(axis=1)
        span = np.maximum(self.o_oldest[others], self.oldest[person])
        span = np.maximum(span - np.minimum(self.o_youngest[others], self.youngest[person]), 0)
        roles = (counts[:, self.roles] > 0).sum(axis=1)
        shared = (2 * counts[:, self.interests] >= size[:, None]).sum(axis=1)
        common = np.bitwise_count(windows).sum(axis=1)
        return np.where(valid, quality(self.rules.weights, common, roles, span, shared), -np.inf)


def _anded(rows: NDArray[np.uint64], apart: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """For each line of `apart` the AND of all rows that it does not mark."""
    anded: NDArray[np.uint64] = np.bitwise_and.reduce(np.where(apart[:, :, None], ALL, rows[None]), axis=1)
    return anded
