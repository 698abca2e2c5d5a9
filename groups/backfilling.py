"""A free seat in a living group: the members look at a card, their own rule decides, and only then is anybody asked.

Lock order: draft, backfill, invitation, application. The candidate never learns that a card was shown or refused.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NoReturn

import structlog
from django.db import IntegrityError, transaction

from groups import asking, consent, letters, questions, sealing
from groups.composition.additions import takers
from groups.joining import EntryRule, Outcome, Voice, decide
from groups.models.backfill import AT_ONCE, Backfill, State
from groups.models.draft import DraftGroup
from groups.models.group import Group, Membership
from groups.models.invitation import Invitation
from members.models.application import Application
from members.models.person import Person
from members.stages import Stage
from roundtable import audit, clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel, post

TO_THINK = timedelta(days=5)  # for a private concern

log = structlog.get_logger(__name__)


def could_join(group: Group) -> list[Application]:
    """Whoever waits, can come at the group's hour and place, and breaks no rule there; in the engine's order."""
    draft = group.draft
    if draft is None or group.closed_at is not None:
        return []
    members, waiting = sealing.members_today(draft), {one.public_id: one for one in _waiting(group)}
    case = sealing.case_of(draft, [*members, *(Invitation(draft=draft, application=one) for one in waiting.values())])
    seated = case.group(one.application.public_id for one in members)
    return [waiting[key] for key in takers(case.problem, seated, list(waiting))]


def _waiting(group: Group) -> list[Application]:
    """The pool of this program, but for whoever is asked elsewhere, left this group or said no to it before."""
    pooled = Application.objects.filter(program=group.program_id).pooled().without_group()
    if group.metro:
        pooled = pooled.filter(metro=group.metro)
    pooled = pooled.exclude(pk__in=Backfill.objects.shown().values("application"))
    pooled = pooled.exclude(
        invitations__in=Invitation.objects.filter(
            draft=group.draft_id, state__in=[consent.State.DECLINED, consent.State.RELEASED]
        )
    )
    return list(
        pooled.exclude(person__memberships__group=group).select_related("person").order_by("submitted_at", "pk")
    )


def free_seats(group: Group) -> int:
    """How many more the program's largest size holds, with everybody counted whose card is out or who was asked."""
    if group.draft is None:
        return 0
    live = group.draft.invitations.live().count()
    return max(0, group.program.size_max - live - group.backfills.shown().count())


@transaction.atomic
def propose(group: Group, application: Application, *, by: Person) -> Backfill:
    """The members get this person's card and five days. Raises NotAllowed with what stands against it."""
    group = _held(group)
    _refuse(group, application)
    now = clock.now()
    taken = set(group.backfills.shown().values_list("place", flat=True))
    made = Backfill(group=group, application=application, rule=group.entry_rule)
    made.place = next(place for place in range(1, AT_ONCE + 1) if place not in taken)
    made.shown_at, made.concerns_until = now, now + TO_THINK
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as clash:
        _refuse_second(clash)
    post(*[letters.card_shown(made, member.person) for member in _members(group)])
    audit.note(by, "proposed somebody for a free seat", made.about)
    return made


def _refuse(group: Group, application: Application) -> None:
    if group.closed_at is not None:
        raise NotAllowed("This group is closed.")
    questions.refuse_while_asked(group)
    if group.backfills.shown().count() >= AT_ONCE:
        raise NotAllowed("The group looks at three cards already. Wait for its answer.")
    if free_seats(group) == 0:
        raise NotAllowed("The group is full, with everybody counted whose card is out or who has been asked.")
    if application not in could_join(group):
        raise NotAllowed("This person waits no more, or a rule would break. Choose from the list as it is now.")


def _refuse_second(clash: IntegrityError) -> NoReturn:
    if "a_card_is_before_one_group_at_a_time" not in str(clash):
        raise clash
    raise NotAllowed("Another group looks at this card. Wait for its answer, or choose somebody else.") from None


@transaction.atomic
def say(backfill: Backfill, voice: Voice, *, by: Membership, received_at: datetime) -> Backfill:
    """What a member thinks, for nobody's eyes; the last word before the end counts. Raises NotAllowed when late."""
    group = _held(backfill.group)
    backfill = _locked(backfill)
    if backfill.state != State.SHOWN or received_at >= backfill.concerns_until:
        raise NotAllowed("The time to say something about this card is over.")
    voter = backfill.pseudonym(by.person)
    backfill.voices.update_or_create(voter=voter, defaults={"voice": voice.value})
    _settle(group, backfill, now=received_at)
    return backfill


def own_voice(backfill: Backfill, person: Person) -> str:
    """What I said about this card; empty while I have said nothing. Reads the voices that were fetched with it."""
    voter = backfill.pseudonym(person)
    return next((one.voice for one in backfill.voices.all() if bytes(one.voter) == voter), "")


@transaction.atomic
def withdraw(backfill: Backfill, *, by: Person) -> Backfill:
    """The organizer takes a card back while the group looks at it."""
    _held(backfill.group)
    backfill = _locked(backfill)
    if backfill.state != State.SHOWN:
        raise NotAllowed("The group has decided about this card already.")
    _end(backfill, State.WITHDRAWN)
    audit.note(by, "took a card for a free seat back", backfill.about)
    return backfill


def drop(group: Group) -> None:
    """The group closes: cards that it looks at are taken back, and nobody is asked."""
    for backfill in group.backfills.shown().select_for_update():
        _end(backfill, State.WITHDRAWN)


@transaction.atomic
def change_rule(group: Group, rule: EntryRule, *, by: Person) -> Group:
    """What silence means from the next card on. A concern keeps somebody out either way, so any member may say it."""
    group = _held(group)
    group.entry_rule = rule
    group.save(update_fields=["entry_rule"])
    audit.note(by, "changed what silence means for a newcomer", f"group:{group.pk}")
    return group


def decide_due() -> None:
    """Cards whose five days are over, one at a time; one that breaks keeps none of the others waiting."""
    now = clock.database_now()
    for backfill in Backfill.objects.shown().filter(concerns_until__lte=now).select_related("group").order_by("pk"):
        try:
            _decide(backfill, now=now)
        except Exception:
            log.exception("card was not decided", about=backfill.about)


@transaction.atomic
def _decide(backfill: Backfill, *, now: datetime) -> None:
    group = _held(backfill.group)
    backfill = _locked(backfill)
    if backfill.state == State.SHOWN:
        _settle(group, backfill, now=now)


def _settle(group: Group, backfill: Backfill, *, now: datetime) -> None:
    """Counts, and lets the group's rule speak. Of somebody who has left meanwhile nothing counts."""
    voters = {backfill.pseudonym(member.person) for member in _members(group)}
    said = [one.voice for one in backfill.voices.all() if bytes(one.voter) in voters]
    outcome = decide(
        EntryRule(backfill.rule),
        fine=said.count(Voice.FINE),
        concerns=said.count(Voice.CONCERN),
        members=len(voters),
        over=now >= backfill.concerns_until,
    )
    if outcome == Outcome.STAY:
        _end(backfill, State.STAYED)
    elif outcome == Outcome.ASK:
        _ask(group, backfill, now=now)


def _ask(group: Group, backfill: Backfill, *, now: datetime) -> None:
    """The candidate is asked like anybody else, if they are still free and every rule still holds with them."""
    try:
        with transaction.atomic():
            backfill.invitation = _invited(group, backfill.application, now=now)
    except NotAllowed:
        _end(backfill, State.GONE)
    else:
        _end(backfill, State.ASKED)


def _invited(group: Group, application: Application, *, now: datetime) -> Invitation:
    draft = _draft(group)
    invitation, _ = Invitation.objects.get_or_create(draft=draft, application=application)
    if application.stage != Stage.POOLED or not sealing.takes_one_more(draft, invitation):
        raise NotAllowed("This person is not free any more, or a rule would break.")
    asking.ask(invitation, now=now, until=consent.answer_until(now, days=group.program.answer_days))
    return invitation


def _end(backfill: Backfill, state: State) -> None:
    """Decided: who said what is gone, and the letters that have not left are taken back."""
    backfill.voices.all().delete()
    backfill.state, backfill.secret = state, None
    backfill.save(update_fields=["state", "secret", "invitation"])
    cancel(backfill.about)


def _members(group: Group) -> list[Membership]:
    return list(group.memberships.on(clock.today()).select_related("person"))


def _draft(group: Group) -> DraftGroup:
    if group.draft is None:
        raise NotAllowed("This group was not asked together here, so nobody can be asked to join it.")
    return group.draft


def _held(group: Group) -> Group:
    """The group as it is now; its draft is the lock of everybody who joins, leaves or is asked."""
    group = Group.objects.select_related("program", "draft__composition__program").get(pk=group.pk)
    sealing.locked(_draft(group))
    group.refresh_from_db(fields=["closed_at", "entry_rule"])
    return group


def _locked(backfill: Backfill) -> Backfill:
    held = Backfill.objects.select_for_update(of=("self",)).select_related("application__person")
    return held.get(pk=backfill.pk)
