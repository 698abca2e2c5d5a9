"""Composing a program's pool: one run at a time, its progress, and the drafts it leaves on paper.

Lock order: composition, draft. Nothing in here is told to an applicant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from groups import candidates, times
from groups.candidates import Pool
from groups.composition.explain import Card, explain
from groups.composition.people import Problem
from groups.composition.reasons import Reason
from groups.composition.rules import Group as PaperGroup
from groups.composition.solver import Proposal, compose
from groups.models.draft import Composition, DraftGroup, LeftOut, Progress
from groups.models.invitation import Invitation
from members.models.application import Application
from members.models.person import Person
from members.models.program import Program
from roundtable import audit, clock
from roundtable.errors import NotAllowed

log = structlog.get_logger(__name__)
SECONDS_OF_A_TASK = 60
PROGRESS_EVERY = 0.5  # seconds between two writes of the progress bar
GRACE = timedelta(seconds=120)  # beyond its seconds: above the limit at which the worker itself ends the task
BROKEN = "The composition stopped with an error of ours; nothing was changed. Please start it again."
CUT_OFF = "The composition was cut off, as by a restart of the site; nothing was changed. Please start it again."


@dataclass(frozen=True, slots=True)
class OnPaper:
    """A proposal with everything it was made of."""

    pool: Pool
    problem: Problem
    proposal: Proposal

    def in_words(self, sentence: str) -> str:
        """The engine speaks in ids; organizers read initials."""
        for key, application in self.pool.applications.items():
            sentence = sentence.replace(key, application.person.initials)
        return sentence

    def help_for(self, reason: Reason) -> dict[str, Any] | None:
        """The one time that would seat a person, on their own clock, and the number of the group it opens."""
        if reason.fix is None:
            return None
        zone = self.pool.weeks[reason.person].zone
        start, half_hours = reason.fix.slots[0], len(reason.fix.slots)
        words = times.on_clock(
            start, kept_in=self.pool.zone, zone=zone, minutes=30 * half_hours, monday=self.pool.first_monday
        ).words
        return {"words": words, "zone": zone, "group": reason.fix.group + 1}


@transaction.atomic
def start(program: Program, *, by: Person | None, seconds: int = SECONDS_OF_A_TASK) -> Composition:
    """Order a composition of everybody in the pool; by nobody where a pool has passed its line.

    Raises NotAllowed while one runs, or when nobody waits.
    """
    if not Application.objects.filter(program=program).pooled().exists():
        raise NotAllowed("Nobody is in the pool yet: accept applications first.")
    try:
        with transaction.atomic():
            composition = Composition.objects.create(program=program, made_by=by, seconds=seconds)
    except IntegrityError:
        raise NotAllowed(
            "A composition of this program is running already; its result will be here in a moment."
        ) from None
    audit.note(by, "ordered a composition", f"composition:{composition.pk}")
    transaction.on_commit(nudge, robust=True)  # robust: the order stands, whatever the broker says
    return composition


def nudge() -> None:
    """Wakes a worker; without a broker the next tick of the schedule finds the order."""
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


def run_waiting() -> None:
    """Take the oldest waiting composition, if any, and run it, one after the other: letters need a worker meanwhile."""
    end(Composition.objects.abandoned(clock.database_now()), CUT_OFF)
    composition = claim()
    if composition is not None:
        run(composition)


@transaction.atomic
def claim() -> Composition | None:
    """The next composition, ours until its time is over; none while another runs."""
    if Composition.objects.filter(progress=Progress.RUNNING).exists():
        return None
    waiting = Composition.objects.select_for_update(skip_locked=True).filter(progress=Progress.WAITING)
    composition = waiting.order_by("made_at", "pk").first()
    if composition is not None:
        composition.progress = Progress.RUNNING
        composition.running_until = clock.database_now() + timedelta(seconds=composition.seconds) + GRACE
        composition.save(update_fields=["progress", "running_until"])
    return composition


def run(composition: Composition) -> None:
    """Compose and save. Whatever goes wrong ends as a sentence on the composition, never as one that runs for ever."""
    try:
        _run(composition)
    except Exception:
        log.exception("composition_failed", composition=composition.pk)
        end(Composition.objects.filter(pk=composition.pk, progress=Progress.RUNNING), BROKEN)


def end(compositions: QuerySet[Composition], failure: str) -> None:
    """These came to nothing, for this reason."""
    compositions.update(progress=Progress.FAILED, running_until=None, failure=failure)


def _run(composition: Composition) -> None:
    program = composition.program
    applications = list(Application.objects.filter(program=program).pooled().without_group().select_related("person"))
    paper = on_paper(
        program,
        applications,
        seconds=composition.seconds,
        seed=composition.seed,
        progress=_teller(composition),
    )
    keep(composition, paper)


def _teller(composition: Composition) -> Callable[[str, int, int], None]:
    told = datetime.min.replace(tzinfo=clock.now().tzinfo)

    def tell(stage: str, placed: int, bound: int) -> None:
        nonlocal told
        now = clock.now()
        if (now - told).total_seconds() >= PROGRESS_EVERY:
            told = now
            Composition.objects.filter(pk=composition.pk).update(stage=stage, placed=placed, bound=bound)

    return tell


@transaction.atomic
def keep(composition: Composition, paper: OnPaper) -> None:
    """Write the drafts, their people and a reason for everybody left out: all of it, or nothing.

    Nothing, too, from a worker that was given up meanwhile.
    """
    composition = Composition.objects.select_for_update().get(pk=composition.pk)
    if composition.progress != Progress.RUNNING:
        return
    proposal = paper.proposal
    cards, _reasons = explain(paper.problem, proposal.groups)
    for number, (group, card) in enumerate(zip(proposal.groups, cards, strict=True), start=1):
        _keep_draft(composition, number, group, paper, card)
    LeftOut.objects.bulk_create(
        LeftOut(
            composition=composition,
            application=paper.pool.applications[reason.person],
            code=reason.code,
            sentence=paper.in_words(reason.sentence),
            fix=paper.help_for(reason),
        )
        for reason in proposal.unplaced
    )
    composition.progress, composition.stage, composition.running_until = Progress.DONE, "", None
    composition.placed, composition.bound = proposal.certificate.placed, proposal.certificate.bound
    composition.quality, composition.zone = proposal.quality, paper.pool.zone
    composition.certificate = asdict(proposal.certificate)
    composition.save()


def _keep_draft(composition: Composition, number: int, group: PaperGroup, paper: OnPaper, card: Card) -> None:
    zone, window = anchor(group, paper)
    draft = DraftGroup.objects.create(
        composition=composition,
        number=number,
        mode=group.mode,
        metro=group.metro or "",
        zone=zone,
        window=window,
        quality=group.quality,
        card={
            "windows": len(card.windows),
            "fragile": card.fragile,
            "tightest": paper.in_words(card.tightest or ""),
            "warnings": card.warnings,
        },
    )
    Invitation.objects.bulk_create(
        Invitation(draft=draft, application=paper.pool.applications[key]) for key in group.members
    )


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
