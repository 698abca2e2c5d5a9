"""A large group becomes two: the solver finds the halves, an organizer proposes them, each member says yes or no.

Lock order: composition, the group's draft, group, split, question, invitation; then the dates.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from groups import letters, questions, sealing
from groups.composition.halves import halves, holds
from groups.models.draft import Composition, DraftGroup, DraftState
from groups.models.group import Group, Membership
from groups.models.invitation import Invitation
from groups.models.question import Kind, Proposal, Question, Split, State
from groups.parting import Outcome, Word, decide
from members.models.application import Application
from members.models.person import Person
from roundtable import audit, clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import post

TO_THINK = timedelta(days=7)
AGAIN = "Somebody has come, gone or changed an answer, and these halves do not hold any more. Look at them again."


@dataclass(frozen=True, slots=True)
class Halves:
    """Who would stay and who would go, as the solver found them."""

    stays: tuple[Invitation, ...]
    goes: tuple[Invitation, ...]

    @property
    def key(self) -> str:
        """Whom the organizer sees going, as the page sends it back."""
        return " ".join(sorted(one.application.public_id for one in self.goes))


def is_large(group: Group) -> bool:
    """Whether there are enough members for two groups."""
    return group.memberships.on(clock.today()).count() >= 2 * group.program.size_min


def found(group: Group) -> Halves | None:
    """Two valid halves of today's members, at the group's hour; None for who is too few, or where none exist."""
    if group.draft is None or group.closed_at is not None:
        return None
    members = {one.application.public_id: one for one in sealing.members_today(group.draft)}
    if len(members) < 2 * group.program.size_min:
        return None
    case = sealing.case_of(group.draft, list(members.values()))
    both = halves(case.problem, case.group(members))
    if both is None:
        return None
    stays, goes = (tuple(members[key] for key in half.members) for half in both)
    return Halves(stays, goes)


@transaction.atomic
def propose(group: Group, *, seen: str, by: Person) -> Split:
    """The members are asked, each for their own half: `seen` are those who would go, by the public id of their
    application. Raises NotAllowed if the halves that were seen hold no more.
    """
    (group,) = questions.held(group)
    if group.closed_at is not None:
        raise NotAllowed("This group is closed.")
    questions.refuse_while_filling(group)
    questions.refuse_while_asked(group)
    goes = _named(group, seen.split())
    if not _hold(group, goes):
        raise NotAllowed(AGAIN)
    now = clock.now()
    split = Split.objects.create(group=group, proposed_at=now)
    split.goes.set(goes)
    questions.ask(group, Kind.SPLIT, occasion=str(split.pk), until=now + TO_THINK, split=split)
    audit.note(by, "proposed a split", split.about)
    return split


def _named(group: Group, keys: Collection[str]) -> list[Membership]:
    """Today's members behind these applications; of somebody who has left nothing is found, and the halves differ."""
    rows = Application.objects.filter(program=group.program_id, public_id__in=keys).values_list("person", flat=True)
    people = set(rows)
    found = [member for member in questions.members_of(group) if member.person_id in people]
    return found if len(found) == len(keys) else []


@transaction.atomic
def say(question: Question, word: Word, *, by: Membership, received_at: datetime) -> Question:
    """One member's yes or no, in private. Raises NotAllowed when late."""
    split = _held(question)
    question = questions.put(question, word.value, by=by.person, received_at=received_at)
    _settle(split, question, now=received_at)
    return question


@transaction.atomic
def withdraw(split: Split, *, by: Person) -> Split:
    """The organizer takes it back while the group thinks about it."""
    questions.held(split.group)
    split = _locked(split)
    if split.state != Proposal.ASKED:
        raise NotAllowed("This has been decided already.")
    _close(split, Proposal.WITHDRAWN, State.WITHDRAWN)
    audit.note(by, "took a split back", split.about)
    return split


def drop(group: Group) -> None:
    """The group closes or goes into another one: it is not halved any more."""
    for split in group.splits.filter(state=Proposal.ASKED).select_for_update():
        _close(split, Proposal.BROKE, State.GONE)


def decide_due() -> None:
    """Splits whose week is over."""
    questions.each_due([Kind.SPLIT], _decide)


@transaction.atomic
def _decide(question: Question, now: datetime) -> None:
    split = _held(question)
    question = questions.locked(question)
    if question.state == State.OPEN:
        _settle(split, question, now=now)


def _held(question: Question) -> Split:
    split = Split.objects.select_related("group__draft").get(questions=question)
    if split.group.draft is not None:
        Composition.objects.select_for_update().get(pk=split.group.draft.composition_id)
    (group,) = questions.held(split.group)
    split = _locked(split)
    split.group = group
    return split


def _locked(split: Split) -> Split:
    return Split.objects.select_for_update(of=("self",)).select_related("group").get(pk=split.pk)


def _settle(split: Split, question: Question, *, now: datetime) -> None:
    """What everybody said, and whom that moves; of somebody who has left nothing counts."""
    members = {member.pk: member for member in questions.members_of(split.group)}
    words = {pk: Word(word) if word else None for pk, word in questions.said(question, list(members.values())).items()}
    named = set(split.goes.values_list("pk", flat=True)) & members.keys()
    goes, stays = ({pk: word for pk, word in words.items() if (pk in named) == moves} for moves in (True, False))
    parting = decide(goes, stays, over=now >= question.open_until)
    if parting.outcome == Outcome.STAY:
        _stay(split, Proposal.STAYED, State.NO)
    elif parting.outcome == Outcome.PART and not _hold(split.group, [members[pk] for pk in parting.goes]):
        _stay(split, Proposal.BROKE, State.GONE)
    elif parting.outcome == Outcome.PART:
        _part(split, question, [members[pk] for pk in sorted(parting.goes)], now=now)


def _hold(group: Group, goes: Sequence[Membership]) -> bool:
    """Whether every rule holds in both halves at this moment."""
    if group.draft is None or not goes:
        return False
    people = {one.application.person_id: one for one in sealing.members_today(group.draft)}
    case = sealing.case_of(group.draft, list(people.values()))
    away = {member.person_id for member in goes}
    parts = (
        [one.application.public_id for key, one in people.items() if (key in away) == out] for out in (False, True)
    )
    return holds(case.problem, case.group(()), *parts)


def _close(split: Split, state: Proposal, answer: State) -> None:
    split.state = state
    split.save(update_fields=["state", "made"])
    for question in split.questions.open():
        questions.close(question, answer)


def _stay(split: Split, state: Proposal, answer: State) -> None:
    """The group stays as it is, and hears it."""
    _close(split, state, answer)
    question = split.questions.select_related("group").get()
    post(*[letters.stays(question, member.person) for member in questions.members_of(split.group)])


def _part(split: Split, question: Question, goes: Sequence[Membership], *, now: datetime) -> None:
    """Who goes is a group of their own with its first date; who stays keeps dates and memory."""
    made = _new_group(split.group, now=now)
    for member in goes:
        _go(member, made, now=now)
    if sealing.calendar.plan_first is not None:
        sealing.calendar.plan_first(made)
    split.made = made
    _close(split, Proposal.DONE, State.YES)
    post(*[letters.parted(question, member.person) for member in questions.members_of(split.group)])
    audit.note(None, "a group became two", f"group:{split.group_id}", count=len(goes))


def _new_group(group: Group, *, now: datetime) -> Group:
    """At the same hour and place, with what the circle has chosen for itself; and with a draft of its own, which
    everybody locks who changes a group.
    """
    old = group.draft
    if old is None:
        raise NotAllowed("This group was not asked together here, so nothing can be changed in it.")
    last = DraftGroup.objects.filter(composition=old.composition_id).aggregate(last=Max("number"))["last"]
    draft = DraftGroup.objects.create(
        composition=old.composition,
        number=last + 1,
        mode=group.mode,
        metro=group.metro,
        zone=group.zone,
        window=group.window,
        state=DraftState.SEALED,
        released_at=now,
    )
    made = sealing.found_group(draft, now=now)
    made.entry_rule = group.entry_rule
    made.save(update_fields=["entry_rule"])
    if sealing.calendar.carry_on is not None:
        sealing.calendar.carry_on(group, made)
    return made


def _go(member: Membership, made: Group, *, now: datetime) -> None:
    """Out of the dates of the one and into the other; what was kept until today stays theirs to read."""
    member.left_on, member.parted = now.date(), True
    member.save(update_fields=["left_on", "parted"])
    sealing.bring(member, made, now=now)
    if sealing.calendar.farewell is not None:
        sealing.calendar.farewell(member)
