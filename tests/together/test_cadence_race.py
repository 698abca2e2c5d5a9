"""Two people change a circle's dates at the same moment, or somebody comes while the last one agrees to a recording."""

from __future__ import annotations

from datetime import time, timedelta
from functools import partial

import pytest

from meetings import attending, calling, planning, recording, retiming, skipping
from meetings.cadence import Cadence, rule_from
from meetings.models.meeting import Meeting, State
from roundtable import clock as clock_module
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def first(group, ada, grace, hedy):
    """The first date, with two more to come."""
    day = clock_module.today() + timedelta(days=13)
    calling.plan(group, on=day, members=[ada, grace, hedy])
    planning.plan_ahead(group)
    return day


def test_the_same_new_rhythm_twice_at_once_moves_each_date_once(group, first, ada, grace, at_once):
    Letter.objects.update(state="sent", secret=None, sent_at=clock_module.now())
    rhythm = Cadence(rule_from(first, weeks=2), time(19), group.zone, 90, first)
    calls = [partial(retiming.retime, group, rhythm, start=first, by=one) for one in (ada, grace)]
    outcome = at_once(*calls)
    assert [type(error) for error in outcome.errors] == [NotAllowed]
    days = list(group.meetings.order_by("local_date").values_list("local_date", flat=True))
    assert days == [first, first + timedelta(weeks=2), first + timedelta(weeks=4)]
    assert Letter.objects.filter(kind="meetings/moved").count() == 9


def test_planned_by_many_at_once_there_are_three_dates(group, first, at_once):
    Meeting.objects.exclude(local_date=first).delete()
    outcome = at_once(*[partial(planning.plan_ahead, group) for _ in range(4)])
    assert (outcome.errors, group.meetings.count()) == ([], 3)


def test_left_out_by_two_at_once_is_left_out_once(group, first, ada, grace, at_once):
    outcome = at_once(*[partial(skipping.skip, group, first, by=one) for one in (ada, grace)])
    assert [str(error) for error in outcome.errors] == ["This date is left out already."]
    assert group.meetings.filter(state=State.CANCELLED).count() == 1
    assert group.meetings.filter(state=State.PLANNED).count() == 3


def test_who_comes_while_the_last_one_agrees_has_not_agreed(gathered, ada, grace, hedy, later, at_once):
    later.memberships.update(joined_on=gathered.meeting.local_date)
    for one in (ada, grace):
        recording.answer(gathered, by=one, yes=True)
    outcome = at_once(
        partial(recording.answer, gathered, by=hedy, yes=True), partial(attending.here, gathered, by=later)
    )
    assert outcome.errors == []
    assert recording.standing(gathered, ada).may_run is False
