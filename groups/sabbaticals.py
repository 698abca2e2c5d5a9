"""A pause of one to three meetings: the seat is kept, nobody counts the silence, and it ends by itself or by a button.

Lock order: the group's draft, group, membership, then the meetings that it covers.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from groups import letters
from groups.models.group import Group, Membership
from groups.models.sabbatical import Sabbatical
from groups.sealing import calendar, locked
from roundtable import audit, clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel, post


@transaction.atomic
def begin(membership: Membership, *, meetings: int) -> Sabbatical:
    """The next meetings, planned or not yet, go on without this member. Raises NotAllowed while one runs."""
    membership = _held(membership)
    try:
        with transaction.atomic():
            sabbatical = Sabbatical.objects.create(membership=membership, meetings=meetings, begun_at=clock.now())
    except IntegrityError:
        raise NotAllowed("You are on a sabbatical already. End that one first, if you want another.") from None
    if calendar.pause is not None:
        calendar.pause(sabbatical)
    post(letters.sabbatical_begun(sabbatical))
    audit.note(membership.person, "began a sabbatical", sabbatical.about)
    return sabbatical


@transaction.atomic
def come_back(membership: Membership) -> Sabbatical:
    """Back early: every date to come is this member's again. Raises NotAllowed where none runs."""
    membership = _held(membership)
    sabbatical = membership.sabbaticals.running().first()
    if sabbatical is None:
        raise NotAllowed("You are not on a sabbatical any more; your seat is yours.")
    sabbatical.membership = membership
    _end(sabbatical)
    if calendar.resume is not None:
        calendar.resume(sabbatical)
    audit.note(membership.person, "came back from a sabbatical", sabbatical.about)
    return sabbatical


@transaction.atomic
def run_out(sabbatical: Sabbatical) -> None:
    """Its meetings are over: the member is welcomed back. Twice is once."""
    _held(sabbatical.membership)
    sabbatical = Sabbatical.objects.select_related("membership__group", "membership__person").get(pk=sabbatical.pk)
    if sabbatical.ended_at is None:
        _end(sabbatical)
        post(letters.sabbatical_over(sabbatical))


def _end(sabbatical: Sabbatical) -> None:
    sabbatical.ended_at = clock.now()
    sabbatical.save(update_fields=["ended_at"])
    cancel(sabbatical.about)


def _held(membership: Membership) -> Membership:
    """As it is now, held, with its group: who plans a date holds that, and reads whose seat rests."""
    if membership.group.draft is not None:
        locked(membership.group.draft)
    Group.objects.select_for_update().get(pk=membership.group_id)
    held = Membership.objects.select_for_update(of=("self",)).select_related("group__program", "person")
    membership = held.get(pk=membership.pk)
    if membership.left_on is not None:
        raise NotAllowed("You have left this group.")
    return membership
