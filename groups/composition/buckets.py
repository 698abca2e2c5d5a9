"""Buckets: a venue and a window with everybody who could meet there and then; and the closure, which strikes from them,
again and again, everyone who provably fits nowhere."""

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

from groups.composition.people import NONE, Problem, Roster, slots_of
from groups.composition.rules import Rules
from groups.composition.units import Table, Unit, compatible


@dataclass(frozen=True, slots=True)
class Bucket:
    """Units that can all meet at this venue and window. A lock has its own, a draft group private copies."""

    venue: int
    window: int
    units: tuple[int, ...]
    lock: int = NONE
    stays: int = NONE
    most: int | None = None  # groups that may open here, where it is fewer than the people allow


def raw_buckets(units: Sequence[Unit], rules: Rules) -> list[Bucket]:
    """For every venue and window: all free units that can do both, kept if they are enough people for one group."""
    there: dict[tuple[int, int], list[int]] = {}
    for number, unit in enumerate(units):
        if unit.lock != NONE or unit.size > rules.size_max:
            continue
        windows = slots_of(unit.starts)
        for venue in slots_of(unit.places):
            for window in windows:
                there.setdefault((venue, window), []).append(number)
    return [
        Bucket(venue, window, tuple(members))
        for (venue, window), members in sorted(there.items())
        if sum(units[number].size for number in members) >= rules.size_min
    ]


def lock_buckets(problem: Problem, roster: Roster, units: Sequence[Unit]) -> list[Bucket]:
    """A bucket for each lock, and each cadence its members share: the members and every unit that can join them."""
    found = []
    for number, lock in enumerate(problem.locked):
        fixed = tuple(index for index, unit in enumerate(units) if unit.lock == number)
        here = [i for i, v in enumerate(roster.venues) if (v.mode, v.metro) == (lock.mode, lock.metro)]
        for venue in here:
            table = Table(units, problem.rules, 1 << lock.window, 1 << venue, fixed)
            if table.places and table.starts:
                free = (index for index, unit in enumerate(units) if unit.lock == NONE and table.fits(index))
                found.append(Bucket(venue, lock.window, (*fixed, *free), lock=number))
    return found


def undominated(buckets: Sequence[Bucket], count: int) -> list[Bucket]:
    """Without each bucket whose people all are in another one of its venue: its groups can as well sit there."""
    kept: list[Bucket] = []
    for venue in sorted({bucket.venue for bucket in buckets}):
        kept.extend(_widest([bucket for bucket in buckets if bucket.venue == venue], count))
    return kept


def _widest(buckets: list[Bucket], count: int) -> list[Bucket]:
    seats = np.zeros((len(buckets), count), dtype=np.float32)
    for index, bucket in enumerate(buckets):
        seats[index, list(bucket.units)] = 1
    seats = seats[:, seats.any(axis=0)]
    size = seats.sum(axis=1)
    within = seats @ seats.T == size[:, None]  # row within column
    order = np.arange(len(buckets))
    wider = (size[None, :] > size[:, None]) | ((size[None, :] == size[:, None]) & (order[None, :] < order[:, None]))
    dominated = (within & wider).any(axis=1)
    return [bucket for bucket, out in zip(buckets, dominated, strict=True) if not out]


class Closure:
    """Strikes until nothing changes; whoever is struck has a proven reason. `closed` holds the buckets that remain."""

    def __init__(self, units: Sequence[Unit], rules: Rules, buckets: Iterable[Bucket]) -> None:
        self.units, self.rules = units, rules
        self.partners: dict[tuple[int, int], frozenset[int]] = {}
        self.holders: dict[int, list[int]] = {}
        for number, unit in enumerate(units):
            for value in unit.holds:
                self.holders.setdefault(value, []).append(number)
        shrunk = (self.close(bucket) for bucket in buckets)
        self.closed = [bucket for bucket in shrunk if bucket is not None]
        self.alive = frozenset(number for bucket in self.closed for number in bucket.units)

    @property
    def bound(self) -> int:
        """The people not struck: no composition places more."""
        return sum(self.units[number].size for number in self.alive)

    @property
    def free(self) -> int:
        """Those of them whom no lock holds: how large the program will be."""
        return sum(self.units[number].size for number in self.alive if self.units[number].lock == NONE)

    def partners_of(self, number: int, value: int) -> frozenset[int]:
        """The other units with a holder of the value that may share a group with this one."""
        key = number, value
        if key not in self.partners:
            one = self.units[number]
            self.partners[key] = frozenset(
                other
                for other in self.holders.get(value, ())
                if other != number and compatible(self.rules, one, self.units[other], other)
            )
        return self.partners[key]

    def close(self, bucket: Bucket) -> Bucket | None:
        """The bucket without the units that cannot sit in it; None if too few remain for one group."""
        members = set(bucket.units)
        wishers = [number for number in bucket.units if self.units[number].needs]
        while lost := [number for number in wishers if number in members and self.lonely_in(number, members)]:
            members.difference_update(lost)
        fixed = {number for number in bucket.units if self.units[number].lock != NONE}
        if not self.enough(members) or not fixed <= members:
            return None
        return replace(bucket, units=tuple(number for number in bucket.units if number in members))

    def lonely_in(self, number: int, members: Set[int]) -> bool:
        """Whether a wish of this unit finds no compatible partner among these."""
        return any(members.isdisjoint(self.partners_of(number, value)) for value in self.units[number].needs)

    def enough(self, members: Iterable[int]) -> bool:
        """Whether these could fill one group, counting each company up to its limit, and enough would facilitate."""
        here = [self.units[number] for number in members]
        willing = sum(unit.willing for unit in here)
        return willing >= self.rules.willing_min and seats_by_company(here, self.rules) >= self.rules.size_min


def seats_by_company(units: Iterable[Unit], rules: Rules) -> int:
    """How many of these people one group could take if only the company rule counted."""
    free = 0
    companies: Counter[int] = Counter()
    for unit in units:
        free += unit.size - sum(unit.companies.values())
        companies.update(unit.companies)
    return free + sum(min(n, rules.max_per_company) for n in companies.values())


def copies_for_draft(
    problem: Problem, roster: Roster, units: Sequence[Unit], buckets: Sequence[Bucket]
) -> list[Bucket]:
    """For each group of the current draft a private copy of every bucket that holds one of those who remain of it."""
    home = {row: number for number, unit in enumerate(units) for row in unit.rows}
    copies: list[Bucket] = []
    for stays, group in enumerate(problem.draft):
        remain = {home[roster.row[name]] for name in group.members if name in roster.row}
        copies.extend(
            replace(bucket, stays=stays, most=1)
            for bucket in buckets
            if bucket.lock == NONE and not remain.isdisjoint(bucket.units)
        )
    return copies


def people_in(units: Sequence[Unit], numbers: Iterable[int]) -> int:
    """How many people these units are."""
    return sum(units[number].size for number in numbers)
