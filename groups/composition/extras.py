"""The terms of quality that only some programs want, for the arrays of the search: as the plain measure counts them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from groups.composition.people import NONE, Problem, Roster, packed, window_starts
from groups.composition.score import faded, gathered, more_terms

ALL = np.uint64(2**64 - 1)
Rows = NDArray[np.int64]


class Extras:
    """Rows as in the crowd: 0..n-1 are people, n is nobody, n+1+g in the sums is the whole group g."""

    def __init__(self, problem: Problem, roster: Roster, groups: int) -> None:
        self.weights, self.n = problem.rules.weights, len(roster.ids)
        starts = [window_starts(person.good, problem.rules.window_slots) for person in roster.people]
        self.good = np.vstack([packed(starts), np.full(6, ALL)])
        bands = sorted({person.scope for person in roster.people if person.scope is not None})
        self.bands = len(bands)
        scope = [[person.scope == band for band in bands] for person in roster.people]
        sizes = range(problem.rules.size_max + 1)
        liked = [[person.size_liked == size for size in sizes] for person in roster.people]
        table = np.hstack([np.array(scope).reshape(self.n, -1), np.array(liked).reshape(self.n, -1)])
        self.counts = np.vstack([table, np.zeros(table.shape[1])]).astype(np.int16)
        self.likes = np.array([*(person.size_liked is not None for person in roster.people), False]).astype(np.int16)
        self._pairs(problem, roster)
        rows = self.n + 1 + groups
        self.o_good = np.full((rows, 6), ALL)
        self.o_counts = np.zeros((rows, table.shape[1]), dtype=np.int16)
        self.o_likes = np.zeros(rows, dtype=np.int16)
        self.o_met = np.zeros(rows)

    def _pairs(self, problem: Problem, roster: Roster) -> None:
        """By person whom they have met, padded with nobody, and what it has faded to."""
        found: list[list[tuple[int, float]]] = [[] for _ in range(self.n + 1)]
        for pair, months in problem.met.items():
            if pair <= roster.row.keys():
                one, other = (roster.row[name] for name in pair)
                found[one].append((other, faded(months)))
                found[other].append((one, faded(months)))
        most = max((len(others) for others in found), default=0)
        self.partner = np.full((self.n + 1, most), self.n)
        self.faded = np.zeros((self.n + 1, most))
        for row, others in enumerate(found):
            self.partner[row, : len(others)] = [other for other, _ in others]
            self.faded[row, : len(others)] = [left for _, left in others]

    def seat(self, rows: Rows, target: Rows, apart: NDArray[np.bool_]) -> None:
        """Add up, for each of these people, the others, and for the last target everybody."""
        self.o_good[target] = np.bitwise_and.reduce(np.where(apart[:, :, None], ALL, self.good[rows][None]), axis=1)
        total, likes = self.counts[rows].sum(axis=0), self.likes[rows].sum()
        self.o_counts[target] = np.vstack([total - self.counts[rows], total])
        self.o_likes[target] = np.append(likes - self.likes[rows], likes)
        mine = (self.faded[rows] * np.isin(self.partner[rows], rows)).sum(axis=1)
        self.o_met[target] = np.append(mine.sum() / 2 - mine, mine.sum() / 2)

    def of(self, others: Rows, person: Rows, group: Rows, size: Any, windows: Any) -> Any:
        """What these terms add to the quality of these others with this person; `group` is where everybody sits."""
        good = np.bitwise_count(self.o_good[others] & self.good[person] & windows).sum(axis=1)
        counts = self.o_counts[others] + self.counts[person]
        sizes = counts[:, self.bands :]
        liked = np.take_along_axis(sizes, np.minimum(size, sizes.shape[1] - 1)[:, None], axis=1)[:, 0]
        band, bands = counts[:, : self.bands].max(axis=1, initial=0), counts[:, : self.bands].sum(axis=1)
        common = np.bitwise_count(windows).sum(axis=1)
        met = self.o_met[others] + self._crossing(others, person, group)
        each = more_terms(size, met, band, bands, good, common, liked, self.o_likes[others] + self.likes[person])
        return sum(weight * each[name] for name, weight in self.weights.more().items() if name in each)

    def _crossing(self, others: Rows, person: Rows, group: Rows) -> Any:
        """What this person and these others have met."""
        home = np.where(others > self.n, others - self.n - 1, group[np.minimum(others, self.n)])
        partner = self.partner[person]
        there = (group[partner] == home[:, None]) & (partner != others[:, None]) & (home != NONE)[:, None]
        return (self.faded[person] * there).sum(axis=1)

    def gathered(self, holds: Any, wished: Any) -> Any:
        """What gathering adds: the mean over the values wished for here, full where nobody wishes."""
        wishes = wished.sum(axis=1)
        mean = (gathered(holds) * wished).sum(axis=1) / np.maximum(wishes, 1)
        return self.weights.gathered * np.where(wishes, mean, 1.0)
