"""The composition board: what an edit would break and gain, told at once: only what it touches is judged again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from groups.composition.edits import Change, ChangeRule, Move, Swap, Wider, regrouped, require_there, widened
from groups.composition.measures import mean_quality, quality_of, suits
from groups.composition.people import Candidate, Problem, window_starts
from groups.composition.reasons import seats
from groups.composition.rules import BadProblem, Breach, Group, check, in_order
from groups.composition.solver import Proposal, compose

RULE_SECONDS = 10.0  # a changed rule is solved again while somebody waits for the page
RULES = ("size_min", "size_max", "window_slots", "max_per_company", "willing_min")


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change breaks and gains; after a change of rules also the new proposal."""

    breaches: tuple[Breach, ...]
    placed: int
    quality: float
    proposal: Proposal | None = None


def what_if(problem: Problem, groups: Sequence[Group], change: Change) -> Effect:
    """What this change would break, place and gain, before anything is saved. The draft itself may be invalid.

    More hours, another mode or place also seat the person where they then fit; a changed rule is solved again from the
    start. Raises BadProblem for a person or group that is not there, or a rule that cannot be; LocksImpossible.
    """
    return Board(problem, groups).what_if(change)


class Board:
    """A draft, looked at once, so that each of many changes takes a moment: the same answers as judging it afresh."""

    def __init__(self, problem: Problem, groups: Sequence[Group]) -> None:
        self.problem, self.groups = problem, tuple(groups)
        self.known = {person.id: person for person in problem.people}
        self.homes: dict[str, list[int]] = {}
        for index, group in enumerate(self.groups):
            for name in group.members:
                self.homes.setdefault(name, []).append(index)

    @cached_property
    def breaches(self) -> tuple[Breach, ...]:
        """What the draft breaks as it is."""
        return check(self.problem, self.groups)

    @cached_property
    def worths(self) -> list[Group]:
        """The groups with their true quality, which hand-made ones do not say."""
        return [self._true(group, self.known) for group in self.groups]

    @cached_property
    def mean(self) -> float:
        """The quality of the draft as it is."""
        return mean_quality(self.worths)

    @cached_property
    def tied(self) -> dict[str, frozenset[int]]:
        """By person the groups whose verdict may hang on theirs: of a together set, a lock, or a second seat."""
        sets = [*self.problem.together, *(lock.members for lock in self.problem.locked)]
        sets += [frozenset({name}) for name, homes in self.homes.items() if len(homes) > 1]
        found: dict[str, frozenset[int]] = {}
        for names in sets:
            groups = frozenset(index for name in names for index in self.homes.get(name, ()))
            found.update((name, found.get(name, frozenset()) | groups) for name in names)
        return found

    @cached_property
    def foes(self) -> dict[str, list[frozenset[str]]]:
        """By person the pairs that keep them apart."""
        found: dict[str, list[frozenset[str]]] = {}
        for pair in self.problem.apart:
            for name in pair:
                found.setdefault(name, []).append(pair)
        return found

    def what_if(self, change: Change) -> Effect:
        """What this change would break, place and gain."""
        if isinstance(change, ChangeRule):
            return self._another_rule(change)
        if isinstance(change, Move | Swap):
            require_there(self.known, self.groups, change)
            return self._effect(self.known, change)
        return self._wider(change)

    def _wider(self, change: Wider) -> Effect:
        if change.person not in self.known:
            raise BadProblem("person", f'There is no person "{change.person}".')
        person = widened(self.known[change.person], change)
        target = None if change.person in self.homes else self._taker(person)
        move = None if target is None else Move(person.id, target)
        return self._effect({**self.known, person.id: person}, move, person.id)

    def _taker(self, person: Candidate) -> int | None:
        """The smallest, then best group that takes this person at its hour; None if none does."""
        starts = window_starts(person.hours, self.problem.rules.window_slots)
        room = [
            (len(group.members), -group.quality, group.window, index)
            for index, group in enumerate(self.groups)
            if starts >> group.window & 1
            and len(group.members) < self.problem.rules.size_max
            and suits(person, group.mode, group.metro)
        ]
        problem = self._inside({**self.known, person.id: person}, [self.groups[index] for *_, index in room], person.id)
        return next((index for *_, index in sorted(room) if seats(problem, self.groups[index], person, ())), None)

    def _effect(self, known: Mapping[str, Candidate], change: Move | Swap | None, widened: str = "") -> Effect:
        """The groups that the change touches, judged before and after it; all others keep their verdict."""
        near = self._near(_named(change) | {widened}, change)
        before = {index: self.groups[index] for index in near}
        after = {index: group for index in near if (group := self._after(known, index, change)) is not None}
        seen = [*before.values(), *after.values()]
        old = check(self._inside(self.known, seen, widened), list(before.values()))
        new = check(self._inside(known, seen, widened), list(after.values()))
        place = self._places(before.keys() - after.keys())
        gone = {_at(breach, near) for breach in old}
        breaches = [_at(breach, place) for breach in self.breaches if breach not in gone]
        breaches += [_at(breach, [place[index] for index in after]) for breach in new]
        kept = (
            self._true(after[i], known) if i in after else worth for i, worth in self._worths_without(before, after)
        )
        gained = mean_quality(kept) - self.mean
        return Effect(in_order(breaches), _seated(after.values()) - _seated(before.values()), gained)

    def _after(self, known: Mapping[str, Candidate], index: int, change: Move | Swap | None) -> Group | None:
        group = self.groups[index]
        return group if change is None else regrouped(self.problem, known, index, group, change)

    def _worths_without(self, before: Mapping[int, Group], after: Mapping[int, Group]) -> Iterator[tuple[int, Group]]:
        return ((i, worth) for i, worth in enumerate(self.worths) if i in after or i not in before)

    def _near(self, named: set[str], change: Move | Swap | None) -> list[int]:
        """The groups that these people sit in or go to, and those whose verdict may hang on theirs."""
        found = {change.group} if isinstance(change, Move) and change.group is not None else set()
        named = named.union(*(self.groups[index].members for index in found))
        while True:
            wider = found.union(*(self.homes.get(name, ()) for name in named))
            wider.update(*(self.tied[name] for name in named if name in self.tied))
            if wider == found:
                return sorted(found)
            named = {name for index in wider - found for name in self.groups[index].members}
            found = wider

    def _places(self, gone: Set[int]) -> list[int]:
        """By group its index once those gone are away."""
        places, next_one = [], 0
        for index in range(len(self.groups)):
            places.append(next_one)
            next_one += index not in gone
        return places

    def _inside(self, known: Mapping[str, Candidate], groups: Iterable[Group], more: str) -> Problem:
        """The problem of these groups' people alone."""
        names = {name for group in groups for name in group.members} | {more}
        return replace(
            self.problem,
            people=tuple(known[name] for name in sorted(names) if name in known),
            apart=frozenset(pair for name in names for pair in self.foes.get(name, ()) if pair <= names),
            together=tuple(whole for whole in self.problem.together if whole & names),
            locked=tuple(lock for lock in self.problem.locked if lock.members & names),
        )

    def _true(self, group: Group, known: Mapping[str, Candidate]) -> Group:
        members = [known[name] for name in group.members if name in known]
        return replace(group, quality=quality_of(self.problem.rules, members, self.problem.met))

    def _another_rule(self, change: ChangeRule) -> Effect:
        if change.name not in RULES:
            raise BadProblem(f"rules.{change.name}", f'There is no rule "{change.name}".')
        numbers: dict[str, Any] = {change.name: change.value}
        changed = replace(self.problem, rules=replace(self.problem.rules, **numbers))
        proposal = compose(changed, RULE_SECONDS)
        gained = _seated(proposal.groups) - _seated(self.groups)
        return Effect((), gained, proposal.quality - self.mean, proposal)


def _named(change: Move | Swap | None) -> set[str]:
    if change is None:
        return set()
    return {change.person} if isinstance(change, Move) else {change.a, change.b}


def _seated(groups: Iterable[Group]) -> int:
    return sum(len(group.members) for group in groups)


def _at(breach: Breach, places: Sequence[int]) -> Breach:
    return breach if breach.group is None else replace(breach, group=places[breach.group])
