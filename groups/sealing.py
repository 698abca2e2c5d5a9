"""Sealing: on paper until now, from here on a group. Names open, people join, the first date is planned, all at once.

Lock order: draft, invitation, program. Every function but `seal` expects the draft to be locked by its caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

from django.db import transaction
from django.db.models import QuerySet

from groups import candidates, consent, letters, times
from groups.composition.additions import caused
from groups.composition.explain import public
from groups.composition.people import Problem
from groups.composition.rules import Breach, check
from groups.composition.rules import Group as PaperGroup
from groups.consent import Alone, State
from groups.models.draft import DraftGroup, DraftState
from groups.models.group import Group, Membership
from groups.models.invitation import Invitation
from groups.models.sabbatical import Sabbatical
from groups.reaching import Step
from members import settling
from members.models.application import Application
from members.models.person import Person
from members.models.program import Program
from roundtable import audit, clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import post


class OpenDate(Protocol):
    def __call__(self, group: Group, *, on: date, host: Person) -> Any: ...


@dataclass
class Calendar:
    """What the app that knows dates does inside a transaction of ours; it registers itself when it is loaded.

    The first one plans a group's first date and writes to each member that the group is sealed. `open_date` is for
    roundtables: one date of an open group, with its host. `with_dates` adds to each row how many dates it has ahead.
    """

    plan_first: Callable[[Group], object] | None = None
    carry_on: Callable[[Group, Group], object] | None = None
    welcome: Callable[[Membership], object] | None = None
    farewell: Callable[[Membership], object] | None = None
    pause: Callable[[Sabbatical], object] | None = None
    resume: Callable[[Sabbatical], object] | None = None
    wind_up: Callable[[Group], datetime | None] | None = None
    call_off: Callable[[Group], object] | None = None
    forget: Callable[[Group], object] | None = None
    open_date: OpenDate | None = None
    came: Callable[[Group], list[tuple[date, int, int]]] | None = None
    with_dates: Callable[[QuerySet[Group]], QuerySet[Group]] | None = None


calendar = Calendar()


def locked(draft: DraftGroup) -> DraftGroup:
    """The draft as it is now, held until this transaction ends: it may have changed while we waited."""
    drafts = DraftGroup.objects.select_for_update(of=("self",))
    return drafts.select_related("composition__program").get(pk=draft.pk)


@dataclass(frozen=True, slots=True)
class Case:
    """A draft's hour and place, and what is known of the people who may sit there."""

    draft: DraftGroup
    problem: Problem

    def group(self, people: Iterable[str], *, window: int | None = None) -> PaperGroup:
        """These of them as a group at this place, and at this hour or another one."""
        draft = self.draft
        start = draft.window if window is None else window
        return PaperGroup(tuple(sorted(people)), start, draft.mode, draft.metro or None)

    def breaches(self, people: Iterable[str], *, window: int | None = None) -> tuple[Breach, ...]:
        """Each hard rule that these of them would break together."""
        return check(self.problem, [self.group(people, window=window)])


def case_of(draft: DraftGroup, invitations: Sequence[Invitation]) -> Case:
    """Everything that the rules ask of these people, for meetings as long as a living group has chosen. Who said "I
    stay" minds no longer, in this group.
    """
    applications = [invitation.application for invitation in invitations]
    pool = candidates.pool(applications, today=clock.today(), zone=draft.zone)
    problem = candidates.problem(draft.composition.program, pool, minutes=times.minutes_of_draft(draft))
    stay = {one.application.public_id for one in invitations if one.alone == Alone.STAY}
    people = (replace(one, never_alone=frozenset()) if one.id in stay else one for one in problem.people)
    return Case(draft, replace(problem, people=tuple(people)))


def broken(draft: DraftGroup, invitations: Sequence[Invitation]) -> list[str]:
    """Each hard rule that these people would break together at the draft's hour, as sentences for the organizer."""
    names = {one.application.public_id: one.application.person.initials for one in invitations}
    sentences = [public(breach).sentence for breach in case_of(draft, invitations).breaches(names)]
    return [with_initials(sentence, names) for sentence in dict.fromkeys(sentences)]


def broken_by(case: Case, members: Sequence[Invitation], comers: Sequence[Application]) -> list[str]:
    """Each hard rule that these people would break by coming to these members, as sentences for the organizer.

    What the members live with already is not told: it would show that somebody among them has a personal rule.
    """
    there = [one.application for one in members]
    names = {one.public_id: one.person.initials for one in [*there, *comers]}
    found = caused(case.problem, case.group(one.public_id for one in there), [one.public_id for one in comers])
    return [with_initials(told, names) for told in dict.fromkeys(public(breach).sentence for breach in found)]


def seated(draft: DraftGroup) -> list[Invitation]:
    """Who said yes and has not left again."""
    return list(draft.invitations.accepted().select_related("application__person"))


def with_initials(sentence: str, names: dict[str, str]) -> str:
    """The engine speaks in ids; organizers read initials."""
    for key, initials in names.items():
        sentence = sentence.replace(key, initials)
    return sentence


def verdict(draft: DraftGroup) -> consent.Verdict:
    """Whether this draft may be sealed with the people who accepted so far."""
    accepted = seated(draft)
    return consent.may_seal(
        accepted=len(accepted),
        size_min=draft.composition.program.size_min,
        broken_rules=broken(draft, accepted) if accepted else (),
    )


@transaction.atomic
def seal(draft: DraftGroup, *, by: Person) -> Group:
    """An organizer seals now. Of two at once one seals, the other is told. Raises NotAllowed with the reason."""
    draft = locked(draft)
    if draft.state == DraftState.SEALED:
        raise NotAllowed("This group has already been sealed, a moment ago or in another tab. Nothing was done twice.")
    if draft.state != DraftState.RELEASED:
        raise NotAllowed("Nobody has been asked yet: release the draft first.")
    if reconsidering(draft, now=clock.now()):
        raise NotAllowed("The hour has moved, and somebody who had said yes may still reconsider. It waits for them.")
    answer = verdict(draft)
    if not answer.may_seal:
        raise NotAllowed(answer.reason)
    group = make_group(draft, now=clock.now())
    audit.note(by, "sealed a group", f"group:{group.pk}", count=group.memberships.count())
    return group


def seal_if_due(draft: DraftGroup, *, now: datetime) -> Group | None:
    """Seal a group that is ready and has nothing to wait for."""
    states = list(draft.invitations.values_list("state", flat=True))
    due = consent.should_seal(
        accepted=states.count(State.ACCEPTED),
        out=states.count(State.SENT),
        size_target=draft.composition.program.size_target,
        now=now,
        until=draft.answer_until or now,
    )
    if not due or reconsidering(draft, now=now) or not verdict(draft).may_seal:
        return None
    return make_group(draft, now=now)


def reconsidering(draft: DraftGroup, *, now: datetime) -> bool:
    """Whether the hour has moved, and somebody who had said yes to the former one has time left to take it back."""
    return draft.invitations.accepted().filter(reconsider_until__gt=now).exists()


def make_group(draft: DraftGroup, *, now: datetime) -> Group:
    """The accepted become members, the first date is planned and in their letters. Who is still out may answer."""
    group = found_group(draft, now=now)
    for invitation in seated(draft):
        join(group, invitation, now=now)
    draft.state, draft.step = DraftState.SEALED, Step.WAIT
    draft.save(update_fields=["state", "step"])
    stand_down(draft)
    if calendar.plan_first is not None:
        calendar.plan_first(group)
    return group


def found_group(draft: DraftGroup, *, now: datetime) -> Group:
    """A group at the hour and place of its draft, under the next free name; nobody belongs to it yet."""
    program = draft.composition.program
    return Group.objects.create(
        program=program,
        draft=draft,
        name=free_name(program, f"{draft.metro or 'Video'} circle"),
        mode=draft.mode,
        metro=draft.metro,
        zone=draft.zone,
        window=draft.window,
        sealed_at=now,
    )


def join(group: Group, invitation: Invitation, *, now: datetime) -> Membership:
    """Who said yes becomes a member, and is placed."""
    settling.place(invitation.application)
    return Membership.objects.create(
        group=group,
        person=invitation.application.person,
        joined_on=now.date(),
        shares_address=invitation.shares_address,
    )


def stand_down(draft: DraftGroup) -> None:
    """Nobody stands by any more; they had not been told that they did, and wait in the pool as before."""
    draft.invitations.in_line().update(state=State.RELEASED, proposed_at=None)


def takes_one_more(draft: DraftGroup, invitation: Invitation) -> bool:
    """Whether a sealed group, as it is today, has room for this person, who breaks nothing that holds without them."""
    if draft.group.closed_at is not None:
        return False
    members = members_today(draft)
    case = case_of(draft, [*members, invitation])
    group = case.group(one.application.public_id for one in members)
    return not caused(case.problem, group, [invitation.application.public_id])


def members_today(draft: DraftGroup) -> list[Invitation]:
    """Everybody who belongs to the sealed group today, with the invitation that they accepted where there was one."""
    today = draft.group.memberships.on(clock.today()).values("person")
    members = Application.objects.filter(program=draft.composition.program, person__in=today).select_related("person")
    asked = {one.application_id: one for one in seated(draft)}
    return [asked.get(one.pk) or Invitation(draft=draft, application=one) for one in members]


def join_late(draft: DraftGroup, invitation: Invitation, *, now: datetime) -> bool:
    """A yes after the seal joins while there is room and every rule still holds. Whether it did."""
    if not takes_one_more(draft, invitation):
        return False
    others = [one.application.person for one in members_today(draft)]
    membership = join(draft.group, invitation, now=now)
    if calendar.welcome is not None:
        calendar.welcome(membership)
    post(letters.sealed(draft.group, membership.person))
    post(*[letters.joined(membership, other) for other in others])
    return True


def bring(member: Membership, group: Group, *, now: datetime) -> Membership:
    """A member of one group becomes one of another from today on: address and pause come along, the past does not.

    What this member said yes to is the new group: the old yes ends and keeps them from nothing, and so does what they
    said about the old group's next season.
    """
    old = Invitation.objects.accepted().filter(draft=member.group.draft_id, application__person=member.person)
    old.update(state=State.RELEASED)
    for application in Application.objects.filter(person=member.person, program=group.program_id):
        seat = {"state": State.ACCEPTED, "sent_at": now, "answered_at": now, "shares_address": member.shares_address}
        Invitation.objects.update_or_create(draft=group.draft, application=application, defaults=seat)
    came = Membership.objects.create(
        group=group,
        person=member.person,
        joined_on=now.date(),
        shares_address=member.shares_address,
    )
    member.sabbaticals.running().update(membership=came)
    return came


def free_name(program: Program, stem: str) -> str:
    """ "Bay Area circle 3", "Video circle 7": the next number among this program's groups."""
    Program.objects.select_for_update().get(pk=program.pk)  # numbers are given one at a time
    taken = set(Group.objects.filter(program=program).values_list("name", flat=True))
    return next(name for number in range(1, len(taken) + 2) if (name := f"{stem} {number}") not in taken)
