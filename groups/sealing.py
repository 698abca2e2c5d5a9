"""Sealing: on paper until now, from here on a group. Names open, people join, the first date is planned, all at once.

Lock order: draft, invitation, program. Every function but `seal` expects the draft to be locked by its caller.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.db import transaction

from groups import candidates, consent, letters
from groups.composition.additions import caused
from groups.composition.explain import public
from groups.composition.people import Problem
from groups.composition.rules import Breach, check
from groups.composition.rules import Group as PaperGroup
from groups.consent import State
from groups.models.draft import DraftGroup, DraftState
from groups.models.group import Group, Membership
from groups.models.invitation import Invitation
from groups.models.sabbatical import Sabbatical
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

    The last one is for roundtables: one date of an open group, with its host.
    """

    plan_first: Callable[[Group], object] | None = None
    welcome: Callable[[Membership], object] | None = None
    farewell: Callable[[Membership], object] | None = None
    pause: Callable[[Sabbatical], object] | None = None
    resume: Callable[[Sabbatical], object] | None = None
    wind_up: Callable[[Group], datetime | None] | None = None
    forget: Callable[[Group], object] | None = None
    open_date: OpenDate | None = None


calendar = Calendar()


def locked(draft: DraftGroup) -> DraftGroup:
    """The draft as it is now, held until this transaction ends: it may have changed while we waited."""
    drafts = DraftGroup.objects.select_for_update(of=("self",))
    return drafts.select_related("composition__program").get(pk=draft.pk)


def broken(draft: DraftGroup, invitations: Sequence[Invitation]) -> list[str]:
    """Each hard rule that these people would break together at the draft's hour, as sentences for the organizer."""
    applications = [invitation.application for invitation in invitations]
    problem, paper = on_paper(draft, applications, seated=[one.public_id for one in applications])
    return in_sentences(check(problem, [paper]), applications)


def newly_broken(draft: DraftGroup, seated: Sequence[Invitation], newcomer: Invitation) -> list[str]:
    """What one more person would break in a group that meets already, beside whatever it breaks without them."""
    applications = [*(one.application for one in seated), newcomer.application]
    problem, paper = on_paper(draft, applications, seated=[one.application.public_id for one in seated])
    return in_sentences(caused(problem, paper, [newcomer.application.public_id]), applications)


def on_paper(
    draft: DraftGroup, applications: Iterable[Application], *, seated: Collection[str]
) -> tuple[Problem, PaperGroup]:
    """These people as the engine takes them, and those of them who are seated as a group at the draft's hour."""
    pool = candidates.pool(list(applications), today=clock.today(), zone=draft.zone)
    problem = candidates.problem(draft.composition.program, pool)
    return problem, PaperGroup(tuple(sorted(seated)), draft.window, draft.mode, draft.metro or None)


def in_sentences(breaches: Iterable[Breach], applications: Iterable[Application]) -> list[str]:
    """Each breach once, as an organizer may read it."""
    names = {application.public_id: application.person.initials for application in applications}
    sentences = [public(breach).sentence for breach in breaches]
    return [with_initials(sentence, names) for sentence in dict.fromkeys(sentences)]


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
    if not due or not verdict(draft).may_seal:
        return None
    return make_group(draft, now=now)


def make_group(draft: DraftGroup, *, now: datetime) -> Group:
    """The accepted become members, the first date is planned, all get one letter. Who is still out may answer."""
    group = Group.objects.create(
        program=draft.composition.program,
        draft=draft,
        name=free_name(draft.composition.program, f"{draft.metro or 'Video'} circle"),
        mode=draft.mode,
        metro=draft.metro,
        zone=draft.zone,
        window=draft.window,
        sealed_at=now,
    )
    accepted = seated(draft)
    for invitation in accepted:
        join(group, invitation, now=now)
    draft.state = DraftState.SEALED
    draft.save(update_fields=["state"])
    if calendar.plan_first is not None:
        calendar.plan_first(group)
    post(*[letters.sealed(group, invitation.application.person) for invitation in accepted])
    return group


def join(group: Group, invitation: Invitation, *, now: datetime) -> Membership:
    """Who said yes becomes a member, and is placed."""
    settling.place(invitation.application)
    return Membership.objects.create(
        group=group,
        person=invitation.application.person,
        joined_on=now.date(),
        shares_address=invitation.shares_address,
    )


def join_late(draft: DraftGroup, invitation: Invitation, *, now: datetime) -> None:
    """A yes after the seal joins while there is room and every rule still holds. Raises NotAllowed otherwise."""
    others = [one for one in seated(draft) if one != invitation]
    if len(others) >= draft.composition.program.size_max:
        raise NotAllowed("This group is full by now. You are back in the pool, first in line next time.")
    if newly_broken(draft, others, invitation):
        raise NotAllowed("This group is complete as it is. You are back in the pool, first in line next time.")
    membership = join(draft.group, invitation, now=now)
    if calendar.welcome is not None:
        calendar.welcome(membership)
    post(letters.sealed(draft.group, membership.person))
    post(*[letters.joined(membership, one.application.person) for one in others])


def free_name(program: Program, stem: str) -> str:
    """ "Bay Area circle 3", "Video circle 7": the next number among this program's groups."""
    Program.objects.select_for_update().get(pk=program.pk)  # numbers are given one at a time
    taken = set(Group.objects.filter(program=program).values_list("name", flat=True))
    return next(name for number in range(1, len(taken) + 2) if (name := f"{stem} {number}") not in taken)
