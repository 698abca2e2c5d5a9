"""Two small groups become one: each decides by itself on the other's cards, and only if both agree do names open.

Lock order: both drafts, the lower key first, group, merge, question, invitation; then the dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q

from groups import backfilling, consent, inviting, letters, questions, sealing, times
from groups.joining import EntryRule, Outcome, Voice, decide
from groups.models.group import Group, Membership
from groups.models.invitation import Invitation
from groups.models.question import Kind, Merge, Proposal, Question, State
from members.models.application import Application
from members.models.person import Person
from members.models.program import Roster
from roundtable import audit, clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import post

TO_THINK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Partner:
    """A group whose members could come into another one: how many, how large both are together, what a rule says."""

    group: Group
    hour: times.Hour
    members: int
    together: int
    broken: tuple[str, ...]


def partners(group: Group, *, by: Person) -> list[Partner]:
    """Small groups of the program that this organizer looks after, those that fit first. A fixed number of queries."""
    if group.draft is None or group.closed_at is not None:
        return []
    own = sealing.members_today(group.draft)
    others = _small(group, room=group.program.size_max - len(own), by=by)
    people = _applications(others)
    case = sealing.case_of(group.draft, [*own, *(_guest(group, one) for there in people.values() for one in there)])
    lasts = times.minutes_of_groups(others)
    found = [_partner(case, own, other, people[other.pk], lasts[other.pk]) for other in others if people[other.pk]]
    return sorted(found, key=lambda one: (len(one.broken), -one.together, one.group.name))


def _small(group: Group, *, room: int, by: Person) -> list[Group]:
    """The other living circles of the program that have no more members than there is room."""
    today = clock.today()
    belongs = Q(memberships__joined_on__lte=today) & (Q(memberships__left_on=None) | Q(memberships__left_on__gt=today))
    living = Group.objects.filter(pk__in=Group.objects.organized_by(by), program=group.program_id, closed_at=None)
    living = living.filter(roster=Roster.FIXED).exclude(draft=None).exclude(pk=group.pk)
    counted = living.annotate(members_now=Count("memberships", filter=belongs))
    fits = counted.filter(members_now__gte=1, members_now__lte=max(room, 0))
    return list(fits.select_related("program").order_by("name", "pk"))


def _applications(groups: Sequence[Group]) -> dict[int, list[Application]]:
    """The applications of today's members, by group; two queries."""
    belongs = Membership.objects.on(clock.today()).filter(group__in=groups)
    home = dict(belongs.values_list("person", "group"))
    found: dict[int, list[Application]] = {group.pk: [] for group in groups}
    program = groups[0].program_id if groups else None
    rows = Application.objects.filter(program=program, person__in=home).select_related("person")
    for one in rows.order_by("pk"):
        found[home[one.person_id]].append(one)
    return found


def _guest(group: Group, application: Application) -> Invitation:
    """Somebody at this group's hour, on paper only."""
    return Invitation(draft=group.draft, application=application)


def _partner(
    case: sealing.Case, own: Sequence[Invitation], other: Group, people: Sequence[Application], minutes: int
) -> Partner:
    broken, hour = tuple(sealing.broken_by(case, own, people)), times.of_group(other, minutes=minutes)
    return Partner(other, hour, len(people), len(own) + len(people), broken)


@transaction.atomic
def propose(stays: Group, joins: Group, *, by: Person) -> Merge:
    """Both groups get the other's cards and a week. Raises NotAllowed with the rule that stands against it."""
    if stays.pk == joins.pk or stays.program_id != joins.program_id:
        raise NotAllowed("Two circles of one program can become one.")
    stays, joins = questions.held(stays, joins)
    for group in (stays, joins):
        questions.refuse_while_filling(group)
    if broken := _against(stays, joins):
        raise NotAllowed("Together they would break a rule: " + " ".join(broken))
    now = clock.now()
    merge = Merge.objects.create(stays=stays, joins=joins, proposed_at=now)
    for group in (stays, joins):
        questions.ask(group, Kind.MERGE, occasion=str(merge.pk), until=now + TO_THINK, merge=merge)
    audit.note(by, "proposed a merge", merge.about)
    return merge


def _against(stays: Group, joins: Group) -> list[str]:
    """What speaks against one group of both at this moment, as sentences for the organizer."""
    for group in (stays, joins):
        if group.closed_at is not None or group.roster != Roster.FIXED:
            return [f"{group.name} is closed, or no circle."]
    if stays.draft is None or joins.draft is None:
        return ["One of the two was not asked together here."]
    own, comes = sealing.members_today(stays.draft), [one.application for one in sealing.members_today(joins.draft)]
    together = len(own) + len(comes)
    if not comes or together + _spoken_for(stays) > stays.program.size_max:
        return [f"Together they would be {together}; at most {stays.program.size_max} are allowed."]
    case = sealing.case_of(stays.draft, [*own, *(_guest(stays, one) for one in comes)])
    return sealing.broken_by(case, own, comes)


def _spoken_for(group: Group) -> int:
    """Seats that somebody has been asked to take: every yes can be seated."""
    return Invitation.objects.filter(draft=group.draft_id, state=consent.State.SENT).count()


@transaction.atomic
def say(question: Question, voice: Voice, *, by: Membership, received_at: datetime) -> Question:
    """What a member thinks of it, for nobody's eyes. Raises NotAllowed when late."""
    merge = _held(question)
    question = questions.put(question, voice.value, by=by.person, received_at=received_at)
    _settle(merge, now=received_at)
    return question


@transaction.atomic
def withdraw(merge: Merge, *, by: Person) -> Merge:
    """The organizer takes it back while the groups think about it."""
    questions.held(merge.stays, merge.joins)
    merge = _locked(merge)
    if merge.state != Proposal.ASKED:
        raise NotAllowed("This has been decided already.")
    _close(merge, Proposal.WITHDRAWN, State.WITHDRAWN)
    audit.note(by, "took a merge back", merge.about)
    return merge


def drop(group: Group) -> None:
    """The group closes: what it was asked with another one ends, and the other one hears it."""
    for merge in Merge.objects.filter(Q(stays=group) | Q(joins=group), state=Proposal.ASKED).select_for_update():
        _stay(merge, Proposal.BROKE)


def decide_due() -> None:
    """Merges whose week is over."""
    questions.each_due([Kind.MERGE], _decide)


@transaction.atomic
def _decide(question: Question, now: datetime) -> None:
    _settle(_held(question), now=now)


def _held(question: Question) -> Merge:
    """The proposal as it is now, with both groups held."""
    merge = Merge.objects.select_related("stays__draft", "joins__draft").get(questions=question)
    stays, joins = questions.held(merge.stays, merge.joins)
    merge = _locked(merge)
    merge.stays, merge.joins = stays, joins
    return merge


def _locked(merge: Merge) -> Merge:
    return Merge.objects.select_for_update(of=("self",)).select_related("stays", "joins").get(pk=merge.pk)


def _settle(merge: Merge, *, now: datetime) -> None:
    """Each group's own rule speaks, and both are closed at once: a first one would show what the other one said."""
    if merge.state != Proposal.ASKED:
        return
    outcomes = {_outcome(question, now=now) for question in merge.questions.open()}
    if outcomes == {Outcome.ASK}:
        _unite(merge, now=now)
    elif Outcome.WAIT not in outcomes:
        _stay(merge, Proposal.STAYED, State.NO)


def _outcome(question: Question, *, now: datetime) -> Outcome:
    words = list(questions.said(question, questions.members_of(question.group)).values())
    return decide(
        EntryRule(question.rule),
        fine=words.count(Voice.FINE),
        concerns=words.count(Voice.CONCERN),
        members=len(words),
        over=now >= question.open_until,
    )


def _close(merge: Merge, state: Proposal, answer: State) -> None:
    """One answer on both questions, whatever each group said."""
    merge.state = state
    merge.save(update_fields=["state"])
    for question in merge.questions.all():
        questions.close(question, answer)


def _stay(merge: Merge, state: Proposal, answer: State = State.GONE) -> None:
    """Both stay as they are, and both are told; which of the two said no is nobody's to know."""
    _close(merge, state, answer)
    for question in merge.questions.select_related("group"):
        post(*[letters.stays(question, member.person) for member in questions.members_of(question.group)])


def _unite(merge: Merge, *, now: datetime) -> None:
    """One group from here on, if every rule still holds at this very moment."""
    if _against(merge.stays, merge.joins):
        _stay(merge, Proposal.BROKE)
        return
    _close(merge, Proposal.DONE, State.YES)
    coming, there = questions.members_of(merge.joins), questions.members_of(merge.stays)
    _let_go_of_who_was_asked(merge.joins)
    if sealing.calendar.call_off is not None:
        sealing.calendar.call_off(merge.joins)
    for member in coming:
        came = sealing.bring(member, merge.stays, now=now)
        if sealing.calendar.welcome is not None:
            sealing.calendar.welcome(came)
    merge.joins.closed_at, merge.joins.merged_into = now, merge.stays
    merge.joins.save(update_fields=["closed_at", "merged_into"])
    question = merge.questions.select_related("merge__stays").get(group=merge.stays)
    post(*[letters.merged(question, one.person, comes=False) for one in there])
    post(*[letters.merged(question, one.person, comes=True) for one in coming])
    audit.note(None, "two groups became one", f"group:{merge.stays_id}", count=len(coming) + len(there))


def _let_go_of_who_was_asked(group: Group) -> None:
    backfilling.drop(group)
    questions.drop(group)
    asked = Invitation.objects.filter(draft=group.draft_id, state=consent.State.SENT)
    for invitation in asked.select_related("application__person"):
        inviting.let_go(invitation)
