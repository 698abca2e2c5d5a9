"""Keeping a group whole over time: somebody leaves it, or decides anew who may have the address.

Lock order: the group's draft, group, membership, then the meetings that this person was to come to.
"""

from __future__ import annotations

from django.db import transaction

from groups import consent
from groups.models.group import Group, Membership
from groups.models.invitation import Invitation
from groups.sealing import calendar, locked
from members import settling
from members.models.application import Application
from members.stages import Stage
from roundtable import audit, clock
from roundtable.errors import NotAllowed


@transaction.atomic
def leave(membership: Membership, *, back_to_pool: bool) -> Membership:
    """From now on nothing of this group opens for this person; what they wrote stays with the others.

    The dates go from their calendar, the application back to the pool or to its end. Raises NotAllowed the second time,
    and for a circle that has become part of another one.
    """
    if membership.group.draft is not None:
        locked(membership.group.draft)
    Group.objects.select_for_update().get(pk=membership.group_id)  # who plans a date holds it, and reads who belongs
    memberships = Membership.objects.select_for_update(of=("self",)).select_related("group__program", "person")
    membership = memberships.get(pk=membership.pk)
    if membership.left_on is not None:
        raise NotAllowed("You have left this group already.")
    if membership.group.merged_into_id is not None:
        raise NotAllowed("Your circle has become part of another one. To leave, open that one's page.")
    membership.left_on = clock.today()
    membership.save(update_fields=["left_on"])
    membership.sabbaticals.running().update(ended_at=clock.now())
    # The yes of then is over: it would keep this person from every other group, and count for this one.
    yes = Invitation.objects.accepted().filter(draft=membership.group.draft_id, application__person=membership.person)
    yes.update(state=consent.State.RELEASED)
    placed = Application.objects.filter(person=membership.person, program=membership.group.program)
    for application in placed.filter(stage=Stage.PLACED):
        settling.leave(application, back_to_pool=back_to_pool)
    if calendar.farewell is not None:
        calendar.farewell(membership)
    audit.note(membership.person, "left", f"group:{membership.group_id}")
    return membership


def addresses(group: Group) -> list[tuple[str, str]]:
    """Name and address of today's members who ticked that the group may have it: for a reply-all, a list, a chat."""
    shared = group.memberships.on(clock.today()).filter(shares_address=True).order_by("person__name", "pk")
    return list(shared.values_list("person__name", "person__email"))


@transaction.atomic
def export_addresses(membership: Membership) -> list[tuple[str, str]]:
    """The same as a file for one member; that it was taken stands in the audit list, in counts."""
    shared = addresses(membership.group)
    audit.note(membership.person, "exported addresses", f"group:{membership.group_id}", count=len(shared))
    return shared


def share_address(membership: Membership, *, shares: bool) -> None:
    """The others may have my address, or no longer see it."""
    Membership.objects.filter(pk=membership.pk).update(shares_address=shares)
