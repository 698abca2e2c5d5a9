"""Seats elsewhere for the people of a group that does not hold any more, in groups that nobody was asked for yet.

Lock order: composition, draft, the drafts that take them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from groups import arranging, candidates, inviting, ways
from groups.composition.chairs import Chairs
from groups.composition.rules import Group as PaperGroup
from groups.models.draft import Composition, DraftGroup, DraftState
from groups.models.invitation import Invitation
from groups.sealing import locked
from members.models.application import Application
from members.models.person import Person
from roundtable import audit, clock
from roundtable.errors import NotAllowed

LOOKED_AT = 300  # groups with a free chair, the smallest first


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who would sit where, and who would wait."""

    seats: tuple[tuple[Invitation, DraftGroup], ...]
    waits: tuple[Invitation, ...]

    @property
    def people(self) -> int:
        """How many the group that is given up has left."""
        return len(self.seats) + len(self.waits)

    @property
    def told(self) -> str:
        """The proposal in one line, by which it is known again."""
        return ",".join(f"{invitation.public_id}:{draft.number}" for invitation, draft in self.seats)


def proposal(draft: DraftGroup) -> Proposal:
    """One after the other, who was skipped most often first, each where most are still missing; nobody else moves."""
    live = list(draft.invitations.live().select_related("application__person"))
    live.sort(key=lambda one: (-one.application.skipped_before, one.application.submitted_at, one.pk))
    chairs, papers = _chairs(draft, live)
    seats: list[tuple[Invitation, DraftGroup]] = []
    for invitation in live:
        found = chairs.seats_for(invitation.application.public_id)
        if found:
            chairs.seat(chairs.unit_of[invitation.application.public_id], found[0].group)
            seats.append((invitation, papers[found[0].group]))
    seated = {invitation.pk for invitation, _ in seats}
    return Proposal(tuple(seats), tuple(one for one in live if one.pk not in seated))


def _chairs(draft: DraftGroup, live: list[Invitation]) -> tuple[Chairs, list[DraftGroup]]:
    """The groups on paper with a free chair, on this draft's clock."""
    size_max = draft.composition.program.size_max
    open_drafts: QuerySet[Any] = ways.open_drafts(draft.composition)
    free = open_drafts.filter(people__lt=size_max).order_by("people", "number")
    papers = list(free.prefetch_related("invitations__application")[:LOOKED_AT])
    people: dict[int, Application] = {one.application_id: one.application for one in live}
    people |= {one.application_id: one.application for paper in papers for one in paper.invitations.all()}
    pool = candidates.pool(list(people.values()), today=clock.today(), zone=draft.zone)
    groups, there = [], []
    for paper in papers:
        window = candidates.slot_on(paper.window, paper.zone, draft.zone, pool.first_monday)
        if window is not None:
            names = tuple(sorted(one.application.public_id for one in paper.invitations.all()))
            groups.append(PaperGroup(names, window, paper.mode, paper.metro or None))
            there.append(paper)
    return Chairs(candidates.problem(draft.composition.program, pool), groups), there


@transaction.atomic
def carry_out(draft: DraftGroup, *, seen: str, by: Person) -> Proposal:
    """The group is given up and its people told; each who has a seat elsewhere is put there on paper, as edits of the
    board. Raises NotAllowed where the proposal is not the one that was seen.
    """
    composition = Composition.objects.select_for_update().get(pk=draft.composition_id)
    draft = locked(draft)
    if draft.state != DraftState.RELEASED:
        raise NotAllowed(f"This group is {draft.get_state_display()}; nobody is seated elsewhere.")
    found = proposal(draft)
    if not found.seats or found.told != seen:
        raise NotAllowed("What could be done has changed meanwhile. Nothing was done; the page shows it as it is now.")
    inviting.dissolve(draft, by=by)
    for invitation, paper in found.seats:
        application = Application.objects.select_related("person").get(pk=invitation.application_id)
        composition.refresh_from_db(fields=["version"])
        arranging.move(composition, application, paper, seen=composition.version, by=by)
    audit.note(by, "seated people of a dissolved group elsewhere", f"draft:{draft.pk}", count=len(found.seats))
    return found
