"""What happens between the invitation and the seal besides the four answers: a free chair, a lapsed invitation opened
again, and the word of somebody who would be alone.

Lock order: draft, another draft that spares somebody, invitation, application.
"""

from __future__ import annotations

from django.db import transaction

from groups import consent, letters
from groups.asking import ask
from groups.consent import Alone, State
from groups.inviting import go_on
from groups.models.draft import DraftGroup, DraftState
from groups.models.invitation import LIVE, Invitation
from groups.rechecking import line_up, recheck, standing_by_until
from groups.sealing import broken, case_of, locked, takes_one_more
from members import settling
from members.models.application import Application
from members.models.person import Person
from roundtable import audit, clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel

NO_PROPOSAL = "There is nobody on stand-by to ask: somebody has answered meanwhile, or was asked for another group."


@transaction.atomic
def ask_stand_by(draft: DraftGroup, *, by: Person) -> DraftGroup:
    """The organizer agrees: whoever is proposed from the stand-by list is asked, and has three days.

    The rules are checked again at this moment. Raises NotAllowed where nobody is proposed any more.
    """
    draft, now = locked(draft), clock.now()
    if draft.state != DraftState.RELEASED:
        raise NotAllowed(f"This group is {draft.get_state_display()}; nobody is asked from the stand-by list any more.")
    recheck(draft, now=now)
    proposed = list(draft.invitations.in_line().exclude(proposed_at=None).select_related("application__person"))
    if not proposed:
        raise NotAllowed(NO_PROPOSAL)
    until = standing_by_until(draft, now=now)
    for invitation in proposed:
        spare(invitation)
        ask(invitation, now=now, until=until, letter=letters.chair_for_you)
    recheck(draft, now=now)
    audit.note(by, "asked from the stand-by list", f"draft:{draft.pk}", count=len(proposed))
    return draft


def spare(invitation: Invitation) -> None:
    """Out of the groups on paper that hold without them. Nobody there had been told."""
    elsewhere = Invitation.objects.filter(application=invitation.application_id, state=State.DRAFTED)
    for one in elsewhere.filter(draft__state=DraftState.DRAFT).order_by("draft"):
        paper = locked(one.draft)
        stay = paper.invitations.filter(state=State.DRAFTED).exclude(pk=one.pk).select_related("application__person")
        if paper.state == DraftState.DRAFT and not broken(paper, list(stay)):
            one.delete()


@transaction.atomic
def reopen(invitation: Invitation) -> Invitation:
    """The time had passed, and that was not a no: asked again while a chair is free, else on stand-by.

    Raises NotAllowed where the group did not form, or this person has another group by now.
    """
    draft, now = locked(invitation.draft), clock.now()
    own = draft.invitations.select_for_update(of=("self",)).select_related("application__person")
    invitation = own.get(pk=invitation.pk)
    if invitation.state != State.LAPSED:
        return invitation  # pressed twice
    refuse_elsewhere(draft, invitation)
    if not has_a_chair(draft, invitation):
        line_up(draft, invitation)
    else:
        invitation.reminded = False
        until = (
            now + consent.STAND_BY_ANSWERS if draft.state == DraftState.SEALED else standing_by_until(draft, now=now)
        )
        ask(invitation, now=now, until=until, letter=letters.chair_for_you)
    if draft.state == DraftState.RELEASED:
        recheck(draft, now=now)
        invitation.refresh_from_db()
    return invitation


def refuse_elsewhere(draft: DraftGroup, invitation: Invitation) -> None:
    """Raises NotAllowed with what has become of the group, or of this person, since the time was over."""
    if draft.state == DraftState.DISSOLVED:
        raise NotAllowed("This group did not form. You wait in the pool as before.")
    waiting = Application.objects.filter(pk=invitation.application_id).pooled().without_group()
    if not waiting.exists():
        raise NotAllowed("You are not waiting in the pool any more: another group has come first, or you paused.")
    if draft.state == DraftState.SEALED and not takes_one_more(draft, invitation):
        raise NotAllowed("This group is complete by now. You wait in the pool as before, with your time kept.")


def has_a_chair(draft: DraftGroup, invitation: Invitation) -> bool:
    """Whether one more may be asked, and no rule is broken by it that was not broken before."""
    if draft.state == DraftState.SEALED:
        return True
    live = list(draft.invitations.live().select_related("application__person"))
    if len(live) >= draft.composition.program.size_max:
        return False
    case, ids = case_of(draft, [*live, invitation]), {one.application.public_id for one in live}
    return len(case.breaches(ids | {invitation.application.public_id})) <= len(case.breaches(ids))


@transaction.atomic
def stay_or_wait(invitation: Invitation, word: Alone) -> Invitation:
    """Who would be the only one says that it is fine in this group, or waits whether somebody comes. Nobody else
    learns of either. Raises NotAllowed for who was not told, or once the group has been sealed.
    """
    draft, invitation = _asked_alone(invitation)
    invitation.alone = word
    invitation.save(update_fields=["alone"])
    go_on(draft, now=clock.now())
    return invitation


@transaction.atomic
def step_out(invitation: Invitation) -> Invitation:
    """Who would be the only one would rather not: back in the pool, first in line."""
    draft, invitation = _asked_alone(invitation)
    invitation.state = State.RELEASED  # when they said yes, if they did, stays: this is no answer to the group
    invitation.save(update_fields=["state"])
    cancel(invitation.about)
    settling.skip(invitation.application)
    go_on(draft, now=clock.now())
    return invitation


def _asked_alone(invitation: Invitation) -> tuple[DraftGroup, Invitation]:
    """Both as they are now, held. Raises NotAllowed where the question is not open."""
    draft = locked(invitation.draft)
    own = draft.invitations.select_for_update(of=("self",)).select_related("application__person")
    invitation = own.get(pk=invitation.pk)
    if draft.state != DraftState.RELEASED or invitation.state not in LIVE or invitation.alone == Alone.UNTOLD:
        raise NotAllowed("This question is settled. The page shows how it stands now.")
    return draft, invitation
