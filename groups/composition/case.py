"""A problem made ready to be solved and explained: rows, units, buckets and who is struck from them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from groups.composition.buckets import Bucket, Closure, Crowds, crowds, lock_buckets, raw_buckets, undominated
from groups.composition.pace import Each, at_once
from groups.composition.people import NONE, Problem, encode
from groups.composition.units import Table, seat_units

Progress = Callable[[str, int, int], None]  # stage, placed, bound


class Case:
    """One sound problem, and what follows from it before any choice is made. `each` goes over whatever is long."""

    def __init__(self, problem: Problem, each: Each = at_once) -> None:
        self.problem, self.rules, self.each = problem, problem.rules, each
        self.roster = encode(problem, each)
        self.units = seat_units(problem, self.roster, each)

    @cached_property
    def there(self) -> Crowds:
        """Everybody, locked or not, by venue and window."""
        return crowds(self.units, self.each)

    @cached_property
    def raw(self) -> list[Bucket]:
        """Every bucket of people whom no lock holds."""
        return raw_buckets(self.units, self.rules, self.there, self.each)

    @cached_property
    def locks(self) -> list[Bucket]:
        """The buckets of the locks."""
        return lock_buckets(self.problem, self.roster, self.units)

    @cached_property
    def closure(self) -> Closure:
        """Who is left after striking, lock buckets first."""
        return Closure(self.units, self.rules, [*self.locks, *undominated(self.raw, self.each)], self.each)

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
