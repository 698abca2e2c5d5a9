"""Two groups of one that has grown large: both at its hour and place, both valid, as equal as the rules allow."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from groups.composition.people import Problem
from groups.composition.pool import only
from groups.composition.rules import BadProblem, Group, check
from groups.composition.solver import compose

SECONDS = 2.0  # of one page; a dozen people are placed in a fraction of it, the rest makes the halves better


def halves(problem: Problem, group: Group) -> tuple[Group, Group] | None:
    """The larger half first; of equals the one with the first member by id. None where no two valid halves exist."""
    count, smallest = len(group.members), problem.rules.size_min
    for largest in dict.fromkeys([(count + 1) // 2, count - smallest]):
        if smallest <= largest < count and (found := _two(problem, group, largest)):
            return found
    return None


def _two(problem: Problem, group: Group, largest: int) -> tuple[Group, Group] | None:
    """Everybody in two groups of at most this size. Their hours are cut to the one hour that the group has."""
    needed = sum(1 << (group.window + step) % 336 for step in range(problem.rules.window_slots))
    there = only(problem, frozenset(group.members))
    people = tuple(replace(one, hours=one.hours & needed, modes=one.modes & {group.mode}) for one in there.people)
    rules = replace(problem.rules, size_max=largest)
    try:
        found = compose(replace(there, people=people, rules=rules), seconds=SECONDS).groups
    except BadProblem:
        return None
    made = [replace(group, members=one.members) for one in found]
    if len(made) != 2 or sum(len(one.members) for one in made) != len(group.members) or check(there, made):
        return None
    first, second = sorted(made, key=lambda one: (-len(one.members), one.members))
    return first, second


def holds(problem: Problem, group: Group, *parts: Collection[str]) -> bool:
    """Whether each of these sets of people is a valid group at this group's hour and place."""
    return not check(problem, [replace(group, members=tuple(sorted(part))) for part in parts])
