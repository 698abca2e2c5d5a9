"""How far people came, of a circle that some left and others joined: what was reached once stays counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups import backfilling, inviting, repairing, standing
from groups.consent import Alone, Answer
from groups.models.group import Group, Membership
from groups.models.invitation import Invitation
from groups.sealing import bring
from meetings.models.meeting import Meeting
from meetings.models.seat import Attendance
from members import milestones
from members.models.application import Application
from members.models.person import Person
from members.models.program import Program
from roundtable import clock as clock_module
from tests.conftest import Stopped
from tests.groups.conftest import applicant

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 2, 1, tzinfo=UTC)


def reached(program: Program) -> dict[str, set[str]]:
    """Each step as it is found by itself, before one step speaks for another."""
    first = dict(Application.objects.values_list("pk", "person__initials"))
    found = (
        (name, step) for one in milestones.REGISTERED for name, step in zip(one.names, one.find(program), strict=True)
    )
    return {name: {first[key] for key in step} for name, step in found}


@given(st.lists(st.dictionaries(st.integers(0, 9), st.integers(0, 99)), max_size=7))
def test_no_step_counts_more_than_the_one_before(found: list[dict[int, int]]) -> None:
    steps = [(str(at), {key: DAY + timedelta(days=days) for key, days in one.items()}) for at, one in enumerate(found)]
    way = milestones.passed(steps)
    assert [name for name, _ in way] == [name for name, _ in steps]
    assert all(earlier.keys() >= later.keys() for (_, earlier), (_, later) in pairwise(way))
    assert all(step.items() >= own.items() for (_, step), (_, own) in zip(way, steps, strict=True))


def test_who_left_was_in_the_group_and_had_said_yes(
    group: Group, member: Callable[..., Membership], program: Program
) -> None:
    repairing.leave(member(group, "ada"), back_to_pool=True)
    found = reached(program)
    assert (found["said yes"], found["in a group"]) == ({"AL", "GH", "HL"}, {"AL", "GH", "HL"})


def test_who_joined_by_a_card_was_asked_said_yes_and_is_in_the_group(
    group: Group, program: Program, organizer: Person, clock: Stopped
) -> None:
    backfilling.propose(group, applicant(program, "Mary Jackson"), by=organizer)
    clock.forward(days=5)
    backfilling.decide_due()
    asked = Invitation.objects.get(application__person__initials="MJ")
    inviting.respond(asked, Answer.YES, received_at=clock_module.now())
    found = reached(program)
    assert {name for name in ("invited", "said yes", "in a group") if "MJ" in found[name]} == {
        "invited",
        "said yes",
        "in a group",
    }


def test_who_came_over_from_another_circle_keeps_the_day_of_the_first(
    group: Group, circle: Callable[..., Group], member: Callable[..., Membership], program: Program, clock: Stopped
) -> None:
    before = dict(milestones.of(program))
    clock.forward(days=40)
    ada = member(group, "ada")
    bring(ada, circle("Mary Jackson", "Radia Perlman", "Karen Jones"), now=clock_module.now())
    after, key = dict(milestones.of(program)), Application.objects.get(person=ada.person).pk
    for step in ("invited", "said yes", "in a group"):
        assert after[step][key] == before[step][key]


def test_a_yes_to_a_group_that_did_not_form_was_a_yes(draft: Any, organizer: Person, program: Program) -> None:
    inviting.release(draft, by=organizer)
    ada, grace, hedy, _ = draft.invitations.order_by("pk")
    inviting.respond(ada, Answer.YES, received_at=clock_module.now())
    inviting.respond(grace, Answer.OTHER_TIME, received_at=clock_module.now())
    inviting.respond(hedy, Answer.NOT_THIS_GROUP, received_at=clock_module.now())
    inviting.dissolve(draft, by=organizer)
    found = reached(program)
    assert (found["invited"], found["said yes"], found["in a group"]) == ({"AL", "GH", "HL", "KJ"}, {"AL"}, set())


def test_who_steps_out_of_a_proposal_has_said_yes_only_if_they_did(
    draft: Any, organizer: Person, program: Program
) -> None:
    inviting.release(draft, by=organizer)
    ada, grace, *_ = draft.invitations.order_by("pk")
    inviting.respond(ada, Answer.YES, received_at=clock_module.now())
    for asked in (ada, grace):
        asked.refresh_from_db()
        asked.alone = Alone.TOLD
        asked.save()
        standing.step_out(asked)
    assert reached(program)["said yes"] == {"AL"}


def test_members_without_an_invitation_count_on_every_step(
    meeting: Meeting, group: Group, program: Program, member: Callable[..., Membership]
) -> None:
    Invitation.objects.all().delete()
    meeting.seats.update(attendance=Attendance.PRESENT)
    counts = [len(found) for _, found in milestones.of(program)]
    assert counts == [4, 3, 3, 3, 3, 3, 0, 0]


def test_it_asks_the_same_for_one_member_and_for_three(
    group: Group, program: Program, django_assert_num_queries: Callable[..., Any]
) -> None:
    for left in (3, 1):
        Membership.objects.filter(pk__in=group.memberships.values("pk")[left:]).delete()
        with django_assert_num_queries(7):
            milestones.of(program)
