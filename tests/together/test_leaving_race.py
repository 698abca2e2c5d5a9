"""A member leaves or pauses while a date of their circle is being planned: nobody who is gone has a seat."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from django.db import connections, transaction

from groups import repairing, sabbaticals
from groups.models.group import Group
from meetings import planning
from meetings.models.seat import Seat, State
from tests.groups.conftest import organizer, program  # noqa: F401 - what the circle stands on
from tests.meetings.after_the_seal.conftest import circle, member  # noqa: F401 - the same

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def group(circle):  # noqa: F811 - the fixture of that name
    return circle("Mary Jackson", "Radia Perlman", "Barbara Liskov")


def plan_while(group: Group, act) -> None:
    """The dates are planned by one who reads the members first; `act` begins in between, and has to wait."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    beside = threading.Thread(target=run)
    with transaction.atomic():
        Group.objects.select_for_update().get(pk=group.pk)
        beside.start()
        beside.join(1.5)
        planning.plan_ahead(group)
    beside.join()


def test_who_leaves_while_dates_are_planned_has_no_seat_at_them(group, member):  # noqa: F811 - as above
    leaver = member(group, "mary")
    plan_while(group, partial(repairing.leave, leaver, back_to_pool=False))
    assert group.meetings.count() == 3
    assert not Seat.objects.filter(person=leaver.person, meeting__group=group).exists()


def test_who_pauses_while_dates_are_planned_is_excused_from_them(group, member):  # noqa: F811 - as above
    resting = member(group, "mary")
    plan_while(group, partial(sabbaticals.begin, resting, meetings=3))
    seats = Seat.objects.filter(person=resting.person, meeting__group=group)
    assert list(seats.values_list("state", flat=True)) == [State.EXCUSED] * 3
