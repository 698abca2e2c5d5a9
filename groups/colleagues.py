"""Two of one company in a circle: somebody changed jobs, or two names turned out to be one company.

Both and the group are told, and decide; nothing happens by itself, and no organizer decides. Lock order: the group's
draft, group, question; then what leaving a group holds.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F

from groups import questions, repairing
from groups.models.group import Group, Membership
from groups.models.question import Kind, Question, State, Together
from members import applying, settling
from members.models.application import Application
from members.models.program import Program, Roster
from members.stages import Stage
from roundtable import audit, clock
from roundtable.errors import NotAllowed

TO_THINK = timedelta(days=14)

log = structlog.get_logger(__name__)


@transaction.atomic
def change_company(membership: Membership, company: str) -> Application:
    """A new job, said by the member: the card shows it at once; the circle is asked where somebody is there already.

    Raises NotAllowed for who has no application in this program.
    """
    (group,) = questions.held(membership.group)
    application = applying.tell_company(application_of(membership), company)
    _look_at(group)
    audit.note(membership.person, "told a company", f"application:{application.pk}")
    return application


def application_of(membership: Membership) -> Application:
    """What this member told the program about themselves. Raises NotAllowed where it is gone."""
    found = Application.objects.filter(person=membership.person_id, program=membership.group.program_id)
    application = found.select_related("program", "person").first()
    if application is None:
        raise NotAllowed("There is no application of yours here that could be changed.")
    return application


def look() -> None:
    """Every living circle in which more people are at one company than the program allows; and those where no more."""
    waiting = Question.objects.open().filter(kind=Kind.COMPANY).values_list("group", flat=True)
    for group in Group.objects.filter(pk__in={*_crowded(), *waiting}, closed_at=None).order_by("pk"):
        try:
            look_at(group)
        except Exception:
            log.exception("colleagues were not looked at", group=group.pk)


@transaction.atomic
def look_at(group: Group) -> None:
    """The circle is asked once about the same people; a question that is none any more ends."""
    (group,) = questions.held(group)
    if group.closed_at is None:
        _look_at(group)


def _crowded() -> set[int]:
    """Circles with more than so many members of one company; two queries for all of them."""
    allowed = dict(Program.objects.values_list("pk", "max_per_company"))
    belongs = Membership.objects.on(clock.today()).filter(group__closed_at=None, group__roster=Roster.FIXED)
    belongs = belongs.exclude(group__draft=None)
    of_it = {"person__memberships__in": belongs, "program": F("person__memberships__group__program")}
    rows = Application.objects.filter(stage=Stage.PLACED, **of_it).exclude(company_key="")
    there: dict[tuple[int, int, str], set[int]] = defaultdict(set)
    for program, person, company, home in rows.values_list(
        "program", "person", "company_key", "person__memberships__group"
    ):
        there[program, home, company].add(person)
    return {home for (program, home, _), people in there.items() if len(people) > allowed[program]}


def _look_at(group: Group) -> None:
    now = {occasion(members) for members in colleagues(group).values()}
    for question in group.questions.open().filter(kind=Kind.COMPANY).exclude(occasion__in=now):
        questions.close(question, State.GONE)
    asked = set(group.questions.filter(kind=Kind.COMPANY).exclude(state=State.GONE).values_list("occasion", flat=True))
    for one in sorted(now - asked):
        questions.ask(group, Kind.COMPANY, occasion=one, until=clock.now() + TO_THINK)


def colleagues(group: Group) -> dict[str, list[Membership]]:
    """By company, today's members where there are more of them than the program allows."""
    members = {member.person_id: member for member in questions.members_of(group)}
    rows = Application.objects.filter(program=group.program_id, person__in=members).exclude(company_key="")
    there: dict[str, list[Membership]] = defaultdict(list)
    for person, company in rows.order_by("person").values_list("person", "company_key"):
        there[company].append(members[person])
    return {key: people for key, people in there.items() if len(people) > group.program.max_per_company}


def occasion(members: list[Membership]) -> str:
    """Who they are, so that the same people are not asked about twice."""
    return "-".join(str(pk) for pk in sorted(member.pk for member in members))


def concerned(question: Question) -> list[int]:
    """The memberships that a question is about."""
    return [int(pk) for pk in question.occasion.split("-")]


@transaction.atomic
def say(question: Question, word: Together, *, by: Membership, received_at: datetime) -> Question:
    """What a member thinks, for nobody's eyes. Raises NotAllowed when late."""
    (group,) = questions.held(question.group)
    question = questions.put(question, word.value, by=by.person, received_at=received_at)
    members = questions.members_of(group)
    if None not in questions.said(question, members).values():
        questions.tell(question, members)
    return question


@transaction.atomic
def step_out(question: Question, *, by: Membership) -> Membership:
    """One of the two goes back to the pool, first in line. Raises NotAllowed for everybody else.

    It is theirs alone to do, whatever the others said, and while they are colleagues in this circle also later.
    """
    (group,) = questions.held(question.group)
    if by.pk not in concerned(question) or by.pk not in {one.pk for two in colleagues(group).values() for one in two}:
        raise NotAllowed("This is not about you, or not any more. To leave the group there is a button on its page.")
    membership = repairing.leave(by, back_to_pool=True)
    for application in Application.objects.filter(person=by.person_id, program=group.program_id).pooled():
        settling.skip(application)
    _look_at(group)
    audit.note(by.person, "stepped out for a colleague", question.about)
    return membership


def decide_due() -> None:
    """Questions whose time is over: the circle reads the totals, and nothing else happens."""
    questions.each_due([Kind.COMPANY], questions.tell_when_due)
