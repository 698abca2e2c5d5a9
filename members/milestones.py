"""How far applications came: each app registers the steps it knows, with the moment at which each was reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from members.models.application import Application
from members.models.program import Program
from members.models.review import Decision
from members.stages import Stage

Reached = Mapping[int, datetime]  # application: when it came there first
Find = Callable[[Program], Sequence[Reached]]


class Milestones(NamedTuple):
    """Steps that follow each other and are found by one question."""

    order: int
    names: tuple[str, ...]
    find: Find


REGISTERED: list[Milestones] = []


def add(order: int, *names: str) -> Callable[[Find], Find]:
    """Registers steps of the way from an application to a group and on."""

    def register(find: Find) -> Find:
        REGISTERED.append(Milestones(order, names, find))
        return find

    return register


def of(program: Program) -> list[tuple[str, Reached]]:
    """All steps in the order of the way; one query for what was registered together."""
    found = sorted(REGISTERED, key=lambda step: step.order)
    return passed([pair for steps in found for pair in zip(steps.names, steps.find(program), strict=True)])


def passed(steps: Sequence[tuple[str, Reached]]) -> list[tuple[str, Reached]]:
    """Whoever came to a step has come past all before it, at the latest then: no step counts more than one before.

    Not each step leaves a row of its own: members may have joined by a card, or been there before the program was.
    """
    way: list[tuple[str, Reached]] = []
    beyond: Reached = {}
    for name, reached in reversed(steps):
        beyond = {**beyond, **reached}
        way.insert(0, (name, beyond))
    return way


@add(10, "applied")
def applied(program: Program) -> list[Reached]:
    rows = Application.objects.filter(program=program).exclude(submitted_at=None)
    return [{key: moment for key, moment in rows.values_list("pk", "submitted_at") if moment}]


@add(20, "in the pool")
def pooled(program: Program) -> list[Reached]:
    accepted = Decision.objects.filter(application__program=program, to_stage=Stage.POOLED, undone_at=None)
    return [dict(accepted.order_by("-decided_at").values_list("application_id", "decided_at"))]  # the first one stays
