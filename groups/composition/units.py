"""Units: a person, or people who must stay together, seen as one; and a table that units sit down at, rule by rule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from groups.composition.pace import Each, at_once
from groups.composition.people import NONE, Problem, Roster
from groups.composition.rules import Rules

NOTHING: frozenset[int] = frozenset()
EVERYWHERE = -1  # as a mask: every window, every venue


@dataclass(frozen=True, slots=True)
class Unit:
    """One person, or a together set with its hours and modes intersected. `size` is how many people it is.

    `lonely` are wishes whose owner lacks the value (one holder is needed), `paired` those whose owner holds it (two).
    """

    rows: tuple[int, ...]
    size: int
    starts: int
    places: int
    companies: Mapping[int, int]
    holds: Mapping[int, int]
    lonely: frozenset[int]
    paired: frozenset[int]
    willing: int
    skipped: int
    apart: frozenset[int]
    lock: int = NONE

    @property
    def needs(self) -> frozenset[int]:
        """The values of which somebody else must be a holder for this unit to be content."""
        if not (self.lonely or self.paired):
            return NOTHING  # as for most
        return frozenset(v for v in self.lonely | self.paired if self.holds.get(v, 0) < 1 + (v in self.paired))


def merged(sets: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Together sets that share a person are one set. Sorted by their first member."""
    joined: list[set[str]] = []
    for members in sets:
        touching = [other for other in joined if other & members]
        joined = [other for other in joined if not other & members]
        joined.append(set(members).union(*touching))
    return [frozenset(members) for members in sorted(joined, key=sorted)]


def seat_units(problem: Problem, roster: Roster, each: Each = at_once) -> tuple[Unit, ...]:
    """Everybody in exactly one unit, in the order of the roster. A unit with one locked member is locked as a whole."""
    sets = {name: members for members in merged(problem.together) for name in members}
    lock_of = {roster.row[name]: number for number, lock in enumerate(problem.locked) for name in lock.members}
    parties: list[tuple[int, ...]] = []
    for index, name in enumerate(each(roster.ids)):
        rows = tuple(sorted(roster.row[other] for other in sets[name])) if name in sets else (index,)
        if rows[0] == index:
            parties.append(rows)
    unit_of = {index: number for number, rows in enumerate(parties) for index in rows}
    company = roster.company.tolist()
    return tuple(_unit(roster, rows, company, unit_of, lock_of) for rows in each(parties))


def _unit(
    roster: Roster,
    rows: tuple[int, ...],
    company: Sequence[int],
    unit_of: Mapping[int, int],
    lock_of: Mapping[int, int],
) -> Unit:
    """One loop and plain dictionaries: there is one of these for everybody."""
    starts = places = EVERYWHERE
    companies: dict[int, int] = {}
    holds: dict[int, int] = {}
    lonely, paired = NOTHING, NOTHING
    apart = NOTHING
    willing = skipped = 0
    lock = NONE
    for row in rows:
        person, own = roster.people[row], roster.holds[row]
        starts &= roster.starts[row]
        places &= roster.places[row]
        if (code := company[row]) != NONE:
            companies[code] = companies.get(code, 0) + 1
        for value in own:
            holds[value] = holds.get(value, 0) + 1
        if wishes := roster.wishes[row]:
            lonely |= NOTHING.union(wishes).difference(own)
            paired |= NOTHING.union(wishes).intersection(own)
        if foes := roster.apart.get(row):
            apart |= {unit_of[other] for other in foes}
        if lock == NONE:
            lock = lock_of.get(row, NONE)
        willing += person.willing
        skipped += min(person.skipped_before, 3)
    return Unit(rows, len(rows), starts, places, companies, holds, lonely, paired, willing, skipped, apart, lock)


class Table:
    """A group in the making: which units sit there, and what they leave possible for others."""

    __slots__ = (
        "apart",
        "companies",
        "frame",
        "holds",
        "lock",
        "members",
        "places",
        "rules",
        "size",
        "starts",
        "units",
        "willing",
        "wishes",
    )

    def __init__(
        self, units: Sequence[Unit], rules: Rules, starts: int, places: int, members: Iterable[int] = ()
    ) -> None:
        self.units, self.rules = units, rules
        self.starts, self.places = self.frame = starts, places
        self.members: list[int] = []
        self.size = self.willing = 0
        self.lock = NONE
        self.companies: dict[int, int] = {}  # plain dictionaries: a Counter asks a method for what it does not hold
        self.holds: dict[int, int] = {}
        self.wishes: dict[tuple[int, int], int] = {}
        self.apart: dict[int, int] = {}
        for number in members:
            self.add(number)

    @property
    def full(self) -> bool:
        """Whether nobody at all can sit down here."""
        return self.size >= self.rules.size_max

    def fits(self, number: int) -> bool:
        """Whether this unit can sit down: room, hour, place, company limit, keep-apart; not the wishes."""
        unit = self.units[number]
        return (
            self.size + unit.size <= self.rules.size_max
            and self.starts & unit.starts != 0
            and self.places & unit.places != 0
            and self.takes(number)
        )

    def takes(self, number: int) -> bool:
        """Whether company limit and keep-apart allow this unit here."""
        if self.apart.get(number):
            return False
        limit, staff = self.rules.max_per_company, self.companies
        return all(staff.get(code, 0) + n <= limit for code, n in self.units[number].companies.items())

    def add(self, number: int) -> None:
        """Seat a unit that fits."""
        unit = self.units[number]
        self._count(unit, 1)
        self.members.append(number)
        self.starts &= unit.starts
        self.places &= unit.places

    def _count(self, unit: Unit, sign: int) -> None:
        self.size += sign * unit.size
        self.willing += sign * unit.willing
        for code, n in unit.companies.items():
            self.companies[code] = self.companies.get(code, 0) + sign * n
        for value, n in unit.holds.items():
            self.holds[value] = self.holds.get(value, 0) + sign * n
        for value in unit.lonely:
            self.wishes[value, 1] = self.wishes.get((value, 1), 0) + sign
        for value in unit.paired:
            self.wishes[value, 2] = self.wishes.get((value, 2), 0) + sign
        for other in unit.apart:
            self.apart[other] = self.apart.get(other, 0) + sign

    def wanting(self) -> list[int]:
        """The values of which one more holder is needed."""
        return sorted({value for (value, least), n in self.wishes.items() if n and self.holds.get(value, 0) < least})

    def valid(self) -> bool:
        """Whether the table could be a group as it is."""
        return self.size >= self.rules.size_min and self.willing >= self.rules.willing_min and not self.wanting()

    def valid_without(self, number: int) -> bool:
        """Whether it could still be a group if this member left."""
        self._count(self.units[number], -1)
        try:
            return self.valid()
        finally:
            self._count(self.units[number], 1)

    def content_with(self, number: int) -> bool:
        """Whether every wish would hold once this unit has sat down."""
        unit = self.units[number]
        need, here = unit.lonely | unit.paired, self.holds
        met = all(here.get(v, 0) >= 1 + (v in unit.paired) - unit.holds.get(v, 0) for v in need)
        return met and all(unit.holds.get(value, 0) > 0 for value in self.wanting())

    def with_(self, *more: int, without: int = NONE) -> "Table | None":
        """Another table with these units more and one less; None where somebody does not fit."""
        other = self._copy() if without == NONE else self._without(without)
        for number in more:
            if not other.fits(number):
                return None
            other.add(number)
        return other

    def _copy(self) -> "Table":
        other = Table.__new__(Table)  # nothing made that would be replaced: sets of people are tried by the thousand
        other.units, other.rules, other.starts, other.places = self.units, self.rules, self.starts, self.places
        other.frame, other.lock, other.members = self.frame, self.lock, self.members.copy()
        other.size, other.willing = self.size, self.willing
        other.companies, other.holds = self.companies.copy(), self.holds.copy()
        other.wishes, other.apart = self.wishes.copy(), self.apart.copy()
        return other

    def _without(self, number: int) -> "Table":
        starts, places = self.frame if self.lock != NONE else (EVERYWHERE, EVERYWHERE)
        other = Table(self.units, self.rules, starts, places, (m for m in self.members if m != number))
        other.frame, other.lock = self.frame, self.lock
        return other


def compatible(rules: Rules, one: Unit, other: Unit, number: int) -> bool:
    """Whether two units (the second has this number) may share a group at all, their hours aside."""
    return (
        number not in one.apart
        and one.size + other.size <= rules.size_max
        and all(n + other.companies.get(code, 0) <= rules.max_per_company for code, n in one.companies.items())
    )
