"""How far applications come beyond the pool: asked, said yes, in a group. In moments only."""

from __future__ import annotations

from datetime import UTC, datetime, time

from django.db.models import Q

from groups import consent
from groups.models.group import Membership
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
    """Who said yes, also where that yes is over: they have left since, or their group did not form."""
    answered = Q(state=consent.State.RELEASED, other_time=False) & ~Q(answered_at=None)
    yes = Invitation.objects.filter(Q(state=consent.State.ACCEPTED) | answered, application__program=program)
    rows = yes.order_by("-answered_at").values_list("application_id", "answered_at")
    return [{key: moment for key, moment in rows if moment}]


@milestones.add(50, "in a group")
def seated(program: Program) -> list[Reached]:
    """Who belongs to a group of this program or ever did, from its seal or from the day they joined it later."""
    mine = Membership.objects.filter(group__program=program, person__applications__program=program)
    rows = mine.order_by("-joined_on", "-pk").values_list("person__applications", "joined_on", "group__sealed_at")
    return [{key: max(sealed_at, datetime.combine(day, time(), UTC)) for key, day, sealed_at in rows}]
