"""Asking each person individually, and taking their answers.

Lock order: draft, invitation, application. Every letter is written in the transaction of its act.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import IntegrityError, transaction

from groups import consent, letters
from groups.consent import Answer, State
from groups.models.draft import DraftGroup, DraftState
from groups.models.invitation import Invitation
from groups.sealing import broken, join_late, locked, seal_if_due
from members import settling
from members.models.application import Application
from members.models.person import Person
from members.stages import Stage
from roundtable import audit, clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel, hasten, post

log = structlog.get_logger(__name__)


@transaction.atomic
def release(draft: DraftGroup, *, by: Person) -> DraftGroup:
    """Ask everybody in the draft, one letter each. Raises NotAllowed if it was released before, or breaks a rule."""
    draft = locked(draft)
    if draft.state != DraftState.DRAFT:
        raise NotAllowed(f"This group is {draft.get_state_display()} already; nobody was asked twice.")
    invitations = list(draft.invitations.select_related("application__person"))
    sentences = broken(draft, invitations)
    if sentences:
        raise NotAllowed("This draft breaks a rule and cannot be released: " + " ".join(sentences))
    now = clock.now()
    draft.state, draft.released_at = DraftState.RELEASED, now
    draft.answer_until = consent.answer_until(now, days=draft.composition.program.answer_days)
    draft.save()
    for invitation in invitations:
        ask(invitation, now=now, until=draft.answer_until)
    audit.note(by, "released a draft group", f"draft:{draft.pk}", count=len(invitations))
    return draft


def ask(invitation: Invitation, *, now: datetime, until: datetime) -> None:
    """One person is asked. Raises NotAllowed if they have been asked for another group meanwhile, or left the pool."""
    application = Application.objects.select_for_update().get(pk=invitation.application_id)
    if application.stage != Stage.POOLED:
        initials = invitation.application.person.initials
        raise NotAllowed(f"{initials} is not in the pool any more; compose again without them.")
    invitation.state, invitation.sent_at, invitation.answer_until = State.SENT, now, until
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError:
        initials = invitation.application.person.initials
        raise NotAllowed(
            f"{initials} has been asked for another group meanwhile; compose again without them."
        ) from None
    hasten(f"application:{invitation.application_id}")  # "you are in the pool" comes before "a group for you"
    post(letters.invited(invitation))


@transaction.atomic
def respond(
    invitation: Invitation, answer: Answer, *, reason: str = "", shares_address: bool = False, received_at: datetime
) -> Invitation:
    """One person's answer; the group seals by itself when it may. Raises NotAllowed when it is too late to answer."""
    draft = locked(invitation.draft)
    invitation = draft.invitations.select_for_update().select_related("application__person").get(pk=invitation.pk)
    after = consent.AFTER[answer]
    if invitation.state == after == State.ACCEPTED:
        return invitation  # the same answer again, from a second tab or a retry
    refuse_late(draft, invitation, received_at)
    if after != invitation.state and not consent.may_move(State(invitation.state), after):
        raise NotAllowed("You have answered this invitation; write to the organizer if something has changed.")
    invitation.state, invitation.answered_at = after, received_at
    invitation.other_time = answer == Answer.OTHER_TIME
    invitation.reason, invitation.shares_address = reason, shares_address and answer == Answer.YES
    invitation.save()
    follow(draft, invitation, answer, now=received_at)
    return invitation


def follow(draft: DraftGroup, invitation: Invitation, answer: Answer, *, now: datetime) -> None:
    """What an answer brings about: a rest for who cannot now, a seat in a sealed group, or the seal itself."""
    if answer == Answer.NOT_NOW:
        settling.rest(invitation.application)
    if draft.state == DraftState.SEALED:
        if answer == Answer.YES:
            join_late(draft, invitation, now=now)
    else:
        seal_if_due(draft, now=now)


def refuse_late(draft: DraftGroup, invitation: Invitation, now: datetime) -> None:
    """Raises NotAllowed with what happened since the invitation was sent."""
    if draft.state == DraftState.DISSOLVED or invitation.state == State.RELEASED:
        raise NotAllowed("This group did not form. You are back in the pool, first in line next time.")
    if draft.state == DraftState.SEALED and invitation.state == State.ACCEPTED:
        raise NotAllowed("You are a member of this group now; the way out is on your own page.")
    if invitation.state == State.LAPSED or (invitation.answer_until and now >= invitation.answer_until):
        raise NotAllowed("The time to answer is over. You are back in the pool; nothing is held against you.")


@transaction.atomic
def dissolve(draft: DraftGroup, *, by: Person | None) -> DraftGroup:
    """The organizer gives this draft up: whoever was asked is told and goes back to the pool."""
    draft = locked(draft)
    if draft.state in (DraftState.SEALED, DraftState.DISSOLVED):
        raise NotAllowed(f"This group is {draft.get_state_display()}; there is nothing left to dissolve.")
    for invitation in draft.invitations.select_related("application__person").exclude(state=State.DECLINED):
        let_go(invitation)
    draft.state = DraftState.DISSOLVED
    draft.save(update_fields=["state"])
    audit.note(by, "dissolved a draft group", f"draft:{draft.pk}")
    return draft


def let_go(invitation: Invitation) -> None:
    """The group did not form: back in the pool, first in line next time, and told so if they had been asked."""
    was_asked = invitation.state in (State.SENT, State.ACCEPTED)
    invitation.state = State.RELEASED
    invitation.save(update_fields=["state"])
    if was_asked:
        cancel(invitation.about)
        settling.skip(invitation.application)
        post(letters.released(invitation))


@transaction.atomic
def step_back(application: Application) -> None:
    """Somebody takes the application back: a no to whatever they were asked, and the others go on without them."""
    now = clock.now()
    for one in Invitation.objects.live().filter(application=application).select_related("draft"):
        draft = locked(one.draft)
        stepped = draft.invitations.live().filter(pk=one.pk).update(state=State.DECLINED, answered_at=now)
        cancel(one.about)
        if stepped and draft.state == DraftState.RELEASED:
            seal_if_due(draft, now=now)


def lapse_due() -> None:
    """Invitations whose time is over lapse; a group that is ready by then is sealed. One draft at a time.

    A draft that breaks keeps none of the others waiting.
    """
    now = clock.database_now()
    due = DraftGroup.objects.filter(invitations__state=State.SENT, invitations__answer_until__lte=now)
    for draft in due.distinct().order_by("pk"):
        try:
            lapse(draft, now=now)
        except Exception:
            log.exception("draft did not lapse", about=f"draft:{draft.pk}")


@transaction.atomic
def lapse(draft: DraftGroup, *, now: datetime) -> None:
    """No answer is not a no: the people who did not answer go back to the pool and hear it kindly."""
    draft = locked(draft)
    silent = draft.invitations.select_for_update(of=("self",)).filter(state=State.SENT, answer_until__lte=now)
    for invitation in silent.select_related("application__person"):
        invitation.state = State.LAPSED
        invitation.save(update_fields=["state"])
        post(letters.lapsed(invitation))
    if draft.state == DraftState.RELEASED:
        seal_if_due(draft, now=now)
