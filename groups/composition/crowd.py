"""What the search adds up: a line of numbers per person, and per person the same of all *others* in their group,
so that "these against those, valid and how good" is a single call on arrays."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from groups.composition.extras import Extras
from groups.composition.people import NONE, unpacked
from groups.composition.rooms import ALL, Room, Rows
from groups.composition.score import quality

YOUNG, OLD = 1000, -1000  # years of nobody: neutral under minimum and maximum
WEEK = 384  # bits of a week in six words; the last 48 stay empty
OWN = 24  # of one's own windows, where so many are looked at
WINDOWS = 8  # that a person's partners are looked for at; more of them find the same people
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
        at = np.zeros((WEEK, self.lines), dtype=bool)
        at[:, : self.n] = unpacked(room.windows).T
        at[:, self.n + 1 :] = True
        self.at = _packed_lines(at)
        self.o_at = np.ones((WEEK, self.lines), dtype=bool)
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
        def neutral(like: NDArray[Any], value: int | np.uint64 = 0) -> NDArray[Any]:
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
        self.o_at[:, target.ravel()] = unpacked(self.o_open[target.ravel(), :6]).T
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
        self.o_at[:, row] = True

    def pairs(self, person: Rows, chance: np.random.Generator, lines: NDArray[np.bool_]) -> tuple[Rows, Rows]:
        """Which of these lines each person could change places with (a group: move to), as far as hours and venues go.

        Two arrays of equal length: the place of the person in `person`, ascending, and the line.
        """
        around = unpacked(self.o_open[person, :6])
        suit = _any_of(self.at, around, WINDOWS, chance)  # who can come when the others of my group can
        own = unpacked(self.open[person, :6])
        suit &= _any_of(_packed_lines(self.o_at), own, OWN, chance)  # and whose others can when I can
        suit &= _packed_lines(lines)
        who, line = np.divmod(np.flatnonzero(unpacked(suit).view(bool)), suit.shape[1] * 64)
        places = (self.o_open[line, 6:] & self.open[person, 6:][who] != 0).any(axis=1)
        places &= (self.o_open[person, 6:][who] & self.open[line, 6:] != 0).any(axis=1)
        places &= self.group[line] != self.group[person][who]
        return who[places], line[places]

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


def _packed_lines(flags: NDArray[np.bool_]) -> Words:
    """The last axis packed into words, so that one operation asks 64 lines."""
    wide = -(-flags.shape[-1] // 64) * 64 - flags.shape[-1]
    return np.packbits(np.pad(flags, [*[(0, 0)] * (flags.ndim - 1), (0, wide)]), axis=-1, bitorder="little").view("<u8")


def _any_of(at: Words, windows: NDArray[np.uint8], most: int, chance: np.random.Generator) -> Words:
    """Per line of `windows` the lines that are there at any of them; of many windows only some, drawn by lot."""
    drawn = windows * chance.random(windows.shape, dtype=np.float32)
    count = min(most, int(windows.sum(axis=1, dtype=np.int64).max(initial=0)))
    best = np.argpartition(-drawn, count, axis=1)[:, :count] if count else np.zeros((len(windows), 0), dtype=np.int64)
    found = np.zeros((len(windows), at.shape[1]), dtype=np.uint64)
    for rank in range(count):
        window = best[:, rank]
        there = np.take_along_axis(windows, window[:, None], axis=1) > 0
        found |= np.where(there, at[window], np.uint64(0))
    return found


def _and_nobody(words: Words) -> Words:
    return np.vstack([words, np.zeros((1, words.shape[1]), dtype=np.uint64)])


def _without_each(values: NDArray[Any], fold: np.ufunc, neutral: int | np.uint64) -> NDArray[Any]:
    """Along the second axis, for each entry the fold of all the others; and last the fold of all."""
    start = np.full((len(values), 1, *values.shape[2:]), neutral, dtype=values.dtype)
    before = fold.accumulate(np.concatenate([start, values], axis=1), axis=1)
    after = fold.accumulate(np.concatenate([values, start], axis=1)[:, ::-1], axis=1)[:, ::-1]
    found = before.copy()
    found[:, :-1] = fold(before[:, :-1], after[:, 1:])
    return found


def _less_each(values: NDArray[Any]) -> NDArray[Any]:
    """Along the second axis, for each entry the sum of all the others; and last the sum of all."""
    total = values.sum(axis=1, keepdims=True, dtype=values.dtype)
    return np.concatenate([total - values, total], axis=1)
