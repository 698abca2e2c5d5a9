"""What a composition brings about for an application: placed in a group, resting, or first in line next time.

Lock order: application. The callers hold the draft that caused it.
"""

from __future__ import annotations

from django.db import transaction

from members.models.application import Application
from members.stages import Stage, may_move
from roundtable import clock
from roundtable.errors import NotAllowed


@transaction.atomic
def place(application: Application) -> Application:
    """The group of this person was sealed; whoever was left out before has been made up for."""
    return _move(application, Stage.PLACED, skipped_before=0)


@transaction.atomic
def rest(application: Application) -> Application:
    """ "Not now": no composition, no letters, until the person comes back. Time waited is kept."""
    return _move(application, Stage.DORMANT, skipped_before=application.skipped_before)


@transaction.atomic
def skip(application: Application) -> Application:
    """Asked or composed, and then without a group: goes first next time."""
    application = Application.objects.select_for_update().get(pk=application.pk)
    application.skipped_before += 1
    application.save(update_fields=["skipped_before"])
    return application


@transaction.atomic
def leave(application: Application, *, back_to_pool: bool) -> Application:
    """The person left their group, and wants another one or none."""
    return _move(application, Stage.POOLED if back_to_pool else Stage.WITHDRAWN, skipped_before=0)


def _move(application: Application, to_stage: Stage, *, skipped_before: int) -> Application:
    application = Application.objects.select_for_update().get(pk=application.pk)
    if not may_move(application.stage, to_stage):
        raise NotAllowed(f"This application is {application.stage}; it cannot become {to_stage}.")
    application.stage, application.skipped_before = to_stage.value, skipped_before
    application.decided_at = clock.now()
    application.save(update_fields=["stage", "skipped_before", "decided_at"])
    return application
