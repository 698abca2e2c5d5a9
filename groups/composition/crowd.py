"""What the search adds up: a line of numbers per person, and per person the same of all *others* in their group,
so that "these against those, valid and how good" is a single call on arrays."""

import numpy as np
from numpy.typing import NDArray

from groups.composition.extras import Extras
from groups.composition.people import NONE
from groups.composition.rooms import ALL, Room, Rows
from groups.composition.score import quality

YOUNG, OLD = 1000, -1000  # years of nobody: neutral under minimum and maximum
HIGH = np.uint64(0x8080808080808080)  # the top bit of each of eight bytes
Words = NDArray[np.uint64]


class Crowd:
    """Lines 0..n-1 are people, line n is nobody. Of what starts with `o_`, line n+1+g holds the whole group g."""

    def __init__(self, room: Room) -> None:
        self.room, self.rules = room, room.rules
        self.n = len(room.rows)
        self.nobody = self.n
        tables = len(room.tables)
        self.lines = self.n + 1 + tables
        self._people()
        self._others()
        self.group = np.append(np.append(room.seats, NONE), np.arange(tables))
        self.worth = np.zeros(tables)
        self.extras = Extras(room, self.lines) if any(self.rules.weights.more().values()) else None
        self.members = np.full((tables, room.rules.size_max), self.nobody)
        seated = np.flatnonzero(room.seats != NONE)
        seated = seated[np.argsort(room.seats[seated], kind="stable")]
        first = np.searchsorted(room.seats[seated], np.arange(tables))
        self.members[room.seats[seated], np.arange(len(seated)) - first[room.seats[seated]]] = seated
        self.seat(np.arange(tables))

    def _people(self) -> None:
        room, tables = self.room, len(self.room.tables)
        self.open = np.vstack([np.hstack([room.windows, room.places]), np.full((1 + tables, self._wide), ALL)])
        self.needed = np.hstack([room.needed_windows, room.needed_places])
        self.locked = bool((self.needed != ALL).any())
        self.company = np.append(room.company, NONE)
        self.youngest = np.append(np.where(room.years < 0, YOUNG, room.years), YOUNG).astype(np.int16)
        self.oldest = np.append(np.where(room.years < 0, OLD, room.years), OLD).astype(np.int16)
        self.one = np.append(np.ones(self.n, dtype=np.int16), 0)
        self.willing = np.append(room.willing, 0).astype(np.int16)
        # what a group has as soon as one has it: roles, wishes of those without the value, wishes of holders
        roles = np.arange(room.role.max(initial=0) + 1) == room.role[:, None]
        parts = [bits(roles), bits(room.wish & ~room.has), bits(room.wish & room.has)]
        self.roles, self.lonely, self.paired = parts[0].shape[1], parts[1].shape[1], parts[2].shape[1]
        self.some = _and_nobody(np.hstack(parts))
        self.has = np.vstack([room.has, np.zeros((1, room.has.shape[1]), dtype=bool)]).astype(np.int16)
        self.holds = bits(self.has > 0)
        interests = np.zeros((self.n + 1, -(-room.interests.shape[1] // 8) * 8), dtype=np.uint8)
        interests[:-1, : room.interests.shape[1]] = room.interests
        self.interests = interests.view(np.uint64)  # eight counters of a byte each in a word

    @property
    def _wide(self) -> int:
        return 6 + self.room.places.shape[1]

    def _others(self) -> None:
        def neutral(like: NDArray[np.generic], value: int | np.uint64 = 0) -> NDArray[np.generic]:
            return np.full((self.lines, *like.shape[1:]), value, dtype=like.dtype)

        self.o_open = np.full((self.lines, self._wide), ALL)
        self.o_some, self.o_interests = neutral(self.some), neutral(self.interests)
        self.o_once, self.o_twice = neutral(self.holds), neutral(self.holds)
        self.o_size, self.o_willing = neutral(self.one), neutral(self.willing)
        self.o_youngest, self.o_oldest = neutral(self.youngest, YOUNG), neutral(self.oldest, OLD)
        self.o_company = np.full((self.lines, self.rules.size_max), NONE - 1, dtype=np.int32)

    def seat(self, groups: Rows) -> None:
        """Add up anew what each member of these groups has around them, and the groups as a whole."""
        rows = self.members[groups]
        target = np.hstack([rows, (self.n + 1 + groups)[:, None]])
        self.o_open[target] = _without_each(self.open[rows], np.bitwise_and, ALL)
        self.o_some[target] = _without_each(self.some[rows], np.bitwise_or, 0)
        self.o_youngest[target] = _without_each(self.youngest[rows], np.minimum, YOUNG)
        self.o_oldest[target] = _without_each(self.oldest[rows], np.maximum, OLD)
        self.o_interests[target] = _less_each(self.interests[rows])
        self.o_size[target], self.o_willing[target] = _less_each(self.one[rows]), _less_each(self.willing[rows])
        holders = _less_each(self.has[rows])
        self.o_once[target], self.o_twice[target] = bits(holders > 0), bits(holders > 1)
        company = np.repeat(self.company[rows][:, None, :], rows.shape[1] + 1, axis=1)
        company[company == NONE] = NONE - 1
        each = np.arange(rows.shape[1])
        company[:, each, each] = NONE - 1
        self.o_company[target] = company
        if self.extras is not None:
            self.extras.seat(rows, target, self.group)
        self.rise(self.nobody)
        whole = target[:, -1]
        self.worth[groups] = self.o_size[whole] * self.joined(whole, np.full(len(groups), self.nobody), groups)

    def rise(self, row: int) -> None:
        """Whoever waits has nobody around them."""
        self.o_open[row] = ALL
        if self.extras is not None:
            self.extras.rise(row)

    def open_to(self, person: Rows) -> NDArray[np.bool_]:
        """Per person and line: whether hours and venues allow the two to change places (a group: to take the person).

        Exact as far as hours and venues go, and cheap; most of all pairs fall out here.
        """
        found = np.ones((len(person), self.lines), dtype=bool)
        for words in (slice(0, 6), slice(6, None)):
            for mine, theirs in ((self.o_open, self.open), (self.open, self.o_open)):
                here, there = mine[person, words], theirs[:, words]
                shared = here[:, :1] & there[:, 0]
                for word in range(1, there.shape[1]):
                    shared |= here[:, word, None] & there[:, word]
                found &= shared != 0
        return found

    def joined(self, others: Rows, person: Rows, group: Rows) -> NDArray[np.float64]:
        """The quality of these others with this person in this group's place; -inf where a rule would break.

        `others`, `person` and `group` have as many entries as there are cases. Keep-apart pairs are not looked at.
        """
        common = self.o_open[others] & self.open[person]
        windows = common[:, :6]
        held = common & self.needed[group] if self.locked else common
        valid = (held[:, :6] != 0).any(axis=1) & (held[:, 6:] != 0).any(axis=1)
        size = self.o_size[others] + self.one[person]
        same = (self.o_company[others] == self.company[person][:, None]).sum(axis=1)
        valid &= (same < self.rules.max_per_company) & (size >= self.rules.size_min) & (size <= self.rules.size_max)
        if self.rules.willing_min:
            valid &= self.o_willing[others] + self.willing[person] >= self.rules.willing_min
        some = self.o_some[others] | self.some[person]
        valid &= self._nobody_alone(others, person, some[:, self.roles :])
        span = np.maximum(self.o_oldest[others], self.oldest[person])
        span = np.maximum(span - np.minimum(self.o_youngest[others], self.youngest[person]), 0)
        roles = np.bitwise_count(some[:, : self.roles]).sum(axis=1, dtype=np.int64)
        count = np.bitwise_count(windows).sum(axis=1, dtype=np.int64)
        worth = quality(self.rules.weights, count, roles, span, self._shared(others, person, size))
        if self.extras is not None:
            worth = worth + self.extras.of(others, person, self.group, size, windows)
        return np.where(valid, worth, -np.inf)

    def _nobody_alone(self, others: Rows, person: Rows, wishes: Words) -> NDArray[np.bool_]:
        if not self.has.shape[1]:
            return np.ones(len(others), dtype=bool)
        once, holds = self.o_once[others], self.holds[person]
        twice = self.o_twice[others] | once & holds
        alone = wishes[:, : self.lonely] & ~(once | holds) | wishes[:, self.lonely :] & ~twice
        return ~(alone != 0).any(axis=1)

    def _shared(self, others: Rows, person: Rows, size: NDArray[np.int16]) -> NDArray[np.int64]:
        """How many interests at least half of them hold: a byte's top bit says that its counter reached the half."""
        counters = self.o_interests[others] + self.interests[person]
        missing = (128 - (size + 1) // 2).astype(np.uint64) * np.uint64(0x0101010101010101)
        return np.bitwise_count((counters + missing[:, None]) & HIGH).sum(axis=1, dtype=np.int64)


def bits(flags: NDArray[np.bool_]) -> Words:
    """The last axis as 64-bit words, at least one."""
    width = max(1, -(-flags.shape[-1] // 64)) * 64
    whole = np.zeros((*flags.shape[:-1], width), dtype=bool)
    whole[..., : flags.shape[-1]] = flags
    return np.packbits(whole, axis=-1, bitorder="little").view(np.uint64)


def _and_nobody(words: Words) -> Words:
    return np.vstack([words, np.zeros((1, words.shape[1]), dtype=np.uint64)])


def _without_each(values: NDArray[np.generic], fold: np.ufunc, neutral: int | np.uint64) -> NDArray[np.generic]:
    """Along the second axis, for each entry the fold of all the others; and last the fold of all."""
    start = np.full((len(values), 1, *values.shape[2:]), neutral, dtype=values.dtype)
    before = fold.accumulate(np.concatenate([start, values], axis=1), axis=1)
    after = fold.accumulate(np.concatenate([values, start], axis=1)[:, ::-1], axis=1)[:, ::-1]
    found = before.copy()
    found[:, :-1] = fold(before[:, :-1], after[:, 1:])
    return found


def _less_each(values: NDArray[np.generic]) -> NDArray[np.generic]:
    """Along the second axis, for each entry the sum of all the others; and last the sum of all."""
    total = values.sum(axis=1, keepdims=True, dtype=values.dtype)
    return np.concatenate([total - values, total], axis=1)
