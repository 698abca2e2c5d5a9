"""What the search adds up: a row of numbers per person, and per person the same of all *others* in their group,
so that "this one against every other, valid and how good" is a single call on arrays."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from groups.composition.case import Case
from groups.composition.extras import Extras
from groups.composition.people import NONE
from groups.composition.score import quality
from groups.composition.units import Table

ALL = np.uint64(2**64 - 1)
Rows = NDArray[np.int64]
YOUNG, OLD = 1000, -1000  # years of nobody: neutral under minimum and maximum


class Crowd:
    """Rows 0..n-1 are people, row n is nobody. Of the sums, rows n+1+g hold the whole group g."""

    def __init__(self, case: Case, tables: Sequence[Table]) -> None:
        self.case, self.rules, self.roster = case, case.rules, case.roster
        self.n = len(self.roster.ids)
        self.nobody = self.n
        self.tables = tables
        self._people()
        self._frames()
        self._sums(len(tables))
        wanted = any(self.rules.weights.more().values())
        self.extras = Extras(case.problem, self.roster, len(tables)) if wanted else None
        self.members: list[Rows] = []
        self.group = np.full(self.n + 1, NONE)
        for number, table in enumerate(tables):
            rows = np.array([row for unit in table.members for row in case.units[unit].rows])
            self.members.append(rows)
            self.seat(number, rows)

    def _people(self) -> None:
        roster, nobody = self.roster, (0, 1)
        words = max(1, -(-len(roster.venues) // 64))
        places = b"".join(mask.to_bytes(words * 8, "little") for mask in roster.places)
        self.places = np.vstack([np.frombuffer(places, dtype="<u8").reshape(self.n, words), np.full(words, ALL)])
        self.windows = np.vstack([roster.windows, np.full(6, ALL)])
        self.company = np.pad(roster.company, nobody, constant_values=NONE)
        self.youngest = np.where(roster.years < 0, YOUNG, roster.years)
        self.youngest = np.pad(self.youngest.astype(np.int32), nobody, constant_values=YOUNG)
        self.oldest = np.pad(roster.years.astype(np.int32), nobody, constant_values=OLD)
        self.oldest[self.oldest < 0] = OLD
        self.one = np.pad(np.ones(self.n, dtype=np.int32), nobody)
        # one table of everything that is merely counted: roles, interests, holders, wishes, willing
        roles = np.arange(roster.role.max(initial=0) + 1) == roster.role[:, None]
        parts = [roles, roster.interests, roster.has, roster.wish & ~roster.has, roster.wish & roster.has]
        parts.append(roster.willing[:, None])
        ends = np.cumsum([0, *(part.shape[1] for part in parts)])
        self.roles, self.interests, self.holds, self.lonely, self.paired, self.willing = (
            slice(int(start), int(end)) for start, end in pairwise(ends)
        )
        self.counts = np.vstack([np.hstack(parts), np.zeros(ends[-1], dtype=bool)]).astype(np.int16)

    def _frames(self) -> None:
        """A locked group must keep its window and venue among what is common; the others anything."""
        self.needed_windows = np.full((len(self.tables), 6), ALL)
        self.needed_places = np.full((len(self.tables), self.places.shape[1]), ALL)
        for number, table in enumerate(self.tables):
            if table.lock != NONE:
                starts, places = table.frame
                self.needed_windows[number] = np.frombuffer(starts.to_bytes(48, "little"), dtype="<u8")
                size = self.places.shape[1] * 8
                self.needed_places[number] = np.frombuffer(places.to_bytes(size, "little"), dtype="<u8")

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
        if self.extras is not None:
            self.extras.seat(rows, target, apart)
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
        worth = quality(self.rules.weights, common, roles, span, shared)
        if self.extras is not None:
            worth = worth + self.extras.of(others, person, self.group, size, windows)
            wished = (counts[:, self.lonely] > 0) | (counts[:, self.paired] > 0)
            worth = worth + self.extras.gathered(holds, wished)
        return np.where(valid, worth, -np.inf)


def _anded(rows: NDArray[np.uint64], apart: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """For each line of `apart` the AND of all rows that it does not mark."""
    anded: NDArray[np.uint64] = np.bitwise_and.reduce(np.where(apart[:, :, None], ALL, rows[None]), axis=1)
    return anded
