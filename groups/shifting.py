"""Another hour for a group that is being asked: everybody is told, and who said yes may reconsider.

Lock order: draft, invitation.
"""

from __future__ import annotations

from django.db import transaction

from groups import letters, standby, times
from groups.composition.explain import public
from groups.composition.rules import WEEK
from groups.consent import State
from groups.inviting import go_on
from groups.judging import hour_of, key_of
from groups.models.draft import DraftGroup, DraftState
from groups.models.invitation import Invitation
from groups.rechecking import standing_by_until
from groups.sealing import case_of, locked, with_initials
from members.models.person import Person
from roundtable import audit, clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel, post


@transaction.atomic
def shift(draft: DraftGroup, window: int | None, *, by: Person) -> DraftGroup:
    """The group meets at this half hour of its anchor's week instead, if that breaks no rule that holds now.

    Every yes stands, and can be taken back for three days: so long the group is not sealed, unless each who had said
    yes says it again. Who has not answered is asked about the new hour, with three days at least.
    """
    draft, now = locked(draft), clock.now()
    if draft.state != DraftState.RELEASED:
        raise NotAllowed(f"This group is {draft.get_state_display()}; its hour is not moved here.")
    if window is None or window >= WEEK:
        raise NotAllowed("Choose one of the hours on the page.")
    if draft.window == window:
        raise NotAllowed("It meets at this hour already.")
    own = draft.invitations.live().select_for_update(of=("self",)).select_related("application__person")
    live, was = list(own), times.of_draft(draft)
    refuse_broken(draft, window, live)
    draft.window = window
    draft.save(update_fields=["window"])
    until = standing_by_until(draft, now=now)
    for invitation in live:
        invitation.draft = draft
        invitation.answer_until, invitation.other_time = max(invitation.answer_until or until, until), False
        invitation.reconsider_until = until if invitation.state == State.ACCEPTED else None
        invitation.save(update_fields=["answer_until", "other_time", "reconsider_until"])
        cancel(invitation.about, kinds=("groups/reminded",))  # it names the former hour
        post(letters.hour_moved(invitation, was, now=now))
    draft.invitations.in_line().delete()  # they stood by for another hour, and were told nothing
    standby.draw_up(draft)
    go_on(draft, now=now)
    audit.note(by, "moved the hour of a draft group", f"draft:{draft.pk}", count=len(live))
    return draft


def refuse_broken(draft: DraftGroup, window: int, live: list[Invitation]) -> None:
    """Raises NotAllowed with each rule that these people would break at that hour and do not break now."""
    case = case_of(draft, live)
    names = {one.application.public_id: one.application.person.initials for one in live}
    were = {key_of(breach) for breach in case.breaches(names)}
    new = [public(breach).sentence for breach in case.breaches(names, window=window) if key_of(breach) not in were]
    if new:
        said = " ".join(with_initials(sentence, names) for sentence in dict.fromkeys(new))
        raise NotAllowed(f"{hour_of(draft, window).words}: with the people who are asked a rule would break. {said}")
