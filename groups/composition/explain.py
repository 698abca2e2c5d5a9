"""Explanations: a card per group, a reason per person left out, and what a change would do before it is made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from groups.composition.case import Case
from groups.composition.measures import as_group, common_windows, mean_quality, quality_of, suits, terms_of
from groups.composition.people import Candidate, Problem, slots_of
from groups.composition.reasons import Reason, Reasons, seats
from groups.composition.rules import WEEK, BadProblem, Breach, Group, Lock, check
from groups.composition.solver import Proposal, compose
from groups.composition.soundness import require_sound

RULE_SECONDS = 10.0  # a changed rule is solved again while somebody waits for the page
PERSONAL = "A personal rule of somebody in this draft is broken."


@dataclass(frozen=True, slots=True)
class Card:
    """What a group is like. `tightest`: whose absence opens most windows; `fragile`: one no breaks a rule."""

    group: int
    windows: tuple[int, ...]
    terms: Mapping[str, float]
    tightest: str | None
    fragile: bool
    warnings: tuple[str, ...]


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
class ChangeRule:
    """The program has another rule: one of the numbers of `Rules`, by name."""

    name: str
    value: int


Change = Move | Swap | AddHours | AddMode | ChangeRule


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change breaks and gains; after a change of rules also the new proposal."""

    breaches: tuple[Breach, ...]
    placed: int
    quality: float
    proposal: Proposal | None = None


def explain(
    problem: Problem, groups: Sequence[Group], bound: int | None = None
) -> tuple[tuple[Card, ...], tuple[Reason, ...]]:
    """A card for each group and a reason for everybody without one. `bound`: the most people anybody could place."""
    require_sound(problem)
    known = {person.id: person for person in problem.people}
    cards = tuple(_card(problem, known, index, group) for index, group in enumerate(groups))
    proven = bound is not None and _placed(groups) >= bound
    return cards, Reasons(Case(problem), groups, proven=proven).all()


def public(breach: Breach) -> Breach:
    """What a page may show: a broken personal rule without its kind and without people."""
    if breach.rule not in ("apart", "never_alone"):
        return breach
    return Breach("never_alone", breach.group, (), PERSONAL)


def _placed(groups: Iterable[Group]) -> int:
    return sum(len(group.members) for group in groups)


def _card(problem: Problem, known: Mapping[str, Candidate], index: int, group: Group) -> Card:
    members = [known[name] for name in group.members]
    return Card(
        group=index,
        windows=slots_of(common_windows(problem.rules, members)),
        terms=terms_of(problem.rules, members),
        tightest=_tightest(problem, members),
        fragile=any(_breaks(problem, group, members, person) for person in members),
        warnings=_warnings(problem, group),
    )


def _tightest(problem: Problem, members: Sequence[Candidate]) -> str | None:
    """Nobody, if nobody's absence would open a window."""
    windows = common_windows(problem.rules, members).bit_count()
    without = {
        person.id: common_windows(problem.rules, [p for p in members if p is not person]).bit_count()
        for person in members
    }
    most = max(without.values(), default=windows)
    return min(name for name, n in without.items() if n == most) if most > windows else None


def _breaks(problem: Problem, group: Group, members: Sequence[Candidate], leaver: Candidate) -> bool:
    """Whether the others would not be a valid group any more."""
    if len(members) <= problem.rules.size_min:
        return True
    names = {person.id for person in members} - {leaver.id}
    left = replace(
        problem,
        people=tuple(person for person in members if person is not leaver),
        apart=frozenset(pair for pair in problem.apart if pair <= names),
        together=(),
        locked=(),
    )
    return bool(check(left, [replace(group, members=tuple(sorted(names)))]))


def _warnings(problem: Problem, group: Group) -> tuple[str, ...]:
    pairs = [pair for pair in map(frozenset, combinations(group.members, 2)) if pair in problem.met]
    met = frozenset().union(*pairs)
    return (f"{len(met)} of you have met.",) if met else ()


def what_if(problem: Problem, groups: Sequence[Group], change: Change) -> Effect:
    """What this change would break, place and gain, before anything is saved. The draft itself may be invalid.

    More hours or another mode also seat the person where they then fit; a changed rule is solved again from the start.
    Raises BadProblem for a person or group that is not there, or a rule that cannot be; LocksImpossible.
    """
    if isinstance(change, ChangeRule):
        return _another_rule(problem, groups, change)
    if isinstance(change, Move | Swap):
        after = _moved(problem, groups, change)
        return _effect(problem, problem, groups, after)
    changed = _widened(problem, change)
    return _effect(problem, changed, groups, _seated(changed, groups, change.person))


def _effect(problem: Problem, changed: Problem, before: Sequence[Group], after: Sequence[Group]) -> Effect:
    gained = _mean(changed, after) - _mean(problem, before)
    return Effect(check(changed, after), _placed(after) - _placed(before), gained)


def _mean(problem: Problem, groups: Sequence[Group]) -> float:
    known = {person.id: person for person in problem.people}
    worth = (quality_of(problem.rules, [known[name] for name in group.members]) for group in groups)
    return mean_quality(replace(group, quality=q) for group, q in zip(groups, worth, strict=True))


def _another_rule(problem: Problem, groups: Sequence[Group], change: ChangeRule) -> Effect:
    if change.name not in ("size_min", "size_max", "window_slots", "max_per_company", "willing_min"):
        raise BadProblem(f"rules.{change.name}", f'There is no rule "{change.name}".')
    numbers: dict[str, Any] = {change.name: change.value}
    changed = replace(problem, rules=replace(problem.rules, **numbers))
    proposal = compose(changed, RULE_SECONDS)
    gained = proposal.quality - _mean(problem, groups)
    return Effect((), _placed(proposal.groups) - _placed(groups), gained, proposal)


def _known(problem: Problem, name: str) -> Candidate:
    for person in problem.people:
        if person.id == name:
            return person
    raise BadProblem("person", f'There is no person "{name}".')


def _moved(problem: Problem, groups: Sequence[Group], change: Move | Swap) -> tuple[Group, ...]:
    """The groups after the edit, in the same order; a group that loses its last member goes."""
    sets = [set(group.members) for group in groups]
    if isinstance(change, Move):
        _known(problem, change.person)
        if change.group is not None and not 0 <= change.group < len(groups):
            raise BadProblem("group", f"There is no group {change.group}.")
        for members in sets:
            members.discard(change.person)
        if change.group is not None:
            sets[change.group].add(change.person)
    else:
        other = {_known(problem, change.a).id: change.b, _known(problem, change.b).id: change.a}
        sets = [{other.get(name, name) for name in members} for members in sets]
    return tuple(_regrouped(problem, old, new) for old, new in zip(groups, sets, strict=True) if new)


def _regrouped(problem: Problem, old: Group, names: Iterable[str]) -> Group:
    """The same group with other people: hour and place stay while they suit, and always where a lock holds them."""
    wanted = frozenset(names)
    if wanted == frozenset(old.members):
        return old
    members = [person for person in problem.people if person.id in wanted]
    return as_group(problem.rules, members, _lock_of(problem, wanted), old)


def _lock_of(problem: Problem, names: frozenset[str]) -> Lock | None:
    return next((lock for lock in problem.locked if lock.members <= names), None)


def _widened(problem: Problem, change: AddHours | AddMode) -> Problem:
    person = _known(problem, change.person)
    if isinstance(change, AddHours):
        if any(not 0 <= slot < WEEK for slot in change.slots):
            raise BadProblem("slots", f"Slots run from 0 to {WEEK - 1}.")
        wider = replace(person, hours=person.hours | sum(1 << slot for slot in set(change.slots)))
    elif change.mode in ("video", "in_person"):
        wider = replace(person, modes=person.modes | {change.mode})
    else:
        raise BadProblem("mode", f'There is no mode "{change.mode}".')
    return replace(problem, people=tuple(wider if p is person else p for p in problem.people))


def _seated(problem: Problem, groups: Sequence[Group], name: str) -> Sequence[Group]:
    """With this person in the smallest, then best group that takes them at its hour; unchanged if none does."""
    if any(name in group.members for group in groups):
        return groups
    person = _known(problem, name)
    order = sorted(range(len(groups)), key=lambda g: (len(groups[g].members), -groups[g].quality, groups[g].window))
    open_to = (index for index in order if suits(person, groups[index].mode, groups[index].metro))
    index = next((index for index in open_to if seats(problem, groups[index], person, ())), None)
    return groups if index is None else _moved(problem, groups, Move(name, index))
