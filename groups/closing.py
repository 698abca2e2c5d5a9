"""Closing well: a last meeting, the memory as a file for a while, and the pool, first in line, for who wants it.

Lock order: the group's draft, group, membership, then invitations and the dates that are called off.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet

from groups import backfilling, consent, inviting, letters, merging, questions, sealing, splitting
from groups.models.group import Group, Membership, Why
from groups.models.invitation import Invitation
from members import settling
from members.models.application import Application
from members.models.person import Person
from members.stages import Stage
from roundtable import audit, clock, vault
from roundtable.errors import NotAllowed
from roundtable.outbox.post import post

KEPT = timedelta(days=90)  # for the export; then what was said is gone

log = structlog.get_logger(__name__)


@transaction.atomic
def close(group: Group, *, by: Person, why: Why) -> Group:
    """An organizer closes, and says whether it was no longer needed or died. Raises NotAllowed the second time."""
    group = _held(group)
    _refuse_closed(group)
    _close(group, why=why)
    audit.note(by, "closed a group", f"group:{group.pk}")
    return group


@transaction.atomic
def agree(membership: Membership, *, would: bool) -> Membership:
    """A member would close, or would not any more. The group closes when all of them would; nobody reads who does."""
    group = _held(membership.group)
    _refuse_closed(group)
    Membership.objects.filter(pk=membership.pk).update(would_close=would)
    current = group.memberships.on(clock.today())
    if would and not current.filter(would_close=False).exists():
        _close(group, why=Why.NOT_ASKED)
        audit.note(None, "a group closed itself", f"group:{group.pk}")
    membership.refresh_from_db()
    return membership


@transaction.atomic
def look_on(membership: Membership) -> Application:
    """After the end: back to the pool, first in line. Raises NotAllowed before it, and the second time."""
    group = _held(membership.group)
    if not is_over(group, clock.now()):
        raise NotAllowed("Your group still meets. When it is over, this is one button.")
    if group.merged_into_id is not None:
        raise NotAllowed("Your circle goes on in another one. To look for a group, leave that one on its page.")
    application = _placed(membership).first()
    if application is None:
        raise NotAllowed("You are in the pool already, or your application is at its end.")
    _release(group, membership.person)
    settling.leave(application, back_to_pool=True)
    return settling.skip(application)


def has_looked_on(membership: Membership) -> bool:
    """Whether this person is placed no more: in the pool again, or at an end."""
    return not _placed(membership).exists()


def _placed(membership: Membership) -> QuerySet[Application]:
    program = membership.group.program
    return Application.objects.filter(person=membership.person, program=program, stage=Stage.PLACED)


def is_over(group: Group, now: datetime) -> bool:
    """Closed, and its last meeting held."""
    return group.closed_at is not None and group.closed_at <= now


def kept_until(group: Group) -> datetime | None:
    """How long members may read, and take along, what their group kept."""
    return group.closed_at + KEPT if group.closed_at else None


def forget_due() -> None:
    """Groups that closed so long ago that what was said goes. One that breaks keeps none of the others."""
    now = clock.database_now()
    for group in Group.objects.filter(closed_at__lte=now - KEPT, forgotten_at=None, roster="fixed").order_by("pk"):
        try:
            forget(group, now=now)
        except Exception:
            log.exception("group was not forgotten", about=f"group:{group.pk}")


@transaction.atomic
def forget(group: Group, *, now: datetime) -> None:
    """Boards and takeaways go, and the key that closed them; memberships end. Dates and counts stay."""
    group = _held(group)
    if group.forgotten_at is not None:
        return
    people = list(group.memberships.on(now.date()).values_list("person", flat=True))
    placed = Application.objects.filter(person__in=people, program=group.program, stage=Stage.PLACED)
    for application in placed.order_by("pk"):
        if Invitation.objects.accepted().filter(draft=group.draft_id, application=application).exists():
            settling.leave(application, back_to_pool=False)
    group.memberships.filter(left_on=None).update(left_on=now.date())
    if sealing.calendar.forget is not None:
        sealing.calendar.forget(group)
    vault.forget(f"group:{group.pk}")
    group.forgotten_at = now
    group.save(update_fields=["forgotten_at"])
    audit.note(None, "forgot what a closed group had kept", f"group:{group.pk}")


def _close(group: Group, *, why: Why) -> None:
    """The next date is the last one, later ones are called off; who was asked to join goes back to the pool."""
    last = sealing.calendar.wind_up(group) if sealing.calendar.wind_up is not None else None
    group.closed_at, group.why = last or clock.now(), why
    group.save(update_fields=["closed_at", "why"])
    backfilling.drop(group)
    merging.drop(group)
    splitting.drop(group)
    questions.drop(group)
    if group.draft is not None:
        for asked in group.draft.invitations.filter(state=consent.State.SENT).select_related("application__person"):
            inviting.let_go(asked)
    members = group.memberships.on(clock.today()).select_related("person")
    post(*[letters.closing(group, one.person, until=group.closed_at + KEPT, meets=last) for one in members])


def _release(group: Group, person: Person) -> None:
    """The yes of then is over, as for somebody who leaves."""
    yes = Invitation.objects.accepted().filter(draft=group.draft_id, application__person=person)
    yes.update(state=consent.State.RELEASED)


def _refuse_closed(group: Group) -> None:
    if group.closed_at is not None:
        raise NotAllowed("This group has been closed already, a moment ago or in another tab.")


def _held(group: Group) -> Group:
    if group.draft_id is not None and group.draft is not None:
        sealing.locked(group.draft)
    held = Group.objects.select_for_update(of=("self",)).select_related("program", "draft__composition__program")
    return held.get(pk=group.pk)
