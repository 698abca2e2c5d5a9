"""Who stands by for a group: drawn up when it is asked, by the engine's order and under the same rules. Told to nobody.

Expects the draft to be locked by its caller.
"""

from __future__ import annotations

from collections.abc import Iterable

from groups import candidates
from groups.composition.chairs import Chairs
from groups.composition.rules import Group as PaperGroup
from groups.consent import State
from groups.models.draft import DraftGroup, DraftState
from groups.models.invitation import Invitation
from groups.models.offer import Offer
from members.models.application import Application
from roundtable import clock

PLACES = 4  # with so many, nine asked give six members with nine chances in ten (60 % say yes)
LOOKED_AT = 2000  # of a larger pool, those who were skipped most often and wait longest


def draw_up(draft: DraftGroup) -> list[Invitation]:
    """First who waits, then whom a group on paper can spare: each could follow some member without breaking a rule.

    They stay in the pool, where another group may find them first.
    """
    members = list(draft.invitations.exclude(state=State.STAND_BY).select_related("application"))
    papers = [*_on_paper_too(draft)]
    people = {one.application_id: one.application for one in members}
    people |= {one.application_id: one.application for paper in papers for one in paper.invitations.all()}
    people |= {one.pk: one for one in _waiting(draft, people)}
    pool = candidates.pool(list(people.values()), today=clock.today(), zone=draft.zone)
    groups = [_as_group(draft, draft.window, (one.application for one in members))]
    for paper in papers:
        window = candidates.slot_on(paper.window, paper.zone, draft.zone, pool.first_monday)
        if window is not None:
            groups.append(_as_group(paper, window, (one.application for one in paper.invitations.all())))
    fixed = frozenset(groups[0].members)
    chairs = Chairs(candidates.problem(draft.composition.program, pool), groups, fixed=fixed)
    seated = frozenset(one.application.public_id for paper in papers for one in paper.invitations.all())
    by_id = pool.applications
    line = [stand for stand in chairs.standing_by(0, PLACES) if stand.kind != "asked"]
    line = [stand for stand in line if stand.kind == "spared" or stand.person not in seated]
    return Invitation.objects.bulk_create(
        Invitation(draft=draft, application=by_id[stand.person], state=State.STAND_BY, place_in_line=place)
        for place, stand in enumerate(line, start=1)
    )


def _on_paper_too(draft: DraftGroup) -> Iterable[DraftGroup]:
    """The other groups of this composition that nobody was asked for yet, without those that a host offered."""
    others = DraftGroup.objects.filter(composition=draft.composition_id, state=DraftState.DRAFT).exclude(pk=draft.pk)
    others = others.exclude(offer__in=Offer.objects.open())
    return others.prefetch_related("invitations__application").order_by("number")


def _waiting(draft: DraftGroup, known: Iterable[int]) -> Iterable[Application]:
    pooled = Application.objects.filter(program=draft.composition.program).pooled().without_group()
    if draft.metro:
        pooled = pooled.filter(metro=draft.metro)
    return pooled.exclude(pk__in=list(known)).order_by("-skipped_before", "submitted_at", "pk")[:LOOKED_AT]


def _as_group(draft: DraftGroup, window: int, people: Iterable[Application]) -> PaperGroup:
    return PaperGroup(tuple(sorted(one.public_id for one in people)), window, draft.mode, draft.metro or None)
