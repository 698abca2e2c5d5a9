"""After each answer: does the group still hold, who could complete it, and who has to hear of it first.

Expects the draft to be locked by its caller. Lock order: draft, invitation.
"""

from __future__ import annotations

from datetime import datetime

from groups import consent, letters
from groups.consent import Alone, State
from groups.models.draft import DraftGroup, DraftState
from groups.models.invitation import Invitation
from groups.reaching import Outlook, Step, outlook
from groups.sealing import case_of
from members.models.person import Person
from members.stages import Stage
from roundtable.outbox.post import post


def recheck(draft: DraftGroup, *, now: datetime) -> Outlook:
    """The next step of a group that is being asked: who would be alone hears it first, then the organizers."""
    live = list(draft.invitations.live().select_related("application__person"))
    line = [one for one in draft.invitations.in_line().select_related("application__person") if _can_be_asked(one)]
    found = _outlook(draft, live, line)
    proposed = {one.pk for one in line if found.step == Step.STAND_BY and one.application.public_id in found.people}
    draft.invitations.in_line().exclude(pk__in=proposed).update(proposed_at=None)
    draft.invitations.in_line().filter(pk__in=proposed, proposed_at=None).update(proposed_at=now)
    if found.step == Step.ALONE:
        _tell_alone([one for one in live if one.application.public_id in found.people])
    _step(draft, Step.ALONE if _first_word(live) else found.step, now=now)
    return found


def speak_up(draft: DraftGroup, *, now: datetime) -> None:
    """Whoever would be alone had their time to think: now the organizers hear that the group does not hold."""
    if draft.state == DraftState.RELEASED and draft.step == Step.ALONE:
        _step(draft, Step.STUCK, now=now)


def _can_be_asked(invitation: Invitation) -> bool:
    elsewhere = Invitation.objects.live().filter(application=invitation.application_id).exists()
    return invitation.application.stage == Stage.POOLED and not elsewhere


def _outlook(draft: DraftGroup, live: list[Invitation], line: list[Invitation]) -> Outlook:
    program, case = draft.composition.program, case_of(draft, [*live, *line])
    return outlook(
        frozenset(one.application.public_id for one in live),
        [one.application.public_id for one in line],
        case.breaches,
        size_target=program.size_target,
        size_max=program.size_max,
        settled=frozenset(one.application.public_id for one in live if one.alone != Alone.UNTOLD),
    )


def _first_word(live: list[Invitation]) -> bool:
    """Somebody has been told and has not answered: until then nobody else hears a word."""
    return any(one.alone == Alone.TOLD for one in live)


def _tell_alone(told: list[Invitation]) -> None:
    for invitation in told:
        invitation.alone = Alone.TOLD
        invitation.save(update_fields=["alone"])
        post(letters.changed_in_private(invitation))


def _step(draft: DraftGroup, step: Step, *, now: datetime) -> None:
    changed = draft.step != step
    draft.step, draft.step_at = step, now if changed else draft.step_at
    draft.save(update_fields=["step", "step_at"])
    if changed and step in (Step.STAND_BY, Step.STUCK):
        post(*[letters.chair_free(draft, organizer, now=now) for organizer in organizers_of(draft)])


def organizers_of(draft: DraftGroup) -> list[Person]:
    """Who may act on this draft: organizers of its whole program."""
    program = draft.composition.program
    people = Person.objects.filter(is_active=True, organizing__program=program, organizing__metro="")
    return list(people.distinct().order_by("pk"))


def line_up(draft: DraftGroup, invitation: Invitation) -> None:
    """To the end of the stand-by list."""
    last = draft.invitations.in_line().last()
    invitation.state = State.STAND_BY
    invitation.place_in_line = (last.place_in_line or 0) + 1 if last else 1
    invitation.save(update_fields=["state", "place_in_line"])


def standing_by_until(draft: DraftGroup, *, now: datetime) -> datetime:
    """Three days for who comes later; the group's own deadline waits for them."""
    until = now + consent.STAND_BY_ANSWERS
    draft.answer_until = max(draft.answer_until or until, until)
    draft.save(update_fields=["answer_until"])
    return until
