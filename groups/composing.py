"""Composing a program's pool: ordered, called off, and what a proposal means on people's clocks.

Lock order: composition, shard. Nothing in here is told to an applicant.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from celery import current_app
from django.db import IntegrityError, transaction

from groups import candidates, freezing, times
from groups.candidates import Pool
from groups.composition.people import Problem
from groups.composition.reasons import Reason
from groups.composition.rules import Group as PaperGroup
from groups.composition.solver import Proposal, compose
from groups.models.draft import Composition, Progress
from groups.models.shard import Shard
from members.models.application import Application
from members.models.person import Person
from members.models.program import Program
from roundtable import audit, clock
from roundtable.errors import NotAllowed

SECONDS_OF_A_TASK = 60
WORDS = re.compile(r"[\w-]+")  # an id is one of them


@dataclass(frozen=True, slots=True)
class OnPaper:
    """A proposal with everything it was made of."""

    pool: Pool
    problem: Problem
    proposal: Proposal

    def in_words(self, sentence: str) -> str:
        """The engine speaks in ids; organizers read initials."""
        return WORDS.sub(self._initials, sentence)

    def _initials(self, word: re.Match[str]) -> str:
        application = self.pool.applications.get(word[0])
        return application.person.initials if application else word[0]

    def help_for(self, reason: Reason) -> dict[str, Any] | None:
        """The one time that would seat a person, on their own clock, and the number of the group it opens."""
        if reason.fix is None or not reason.fix.slots:  # a run cut short may leave out who would fit as they are
            return None
        zone = self.pool.weeks[reason.person].zone
        start, half_hours = reason.fix.slots[0], len(reason.fix.slots)
        words = times.on_clock(
            start, kept_in=self.pool.zone, zone=zone, minutes=30 * half_hours, monday=self.pool.first_monday
        ).words
        return {"words": words, "zone": zone, "group": reason.fix.group + 1}


@transaction.atomic
def start(
    program: Program, *, by: Person | None, seconds: int = SECONDS_OF_A_TASK, base: Composition | None = None
) -> Composition:
    """Order a composition of everybody in the pool; by nobody where a pool has passed its line.

    With a base it is solved again around the locks of that board, which itself stays as it is.

    Raises NotAllowed while one runs, or when nobody waits.
    """
    if not Application.objects.filter(program=program).pooled().exists():
        raise NotAllowed("Nobody is in the pool yet: accept applications first.")
    try:
        with transaction.atomic():
            composition = Composition.objects.create(program=program, made_by=by, seconds=seconds, base=base)
            Shard.objects.create(composition=composition)
    except IntegrityError:
        raise NotAllowed(
            "A composition of this program is running already; its result will be here in a moment."
        ) from None
    audit.note(by, "ordered a composition" if base is None else "solved a board again", f"composition:{composition.pk}")
    transaction.on_commit(nudge, robust=True)  # robust: the order stands, whatever the broker says
    return composition


def nudge() -> None:
    """Wakes a worker; without a broker the next tick of the schedule finds what there is to do."""
    current_app.send_task("groups.tasks.compose_waiting", expires=5, retry=False)


def on_paper(
    program: Program,
    applications: list[Application],
    *,
    seconds: float,
    seed: int = 1,
    progress: Callable[[str, int, int], None] | None = None,
) -> OnPaper:
    """Compose these people and save nothing."""
    pool = candidates.pool(applications, today=clock.today())
    problem = candidates.problem(program, pool, seed=seed)
    return OnPaper(pool, problem, compose(problem, seconds=seconds, progress=progress))


@transaction.atomic
def cancel(composition: Composition, *, by: Person) -> Composition:
    """Stop a run that has not ended: nothing is written. Its workers find out within a second or two."""
    composition = Composition.objects.select_for_update().get(pk=composition.pk)
    if not composition.under_way:
        raise NotAllowed("This composition has ended already; there is nothing to cancel.")
    end(composition, Progress.CANCELLED)
    audit.note(by, "cancelled a composition", f"composition:{composition.pk}")
    return composition


def end(composition: Composition, progress: Progress, failure: str = "") -> None:
    """The run is over, well or not. What it worked on goes; the composition is locked by the caller."""
    composition.progress, composition.stage, composition.failure = progress, "", failure
    composition.save()
    composition.shards.all().delete()
    freezing.forget(composition)


def anchor(group: PaperGroup, paper: OnPaper) -> tuple[str, int]:
    """The zone whose clock this group keeps, and its window there.

    The zone most members live in, as long as everybody's hours still hold on its clock all season; else the pool's own.
    """
    pool, slots = paper.pool, paper.problem.rules.window_slots
    for zone in pool.zones_of(group.members):
        window = candidates.slot_on(group.window, pool.zone, zone, pool.first_monday)
        if window is None:
            continue
        needed = {(window + step) % 336 for step in range(slots)}
        if pool.can_meet(group.members, zone, needed):
            return zone, window
    return pool.zone, group.window


def hour(window: int, zone: str, paper: OnPaper) -> times.Hour:
    """A group's hour on its own clock."""
    minutes = 30 * paper.problem.rules.window_slots
    return times.on_clock(window, kept_in=zone, zone=zone, minutes=minutes, monday=paper.pool.first_monday)
