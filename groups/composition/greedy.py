"""Greedy, hardest first: a good first composition for pools of any size, and the whole answer without HiGHS."""

import random
from collections.abc import Iterable, Iterator, Sequence

from groups.composition.buckets import Bucket
from groups.composition.pace import Each, Pace, at_once
from groups.composition.people import NONE
from groups.composition.rules import Rules
from groups.composition.units import EVERYWHERE, Table, Unit

TRIES = 12  # buckets tried for the hardest person before the next one is looked at
CROWD = 200  # companions beyond which a window is not easier still


class Greedy:
    """The free people by hardness (few companions at few windows is hard) and the tables seated so far."""

    def __init__(self, units: Sequence[Unit], rules: Rules, buckets: Sequence[Bucket], each: Each = at_once) -> None:
        self.units, self.rules, self.buckets = units, rules, buckets
        self.tables: list[Table] = []
        self.of: dict[int, list[int]] = {}
        for index, bucket in enumerate(each(buckets)):
            for number in bucket.units:
                self.of.setdefault(number, []).append(index)
        crowd = [min(len(bucket.units), CROWD) for bucket in buckets]
        self.hardness = {number: 1 / sum(crowd[index] for index in mine) for number, mine in each(self.of.items())}
        self.order = {
            number: place for place, number in enumerate(sorted(self.of, key=lambda n: (-self.hardness[n], n)))
        }
        self.ranked: list[list[int]] = [[] for _ in buckets]
        for number in self.order:
            for index in self.of[number]:
                self.ranked[index].append(number)
        self.queue = list(self.ranked)
        self.free = set(self.of)
        self.sum = [sum(map(self.hardness.__getitem__, bucket.units)) for bucket in each(buckets)]
        self.count = [len(bucket.units) for bucket in buckets]

    def run(self, pace: Pace) -> list[Table]:
        """Locks first, then a table for the hardest free person, again and again."""
        locks: dict[int, list[int]] = {}
        for index, bucket in enumerate(self.buckets):
            if bucket.lock != NONE:
                locks.setdefault(bucket.lock, []).append(index)
        for options in locks.values():
            self._seat_first(self._locked(index) for index in options)
        for number in sorted(self.free, key=self.order.__getitem__):
            if number in self.free and self.units[number].lock == NONE:
                if pace.over(0.8):
                    break
                self._seat_first(self._around(number, index) for index in self._best_buckets(number))
        return self.tables

    def again(self, tables: list[Table], chance: random.Random, pace: Pace) -> list[Table]:
        """These tables stay; new ones are made of the free people, taken roughly in the order of hardness."""
        self.tables, self.queue = tables, list(self.ranked)
        seated = {number for table in tables for number in table.members}
        self.release(self.free & seated, -1)
        self.release(self.of.keys() - self.free - seated)
        haste = {number: place * chance.uniform(0.5, 1.5) for number, place in self.order.items()}
        for number in sorted(self.free, key=lambda n: (haste[n], n)):
            if number in self.free and self.units[number].lock == NONE:
                self._seat_first(self._around(number, index) for index in self._best_buckets(number))
        insert(self.tables, sorted(self.free), pace)
        return self.tables

    def _seat_first(self, tables: Iterable[Table]) -> None:
        for table in tables:
            if table.valid():
                self.tables.append(table)
                self.release(table.members, -1)
                return

    def release(self, numbers: Iterable[int], sign: int = 1) -> None:
        """These units are free again (or, with -1, no longer)."""
        for number in numbers:
            (self.free.add if sign > 0 else self.free.discard)(number)
            for index in self.of[number]:
                self.sum[index] += sign * self.hardness[number]
                self.count[index] += sign

    def _best_buckets(self, number: int) -> list[int]:
        """Where the free people are hardest on average; fewer than twelve are discounted."""
        open_here = [i for i in self.of[number] if self.count[i] and self.buckets[i].lock == NONE]
        worth = {i: self.sum[i] / self.count[i] * min(1.0, self.count[i] / 12) for i in open_here}
        return sorted(open_here, key=lambda i: (-worth[i], i))[:TRIES]

    def _locked(self, index: int) -> Table:
        bucket = self.buckets[index]
        table = Table(self.units, self.rules, 1 << bucket.window, 1 << bucket.venue)
        table.lock = bucket.lock
        for number in bucket.units:
            if self.units[number].lock == bucket.lock:
                table.add(number)
        return self._filled(table, index, self.rules.size_min)

    def _around(self, number: int, index: int) -> Table:
        people = self.count[index]
        even = -(-people // -(-people // self.rules.size_max))  # two thin groups rather than a full one and a rest
        size = even if people < 3 * self.rules.size_max else self.rules.size_max
        table = Table(self.units, self.rules, EVERYWHERE, EVERYWHERE, (number,))
        return self._filled(table, index, max(size, self.rules.size_min))

    def _queued(self, index: int) -> Iterator[int]:
        """The free units of a bucket, hardest first. Those seated are struck from its list only now and then."""
        if len(self.queue[index]) > 2 * self.count[index]:
            self.queue[index] = [number for number in self.queue[index] if number in self.free]
        return (number for number in self.queue[index] if number in self.free)

    def _filled(self, table: Table, index: int, size: int) -> Table:
        """Partners for wishes first, then the hardest others whose own wishes hold there."""
        while (wanting := table.wanting()) or table.willing < self.rules.willing_min:
            helpers = (
                number
                for number in self._queued(index)
                if (self.units[number].holds.get(wanting[0]) if wanting else self.units[number].willing)
                and number not in table.members
                and table.fits(number)
            )
            helper = next(helpers, None)
            if helper is None:
                return table
            table.add(helper)
        for number in self._queued(index):
            if table.size >= size:
                break
            if number not in table.members and table.fits(number) and table.content_with(number):
                table.add(number)
        return table


def rebuild(greedy: Greedy, tables: list[Table], pace: Pace, seed: int) -> list[Table]:
    """Dissolve a few groups and make new ones of everybody free, again and again; never fewer people than before."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    people = sum(greedy.units[number].size for number in greedy.of)
    for _ in range(min(700, max(20, 30_000 // max(people, 1)))):
        if pace.over(0.8) or sum(table.size for table in tables) == people:
            break
        loose = [table for table in tables if table.lock == NONE]
        gone = chance.sample(loose, min(len(loose), chance.randint(2, 6)))
        rest = [copy for table in tables if table not in gone and (copy := table.with_()) is not None]
        made = greedy.again(rest, chance, pace)
        if sum(table.size for table in made) >= sum(table.size for table in tables):
            tables = made
    return tables


def insert(tables: list[Table], waiting: Iterable[int], pace: Pace) -> list[int]:
    """Seat whoever fits at a table as it is. Returns those who still wait."""
    left = []
    room = [table for table in tables if not table.full]  # of many thousands a few
    for number in waiting:
        if pace.over():
            left.append(number)
            continue
        table = next((t for t in room if t.fits(number) and t.content_with(number)), None)
        if table is None:
            left.append(number)
            continue
        table.add(number)
        if table.full:
            room.remove(table)
    return left


def eject(tables: list[Table], waiting: Iterable[int], pace: Pace) -> list[int]:
    """Seat who waits in the place of somebody who can move on to another table. Returns those who still wait."""
    left = []
    for number in waiting:
        if pace.over(0.8) or not _displaced(tables, number):
            left.append(number)
    return left


def _displaced(tables: list[Table], number: int) -> bool:
    """Look for a table that is valid with this unit instead of a member, and another one that takes the member."""
    for index, table in enumerate(tables):
        for leaver in table.members:
            if table.units[leaver].lock != NONE:
                continue
            changed = table.with_(number, without=leaver)
            if changed is None or not changed.valid():
                continue
            onward = next((t for t in tables if t is not table and t.fits(leaver) and t.content_with(leaver)), None)
            if onward is not None:
                onward.add(leaver)
                tables[index] = changed
                return True
    return False
