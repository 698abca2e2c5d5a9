"""From one round to the next: who was left out goes first, who has met may be kept apart, nobody is dropped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from groups.composition.people import Problem
from groups.composition.rules import Group


def skipped_after(problem: Problem, groups: Sequence[Group]) -> Mapping[str, int]:
    """How many rounds in a row each person has now been left out: one more for who was composed and not placed."""
    seated = _seated(groups)
    return {person.id: 0 if person.id in seated else person.skipped_before + 1 for person in problem.people}


def apart_again(problem: Problem, months: int) -> Problem:
    """The problem of a program that forbids pairs who have shared a group in the last so many months.

    A lock or a together set that holds such a pair is meant, and stays.
    """
    meant = [*(lock.members for lock in problem.locked), *problem.together]
    known = {person.id for person in problem.people}
    lately = (pair for pair, ago in problem.met.items() if ago <= months and pair <= known)
    return replace(problem, apart=problem.apart.union(p for p in lately if not any(p <= whole for whole in meant)))


@dataclass(frozen=True, slots=True)
class Share:
    """How many of some people were placed."""

    placed: int
    people: int


def shares(problem: Problem, groups: Sequence[Group]) -> Mapping[str, Mapping[str, Share]]:
    """The share placed by metro and by way to meet; never by anything that a wish could be about."""
    seated = _seated(groups)
    placed: dict[str, dict[str, list[bool]]] = {"metro": {}, "mode": {}}
    for person in problem.people:
        ways = "either" if len(person.modes) > 1 else next(iter(person.modes))
        for by, name in (("metro", person.metro or ""), ("mode", ways)):
            placed[by].setdefault(name, []).append(person.id in seated)
    return {by: {name: Share(sum(of), len(of)) for name, of in sorted(names.items())} for by, names in placed.items()}


def _seated(groups: Iterable[Group]) -> set[str]:
    return {name for group in groups for name in group.members}
