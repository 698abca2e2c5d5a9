"""Ways to make groups of the same people, side by side: ours, and plain versions of what other programs do.

The others place everybody and know no common hour, so they are given the nearest columns that they understand. Whoever
sits in a group that our check finds valid counts as placed.
"""

import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from groups.composition import placement
from groups.composition.case import Case
from groups.composition.measures import as_group, mean_quality
from groups.composition.pace import Pace
from groups.composition.people import Candidate, Problem, slots_of, window_starts
from groups.composition.rules import Group, check
from groups.composition.solver import compose, finished

SEVEN = 7
TRIES = 30  # partners looked at for one exchange
PLACING = ("encode", "greedy", "placed", "skipped", "moves", "deal")  # stages that decide who is placed


@dataclass(frozen=True)
class Result:
    """One method on one instance. `seconds` until it was decided who is placed, `whole` until the answer was there."""

    placed: int
    bound: int
    groups: int
    valid: int
    quality: float
    seconds: float
    whole: float
    processor: float = 0.0
    megabytes: int = 0


def judged(given: Problem, groups: Sequence[Group], seconds: float, bound: int = 0) -> Result:
    """What our check says of these groups."""
    broken = {breach.group for breach in check(given, groups)}
    valid = [group for index, group in enumerate(groups) if index not in broken]
    placed = sum(len(group.members) for group in valid)
    return Result(placed, bound, len(groups), len(valid), mean_quality(valid), seconds, seconds)


def sevens(given: Problem, people: Sequence[Candidate]) -> list[Group]:
    """These people in their order, seven and seven."""
    return [as_group(given.rules, people[start : start + SEVEN]) for start in range(0, len(people), SEVEN)]


def at_random(given: Problem, seconds: float) -> Result:
    """Everybody in groups of seven, shuffled."""
    since = time.monotonic()
    people = list(given.people)
    random.Random(given.seed).shuffle(people)  # noqa: S311 - repeatable on purpose
    return judged(given, sevens(given, people), time.monotonic() - since)


def exchanged(given: Problem, seconds: float) -> Result:
    """As anticlust does: equal groups, and each person exchanged with whom it gains most variety inside the groups."""
    since = time.monotonic()
    chance = np.random.default_rng(given.seed)
    order = chance.permutation(len(given.people))
    traits = varied(given.people)[order]
    group = np.arange(len(order)) // SEVEN
    sums = np.zeros((group[-1] + 1, traits.shape[1]))
    np.add.at(sums, group, traits)
    for one in range(len(order)):
        if time.monotonic() - since > seconds:
            break
        others = chance.integers(len(order), size=TRIES)
        others = others[group[others] != group[one]]
        if not len(others):
            continue
        apart = traits[others] - traits[one]
        # squared distances inside a group of fixed size fall as the square of its sum grows
        here = ((sums[group[one]] + apart) ** 2).sum(axis=1) - (sums[group[one]] ** 2).sum()
        there = ((sums[group[others]] - apart) ** 2).sum(axis=1) - (sums[group[others]] ** 2).sum(axis=1)
        best = int((here + there).argmin())
        if (here + there)[best] < 0:
            other = int(others[best])
            sums[group[one]] += apart[best]
            sums[group[other]] -= apart[best]
            group[one], group[other] = group[other], group[one]
    people = [given.people[row] for row in order[np.argsort(group, kind="stable")]]
    return judged(given, sevens(given, people), time.monotonic() - since)


def varied(people: Sequence[Candidate]) -> np.ndarray:
    """The columns that such a program understands: role, years and interests, as numbers of equal weight."""
    roles = sorted({person.role or "" for person in people})
    interests = sorted({interest for person in people for interest in person.interests})
    table = [
        [
            *((person.role or "") == role for role in roles),
            (person.years or 0) / 10,
            *(interest in person.interests for interest in interests),
        ]
        for person in people
    ]
    return np.array(table, dtype=float)


def ordered(given: Problem, seconds: float) -> Result:
    """As GroupEng does: rules in the order of their weight, the first by sorting, each next by swaps that keep those.

    First the same most popular window and way to meet, then no two of a company, then nobody alone.
    """
    since = time.monotonic()
    keys = popular(given)
    people = sorted(given.people, key=lambda person: (keys[person.id], person.id))
    groups = [people[start : start + SEVEN] for start in range(0, len(people), SEVEN)]
    near: dict[tuple[str, str, int], list[int]] = {}
    for index, members in enumerate(groups):
        for key in {keys[person.id] for person in members}:
            near.setdefault(key, []).append(index)
    for rules in ((clashes,), (clashes, lonely)):
        for index, members in enumerate(groups):
            for place, person in enumerate(members):
                if rules[-1](members) and time.monotonic() - since < seconds:
                    mend(groups, index, place, near[keys[person.id]], rules)
    return judged(given, [as_group(given.rules, members) for members in groups], time.monotonic() - since)


def popular(given: Problem) -> dict[str, tuple[str, str, int]]:
    """For each person how they meet, where, and of their windows the one that most people have."""
    crowd: Counter[tuple[str, str, int]] = Counter()
    choices = {}
    for person in given.people:
        mode = "video" if "video" in person.modes else "in_person"
        where = "" if mode == "video" else person.metro or ""
        choices[person.id] = [(mode, where, t) for t in slots_of(window_starts(person.hours, given.rules.window_slots))]
        crowd.update(choices[person.id])
    return {name: max(keys, key=crowd.__getitem__, default=("", "", 0)) for name, keys in choices.items()}


def mend(groups: list[list[Candidate]], index: int, place: int, near: Sequence[int], rules: Sequence) -> None:
    """Change places with somebody of a group with the same key, if that breaks fewer of these rules."""
    mine = groups[index]
    for other in near[:TRIES]:
        theirs = groups[other]
        if other == index:
            continue
        before = [rule(mine) + rule(theirs) for rule in rules]
        for seat in range(len(theirs)):
            mine[place], theirs[seat] = theirs[seat], mine[place]
            if [rule(mine) + rule(theirs) for rule in rules] < before:
                return
            mine[place], theirs[seat] = theirs[seat], mine[place]


def clashes(members: Sequence[Candidate]) -> int:
    """People whose company is there already."""
    companies = [person.company for person in members if person.company]
    return len(companies) - len(set(companies))


def lonely(members: Sequence[Candidate]) -> int:
    """Wishes not to be alone that nobody meets."""
    held = Counter(value for person in members for value in person.dimensions)
    return sum(held[v] <= (v in person.dimensions) for person in members for v in person.never_alone)


def greedily(given: Problem, seconds: float) -> Result:
    """Our greedy alone: neither the program nor any search."""
    since = time.monotonic()
    case = Case(given)
    found = placement.greedily(case, Pace(seconds))
    return judged(given, finished(case, found.tables), time.monotonic() - since, found.bound)


def ours(given: Problem, seconds: float) -> Result:
    """Our engine."""
    since = time.monotonic()
    proposal = compose(given, seconds)
    whole, certificate = time.monotonic() - since, proposal.certificate
    placing = sum(certificate.seconds.get(stage, 0.0) for stage in PLACING)
    return replace(judged(given, proposal.groups, placing, certificate.bound), whole=whole)
