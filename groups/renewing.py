"""The fifth meeting of six is over: each member says privately how it goes on, and the circle reads totals.

Who steps out goes when the season is over, and may think again until then. Lock order: the group's draft, group,
question, application; then what leaving a group holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from groups import colleagues, questions, repairing
from groups.models.group import Group, Membership, SteppingOut
from groups.models.question import Kind, Question
from groups.seasons import Word
from members import applying, publishing
from members.models.application import Application
from members.placing import Outcome
from roundtable import audit, clock
from roundtable.errors import NotAllowed

TO_THINK = timedelta(days=21)
FIRST_THE_CODE = "Please tick that the code of conduct still holds for you; only who steps out need not."

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a member says about themselves on the same page. `code`: the version ticked, if any."""

    company: str
    place_text: str
    code: int | None = None


@transaction.atomic
def ask(group: Group, season: int) -> Question | None:
    """Once per season, and never of a circle that comes to its end."""
    (group,) = questions.held(group)
    if group.closed_at is not None or group.questions.filter(kind=Kind.RENEWAL, occasion=str(season)).exists():
        return None
    return questions.ask(group, Kind.RENEWAL, occasion=str(season), until=clock.now() + TO_THINK)


@transaction.atomic
def say(
    question: Question,
    word: Word,
    *,
    by: Membership,
    to_pool: bool = False,
    confirmed: Confirmed,
    received_at: datetime,
) -> Question:
    """How it goes on for one member, and what still is true of them. Raises NotAllowed when late, or without the code.

    A new company is looked at like any other: two of one company are for the circle to decide about.
    """
    (group,) = questions.held(question.group)
    _confirm(by, word, confirmed)
    question = questions.put(question, word.value, by=by.person, received_at=received_at)
    out = SteppingOut.POOL if to_pool else SteppingOut.END
    Membership.objects.filter(pk=by.pk).update(steps_out=out if word == Word.OUT else SteppingOut.NO)
    members = questions.members_of(group)
    if None not in questions.said(question, members).values():
        questions.tell(question, members)
    return question


def _confirm(member: Membership, word: Word, confirmed: Confirmed) -> None:
    code = member.group.program.current_code()
    if code is not None and word != Word.OUT and confirmed.code is None:
        raise NotAllowed(FIRST_THE_CODE)
    if code is not None and confirmed.code is not None:
        publishing.accept(member.group.program, confirmed.code, by=member.person)
    application = colleagues.application_of(member)
    colleagues.change_company(member, confirmed.company)
    if confirmed.place_text != application.place_text:
        _move(application, confirmed.place_text)


def _move(application: Application, place_text: str) -> None:
    """Another place, once it is known for certain: half a place would take the member out of the circle's city."""
    if applying.placed(application.program, place_text, None, "").outcome != Outcome.RESOLVED:
        raise NotAllowed("We cannot tell which place you mean. Please write the city and its country.")
    applying.tell_place(application, place_text=place_text, place_id=None, zone="")


@transaction.atomic
def stay_after_all(membership: Membership) -> Membership:
    """Who wanted to step out stays; nobody knew. Raises NotAllowed once they have left."""
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.left_on is not None:
        raise NotAllowed("You have left this group.")
    membership.steps_out = SteppingOut.NO
    membership.save(update_fields=["steps_out"])
    return membership


def decide_due() -> None:
    """Renewals whose three weeks are over: the circle reads the totals."""
    questions.each_due([Kind.RENEWAL], questions.tell_when_due)


def leave_due(group: Group) -> None:
    """The season is over: who stepped out leaves, and the seat is free. One that breaks keeps none of the others."""
    going = group.memberships.on(clock.today()).exclude(steps_out=SteppingOut.NO)
    for membership in going.select_related("group__draft", "person").order_by("pk"):
        try:
            _leave(membership)
        except Exception:
            log.exception("somebody did not step out", about=f"membership:{membership.pk}")


@transaction.atomic
def _leave(membership: Membership) -> None:
    questions.held(membership.group)
    membership.refresh_from_db(fields=["steps_out", "left_on"])
    if membership.steps_out != SteppingOut.NO and membership.left_on is None:
        repairing.leave(membership, back_to_pool=membership.steps_out == SteppingOut.POOL)
        audit.note(membership.person, "stepped out after a season", f"group:{membership.group_id}")
