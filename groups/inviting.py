"""Asking each person individually, and taking their answers.

Lock order: draft, invitation, application. Every letter is written in the transaction of its act.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from groups import consent, letters, standby
from groups.asking import ask
from groups.consent import Answer, State
from groups.models.draft import DraftGroup, DraftState
from groups.models.invitation import Invitation
from groups.reaching import Step
from groups.rechecking import recheck, speak_up
from groups.sealing import broken, join_late, locked, seal_if_due
from members import apart, settling
from members.models.application import Application
from members.models.person import Person
from roundtable import audit, clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel, post

log = structlog.get_logger(__name__)
REMINDED_AFTER = timedelta(hours=12)  # never on the heels of the invitation itself


@transaction.atomic
def release(draft: DraftGroup, *, by: Person) -> DraftGroup:
    """Ask everybody in the draft, one letter each, and draw up who stands by; those hear nothing.

    Raises NotAllowed if it was released before, or breaks a rule.
    """
    draft = locked(draft)
    if draft.state != DraftState.DRAFT:
        raise NotAllowed(f"This group is {draft.get_state_display()} already; nobody was asked twice.")
    invitations = list(draft.invitations.filter(state=State.DRAFTED).select_related("application__person"))
    sentences = broken(draft, invitations)
    if sentences:
        raise NotAllowed("This draft breaks a rule and cannot be released: " + " ".join(sentences))
    now = clock.now()
    draft.state, draft.released_at = DraftState.RELEASED, now
    draft.answer_until = consent.answer_until(now, days=draft.composition.program.answer_days)
    draft.save()
    for invitation in invitations:
        ask(invitation, now=now, until=draft.answer_until)
    standby.draw_up(draft)
    audit.note(by, "released a draft group", f"draft:{draft.pk}", count=len(invitations))
    return draft


@transaction.atomic
def respond(
    invitation: Invitation,
    answer: Answer,
    *,
    reason: str = "",
    shares_address: bool = False,
    apart_from: Collection[str] = (),
    rest_until: date | None = None,
    received_at: datetime,
) -> Invitation:
    """One person's answer; the group seals by itself when it may. `apart_from` are invitations of others, by public id.

    Raises NotAllowed when it is too late to answer.
    """
    draft = locked(invitation.draft)
    invitation = draft.invitations.select_for_update().select_related("application__person").get(pk=invitation.pk)
    after = consent.AFTER[answer]
    if invitation.state == after == State.ACCEPTED:
        return confirm(draft, invitation, now=received_at)  # again: from a second tab, a retry, or to another hour
    refuse_late(draft, invitation, received_at)
    if after != invitation.state and not consent.may_move(State(invitation.state), after):
        raise NotAllowed("You have answered this invitation; write to the organizer if something has changed.")
    invitation.state, invitation.answered_at = after, received_at
    invitation.other_time = answer == Answer.OTHER_TIME
    invitation.reason, invitation.shares_address = reason, shares_address and answer == Answer.YES
    invitation.reconsider_until = None
    invitation.save()
    if answer == Answer.NOT_THIS_GROUP:
        keep_apart(draft, invitation, apart_from)
    if answer == Answer.NOT_NOW:
        settling.rest(invitation.application, until=rest_until)
    follow(draft, invitation, answer, now=received_at)
    return invitation


def confirm(draft: DraftGroup, invitation: Invitation, *, now: datetime) -> Invitation:
    """A yes that was said before. If the hour has moved since, it is a yes to the new one, and nobody waits for it."""
    if invitation.reconsider_until is not None and draft.state == DraftState.RELEASED:
        invitation.reconsider_until = None
        invitation.save(update_fields=["reconsider_until"])
        go_on(draft, now=now)
    return invitation


def keep_apart(draft: DraftGroup, invitation: Invitation, apart_from: Collection[str]) -> None:
    """From whom this person would rather stay away, told by their cards: they never share a group of this program."""
    others = draft.invitations.filter(public_id__in=apart_from).exclude(pk=invitation.pk).exclude(sent_at=None)
    for other in others.select_related("application__person"):
        card = ", ".join(filter(None, (other.application.person.initials, other.application.role_text)))
        words = f"the card {card} of an invitation"
        apart.keep_apart_in_private(invitation.application, other.application, words=words)


def follow(draft: DraftGroup, invitation: Invitation, answer: Answer, *, now: datetime) -> None:
    """What an answer brings about: a seat in a sealed group, the seal itself, or the next step towards it."""
    if draft.state == DraftState.RELEASED:
        go_on(draft, now=now)
    elif answer == Answer.YES and not join_late(draft, invitation, now=now):
        too_late(invitation)


def go_on(draft: DraftGroup, *, now: datetime) -> None:
    """After each answer: sealed if it may be; else what comes next is found out anew."""
    if seal_if_due(draft, now=now) is None:
        recheck(draft, now=now)


def too_late(invitation: Invitation) -> None:
    """A yes to a group that is complete by now: no seat, and first in line next time."""
    invitation.state, invitation.shares_address = State.RELEASED, False
    invitation.save(update_fields=["state", "shares_address"])
    settling.skip(invitation.application)


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
    over = (State.DECLINED, State.LAPSED)
    for invitation in draft.invitations.select_related("application__person").exclude(state__in=over):
        let_go(invitation)
    draft.state, draft.step = DraftState.DISSOLVED, Step.WAIT
    draft.save(update_fields=["state", "step"])
    audit.note(by, "dissolved a draft group", f"draft:{draft.pk}")
    return draft


def let_go(invitation: Invitation) -> None:
    """The group did not form: back in the pool, first in line next time, and told so if they had been asked."""
    was_asked = invitation.state in (State.SENT, State.ACCEPTED)
    invitation.state, invitation.proposed_at = State.RELEASED, None
    invitation.save(update_fields=["state", "proposed_at"])
    if was_asked:
        cancel(invitation.about)
        settling.skip(invitation.application)
        post(letters.released(invitation))


@transaction.atomic
def step_back(application: Application) -> None:
    """Somebody takes the application back: a no to whatever they were asked, and the others go on without them."""
    now = clock.now()
    for one in Invitation.objects.in_line().filter(application=application).select_related("draft"):
        draft = locked(one.draft)
        draft.invitations.in_line().filter(pk=one.pk).update(state=State.RELEASED, proposed_at=None)
        if draft.state == DraftState.RELEASED:
            recheck(draft, now=now)
    for one in Invitation.objects.live().filter(application=application).select_related("draft"):
        draft = locked(one.draft)
        stepped = draft.invitations.live().filter(pk=one.pk).update(state=State.DECLINED, answered_at=now)
        cancel(one.about)
        if stepped and draft.state == DraftState.RELEASED:
            go_on(draft, now=now)


def remind_due() -> None:
    """Who has not answered hears it once more, two days before the deadline. The same letter is never written twice."""
    now = clock.database_now()
    out = Invitation.objects.filter(state=State.SENT, sent_at__lte=now - REMINDED_AFTER, answer_until__gt=now)
    for one in out.filter(reminded=False).select_related("draft__composition__program", "application__person"):
        if one.sent_at and one.answer_until and now >= consent.nudged_from(one.sent_at, one.answer_until):
            remind(one)


@transaction.atomic
def remind(invitation: Invitation) -> None:
    """The one reminder, for who still has not answered."""
    locked(invitation.draft)
    still = Invitation.objects.filter(pk=invitation.pk, state=State.SENT, reminded=False)
    if still.update(reminded=True):
        post(letters.reminded(invitation))


def speak_up_due() -> None:
    """Groups of which one person was told alone, and has had two days to answer."""
    now = clock.database_now()
    silent = DraftGroup.objects.filter(step=Step.ALONE, step_at__lte=now - consent.FIRST_WORD)
    for draft in silent.order_by("pk"):
        with transaction.atomic():
            speak_up(locked(draft), now=now)


def lapse_due() -> None:
    """Invitations whose time is over lapse; a group that is ready by then is sealed. One draft at a time.

    A draft that breaks keeps none of the others waiting.
    """
    now = clock.database_now()
    silent = Q(invitations__state=State.SENT, invitations__answer_until__lte=now)
    stays = Q(invitations__state=State.ACCEPTED, invitations__reconsider_until__lte=now, state=DraftState.RELEASED)
    for draft in DraftGroup.objects.filter(silent | stays).distinct().order_by("pk"):
        try:
            lapse(draft, now=now)
        except Exception:
            log.exception("draft did not lapse", about=f"draft:{draft.pk}")


@transaction.atomic
def lapse(draft: DraftGroup, *, now: datetime) -> None:
    """No answer is not a no: the people who did not answer go back to the pool and hear it kindly.

    Of who had said yes before the hour moved, silence leaves the yes as it is.
    """
    draft = locked(draft)
    draft.invitations.accepted().filter(reconsider_until__lte=now).update(reconsider_until=None)
    silent = draft.invitations.select_for_update(of=("self",)).filter(state=State.SENT, answer_until__lte=now)
    for invitation in silent.select_related("application__person"):
        invitation.state = State.LAPSED
        invitation.save(update_fields=["state"])
        post(letters.lapsed(invitation))
    if draft.state == DraftState.RELEASED:
        go_on(draft, now=now)
