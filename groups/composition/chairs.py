"""An empty chair: who could take it, in which order, and who stands by for it. Nobody who sits in it now moves."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from groups.composition.case import Case
from groups.composition.measures import quality_of, suits
from groups.composition.pace import Each, at_once
from groups.composition.people import NONE, Candidate, Problem, slots_of
from groups.composition.rules import WEEK, BadProblem, Group
from groups.composition.units import EVERYWHERE, Table

NOWHERE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Seat:
    """A chair in this group for these people (one person, or a whole together set), and how good the group is then.

    `of` is the group that can spare them; None for people who wait.
    """

    group: int
    people: tuple[str, ...]
    quality: float
    of: int | None = None


@dataclass(frozen=True, slots=True)
class StandBy:
    """Somebody who could follow a member who says no: `instead` counts the members they could follow.

    `kind`: they wait, a group not yet asked can spare them, or they would have to give these half hours first.
    """

    person: str
    kind: Literal["waiting", "spared", "asked"]
    instead: int
    slots: tuple[int, ...] = ()


class Chairs:
    """The groups of one problem, looked at once. `fixed` people do not move; a group without any is not yet asked."""

    def __init__(
        self,
        problem: Problem,
        groups: Sequence[Group],
        *,
        fixed: frozenset[str] = frozenset(),
        each: Each = at_once,
    ) -> None:
        self.problem, self.rules, self.groups = problem, problem.rules, list(groups)
        self.case = Case(problem, each)
        self.roster, self.units, self.unit_of = self.case.roster, self.case.units, self.case.unit_of
        self.number = [self.unit_of[name] for name in self.roster.ids]  # the unit of each row
        self.fixed = {self.unit_of[name] for name in fixed if name in self.unit_of}
        self.held = self.fixed.union(number for number, unit in enumerate(self.units) if unit.lock != NONE)
        self.home = {self.unit_of[name]: index for index, group in enumerate(groups) for name in group.members}
        self.venues: dict[tuple[str, str | None], int] = {}
        for number, venue in enumerate(self.roster.venues):
            self.venues[venue[:2]] = self.venues.get(venue[:2], 0) | 1 << number
        self.at: dict[int, set[int]] = {}  # by window the groups that meet then; those never change
        self.roomy: set[int] = set()  # the groups with an empty chair
        for index, group in enumerate(groups):
            self.at.setdefault(group.window, set()).add(index)
            if len(group.members) < self.rules.size_max:
                self.roomy.add(index)
        ways = {places: way for way, places in enumerate(dict.fromkeys(unit.places for unit in self.units))}
        self.ways = list(ways)  # to meet, as venues: far fewer than people
        self.way = np.array([ways[self.units[number].places] for number in self.number])  # of each row
        self.tables: dict[int, Table] = {}  # the groups as they are, as far as looked at
        self.sent: dict[int, bool] = {}  # by group whether somebody in it has been asked already
        self.spare: dict[int, bool] = {}  # by seated unit whether their group holds without them, as far as asked

    def names(self, number: int) -> tuple[str, ...]:
        """The people of a unit."""
        return tuple(sorted(self.roster.ids[row] for row in self.units[number].rows))

    def seat(self, number: int, index: int) -> None:
        """This unit goes over to that group."""
        self.stand_up(number)
        group = self.groups[index]
        self.groups[index] = replace(group, members=tuple(sorted((*group.members, *self.names(number)))))
        self.home[number] = index
        self._changed(index)

    def stand_up(self, number: int) -> None:
        """This unit waits."""
        home, names = self.home.pop(number, None), self.names(number)
        if home is not None:
            group = self.groups[home]
            self.groups[home] = replace(group, members=tuple(name for name in group.members if name not in names))
            self._changed(home)
        self.spare.pop(number, None)

    def _changed(self, index: int) -> None:
        """This group is to be looked at again, and whom it can spare."""
        self.tables.pop(index, None)
        self.sent.pop(index, None)
        (self.roomy.add if len(self.groups[index].members) < self.rules.size_max else self.roomy.discard)(index)
        for number in self.members(index):
            self.spare.pop(number, None)

    def members(self, index: int) -> list[int]:
        """The units of a group."""
        return list(dict.fromkeys(self.unit_of[name] for name in self.groups[index].members))

    def table(self, index: int) -> Table:
        """The group at its own hour and place, to be looked at and not changed."""
        if index not in self.tables:
            self.tables[index] = self.table_without(index, ())
        return self.tables[index]

    def table_without(self, index: int, away: Collection[int]) -> Table:
        """The group at its own hour and place, without some of its people."""
        group = self.groups[index]
        table = Table(self.units, self.rules, 1 << group.window, self.places(group))
        for number in self.members(index):
            if number not in away:
                table.add(number)
        return table

    def places(self, group: Group) -> int:
        """The venues, of whatever cadence, at which this group meets."""
        return self.venues.get((group.mode, group.metro), 0)

    def could_come(self, index: int) -> list[int]:
        """Everybody outside the group who can come at its hour and place, in the fair order of the roster."""
        group = self.groups[index]
        word, bit = divmod(group.window, 64)
        places = self.places(group)
        open_to = np.array([way & places != 0 for way in self.ways], dtype=np.uint64)[self.way]
        rows = (open_to & (self.roster.windows[:, word] >> np.uint64(bit))).nonzero()[0].tolist()
        numbers = dict.fromkeys(map(self.number.__getitem__, rows))
        return [number for number in numbers if self.home.get(number) != index and number not in self.held]

    def _free(self, number: int) -> bool:
        return number not in self.held

    def can_spare(self, number: int) -> bool:
        """Whether this unit waits, or its group holds without it."""
        home = self.home.get(number)
        if home is None:
            return True
        if number not in self.spare:
            self.spare[number] = self.table(home).valid_without(number)
        return self.spare[number]

    def asked(self, index: int) -> bool:
        """Whether somebody in this group has been asked already."""
        if index not in self.sent:
            members = self.members(index)
            self.sent[index] = any(number in self.fixed or self.units[number].lock != NONE for number in members)
        return self.sent[index]

    def ranked(self, index: int) -> tuple[Seat, ...]:
        """Everybody who could join this group as it is: who waits, skipped most often, then whom others can spare."""
        table = self.table(index)
        takers = [n for n in self.could_come(index) if seats(table, n) and self.can_spare(n)]
        found = ((self._turn(n), self._seat(index, n)) for n in takers)
        return tuple(seat for _, seat in sorted(found, key=lambda pair: (pair[0], -pair[1].quality)))

    def _turn(self, number: int) -> tuple[bool, float]:
        return number in self.home, -self.units[number].skipped / self.units[number].size

    def _seat(self, index: int, number: int) -> Seat:
        people = [self._person(name) for name in (*self.groups[index].members, *self.names(number))]
        return Seat(index, self.names(number), quality_of(self.rules, people, self.problem.met), self.home.get(number))

    def _person(self, name: str) -> Candidate:
        return self.roster.people[self.roster.row[name]]

    def seats_for(self, name: str) -> tuple[Seat, ...]:
        """For a late applicant: every group with a chair for them, the smallest first, then the best. Nobody moves.

        Raises BadProblem for somebody who is not there.
        """
        if name not in self.unit_of:
            raise BadProblem("person", f'There is no person "{name}".')
        number = self.unit_of[name]
        found = [self._seat(index, number) for index in self._takers(number)]
        return tuple(sorted(found, key=lambda s: (len(self.groups[s.group].members), -s.quality, s.group)))

    def first_seat(self, number: int) -> Seat | None:
        """The first of the seats for this unit; how good a group would be is asked of the smallest alone."""
        takers = list(self._takers(number))
        least = min((len(self.groups[index].members) for index in takers), default=0)
        smallest = [self._seat(index, number) for index in takers if len(self.groups[index].members) == least]
        return min(smallest, key=lambda seat: (-seat.quality, seat.group), default=None)

    def _takers(self, number: int) -> Iterator[int]:
        """The groups with a chair for this unit; none for who sits already or is locked."""
        unit = self.units[number]
        if number in self.home or unit.lock != NONE:
            return
        for window in slots_of(unit.starts):
            for index in self.at.get(window, NOWHERE) & self.roomy:
                group = self.groups[index]
                room = len(group.members) + unit.size <= self.rules.size_max
                if room and unit.places & self.places(group) and seats(self.table(index), number):
                    yield index

    def standing_by(self, index: int, count: int = 4) -> tuple[StandBy, ...]:
        """Who could follow a member of this group: who waits, then whom groups not yet asked can spare, then who would
        have to give one more window. First who could follow most members, was skipped most often, has fewest other
        groups, and makes the best group."""
        left = [self.table_without(index, (member,)) for member in self.members(index)]
        found: list[tuple[tuple[float, ...], StandBy]] = []
        for number in self.could_come(index):
            if self.units[number].size == 1 and self._may_stand_by(number):
                found += self._stand_by(index, left, number, ())
        ordered = [stand for _, stand in sorted(found, key=lambda pair: pair[0])]
        if len(ordered) < count:
            ordered += self._asked(index, left)
        return tuple(ordered[:count])

    def _may_stand_by(self, number: int) -> bool:
        home = self.home.get(number)
        return home is None or (not self.asked(home) and self.can_spare(number))

    def _stand_by(
        self, index: int, left: Sequence[Table], number: int, slots: tuple[int, ...]
    ) -> Iterator[tuple[tuple[float, ...], StandBy]]:
        follows = [table for table in left if seats(table, number)]
        if not follows:
            return
        (name,) = self.names(number)
        kind: Literal["waiting", "spared", "asked"] = "spared" if number in self.home else "waiting"
        skipped, others = self.units[number].skipped, self._elsewhere(index, number)
        order = (kind == "spared", -len(follows), -skipped, others, -self._worth(follows, name), number)
        yield order, StandBy(name, "asked" if slots else kind, len(follows), slots)

    def _elsewhere(self, index: int, number: int) -> int:
        """How many other groups they could come to."""
        unit = self.units[number]
        hours = (i for i, group in enumerate(self.groups) if i != index and unit.starts >> group.window & 1)
        return sum(suits(self._person(self.names(number)[0]), self.groups[i].mode, self.groups[i].metro) for i in hours)

    def _worth(self, follows: Sequence[Table], name: str) -> float:
        """The mean quality of the group with this person in each such member's place."""
        person = self._person(name)
        groups = [[self.roster.people[row] for m in table.members for row in self.units[m].rows] for table in follows]
        return sum(quality_of(self.rules, [*members, person], self.problem.met) for members in groups) / len(groups)

    def _asked(self, index: int, left: Sequence[Table]) -> list[StandBy]:
        """Who waits and could follow somebody if they gave the group's hour too; the fewest half hours first."""
        group = self.groups[index]
        found = []
        for number, unit in enumerate(self.units):
            waits = number not in self.home and self._free(number) and unit.size == 1
            if not waits or unit.starts >> group.window & 1 or not unit.places & self.places(group):
                continue
            wide = [at_any_hour(table) for table in left]
            person = self._person(self.names(number)[0])
            for order, stand in self._stand_by(index, wide, number, missing(self.rules.window_slots, person, group)):
                found.append(((float(len(stand.slots)), *order), stand))
        return [stand for _, stand in sorted(found, key=lambda pair: pair[0])]


def seats(table: Table, number: int) -> bool:
    """Whether the table is a valid group once this unit has sat down."""
    unit = table.units[number]
    return (
        table.size + unit.size >= table.rules.size_min
        and table.willing + unit.willing >= table.rules.willing_min
        and table.fits(number)
        and table.content_with(number)
    )


def at_any_hour(table: Table) -> Table:
    """The same people at a table that looks at no hour."""
    wide = Table(table.units, table.rules, EVERYWHERE, table.frame[1], table.members)
    wide.starts = EVERYWHERE
    return wide


def missing(window_slots: int, person: Candidate, group: Group) -> tuple[int, ...]:
    """The half hours of the group's window that this person has not given."""
    needed = ((group.window + step) % WEEK for step in range(window_slots))
    return tuple(slot for slot in needed if not person.hours >> slot & 1)
