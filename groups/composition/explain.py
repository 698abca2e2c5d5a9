"""Explanations: a card per group, a reason per person left out, and what a change would do before it is made."""

from collections.abc import Sequence

from groups.composition.board import Board, Effect, what_if
from groups.composition.cards import Card, Cards
from groups.composition.case import Case
from groups.composition.edits import AddHours, AddMode, Change, ChangeRule, Move, OtherMetro, Swap
from groups.composition.people import Problem
from groups.composition.reasons import Reason, Reasons
from groups.composition.rules import Breach, Group
from groups.composition.soundness import require_sound

__all__ = [
    "AddHours",
    "AddMode",
    "Board",
    "Card",
    "Change",
    "ChangeRule",
    "Effect",
    "Move",
    "OtherMetro",
    "Reason",
    "Swap",
    "explain",
    "public",
    "what_if",
]

PERSONAL = "A personal rule of somebody in this draft is broken."


def explain(
    problem: Problem, groups: Sequence[Group], bound: int | None = None
) -> tuple[tuple[Card, ...], tuple[Reason, ...]]:
    """A card for each group and a reason for everybody without one. `bound`: the most people anybody could place."""
    require_sound(problem)
    cards = Cards(problem)
    proven = bound is not None and sum(len(group.members) for group in groups) >= bound
    told = Reasons(Case(problem), groups, proven=proven).all()
    return tuple(cards.of(index, group) for index, group in enumerate(groups)), told


def public(breach: Breach) -> Breach:
    """What a page may show: a broken personal rule without its kind and without people."""
    if breach.rule not in ("apart", "never_alone"):
        return breach
    return Breach("never_alone", breach.group, (), PERSONAL)
