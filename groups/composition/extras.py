"""The terms of quality that only some programs want, for the arrays of the search: as the plain measure counts them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from groups.composition.people import NONE
from groups.composition.rooms import ALL, Room, Rows
from groups.composition.score import gathered, more_terms


class Extras:
    """Lines as in the crowd: 0..n-1 are people, n is nobody; of what starts with `o_`, n+1+g is the whole group g."""

    def __init__(self, room: Room, lines: int) -> None:
        self.weights, self.n = room.rules.weights, len(room.rows)
        self.good = np.vstack([room.good, np.full((1, 6), ALL)])
        parts = [room.scope[:, None] == np.arange(room.scope.max(initial=NONE) + 1)]
        parts.append(room.liked[:, None] == np.arange(room.rules.size_max + 1))
        parts += [(room.liked != NONE)[:, None], room.has, room.wish]
        table = np.hstack(parts).astype(np.int16)
        self.counts = np.vstack([table, np.zeros((1, table.shape[1]), dtype=np.int16)])
        self.ends = np.cumsum([part.shape[1] for part in parts])[:-1]
        self._pairs(room)
        self.o_good = np.full((lines, 6), ALL)
        self.o_counts = np.zeros((lines, table.shape[1]), dtype=np.int16)
        self.o_met = np.zeros(lines)

    def _pairs(self, room: Room) -> None:
        """By person whom they have met, padded with nobody, and what it has faded to."""
        ends = np.concatenate([room.met, room.met[:, ::-1]])
        order = np.argsort(ends[:, 0], kind="stable")
        one, other = ends[order].T
        place = np.arange(len(one)) - np.searchsorted(one, one)
        self.partner = np.full((self.n + 1, place.max(initial=-1) + 1), self.n)
        self.faded = np.zeros(self.partner.shape)
        self.partner[one, place] = other
        self.faded[one, place] = np.tile(room.faded, 2)[order]

    def seat(self, rows: Rows, target: Rows, home: Rows) -> None:
        """For the members of these groups add up the others, and last everybody. `home`: who sits where."""
        good = self.good[rows]
        each = [np.bitwise_and.reduce(np.delete(good, i, axis=1), axis=1) for i in range(rows.shape[1])]
        self.o_good[target] = np.stack([*each, np.bitwise_and.reduce(good, axis=1)], axis=1)
        total = self.counts[rows].sum(axis=1, dtype=np.int16)[:, None]
        self.o_counts[target] = np.concatenate([total - self.counts[rows], total], axis=1)
        with_them = home[self.partner[rows]] == home[target[:, -1]][:, None, None]
        mine = (self.faded[rows] * with_them).sum(axis=2)
        all_pairs = mine.sum(axis=1, keepdims=True) / 2
        self.o_met[target] = np.concatenate([all_pairs - mine, all_pairs], axis=1)
        self.rise(self.n)

    def rise(self, row: int) -> None:
        """Whoever waits has nobody around them."""
        self.o_good[row], self.o_counts[row], self.o_met[row] = ALL, 0, 0.0

    def of(self, others: Rows, person: Rows, home: Rows, size: Any, windows: NDArray[np.uint64]) -> Any:
        """What these terms add to the quality of these others with this person; `home`: who sits where."""
        good = np.bitwise_count(self.o_good[others] & self.good[person] & windows).sum(axis=1, dtype=np.int64)
        common = np.bitwise_count(windows).sum(axis=1, dtype=np.int64)
        counts = self.o_counts[others] + self.counts[person]
        scope, liked, likes, holds, wished = np.split(counts, self.ends, axis=1)
        fits = np.take_along_axis(liked, np.minimum(size, liked.shape[1] - 1)[:, None].astype(np.int64), axis=1)[:, 0]
        met = self.o_met[others] + self._crossing(others, person, home)
        band, bands = scope.max(axis=1, initial=0), scope.sum(axis=1)
        each = more_terms(size, met, band, bands, good, common, fits, likes[:, 0])
        each["gathered"] = _mean(gathered(holds), wished > 0)
        return sum(weight * each[name] for name, weight in self.weights.more().items())

    def _crossing(self, others: Rows, person: Rows, home: Rows) -> Any:
        """What this person and these others have met."""
        there = home[others]
        with_them = (home[self.partner[person]] == there[:, None]) & (self.partner[person] != others[:, None])
        return (self.faded[person] * (with_them & (there != NONE)[:, None])).sum(axis=1)


def _mean(values: Any, counts: Any) -> Any:
    """The mean of what counts in each line; full where nothing does."""
    much = counts.sum(axis=1)
    return np.where(much, (values * counts).sum(axis=1) / np.maximum(much, 1), 1.0)
