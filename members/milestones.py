"""How far applications came: each app registers the steps it knows, with the moment at which each was reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from members.models.application import Application
from members.models.program import Program
from members.models.review import Decision
from members.stages import Stage

Reached = Mapping[int, datetime]  # application: when it came there first
Find = Callable[[Program], Reached]


class Milestone(NamedTuple):
    order: int
    name: str
    find: Find


REGISTERED: list[Milestone] = []


def add(order: int, name: str) -> Callable[[Find], Find]:
    """Registers a step of the way from an application to a group."""

    def register(find: Find) -> Find:
        REGISTERED.append(Milestone(order, name, find))
        return find

    return register


def of(program: Program) -> list[tuple[str, Reached]]:
    """All steps in the order of the way; one query each."""
    return [(step.name, step.find(program)) for step in sorted(REGISTERED, key=lambda step: step.order)]


@add(10, "applied")
def applied(program: Program) -> Reached:
    rows = Application.objects.filter(program=program).exclude(submitted_at=None)
    return {key: moment for key, moment in rows.values_list("pk", "submitted_at") if moment}


@add(20, "in the pool")
def pooled(program: Program) -> Reached:
    accepted = Decision.objects.filter(application__program=program, to_stage=Stage.POOLED, undone_at=None)
    return dict(accepted.order_by("-decided_at").values_list("application_id", "decided_at"))  # the first one stays
