"""What a problem must be before anybody is placed: no contradiction in rules, sets and locks, or a sentence."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from groups.composition.people import MASK, Candidate, Problem, window_starts
from groups.composition.rules import WEEK, BadProblem, LocksImpossible, Rules
from groups.composition.score import Weights
from groups.composition.units import merged

MODES = frozenset({"video", "in_person"})


def require_sound(problem: Problem) -> None:
    """Raises BadProblem for a problem that contradicts itself, LocksImpossible for a lock that does so by itself."""
    rules_sound(problem.rules)
    if problem.seed < 0:
        raise BadProblem("seed", "seed must be a whole number of 0 or more.")
    known = {person.id: person for person in problem.people}
    _people_sound(problem, known)
    _sets_sound(problem, known)
    _locks_sound(problem, known)


def rules_sound(rules: Rules) -> None:
    """Whole numbers in their ranges: 2 <= size_min <= size_max <= 50, windows of 1 to 48 half hours, companies >= 1."""
    ranges = {"size_min": (2, 50), "size_max": (2, 50), "window_slots": (1, 48), "max_per_company": (1, None)}
    for name, (low, high) in ranges.items():
        value = getattr(rules, name)
        if value < low or (high is not None and value > high):
            span = f"from {low} to {high}" if high else f"{low} or more"
            raise BadProblem(f"rules.{name}", f"rules.{name} is {value}; it must be {span}.")
    if rules.size_min > rules.size_max:
        sentence = f"rules.size_min is {rules.size_min}, larger than rules.size_max {rules.size_max}."
        raise BadProblem("rules.size_min", sentence)
    if not 0 <= rules.willing_min <= rules.size_max:
        raise BadProblem("rules.willing_min", f"rules.willing_min is {rules.willing_min}; it must fit into a group.")
    _weights_sound(rules.weights)


def _weights_sound(weights: Weights) -> None:
    """Each from 0 to 1, together 1."""
    each = weights.each()
    for name, value in each.items():
        if not 0 <= value <= 1:
            raise BadProblem(f"weights.{name}", f"weights.{name} is {value}; it must be from 0 to 1.")
    if not math.isclose(total := math.fsum(each.values()), 1, abs_tol=1e-6):
        raise BadProblem("weights", f"The weights sum to {total:g}; they must sum to 1.")
    if weights.span not in ("near", "spread", "ignore"):
        raise BadProblem("weights.span", f'weights.span is "{weights.span}"; it must be near, spread or ignore.')


def _people_sound(problem: Problem, known: dict[str, Candidate]) -> None:
    if not problem.people:
        raise BadProblem("people", "people is empty.")
    for name, times in Counter(person.id for person in problem.people).items():
        if times > 1:
            raise BadProblem("people", f'people: "{name}" is there {times} times.')
    for index, person in enumerate(problem.people):
        _person_sound(f"people[{index}]", person)


def _person_sound(at: str, person: Candidate) -> None:
    if not person.id:
        raise BadProblem(f"{at}.id", f"{at}.id must be text, not empty.")
    if not 0 <= person.hours <= MASK:
        raise BadProblem(f"{at}.slots", f"{at}.slots run from 0 to {WEEK - 1}.")
    if not person.modes or not person.modes <= MODES:
        raise BadProblem(f"{at}.modes", f"{at}.modes must hold video, in_person or both.")
    if person.years is not None and not 0 <= person.years <= 80:
        raise BadProblem(f"{at}.years", f"{at}.years must be a whole number from 0 to 80 or null.")
    if person.skipped_before < 0:
        raise BadProblem(f"{at}.skipped_before", f"{at}.skipped_before must be a whole number of 0 or more.")


def _sets_sound(problem: Problem, known: dict[str, Candidate]) -> None:
    for pair in sorted(problem.apart, key=sorted):
        if len(pair) != 2:
            raise BadProblem("apart", f"apart: {', '.join(sorted(pair))} is not a pair.")
        _known("apart", pair, known)
    for index, together in enumerate(problem.together):
        _known(f"together[{index}]", together, known)
    for whole in merged(problem.together):
        index = next(i for i, part in enumerate(problem.together) if part <= whole)
        if conflict := _conflict(problem, whole, known):
            rule, why = conflict
            sentence = f"together[{index}] has {len(whole)} people; rules.size_max is {problem.rules.size_max}."
            raise BadProblem(f"together[{index}]", sentence if rule == "size" else f"together[{index}]: {why}.")


def _known(field: str, names: Iterable[str], known: dict[str, Candidate]) -> None:
    for name in sorted(names):
        if name not in known:
            raise BadProblem(field, f'{field}: there is no person "{name}".')


def _conflict(problem: Problem, names: Iterable[str], known: dict[str, Candidate]) -> tuple[str, str] | None:
    """The rule that these people break just by sitting together, and how."""
    members = set(names)
    if len(members) > problem.rules.size_max:
        return "size", f"{len(members)} people are more than rules.size_max {problem.rules.size_max}"
    for pair in sorted(problem.apart, key=sorted):
        if pair <= members:
            return "apart", f"{' and '.join(sorted(pair))} are to be kept apart"
    staff: dict[str, list[str]] = {}
    for name in sorted(members):
        company = known[name].company
        if company is not None:
            staff.setdefault(company, []).append(name)
    for company, colleagues in staff.items():
        if len(colleagues) > problem.rules.max_per_company:
            both = "both" if len(colleagues) == 2 else "all"
            return "company", f"{', '.join(colleagues[:-1])} and {colleagues[-1]} are {both} at {company}"
    return None


def _locks_sound(problem: Problem, known: dict[str, Candidate]) -> None:
    owner: dict[str, int] = {}
    for index, lock in enumerate(problem.locked):
        _lock_formed(f"locked[{index}]", lock.members, lock.window, known)
        for name in sorted(lock.members):
            if name in owner:
                sentence = f"locked[{index}] breaks the rule lock: {name} is already in locked[{owner[name]}]."
                raise LocksImpossible("lock", (owner[name], index), sentence)
            owner[name] = index
    sets = {name: whole for whole in merged(problem.together) for name in whole}
    for index, lock in enumerate(problem.locked):
        whole = lock.members.union(*(sets.get(name, frozenset()) for name in lock.members))
        _lock_possible(problem, index, whole, known, owner)


def _lock_formed(field: str, members: frozenset[str], window: int, known: dict[str, Candidate]) -> None:
    if not members:
        raise BadProblem(f"{field}.members", f"{field}.members is empty.")
    _known(field, members, known)
    if not 0 <= window < WEEK:
        raise BadProblem(f"{field}.window", f"{field}.window is {window}; slots run from 0 to {WEEK - 1}.")


def _lock_possible(
    problem: Problem, index: int, whole: frozenset[str], known: dict[str, Candidate], owner: dict[str, int]
) -> None:
    """The members, with everybody who must stay together with one of them, keep every rule but the smallest size."""
    lock = problem.locked[index]
    others = sorted({owner[name] for name in whole if name in owner} - {index})
    if others:
        sentence = (
            f"locked[{index}] breaks the rule together: people of one together set are also in locked[{others[0]}]."
        )
        raise LocksImpossible("together", (index, others[0]), sentence)
    own, wider = sorted(lock.members), sorted(whole)
    broken = _conflict(problem, own, known) or _hours_and_place(problem, index, own, known)
    if broken is None and (broken := _conflict(problem, wider, known)) is None:
        shut_out = _hours_and_place(problem, index, wider, known)
        broken = ("together", shut_out[1]) if shut_out else None
    if broken is not None:
        rule, why = broken
        raise LocksImpossible(rule, (index,), f"locked[{index}] breaks the rule {rule}: {why}.")


def _hours_and_place(
    problem: Problem, index: int, names: Sequence[str], known: dict[str, Candidate]
) -> tuple[str, str] | None:
    lock = problem.locked[index]
    for name in names:
        person = known[name]
        if not window_starts(person.hours, problem.rules.window_slots) >> lock.window & 1:
            return "window", f"{name} cannot come at the window {lock.window}"
        if lock.mode not in person.modes or (lock.mode == "in_person" and person.metro != lock.metro):
            return "mode", f"{name} cannot meet this way or there"
    if (lock.mode == "video") != (lock.metro is None):
        return "mode", "a video group has no metro, a group in person has one"
    choices = [known[name].cadences for name in names if known[name].cadences]
    if choices and not choices[0].intersection(*choices[1:]):
        return "cadence", "no cadence suits everybody"
    return None
