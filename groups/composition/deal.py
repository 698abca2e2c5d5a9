"""To deal: cut the people chosen for a bucket into groups that keep every rule."""

import random
from collections.abc import Sequence
from dataclasses import replace

from groups.composition.buckets import Bucket, Closure, people_in
from groups.composition.pace import Pace
from groups.composition.people import NONE
from groups.composition.program import Infeasible, Program, Unsolved
from groups.composition.rules import Rules
from groups.composition.units import EVERYWHERE, Table, Unit

SHUFFLES = 200
EXACT_SECONDS = 5.0


class Undealt(Exception):
    """These people cannot be dealt; `proven` says that no dealing exists, `tables` holds the most that was seated."""

    def __init__(self, tables: list[Table], *, proven: bool) -> None:
        super().__init__()
        self.tables, self.proven = tables, proven


class Dealer:
    """Deals one bucket after another, by shuffling first and by a small exact program where shuffling fails."""

    def __init__(self, units: Sequence[Unit], rules: Rules, closure: Closure, pace: Pace, seed: int) -> None:
        self.units, self.rules, self.closure, self.pace, self.seed = units, rules, closure, pace, seed
        self.chance = random.Random(seed)  # noqa: S311 - repeatable on purpose

    def deal(self, bucket: Bucket, chosen: Sequence[int], groups: int) -> list[Table]:
        """Groups that seat exactly these units, about this many. Raises Undealt."""
        if not chosen:
            return []
        people = people_in(self.units, chosen)
        fewest, most = -(-people // self.rules.size_max), people // self.rules.size_min
        if bucket.lock != NONE:
            fewest = most = 1
        for number in sorted(range(fewest, most + 1), key=lambda n: (n != groups, n)):
            tables = self._shuffled(bucket, chosen, number)
            if tables is not None:
                return tables
        return self._exact(bucket, chosen, most)

    def _shuffled(self, bucket: Bucket, chosen: Sequence[int], groups: int) -> list[Table] | None:
        for attempt in range(SHUFFLES if groups > 1 else 1):
            if attempt and self.pace.over(0.8):
                return None
            tables = self._attempt(bucket, chosen, groups)
            if tables is not None and all(table.valid() for table in tables):
                return tables
        return None

    def _attempt(self, bucket: Bucket, chosen: Sequence[int], groups: int) -> list[Table] | None:
        tables = [self._empty(bucket) for _ in range(groups)]
        left = self._order(chosen)
        while left:
            number = left.pop(0)
            table = min((t for t in tables if t.fits(number)), key=lambda t: t.size, default=None)
            if table is None:
                return None
            table.add(number)
            for value in table.wanting():
                partner = next((n for n in left if self.units[n].holds.get(value) and table.fits(n)), None)
                if partner is not None:
                    table.add(partner)
                    left.remove(partner)
        return tables

    def _order(self, chosen: Sequence[int]) -> list[int]:
        """Wishes first, then large units and large companies, each kind shuffled."""
        staff: dict[int, int] = {}
        for number in chosen:
            for code in self.units[number].companies:
                staff[code] = staff.get(code, 0) + 1
        order = list(chosen)
        self.chance.shuffle(order)
        return sorted(order, key=lambda n: self._ease(n, staff))

    def _ease(self, number: int, staff: dict[int, int]) -> tuple[bool, int, int]:
        unit = self.units[number]
        return not unit.needs, -unit.size, -max((staff[code] for code in unit.companies), default=0)

    def _empty(self, bucket: Bucket) -> Table:
        if bucket.lock == NONE:
            return Table(self.units, self.rules, EVERYWHERE, EVERYWHERE)
        table = Table(self.units, self.rules, 1 << bucket.window, 1 << bucket.venue)
        table.lock = bucket.lock
        return table

    def _exact(self, bucket: Bucket, chosen: Sequence[int], most: int) -> list[Table]:
        """Each group a bucket of its own: with one group per bucket the rows of the program are the rules."""
        single = replace(bucket, units=tuple(chosen), most=1)
        program = Program(self.units, self.rules, self.closure, [single] * most)
        objective = program.weights(lambda unit: unit.size)
        seconds = min(EXACT_SECONDS, self.pace.placement_left())
        try:
            found = program.solve(objective, seconds, seed=self.seed, cancelled=self.pace.cancelled)
        except (Infeasible, Unsolved) as nothing:
            raise Undealt([], proven=isinstance(nothing, Infeasible)) from nothing
        tables = []
        for seated in found.chosen:
            if seated:
                table = self._empty(bucket)
                for number in seated:
                    table.add(number)
                tables.append(table)
        if sum(table.size for table in tables) < people_in(self.units, chosen):
            raise Undealt(tables, proven=found.best)
        return tables
