"""Refill: some people are gone; groups that still hold stay as they are, others are completed or dissolved."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from groups.composition.case import Case, Placement
from groups.composition.measures import as_group, in_order, mean_quality
from groups.composition.mending import Mending
from groups.composition.pace import Pace
from groups.composition.people import Problem
from groups.composition.pool import only
from groups.composition.reasons import Reasons
from groups.composition.rules import Group, Lock, LocksImpossible, check
from groups.composition.solver import CheckFailed, Proposal, certificate, compose
from groups.composition.soundness import require_sound

WHOLE_LIMIT = 300  # people; up to so many are solved again as a whole around what stays
NOBODY: Mapping[int, tuple[str, ...]] = {}


def refill(
    problem: Problem,
    groups: Sequence[Group],
    gone: frozenset[str],
    fixed: frozenset[str] = frozenset(),
    seconds: float = 2.0,
    *,
    standby: Mapping[int, tuple[str, ...]] = NOBODY,
    late: frozenset[str] = frozenset(),
    cancelled: Callable[[], bool] | None = None,
) -> Proposal:
    """As many people as can be placed without those gone; fixed people keep their group, its hour and its place.

    A chair goes to the group's own stand-by (by its index, in their order), else to who waits, else to who came late,
    else to whom another group can spare, one not yet asked before others. What cannot be completed is dissolved, unless
    somebody in it is fixed; its people are seated where they fit. Nobody else leaves a group that holds.
    Raises LocksImpossible, its `locks` indices of groups, if a fixed group cannot go on.
    """
    require_sound(replace(problem, locked=()))
    pace = Pace(seconds, cancelled)
    left = without(problem, gone)
    held = fixed.union(*(lock.members for lock in left.locked))
    mending = Mending(left, groups, gone, held, standby, late, pace.each)
    mending.complete()
    stuck = any(mending.held(index) for index in mending.broken)
    if stuck or len(left.people) <= WHOLE_LIMIT:
        return _as_a_whole(left, mending, pace)
    return _in_place(left, mending, pace)


def _as_a_whole(problem: Problem, mending: Mending, pace: Pace) -> Proposal:
    """Solved again around what holds; larger groups lend members only where a fixed one cannot go on otherwise."""
    rest, least = mending.groups, problem.rules.size_min
    holds = [index not in mending.broken for index in range(len(rest))]
    try:
        return _composed(problem, rest, _kept(rest, mending.fixed, holds), holds, pace)
    except LocksImpossible:
        small = [len(group.members) <= least for group in rest]
        lent = _kept(rest, mending.fixed, [one and other for one, other in zip(holds, small, strict=True)])
    return _composed(problem, rest, lent, [False] * len(rest), pace)


def _composed(
    problem: Problem, groups: Sequence[Group], kept: Mapping[int, Lock], holds: Sequence[bool], pace: Pace
) -> Proposal:
    """Groups that do not hold are a draft, from which as few people as possible move. The locks refused are groups."""
    draft = tuple(group for group, whole in zip(groups, holds, strict=True) if group.members and not whole)
    try:
        return compose(
            replace(problem, locked=tuple(kept.values()), draft=draft),
            max(0.1, pace.seconds - pace.spent),
            cancelled=pace.cancelled,
        )
    except LocksImpossible as refusal:
        which = tuple(list(kept)[number] for number in refusal.locks)
        named = " and ".join(f"groups[{index}]" for index in which)
        why = refusal.sentence.partition(" break")[2].partition(" the rule ")[2]
        breaks = "breaks" if len(which) == 1 else "break"
        raise LocksImpossible(refusal.rule, which, f"{named} {breaks} the rule {why}") from None


def _in_place(problem: Problem, mending: Mending, pace: Pace) -> Proposal:
    """A large pool: who waits takes chairs, and new groups form of the others; nobody else is looked at."""
    mending.dissolve()
    mending.insert()
    known = {person.id: person for person in problem.people}
    kept = [
        as_group(problem.rules, [known[name] for name in group.members], like=group, met=problem.met)
        for group in pace.each(mending.groups)
        if group.members
    ]
    seated = frozenset(name for group in kept for name in group.members)
    others = replace(only(problem, frozenset(known) - seated), locked=(), draft=())
    more = (
        compose(others, max(0.1, pace.seconds * 0.5 - pace.spent), cancelled=pace.cancelled).groups
        if others.people
        else ()
    )
    return _told(mending.chairs.case, in_order([*kept, *more]), pace)


def _told(case: Case, groups: tuple[Group, ...], pace: Pace) -> Proposal:
    breaches = check(case.problem, groups, case.each)
    if breaches:
        raise CheckFailed(breaches)
    reasons = Reasons(case, groups, proven=False)
    placement = Placement(reasons.tables, case.closure.bound, "closure")
    return Proposal(groups, reasons.all(), mean_quality(groups), certificate(case.problem, placement, pace, case.each))


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


def _kept(groups: Sequence[Group], fixed: frozenset[str], whole: Sequence[bool]) -> dict[int, Lock]:
    """By group: all members of one that is to stay whole, else only its fixed ones; nothing where nobody is fixed."""
    found = {}
    for index, (group, holds) in enumerate(zip(groups, whole, strict=True)):
        members = frozenset(group.members) if holds else fixed.intersection(group.members)
        if members:
            found[index] = Lock(members, group.window, group.mode, group.metro)
    return found
