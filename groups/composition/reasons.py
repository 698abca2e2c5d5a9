"""Why somebody is left out: the first binding reason in a fixed order, and the one window that would seat them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import merge

from groups.composition.buckets import people_in, seats_by_company
from groups.composition.case import Case
from groups.composition.measures import suits
from groups.composition.people import NONE, Candidate, Problem, slots_of
from groups.composition.rules import WEEK, Group, check
from groups.composition.units import EVERYWHERE, Table, Unit

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


@dataclass(frozen=True, slots=True)
class Fix:
    """Half hours to add to a person's own so that they may join this group at once, every rule kept."""

    slots: tuple[int, ...]
    group: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one person has no group, in a sentence for the organizer that betrays nobody's personal rule."""

    person: str
    code: str
    sentence: str
    fix: Fix | None = None


class Reasons:
    """Explains everybody whom these groups leave out. `proven`: no composition places more people."""

    def __init__(self, case: Case, groups: Sequence[Group], *, proven: bool) -> None:
        self.case, self.groups, self.proven = case, groups, proven
        self.rules, self.units = case.rules, case.units
        self.person = {person.id: person for person in case.problem.people}
        self.tables = [self._table(group) for group in case.each(groups)]
        self.crowds: dict[tuple[int, int], int] = {}  # how many people could come, as far as asked
        self.seats: dict[tuple[int, int], int] = {}

    def _table(self, group: Group) -> Table:
        numbers = dict.fromkeys(self.case.unit_of[name] for name in group.members if name in self.case.unit_of)
        return Table(self.units, self.rules, EVERYWHERE, EVERYWHERE, numbers)

    @cached_property
    def roomy(self) -> dict[int, list[frozenset[int]]]:
        """For everybody left out the buckets they are in that hold enough people, companies and facilitators."""
        seated = {number for table in self.tables for number in table.members}
        found: dict[int, list[frozenset[int]]] = {}
        for bucket in self.case.each((*self.case.locks, *self.case.raw)):
            members = frozenset(bucket.units)
            waiting = members - seated
            if waiting and self.case.closure.enough(members):
                for number in waiting:
                    found.setdefault(number, []).append(members)
        return found

    def all(self, due: Callable[[], bool] = lambda: False) -> tuple[Reason, ...]:
        """A reason for each person without a group, by id; once they are due, those that need no look at others."""
        seated = {name for group in self.groups for name in group.members}
        left = (name for name in self.case.each(sorted(self.person)) if name not in seated)
        return tuple(self._at_once(name) if due() else self.of(name) for name in left)

    def _at_once(self, name: str) -> Reason:
        """What their own answers say; of everybody else it is true that no seat was found in time."""
        own = self._own(name, self.units[self.case.unit_of[name]])
        return Reason(name, *next(own, ("packing", not_found(name))))

    def of(self, name: str) -> Reason:
        """The first binding reason of one person, and their fix."""
        code, sentence = next(self._binding(name, self.case.unit_of[name]))
        return Reason(name, code, sentence, self.fix(name))

    def _binding(self, name: str, number: int) -> Iterator[tuple[str, str]]:
        yield from self._own(name, self.units[number])
        yield from self._hours(name, number)
        yield from self._rules_of_others(name, number)
        takers = self._takers(number)
        if takers and all(table.size + self.units[number].size > self.rules.size_max for table in takers):
            count = NUMBERS[len(takers)] if len(takers) < len(NUMBERS) else str(len(takers))
            fits, full = ("group fits", "it is") if len(takers) == 1 else ("groups fit", "all are")
            yield "full", f"{count} {fits} {name}; {full} full."
        if self.proven:
            yield "packing", f"Seating {name} would cost at least one other person's place."
        yield "packing", not_found(name)

    def _own(self, name: str, unit: Unit) -> Iterator[tuple[str, str]]:
        row = self.case.roster.row[name]
        if not self.case.roster.starts[row]:
            yield "no_window", f"{name} gave no {self.rules.window_slots * 30} minutes in a row."
        if not self.case.roster.places[row]:
            yield "no_metro", f"{name} wants to meet in person, but has no city."
        if unit.size > 1 and not (unit.starts and unit.places):
            shared = "hour" if not unit.starts else "way to meet"
            yield "together", f"{self._named(unit)} want to stay together and share no {shared}."

    def _named(self, unit: Unit) -> str:
        names = sorted(self.case.roster.ids[row] for row in unit.rows)
        return f"{', '.join(names[:-1])} and {names[-1]}"

    def _hours(self, name: str, number: int) -> Iterator[tuple[str, str]]:
        unit = self.units[number]
        keys = [(venue, window) for venue in slots_of(unit.places) for window in slots_of(unit.starts)]
        most = max((self._crowd(key) for key in keys), default=0)
        if most < self.rules.size_min:
            if unit.size > 1 and self._alone(name) >= self.rules.size_min:
                yield "together", f"{self._named(unit)} want to stay together and do not fit anywhere as a whole."
            people = "person" if most == 1 else "people"
            yield (
                "no_common_window",
                f"At most {most} {people} can come at any of {name}'s hours; {self.rules.size_min} are needed.",
            )
        crowded = [key for key in keys if self._crowd(key) >= self.rules.size_min]
        if crowded and all(self._seats(key) < self.rules.size_min for key in crowded):
            yield "company", self._company(name, max(map(self._seats, crowded)))

    def _alone(self, name: str) -> int:
        row = self.case.roster.row[name]
        places, starts = self.case.roster.places[row], self.case.roster.starts[row]
        keys = [(venue, window) for venue in slots_of(places) for window in slots_of(starts)]
        return max((self._crowd(key) for key in keys), default=0)

    def _crowd(self, key: tuple[int, int]) -> int:
        if key not in self.crowds:
            self.crowds[key] = people_in(self.units, self.case.there.get(key, ()))
        return self.crowds[key]

    def _seats(self, key: tuple[int, int]) -> int:
        if key not in self.seats:
            self.seats[key] = seats_by_company((self.units[n] for n in self.case.there[key]), self.rules)
        return self.seats[key]

    def _company(self, name: str, seats: int) -> str:
        if self.rules.max_per_company == 1:
            return f"At {name}'s hours there are people of only {seats} companies."
        limit = self.rules.max_per_company
        return f"At {name}'s hours only {seats} people could sit together with at most {limit} of a company."

    def _rules_of_others(self, name: str, number: int) -> Iterator[tuple[str, str]]:
        """Personal rules first, then whoever the closure has struck for lack of others."""
        enough = self.roomy.get(number, [])
        if enough and not any(self._keepable(number, members) for members in enough):
            yield "personal_rule", "A personal rule of somebody cannot be kept at these hours."
        if number not in self.case.closure.alive:
            if not enough and any(
                self.units[n].lock != NONE for key in self._keys(number) for n in self.case.there[key]
            ):
                yield "others_unplaced", f"The others at {name}'s hours are kept in other groups."
            yield "others_unplaced", f"The others at {name}'s hours cannot be placed themselves."

    def _keys(self, number: int) -> list[tuple[int, int]]:
        unit = self.units[number]
        return [(venue, window) for venue in slots_of(unit.places) for window in slots_of(unit.starts)]

    def _keepable(self, number: int, members: frozenset[int]) -> bool:
        """Whether this unit's own wishes find partners here, and enough remain without those kept apart from it."""
        if self.case.closure.lonely_in(number, members):
            return False
        apart = self.units[number].apart
        return not apart or self.case.closure.enough(members - apart)

    def _takers(self, number: int) -> list[Table]:
        """The groups that would take this unit if only they had room."""
        unit = self.units[number]
        return [
            table
            for table in self.tables
            if table.starts & unit.starts
            and table.places & unit.places
            and table.takes(number)
            and table.content_with(number)
        ]

    def fix(self, name: str) -> Fix | None:
        """Fewest new half hours, then the smallest group, the best, the lowest slot; verified by the checker."""
        person = self.person[name]
        if self.units[self.case.unit_of[name]].size > 1:
            return None
        for index, slots in self._options(person):
            if self._may_sit(person, index) and seats(self._inside(index, person), self.groups[index], person, slots):
                return Fix(slots, index)
        return None

    @cached_property
    def roomy_groups(self) -> dict[tuple[str, str | None], dict[int, list[tuple[int, float, int, int]]]]:
        """The groups with an empty chair by venue and window, the smallest, then best first."""
        found: dict[tuple[str, str | None], dict[int, list[tuple[int, float, int, int]]]] = {}
        for index, group in enumerate(self.groups):
            if len(group.members) < self.rules.size_max:
                here = found.setdefault((group.mode, group.metro), {}).setdefault(group.window, [])
                here.append((len(group.members), -group.quality, group.window, index))
        for windows in found.values():
            for here in windows.values():
                here.sort()
        return found

    def _options(self, person: Candidate) -> Iterator[tuple[int, tuple[int, ...]]]:
        """The groups with an empty chair that suit this person but for the hour, and the half hours that they lack."""
        lacking: dict[int, list[list[tuple[int, float, int, int]]]] = {}
        for (mode, metro), windows in self.roomy_groups.items():
            if suits(person, mode, metro):
                for window, here in windows.items():
                    lacking.setdefault(len(self._missing(person, window)), []).append(here)
        for _, choices in sorted(lacking.items()):
            for *_, window, index in merge(*choices):
                yield index, self._missing(person, window)

    @cached_property
    def foes(self) -> dict[str, list[frozenset[str]]]:
        """By person the pairs that keep them apart."""
        found: dict[str, list[frozenset[str]]] = {}
        for pair in self.case.problem.apart:
            for name in pair:
                found.setdefault(name, []).append(pair)
        return found

    def _inside(self, index: int, person: Candidate) -> Problem:
        """The problem of this group and person alone."""
        names = {*self.groups[index].members, person.id}
        return replace(
            self.case.problem,
            people=tuple(self.person[name] for name in sorted(names)),
            apart=frozenset(pair for name in names for pair in self.foes.get(name, ()) if pair <= names),
        )

    def _may_sit(self, person: Candidate, index: int) -> bool:
        table, number = self.tables[index], self.case.unit_of[person.id]
        return table.takes(number) and table.content_with(number)

    def _missing(self, person: Candidate, window: int) -> tuple[int, ...]:
        needed = ((window + step) % WEEK for step in range(self.rules.window_slots))
        return tuple(slot for slot in needed if not person.hours >> slot & 1)


def not_found(name: str) -> str:
    """What is true of everybody left out of a proposal that proves nothing."""
    return f"No seat for {name} was found in the time given."


def seats(problem: Problem, group: Group, person: Candidate, slots: Iterable[int]) -> bool:
    """Whether the group is valid with this person in it, once these half hours are theirs."""
    wider = replace(person, hours=person.hours | sum(1 << slot for slot in set(slots)))
    names = {*group.members, person.id}
    return not check(_within(problem, names, wider), [replace(group, members=tuple(sorted(names)))])


def _within(problem: Problem, names: set[str], changed: Candidate) -> Problem:
    """The problem as far as it touches these people."""
    return replace(
        problem,
        people=tuple(changed if p.id == changed.id else p for p in problem.people if p.id in names),
        apart=frozenset(pair for pair in problem.apart if pair <= names),
        together=tuple(whole for whole in problem.together if whole & names),
        locked=tuple(lock for lock in problem.locked if lock.members & names),
    )
