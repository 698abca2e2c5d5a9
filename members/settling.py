"""What brings an application into a group, to rest, and back: a composition, or the person's own button.

Lock order: application. The callers of the first four hold the draft that caused it.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from members import letters
from members.models.application import Application
from members.models.waiting import MonthlyLetter
from members.stages import Stage, may_move
from roundtable import audit, clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel, post


@transaction.atomic
def place(application: Application) -> Application:
    """The group of this person was sealed; whoever was left out before has been made up for."""
    return _move(application, Stage.PLACED, skipped_before=0)


@transaction.atomic
def rest(application: Application, *, until: date | None = None) -> Application:
    """ "Not now": no composition, no letters, until the day they chose or their own button. Time waited is kept."""
    resting = _move(application, Stage.DORMANT, skipped_before=application.skipped_before)
    if until is not None:
        resting.rests_until = until
        resting.save(update_fields=["rests_until"])
    return resting


def wake_due() -> None:
    """Whose day has come is in the pool again, one after the other."""
    due = Application.objects.filter(stage=Stage.DORMANT, rests_until__lte=clock.database_now().date())
    for application in due.order_by("pk"):
        come_back(application)


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


@transaction.atomic
def pause(application: Application) -> Application:
    """The person wants no group and no letters for now. Who is asked for one at this moment answers that first."""
    resting = rest(application)
    if not Application.objects.filter(pk=application.pk).without_group().exists():
        raise NotAllowed("You have been asked for a group. Please answer that letter; “not now” pauses as well.")
    MonthlyLetter.objects.filter(application=resting).answer(clock.now())
    audit.note(resting.person, "paused", f"application:{resting.pk}")
    return resting


@transaction.atomic
def come_back(application: Application) -> Application:
    """From rest into the pool; how long they waited, and that they were skipped before, still counts. Twice is once."""
    application = Application.objects.select_for_update(of=("self",)).select_related("person").get(pk=application.pk)
    if application.stage == Stage.POOLED:
        return application
    if application.stage != Stage.DORMANT:  # the pool opens by a review, or by leaving a group; not by this button
        raise NotAllowed(f"This application is {application.stage}; there is nothing to come back from.")
    back = _move(application, Stage.POOLED, skipped_before=application.skipped_before)
    MonthlyLetter.objects.filter(application=back).answer(clock.now())
    audit.note(back.person, "came back", f"application:{back.pk}")
    return back


@transaction.atomic
def still_interested(application: Application) -> Application:
    """The answer to the monthly letter. Said at rest, it is a way back."""
    application = come_back(application)
    MonthlyLetter.objects.filter(application=application).answer(clock.now())
    return application


@transaction.atomic
def let_rest(application: Application) -> Application:
    """Three letters stayed without an answer: no more of them, after one that says how to come back."""
    resting = rest(application)
    post(letters.resting(resting))
    audit.note(None, "came to rest", f"application:{resting.pk}")
    return resting


def _move(application: Application, to_stage: Stage, *, skipped_before: int) -> Application:
    application = (
        Application.objects.select_for_update(of=("self",)).select_related("person", "program").get(pk=application.pk)
    )
    if not may_move(application.stage, to_stage):
        raise NotAllowed(f"This application is {application.stage}; it cannot become {to_stage}.")
    if to_stage != Stage.POOLED:
        cancel(f"application:{application.pk}", kinds=(letters.MONTHLY,))
    application.stage, application.skipped_before, application.rests_until = to_stage.value, skipped_before, None
    application.decided_at = clock.now()
    application.save(update_fields=["stage", "skipped_before", "rests_until", "decided_at"])
    return application
