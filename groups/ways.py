"""Where somebody could sit: of all drafts those whose hour they lack least of, judged exactly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from groups import candidates
from groups.arranging import Step, outlook_of, seat_of
from groups.composition.chairs import missing
from groups.composition.measures import suits
from groups.consent import State
from groups.judging import Judge, Outlook, paper
from groups.models.draft import Composition, DraftGroup, DraftState
from groups.models.edit import Act
from groups.models.offer import Offer
from members.models.application import Application
from roundtable import clock

NAMED = 5


@dataclass(frozen=True, slots=True)
class Way:
    """A draft that this person could go to, what that breaks and gains, and how many half hours they have not given."""

    draft: DraftGroup
    outlook: Outlook
    lacks: int


def open_drafts(composition: Composition) -> QuerySet[DraftGroup]:
    """Those that can be changed by hand, with how many sit in each."""
    drafts = composition.drafts.filter(state=DraftState.DRAFT, locked=False)
    drafts = drafts.exclude(pk__in=Offer.objects.open().exclude(draft=None).values("draft"))
    return drafts.annotate(people=Count("invitations", filter=Q(invitations__state=State.DRAFTED)))


def ways(composition: Composition, application: Application, drafts: Iterable[DraftGroup]) -> list[Way]:
    """The nearest ways in, best first: no rule broken before some, then the fewest half hours to give, then quality."""
    source = seat_of(composition, application)
    near = _nearest(composition, application, [draft for draft in drafts if draft != source])
    for draft in (*near, *([source] if source else [])):
        draft.composition = composition  # spares a query for each
    judge = Judge(composition, [*near, *([source] if source else [])], [application])
    found = [
        Way(draft, outlook_of(judge, Step(Act.MOVE, application, source, draft)), lacks)
        for draft, lacks in near.items()
    ]
    return sorted(found, key=lambda way: (not way.outlook.holds, way.lacks, -way.outlook.quality, way.draft.number))


def _nearest(composition: Composition, application: Application, drafts: Iterable[Any]) -> dict[DraftGroup, int]:
    """By draft with a free chair and a way to meet that suits, the half hours of its window that this person lacks."""
    program = composition.program
    pool = candidates.pool([application], today=clock.today(), zone=composition.zone)
    problem = candidates.plain(program, pool)
    (person,) = problem.people
    lacking = []
    for draft in drafts:
        if draft.people < program.size_max and suits(person, draft.mode, draft.metro or None):
            (there,) = candidates.on_clock(problem, pool, draft.zone).people
            lacks = len(missing(problem.rules.window_slots, there, paper(draft, ())))
            lacking.append((lacks, draft.people, draft.number, draft))
    return {draft: lacks for lacks, _, _, draft in sorted(lacking, key=lambda one: one[:3])[:NAMED]}
