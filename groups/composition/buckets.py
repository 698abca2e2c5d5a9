"""Buckets: a venue and a window with everybody who could meet there and then; and the closure, which strikes from them,
again and again, everyone who provably fits nowhere."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from groups.composition.pace import Each, at_once
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


Crowds = Mapping[tuple[int, int], Sequence[int]]  # the units by venue and window


def crowds(units: Sequence[Unit], each: Each = at_once) -> Crowds:
    """For every venue and window: all units that can do both, locked or not."""
    found: dict[tuple[int, int], list[int]] = {}
    for number, unit in enumerate(each(units)):
        windows = slots_of(unit.starts)
        for venue in slots_of(unit.places):
            for window in windows:
                found.setdefault((venue, window), []).append(number)
    return found


def raw_buckets(units: Sequence[Unit], rules: Rules, there: Crowds, each: Each = at_once) -> list[Bucket]:
    """The free units of each crowd, kept if they are enough people for one group."""
    shut = {number for number, unit in enumerate(units) if unit.lock != NONE or unit.size > rules.size_max}
    free = (
        Bucket(venue, window, tuple(number for number in here if number not in shut) if shut else tuple(here))
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
    where: dict[int, list[int]] = {}
    for index, bucket in enumerate(each(buckets)):
        for number in bucket.units:
            where.setdefault(number, []).append(index)
    people = [frozenset(bucket.units) for bucket in buckets]

    def dominated(index: int) -> bool:
        mine = people[index]
        rarest = min(buckets[index].units, key=lambda number: len(where[number]))
        others = (other for other in where[rarest] if other != index and mine <= people[other])
        return any(len(people[other]) > len(mine) or other < index for other in others)

    return [bucket for index, bucket in enumerate(each(buckets)) if not dominated(index)]


class Closure:
    """Strikes until nothing changes; whoever is struck has a proven reason. `closed` holds the buckets that remain."""

    def __init__(self, units: Sequence[Unit], rules: Rules, buckets: Iterable[Bucket], each: Each = at_once) -> None:
        self.units, self.rules = units, rules
        self.needs = {number: needs for number, unit in enumerate(each(units)) if (needs := unit.needs)}
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
        members = dict.fromkeys(bucket.units)
        wishers = [number for number in bucket.units if number in self.needs]
        while lost := [number for number in wishers if number in members and self.lonely_in(number, members)]:
            for number in lost:
                del members[number]
        lost_locked = bucket.lock != NONE and any(
            number not in members for number in bucket.units if self.units[number].lock != NONE
        )
        if lost_locked or not self.enough(members):
            return None
        return bucket if len(members) == len(bucket.units) else replace(bucket, units=tuple(members))

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
