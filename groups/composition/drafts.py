"""Drafts: a start and a list of edits; and two of them side by side."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from groups.composition.cards import Cards
from groups.composition.edits import Move, Swap, edited
from groups.composition.measures import mean_quality
from groups.composition.people import Problem
from groups.composition.rules import Group


def as_edited(problem: Problem, start: Sequence[Group], edits: Sequence[Move | Swap]) -> tuple[Group, ...]:
    """The draft after all these edits, one after the other. Undo is the same without the last. Raises BadProblem."""
    groups = tuple(start)
    for edit in edits:
        groups = edited(problem, groups, edit)
    return groups


@dataclass(frozen=True, slots=True)
class Match:
    """A group here and the group there that has most people in common with it, by index; None has no counterpart."""

    here: int | None
    there: int | None
    stay: tuple[str, ...]
    come: tuple[str, ...]
    go: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """One draft in numbers: people placed, those of them left out before, quality, and groups that one no breaks."""

    placed: int
    skipped: int
    quality: float
    fragile: int


def compared(here: Sequence[Group], there: Sequence[Group]) -> tuple[Match, ...]:
    """Who stays, comes and goes from one draft to the other, group by group; most people in common first."""
    sets, others = [set(group.members) for group in here], [set(group.members) for group in there]
    homes = {name: j for j, other in enumerate(others) for name in other}
    common = Counter((i, homes[name]) for i, one in enumerate(sets) for name in one if name in homes)
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for i, j in sorted(common, key=lambda pair: (-common[pair], pair)):
        if i not in matched and j not in taken:
            matched[i] = j
            taken.add(j)
    pairs: list[tuple[int | None, int | None]] = [(i, matched.get(i)) for i in range(len(here))]
    pairs += [(None, j) for j in range(len(there)) if j not in taken]
    return tuple(_match(i, j, sets, others) for i, j in pairs)


def _match(i: int | None, j: int | None, sets: Sequence[set[str]], others: Sequence[set[str]]) -> Match:
    one = sets[i] if i is not None else set()
    other = others[j] if j is not None else set()
    return Match(i, j, tuple(sorted(one & other)), tuple(sorted(other - one)), tuple(sorted(one - other)))


def summary(problem: Problem, groups: Sequence[Group]) -> Summary:
    """The numbers by which drafts are compared."""
    cards = Cards(problem)
    seated = {name for group in groups for name in group.members}
    return Summary(
        placed=len(seated),
        skipped=sum(person.skipped_before > 0 and person.id in seated for person in problem.people),
        quality=mean_quality(groups),
        fragile=sum(cards.of(index, group).fragile for index, group in enumerate(groups)),
    )
