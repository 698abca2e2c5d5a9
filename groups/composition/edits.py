"""Edits of a draft by hand: what can be changed, and the groups as they are afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from groups.composition.measures import as_group
from groups.composition.people import Candidate, Problem
from groups.composition.rules import WEEK, BadProblem, Group, Lock


@dataclass(frozen=True, slots=True)
class Move:
    """A person goes to a group (its index), or waits."""

    person: str
    group: int | None


@dataclass(frozen=True, slots=True)
class Swap:
    """Two people change places; one of them may be waiting."""

    a: str
    b: str


@dataclass(frozen=True, slots=True)
class AddHours:
    """A person gives these half hours as well."""

    person: str
    slots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AddMode:
    """A person can also meet this way."""

    person: str
    mode: str


@dataclass(frozen=True, slots=True)
class OtherMetro:
    """A person would come to this place instead of their own."""

    person: str
    metro: str


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """The program has another rule: one of the numbers of `Rules`, by name."""

    name: str
    value: int


Wider = AddHours | AddMode | OtherMetro
Change = Move | Swap | Wider | ChangeRule


def edited(problem: Problem, groups: Sequence[Group], change: Move | Swap) -> tuple[Group, ...]:
    """The groups after this edit, in the same order; a group that loses its last member goes. Raises BadProblem."""
    known = {person.id: person for person in problem.people}
    require_there(known, groups, change)
    after = (regrouped(problem, known, index, group, change) for index, group in enumerate(groups))
    return tuple(group for group in after if group is not None)


def require_there(known: Mapping[str, Candidate], groups: Sequence[Group], change: Move | Swap) -> None:
    """Raises BadProblem for a person or a group that is not there."""
    for name in (change.person,) if isinstance(change, Move) else (change.a, change.b):
        if name not in known:
            raise BadProblem("person", f'There is no person "{name}".')
    if isinstance(change, Move) and change.group is not None and not 0 <= change.group < len(groups):
        raise BadProblem("group", f"There is no group {change.group}.")


def regrouped(
    problem: Problem, known: Mapping[str, Candidate], index: int, group: Group, change: Move | Swap
) -> Group | None:
    """One group after the edit: itself, if the edit does not touch it; None if nobody is left in it.

    Hour and place stay while they suit, and always where a lock holds them.
    """
    wanted = _members(index, frozenset(group.members), change)
    if wanted == frozenset(group.members):
        return group
    members = [known[name] for name in sorted(wanted) if name in known]
    return as_group(problem.rules, members, _lock_of(problem, wanted), group, problem.met) if wanted else None


def _members(index: int, members: frozenset[str], change: Move | Swap) -> frozenset[str]:
    if isinstance(change, Move):
        left = members - {change.person}
        return left | {change.person} if index == change.group else left
    other = {change.a: change.b, change.b: change.a}
    return frozenset(other.get(name, name) for name in members)


def _lock_of(problem: Problem, names: frozenset[str]) -> Lock | None:
    return next((lock for lock in problem.locked if lock.members <= names), None)


def widened(person: Candidate, change: Wider) -> Candidate:
    """The person as they would be. Raises BadProblem for hours or a mode that cannot be."""
    if isinstance(change, AddHours):
        if any(not 0 <= slot < WEEK for slot in change.slots):
            raise BadProblem("slots", f"Slots run from 0 to {WEEK - 1}.")
        return replace(person, hours=with_slots(person.hours, change.slots))
    if isinstance(change, OtherMetro):
        return replace(person, metro=change.metro)
    if change.mode not in ("video", "in_person"):
        raise BadProblem("mode", f'There is no mode "{change.mode}".')
    return replace(person, modes=person.modes | {change.mode})


def with_slots(hours: int, slots: Iterable[int]) -> int:
    """These hours and some half hours more."""
    return hours | sum(1 << slot for slot in set(slots))
