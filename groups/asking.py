"""Asking one person: with the group, or later, when a chair came free.

Expects the draft to be locked by its caller. Lock order: draft, invitation, application.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from groups import letters
from groups.consent import State
from groups.models.invitation import Invitation
from members.models.application import Application
from members.stages import Stage
from roundtable.errors import NotAllowed
from roundtable.outbox.post import Draft, hasten, post

Letter = Callable[[Invitation], Draft]


def ask(invitation: Invitation, *, now: datetime, until: datetime, letter: Letter = letters.invited) -> None:
    """One person is asked. Raises NotAllowed if they have been asked for another group meanwhile, or left the pool."""
    application = Application.objects.select_for_update().get(pk=invitation.application_id)
    if application.stage != Stage.POOLED:
        initials = invitation.application.person.initials
        raise NotAllowed(f"{initials} is not in the pool any more; compose again without them.")
    invitation.state, invitation.sent_at, invitation.answer_until = State.SENT, now, until
    invitation.proposed_at = None
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError:
        initials = invitation.application.person.initials
        raise NotAllowed(
            f"{initials} has been asked for another group meanwhile; compose again without them."
        ) from None
    hasten(f"application:{invitation.application_id}")  # "you are in the pool" comes before "a group for you"
    post(letter(invitation))
