"""Two who say yes at once: one has the role, the other reads so."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from meetings import planning, seating, swapping
from meetings.models.meeting import MeetingRole
from meetings.models.rota import RoleOffer
from meetings.models.seat import Answer, Via
from meetings.roleplan import Duty
from members.models.person import Person
from roundtable import clock as clock_module
from tests.groups.conftest import draft, organizer, pooled, program  # noqa: F401 - what the circle stands on
from tests.meetings.after_the_seal.conftest import circle  # noqa: F401 - the same

pytestmark = pytest.mark.django_db(transaction=True)
LEADS, KEEPS = Duty.FACILITATOR, Duty.TIMEKEEPER


@pytest.fixture
def dates(circle):  # noqa: F811 - the fixture of that name
    group = circle("ada", "grace", "hedy", "jean", "karen")
    planning.plan_ahead(group)
    return list(group.meetings.order_by("starts_at"))


def person(name):
    return Person.objects.get(email=f"{name}@example.org")


def leader(meeting):
    return meeting.roles.get(role=LEADS).person


def test_four_who_would_lead_at_once_give_one_leader(dates, at_once, clock):
    clock.to(dates[0].starts_at - timedelta(days=4))
    people = [person(name) for name in ("grace", "hedy", "jean", "karen")]
    outcome = at_once(*[partial(swapping.take, dates[0], LEADS, by=one) for one in people])
    assert (len(outcome.results), [str(error)[:26] for error in outcome.errors]) == (
        1,
        ["Somebody has said yes alre"] * 3,
    )
    roles = dict(dates[0].roles.values_list("role", "person"))
    assert len(set(roles.values())) == len(roles) == 2
    assert leader(dates[0]) in people


def test_two_swaps_across_the_same_dates_at_once_leave_each_role_with_one(dates, at_once):
    """Each holds the two dates, one from the first on and one from the third: whoever comes second is refused."""
    ada, hedy = person("ada"), person("hedy")
    swapping.offer(dates[0], LEADS, by=ada, to=hedy.public_id, against=dates[2].public_id)
    swapping.offer(dates[2], LEADS, by=hedy, to=ada.public_id, against=dates[0].public_id)
    outcome = at_once(
        partial(swapping.answer, dates[0], LEADS, by=hedy, yes=True),
        partial(swapping.answer, dates[2], LEADS, by=ada, yes=True),
    )
    assert (len(outcome.results), len(outcome.errors)) == (1, 1)
    assert (leader(dates[0]), leader(dates[2]), RoleOffer.objects.count()) == (hedy, ada, 0)


def test_a_yes_and_a_no_to_the_date_at_once_leave_a_leader_who_comes(dates, at_once):
    seat = dates[0].seats.get(person=person("ada"))
    at_once(
        partial(swapping.accept, dates[0], LEADS, by=person("ada")),
        partial(seating.respond, seat, Answer.NO, via=Via.PAGE, received_at=clock_module.now()),
    )
    assert leader(dates[0]) != person("ada")
    assert MeetingRole.objects.filter(meeting=dates[0]).count() == 2
