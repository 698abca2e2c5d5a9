"""How far applications come beyond the pool: asked, said yes, in a group. In moments only."""

from __future__ import annotations

from groups import consent
from groups.models.draft import DraftState
from groups.models.invitation import Invitation
from members import milestones
from members.milestones import Reached
from members.models.program import Program


@milestones.add(30, "invited")
def invited(program: Program) -> list[Reached]:
    asked = Invitation.objects.filter(application__program=program).exclude(sent_at=None)
    rows = asked.order_by("-sent_at").values_list("application_id", "sent_at")
    return [{key: moment for key, moment in rows if moment}]  # the first one stays


@milestones.add(40, "said yes")
def accepted(program: Program) -> list[Reached]:
    yes = Invitation.objects.filter(application__program=program, state=consent.State.ACCEPTED)
    rows = yes.order_by("-answered_at").values_list("application_id", "answered_at")
    return [{key: moment for key, moment in rows if moment}]


@milestones.add(50, "in a group")
def sealed(program: Program) -> list[Reached]:
    seated = Invitation.objects.accepted().filter(application__program=program, draft__state=DraftState.SEALED)
    rows = seated.exclude(draft__group=None).order_by("-draft__group__sealed_at")
    return [dict(rows.values_list("application_id", "draft__group__sealed_at"))]
