"""Compose: place, improve, check, explain and certify, always within the time that was given."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from operator import attrgetter

from groups.composition.case import Case, Placement, Progress
from groups.composition.measures import as_group, in_order, mean_quality
from groups.composition.pace import Each, Pace, at_once
from groups.composition.people import NONE, Candidate, Problem
from groups.composition.placement import place
from groups.composition.reasons import Reason, Reasons
from groups.composition.rules import BadProblem, Breach, Group, Lock, check
from groups.composition.search import improve
from groups.composition.soundness import require_sound
from groups.composition.units import Table

ENGINE = "1"
LOT = 50  # people written at a time for the certificate


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is proven and how anybody can repeat the run: same hashes, seed and versions, not cut short, same groups."""

    placed: int
    bound: int
    source: str
    proven: bool
    stages: Mapping[str, bool]
    cut_short: bool
    seconds: Mapping[str, float]
    seed: int
    rules_sha256: str
    people_sha256: str
    versions: Mapping[str, str]

    @property
    def gap(self) -> int:
        """How many more people might be placed at most; 0 is a proof."""
        return self.bound - self.placed


@dataclass(frozen=True, slots=True)
class Proposal:
    """Groups on paper, a reason for everybody without one, the mean quality and the certificate."""

    groups: tuple[Group, ...]
    unplaced: tuple[Reason, ...]
    quality: float
    certificate: Certificate


class CheckFailed(Exception):
    """Our own check found a breach in our own proposal: a bug of the engine, and nothing is handed out."""

    def __init__(self, breaches: tuple[Breach, ...]) -> None:
        super().__init__(f"The proposal breaks the rule {breaches[0].rule}; nothing was saved.")
        self.breaches = breaches


def compose(
    problem: Problem,
    seconds: float = 60.0,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Proposal:
    """As many people as can be placed, no hard rule broken, each person left out told why.

    A late or cancelled run returns the best valid proposal so far. Raises BadProblem or LocksImpossible.
    """
    if not seconds > 0:
        raise BadProblem("seconds", f"seconds is {seconds}; it must be a number above 0.")
    require_sound(problem)
    pace = Pace(seconds, cancelled)
    tell = progress or silently
    case = Case(problem, pace.each)
    pace.note("encode", 0.0)
    placement = place(case, pace, tell)
    since = pace.spent
    improve(case, placement, pace, tell)
    pace.note("quality", since)
    return concluded(case, placement, pace)


def concluded(case: Case, placement: Placement, pace: Pace) -> Proposal:
    """What is handed out: groups that passed the slow check, a reason for each person left out, the certificate."""
    groups = finished(case, placement.tables)
    breaches = check(case.problem, groups, case.each)
    if breaches:
        raise CheckFailed(breaches)
    reasons = Reasons(case, groups, proven=placement.placed == placement.bound).all(pace.due)
    return Proposal(groups, reasons, mean_quality(groups), certificate(case.problem, placement, pace, case.each))


def silently(stage: str, placed: int, bound: int) -> None:
    """For callers who do not want to be told."""


def finished(case: Case, tables: list[Table]) -> tuple[Group, ...]:
    """The tables as groups, in their order."""
    locks, people = case.problem.locked, case.roster.people
    groups = []
    for table in case.each(tables):
        members = [people[row] for number in table.members for row in case.units[number].rows]
        lock = locks[table.lock] if table.lock != NONE else None
        groups.append(as_group(case.rules, members, lock, met=case.problem.met))
    return in_order(groups)


def certificate(problem: Problem, placement: Placement, pace: Pace, each: Each = at_once) -> Certificate:
    """What is known about a placement, and how it came about."""
    return Certificate(
        placed=placement.placed,
        bound=placement.bound,
        source=placement.source,
        proven=placement.placed == placement.bound,
        stages=dict(placement.stages),
        cut_short=pace.cut_short,
        seconds={**pace.stages, "all": round(pace.spent, 3)},
        seed=problem.seed,
        rules_sha256=_sha256(json.dumps(asdict(problem.rules), sort_keys=True)),
        people_sha256=_sha256(_of_people(problem, each)),
        versions={"engine": ENGINE, **{name: _version(name) for name in ("numpy", "highspy")}},
    )


def _of_people(problem: Problem, each: Each) -> str:
    """Everything about people that a proposal depends on, in an order of its own."""
    parts: tuple[Iterable[object], ...] = (
        (_plain(person) for person in each(sorted(problem.people, key=lambda person: person.id))),
        sorted(sorted(pair) for pair in problem.apart),
        sorted(sorted(whole) for whole in problem.together),
        (_plain(lock) for lock in problem.locked),
        sorted([*sorted(pair), months] for pair, months in problem.met.items()),
        (asdict(group) for group in problem.draft),
    )
    return f"[{', '.join(map(_list, parts))}]"


def _list(things: Iterable[object]) -> str:
    """As json writes one; some at a time, because all at once takes too long for anybody who wants to stop it."""
    left, lots = iter(things), []
    while some := list(islice(left, LOT)):
        lots.append(json.dumps(some, sort_keys=True)[1:-1])
    return f"[{', '.join(lots)}]"


VALUES = {kind: attrgetter(*(field.name for field in fields(kind))) for kind in (Candidate, Lock)}


def _plain(thing: Candidate | Lock) -> list[object]:
    return [sorted(value) if type(value) is frozenset else value for value in VALUES[type(thing)](thing)]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
