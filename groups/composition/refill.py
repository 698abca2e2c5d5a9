"""Refill: some people are gone; groups that still hold stay as they are, others are completed or dissolved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from groups.composition.people import Problem
from groups.composition.rules import Group, Lock, LocksImpossible, check
from groups.composition.solver import Proposal, compose


def refill(
    problem: Problem,
    groups: Sequence[Group],
    gone: frozenset[str],
    fixed: frozenset[str] = frozenset(),
    seconds: float = 2.0,
) -> Proposal:
    """As many people as can be placed without those gone; fixed people keep their group, its hour and its place.

    Nobody leaves a group that still holds, unless a fixed group cannot be completed otherwise: then larger groups may
    lend members who are not fixed. Raises LocksImpossible, its `locks` indices of groups, if even so one cannot go on.
    """
    left = without(problem, gone)
    rest = [replace(group, members=tuple(n for n in group.members if n not in gone)) for group in groups]
    held = fixed.union(*(lock.members for lock in left.locked))
    holds = [not check(_alone(left, group), [group]) for group in rest]
    try:
        return _composed(left, rest, _kept(rest, held, holds), holds, seconds)
    except LocksImpossible:
        small = [len(group.members) <= left.rules.size_min for group in rest]
        lent = _kept(rest, held, [one and other for one, other in zip(holds, small, strict=True)])
    return _composed(left, rest, lent, [False] * len(rest), seconds)


def _composed(
    problem: Problem, groups: Sequence[Group], kept: Mapping[int, Lock], holds: Sequence[bool], seconds: float
) -> Proposal:
    """Groups that do not hold are a draft, from which as few people as possible move. The locks refused are groups."""
    draft = tuple(group for group, whole in zip(groups, holds, strict=True) if group.members and not whole)
    try:
        return compose(replace(problem, locked=tuple(kept.values()), draft=draft), seconds)
    except LocksImpossible as refusal:
        which = tuple(list(kept)[number] for number in refusal.locks)
        named = " and ".join(f"groups[{index}]" for index in which)
        why = refusal.sentence.partition(" break")[2].partition(" the rule ")[2]
        breaks = "breaks" if len(which) == 1 else "break"
        raise LocksImpossible(refusal.rule, which, f"{named} {breaks} the rule {why}") from None


def without(problem: Problem, gone: Iterable[str]) -> Problem:
    """The problem as if these people had never applied."""
    away = frozenset(gone)
    locks = (replace(lock, members=lock.members - away) for lock in problem.locked)
    return replace(
        problem,
        people=tuple(person for person in problem.people if person.id not in away),
        apart=frozenset(pair for pair in problem.apart if not pair & away),
        together=tuple(names - away for names in problem.together if len(names - away) > 1),
        locked=tuple(lock for lock in locks if lock.members),
    )


def _alone(problem: Problem, group: Group) -> Problem:
    names = frozenset(group.members)
    return replace(
        problem,
        people=tuple(person for person in problem.people if person.id in names),
        apart=frozenset(pair for pair in problem.apart if pair <= names),
        together=tuple(whole for whole in problem.together if whole & names),
        locked=tuple(lock for lock in problem.locked if lock.members & names),
    )


def _kept(groups: Sequence[Group], fixed: frozenset[str], whole: Sequence[bool]) -> dict[int, Lock]:
    """By group: all members of one that is to stay whole, else only its fixed ones; nothing where nobody is fixed."""
    found = {}
    for index, (group, holds) in enumerate(zip(groups, whole, strict=True)):
        members = frozenset(group.members) if holds else fixed.intersection(group.members)
        if members:
            found[index] = Lock(members, group.window, group.mode, group.metro)
    return found
