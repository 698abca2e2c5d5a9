"""Buckets: a venue and a window with everybody who could meet there and then; and the closure, which strikes from them,
again and again, everyone who provably fits nowhere."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain, groupby
from operator import or_

import numpy as np

from groups.composition.pace import Each, at_once
from groups.composition.people import NONE, Problem, Roster, packed, slots_of, unpacked
from groups.composition.rules import WEEK, Rules
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


Crowds = Mapping[tuple[int, int], tuple[int, ...]]  # the units by venue and window


def crowds(units: Sequence[Unit], each: Each = at_once) -> Crowds:
    """For every venue and window: all units that can do both, locked or not."""
    same: dict[int, list[int]] = {}  # the units by where they can meet
    starts = []
    for number, unit in enumerate(each(units)):
        same.setdefault(unit.places, []).append(number)
        starts.append(unit.starts)
    at = unpacked(packed(starts)).T.astype(bool, order="C")  # by window, so that each is read in one go
    found: dict[tuple[int, int], tuple[int, ...]] = {}
    for venue in slots_of(reduce(or_, same, 0)):
        here = np.array(sorted(chain.from_iterable(same[mask] for mask in same if mask >> venue & 1)))
        window, place = np.nonzero(at[:, here])
        numbers, ends = tuple(here[place].tolist()), np.searchsorted(window, np.arange(WEEK + 1)).tolist()
        found.update(((venue, t), numbers[ends[t] : ends[t + 1]]) for t in range(WEEK) if ends[t] < ends[t + 1])
    return found


def raw_buckets(units: Sequence[Unit], rules: Rules, there: Crowds, each: Each = at_once) -> list[Bucket]:
    """The free units of each crowd, kept if they are enough people for one group."""
    shut = {number for number, unit in enumerate(units) if unit.lock != NONE or unit.size > rules.size_max}
    free = (
        Bucket(venue, window, tuple(number for number in here if number not in shut) if shut else here)
        for (venue, window), here in each(sorted(there.items()))
    )
    least = rules.size_min
    return [b for b in free if len(b.units) >= least or people_in(units, b.units) >= least]


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


def undominated(buckets: Sequence[Bucket], each: Each = at_once) -> list[Bucket]:
    """Without each bucket whose people all are in another one of its venue: its groups can as well sit there."""
    kept: list[Bucket] = []
    for _, here in groupby(sorted(buckets, key=lambda bucket: bucket.venue), key=lambda bucket: bucket.venue):
        kept.extend(_widest(list(here), each))
    return kept


def _widest(buckets: list[Bucket], each: Each) -> list[Bucket]:
    """Whoever is in fewest buckets decides where a wider one could be."""
    seen: Counter[int] = Counter()
    for bucket in each(buckets):
        seen.update(bucket.units)
    people = [frozenset(bucket.units) for bucket in buckets]

    def dominated(index: int) -> bool:
        mine = people[index]
        rarest = min(buckets[index].units, key=seen.__getitem__)
        if seen[rarest] == 1:
            return False
        wider = (other for other, theirs in enumerate(people) if rarest in theirs and mine <= theirs)
        return any(len(people[other]) > len(mine) or other < index for other in wider)

    return [bucket for index, bucket in enumerate(each(buckets)) if not dominated(index)]


class Closure:
    """Strikes until nothing changes; whoever is struck has a proven reason. `closed` holds the buckets that remain."""

    def __init__(self, units: Sequence[Unit], rules: Rules, buckets: Iterable[Bucket], each: Each = at_once) -> None:
        self.units, self.rules = units, rules
        self.needs = {number: needs for number, unit in enumerate(each(units)) if (needs := unit.needs)}
        self.holders = {number for number, unit in enumerate(units) if unit.holds}
        shrunk = (self.close(bucket) for bucket in each(buckets))
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

    def partners_of(self, number: int, value: int, among: Iterable[int]) -> Iterator[int]:
        """Of these the other units with a holder of the value that may share a group with this one."""
        one, units = self.units[number], self.units
        for other in among:
            if other != number and value in units[other].holds and compatible(self.rules, one, units[other], other):
                yield other

    def close(self, bucket: Bucket) -> Bucket | None:
        """The bucket without the units that cannot sit in it; None if too few remain for one group."""
        wishers = [number for number in bucket.units if number in self.needs]
        holders = [number for number in bucket.units if number in self.holders] if wishers else []
        gone: set[int] = set()
        while lost := [number for number in wishers if number not in gone and self.lonely_in(number, holders)]:
            gone.update(lost)
            holders = [number for number in holders if number not in gone]
        lost_locked = bucket.lock != NONE and any(self.units[number].lock != NONE for number in gone)
        members = tuple(number for number in bucket.units if number not in gone) if gone else bucket.units
        if lost_locked or not self.enough(members):
            return None
        return replace(bucket, units=members) if gone else bucket

    def lonely_in(self, number: int, members: Iterable[int]) -> bool:
        """Whether a wish of this unit finds no compatible partner among these."""
        return any(next(self.partners_of(number, v, members), None) is None for v in self.needs.get(number, ()))

    def enough(self, members: Iterable[int]) -> bool:
        """Whether these could fill one group, counting each company up to its limit, and enough would facilitate."""
        seats, willing = 0, 0
        companies: dict[int, int] = {}
        for number in members:
            unit = self.units[number]
            seats += unit.size
            for code, n in unit.companies.items():
                before = companies.get(code, 0)
                companies[code] = before + n
                seats -= max(0, before + n - max(before, self.rules.max_per_company))
            willing += unit.willing
            if seats >= self.rules.size_min and willing >= self.rules.willing_min:
                return True
        return False


def seats_by_company(units: Iterable[Unit], rules: Rules) -> int:
    """How many of these people one group could take if only the company rule counted."""
    people = 0
    companies: dict[int, int] = {}
    for unit in units:
        people += unit.size
        for code, n in unit.companies.items():
            companies[code] = companies.get(code, 0) + n
    return people - sum(n - rules.max_per_company for n in companies.values() if n > rules.max_per_company)


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
