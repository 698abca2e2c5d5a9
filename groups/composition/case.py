"""A problem made ready to be solved and explained: rows, units, buckets and who is struck from them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from groups.composition.buckets import Bucket, Closure, lock_buckets, raw_buckets, undominated
from groups.composition.people import NONE, Problem, encode
from groups.composition.units import Table, seat_units

Progress = Callable[[str, int, int], None]  # stage, placed, bound


class Case:
    """One sound problem with everything that follows from it before any choice is made."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.rules = problem, problem.rules
        self.roster = encode(problem)
        self.units = seat_units(problem, self.roster)
        self.raw = raw_buckets(self.units, self.rules)
        self.locks = lock_buckets(problem, self.roster, self.units)

    @cached_property
    def closure(self) -> Closure:
        """Who is left after striking, lock buckets first."""
        return Closure(self.units, self.rules, [*self.locks, *undominated(self.raw)])

    @property
    def buckets(self) -> Sequence[Bucket]:
        """The buckets that remain."""
        return self.closure.closed

    @cached_property
    def unit_of(self) -> dict[str, int]:
        """Whose unit is which."""
        return {self.roster.ids[row]: number for number, unit in enumerate(self.units) for row in unit.rows}

    def names(self, table: Table) -> tuple[str, ...]:
        """The ids at a table, sorted."""
        return tuple(sorted(self.roster.ids[row] for number in table.members for row in self.units[number].rows))

    def waiting(self, tables: Sequence[Table]) -> list[int]:
        """The units at no table, those skipped most often first, then in the fair order of the roster."""
        seated = {number for table in tables for number in table.members}
        free = [n for n, unit in enumerate(self.units) if n not in seated and unit.lock == NONE]
        return sorted(free, key=lambda n: (-self.units[n].skipped / self.units[n].size, n))


@dataclass(slots=True)
class Placement:
    """The tables, and what is known about how many could be seated at most."""

    tables: list[Table]
    bound: int
    source: str
    stages: dict[str, bool] = field(default_factory=dict)
    variant: Callable[[int], list[Table] | None] | None = None  # other tables for a seed, as good in every stage

    @property
    def placed(self) -> int:
        """How many people are seated."""
        return sum(table.size for table in self.tables)


def open_locks(case: Case, tables: Sequence[Table]) -> tuple[int, ...]:
    """The locks that none of these tables keeps."""
    kept = {table.lock for table in tables}
    return tuple(number for number in range(len(case.problem.locked)) if number not in kept)
