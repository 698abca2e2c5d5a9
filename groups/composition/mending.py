"""Groups that somebody has left, completed one after the other: by whose turn it is, with as few people as will do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, islice

from groups.composition.chairs import Chairs, seats
from groups.composition.pace import Each, at_once
from groups.composition.people import Problem
from groups.composition.rules import Group, check
from groups.composition.units import Table

TRIES = 2000  # sets of people looked at to complete one group
NEAR = 40  # people of whom they are made


class Mending:
    """`groups` lose those gone and are completed from the own stand-by, who waits, who came late, whom others spare."""

    def __init__(
        self,
        problem: Problem,
        groups: Sequence[Group],
        gone: frozenset[str],
        fixed: frozenset[str],
        standby: Mapping[int, tuple[str, ...]],
        late: frozenset[str],
        each: Each = at_once,
    ) -> None:
        self.problem, self.fixed, self.standby = problem, fixed, standby
        rest = [group if gone.isdisjoint(group.members) else left(group, gone) for group in groups]
        self.chairs = Chairs(problem, rest, fixed=fixed, each=each)
        self.late = {self.chairs.unit_of[name] for name in late if name in self.chairs.unit_of}
        self.lost = {i: len(group.members) - len(rest[i].members) for i, group in enumerate(groups)}
        self.broken = {breach.group for breach in check(problem, rest, each) if breach.group is not None}
        self.displaced: set[int] = set()
        self.skipped = [-unit.skipped / unit.size for unit in self.chairs.units]  # who was skipped most often is first

    @property
    def groups(self) -> list[Group]:
        """The groups as they are by now, in their old order."""
        return self.chairs.groups

    def complete(self) -> None:
        """Broken groups first, those with somebody fixed before others, and the fuller before the emptier."""
        order = sorted(self.broken, key=lambda i: (not self.held(i), -len(self.groups[i].members), i))
        for index in self.chairs.case.each(order):
            if self.groups[index].members and (taken := self._fewest(index)):
                for number in taken:
                    self.chairs.seat(number, index)
                self.broken.discard(index)
        for index, lost in self.lost.items():
            if lost and index not in self.broken:
                self._own_stand_by(index, lost)

    def held(self, index: int) -> bool:
        """Whether somebody in this group is fixed."""
        return not self.fixed.isdisjoint(self.groups[index].members)

    def _own_stand_by(self, index: int, lost: int) -> None:
        """Who stands by for this group takes the chairs that became free in it."""
        for number in self._standing_by(index):
            if lost > 0 and seats(self.chairs.table(index), number) and self.chairs.can_spare(number):
                self.chairs.seat(number, index)
                lost -= self.chairs.units[number].size

    def _standing_by(self, index: int) -> list[int]:
        if not self.standby.get(index):
            return []  # as for most groups, and to see who could come takes a look at everybody
        there = set(self.chairs.could_come(index))
        numbers = (self.chairs.unit_of.get(name) for name in self.standby.get(index, ()))
        return [number for number in numbers if number in there]

    def _fewest(self, index: int) -> tuple[int, ...]:
        """The fewest people who make the group valid; of as many, those whose turn it is. Nobody if none do."""
        table, units = self.chairs.table(index), self.chairs.units
        near = list(islice((number for number in self._in_turn(index) if table.fits(number)), NEAR))
        sizes, lacking = [units[number].size for number in near], self.problem.rules.size_min - table.size
        least = max(1, -(-lacking // max(sizes, default=1)))
        counts = range(least, self.problem.rules.size_max - table.size + 1)
        tries = (taken for count in counts for taken in combinations(near, count))
        made: Table | None = table
        before: tuple[int, ...] = ()
        for taken, _ in zip(tries, range(TRIES), strict=False):
            if taken[:-1] != before:
                before = taken[:-1]
                made = table.with_(*before)  # once for all sets that differ in their last alone
            if made is not None and seats(made, taken[-1]) and self._spared(taken):
                return taken
        return ()

    def _in_turn(self, index: int) -> Iterator[int]:
        """Own stand-by > waiting, skipped most often first > late applicants > members whom other groups can spare."""
        yield from (first := self._standing_by(index))
        kinds: tuple[list[int], ...] = [], [], [], []
        for number in self.chairs.could_come(index):
            kinds[self._turn(number)].append(number)
        ordered = (number for kind in kinds for number in sorted(kind, key=self.skipped.__getitem__))
        yield from (number for number in ordered if number not in first and self._may_leave(number))

    def _may_leave(self, number: int) -> bool:
        home = self.chairs.home.get(number)
        return home is None or home in self.broken or self.chairs.can_spare(number)

    def _turn(self, number: int) -> int:
        home = self.chairs.home.get(number)
        if home is not None:
            return 3 if self.chairs.asked(home) else 2
        return int(number in self.late)

    def _spared(self, taken: Iterable[int]) -> bool:
        """Whether the groups that these leave all at once still hold."""
        left: dict[int, list[int]] = {}
        for number in taken:
            if (home := self.chairs.home.get(number)) is not None and home not in self.broken:
                left.setdefault(home, []).append(number)
        return all(self.chairs.table_without(home, numbers).valid() for home, numbers in left.items())

    def dissolve(self) -> None:
        """Broken groups without anybody fixed go, and so do empty ones; their people wait."""
        for index in sorted(self.broken):
            if not self.held(index):
                self.displaced.update(self.chairs.members(index))
                for number in self.chairs.members(index):
                    self.chairs.stand_up(number)

    def insert(self) -> None:
        """Who waits takes a chair at their hours: who was skipped most first, then who had a seat, late ones last."""
        waiting = [n for n in range(len(self.chairs.units)) if n not in self.chairs.home]
        for number in self.chairs.case.each(sorted(waiting, key=self._need)):
            if found := self.chairs.first_seat(number):
                self.chairs.seat(number, found.group)

    def _need(self, number: int) -> tuple[float, bool, int, int]:
        return self.skipped[number], number not in self.displaced, self._turn(number), number


def left(group: Group, gone: frozenset[str]) -> Group:
    """The group without those who are gone."""
    return replace(group, members=tuple(name for name in group.members if name not in gone))
