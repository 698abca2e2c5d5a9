"""What would have helped: each night one verified change for everybody whom a composition of today would leave out.

Only more of a person's own time or another way to meet; never a wish not to be alone, a keep-apart, or a company rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta

import structlog
from django.db import transaction

from groups import composing, times
from groups.composing import OnPaper
from groups.composition.explain import AddHours, AddMode, Board, Change
from groups.composition.reasons import Reason
from members.models.application import Application
from members.models.hint import Hint
from members.models.program import Program
from members.stages import Stage
from roundtable import chores, clock

log = structlog.get_logger(__name__)
SECONDS = 10.0
COMPOSING = 0.7  # of the seconds
EARLIEST, LATEST = time(7, 0), time(21, 30)  # on the person's own clock
SEAT = "a group composed today would have a seat for you."
WAYS = {
    "video": "If you could also meet by video, " + SEAT,
    "in_person": "If you could also meet in person, " + SEAT,
}


def look_at_one() -> None:
    """The next program whose night has come, if any; one at a time, so that a worker is never long away."""
    for program in Program.objects.order_by("pk"):
        if chores.claim(f"hints of program {program.pk}"):
            look(program)
            return


def look(program: Program, *, seconds: float = SECONDS) -> int:
    """Compose the pool on paper and keep what would help, in place of last night's. How many hints there are."""
    waiting = Application.objects.filter(program=program).pooled().without_group().select_related("person")
    applications = list(waiting.order_by("pk"))
    found = _found(program, applications, seconds) if applications else {}
    keep(program, found)
    log.info("hints_kept", program=program.pk, waiting=len(applications), hints=len(found))
    return len(found)


@transaction.atomic
def keep(program: Program, found: dict[int, str]) -> None:
    """Last night's hints go, whatever comes; who has left the pool meanwhile gets no new one."""
    Hint.objects.filter(application__program=program).delete()
    still = Application.objects.filter(pk__in=found, stage=Stage.POOLED).values_list("pk", flat=True)
    now = clock.now()
    Hint.objects.bulk_create(Hint(application_id=pk, words=found[pk], computed_at=now) for pk in still)


def _found(program: Program, applications: list[Application], seconds: float) -> dict[int, str]:
    """Most of the time goes to composing, the rest to confirming; in a huge pool who waits longest comes first."""
    until = clock.now() + timedelta(seconds=seconds)
    paper = composing.on_paper(program, applications, seconds=COMPOSING * seconds)
    of_person = {reason.person: reason for reason in paper.proposal.unplaced}
    found, board = {}, Board(paper.problem, paper.proposal.groups)
    for application in sorted(applications, key=lambda one: (one.submitted_at, one.pk)):
        reason = of_person.get(application.public_id)
        if reason is not None and (words := _hint(paper, board, reason)):
            found[application.pk] = words
        if clock.now() >= until:
            break
    return found


def _hint(paper: OnPaper, board: Board, reason: Reason) -> str:
    """The first change that the engine confirms; empty where no single one would do."""
    return next((words for change, words in _changes(paper, reason) if _seats(board, change)), "")


def _changes(paper: OnPaper, reason: Reason) -> Iterator[tuple[Change, str]]:
    """More time first, then another way to meet."""
    if reason.fix is not None and reason.fix.slots:
        hour = _hour(paper, reason.person, paper.proposal.groups[reason.fix.group].window)
        if EARLIEST <= hour.start < hour.end <= LATEST:
            words = f"If you could also come on {hour.words} ({hour.city} time), {SEAT}"
            yield AddHours(reason.person, reason.fix.slots), words
    person = next(one for one in paper.problem.people if one.id == reason.person)
    for mode, words in WAYS.items():
        if mode not in person.modes and (mode == "video" or person.metro):
            yield AddMode(person.id, mode), words


def _hour(paper: OnPaper, person: str, window: int) -> times.Hour:
    """The hour of that group on the person's own clock."""
    minutes = 30 * paper.problem.rules.window_slots
    zone, monday = paper.pool.weeks[person].zone, paper.pool.first_monday
    return times.on_clock(window, kept_in=paper.pool.zone, zone=zone, minutes=minutes, monday=monday)


def _seats(board: Board, change: Change) -> bool:
    effect = board.what_if(change)
    return not effect.breaches and effect.placed == 1
