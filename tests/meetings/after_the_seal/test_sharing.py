"""Unfair hours of a circle over two oceans: noted once a meeting is over, and taken in turn."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from meetings import planning, sharing, turns
from meetings.models.seat import Seat, State
from meetings.models.toll import Toll
from meetings.models.turn import Turn
from meetings.slots import cost
from members.models.hours import Hours
from members.weekhours import block_mask, to_hex
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db
WORK = sum(1 << (day * 48 + half) for day in range(5) for half in range(18, 36))
FAR = {"ada": "America/New_York", "grace": "Europe/Madrid", "hedy": "Australia/Sydney"}


@pytest.fixture
def apart(group, meeting):
    """The three work from nine to six in New York, Madrid and Sydney; the group meets at 17:00 New York."""
    for name, zone in FAR.items():
        hours = Hours.objects.filter(application__person__email=f"{name}@example.org")
        hours.update(good=to_hex(WORK), possible=to_hex(0), zone=zone)
    planning.plan_ahead(group)
    return group


def person(group, name):
    return group.memberships.select_related("person").get(person__email=f"{name}@example.org").person


def points(meeting):
    rows = Toll.objects.filter(meeting=meeting).values_list("person__email", "points")
    return {email.split("@")[0]: paid for email, paid in rows}


def test_a_meeting_that_is_over_costs_its_worst_half_hour_once(apart, meeting, clock):
    assert sharing.note_tolls() == 0
    clock.to(meeting.ends_at)
    assert [sharing.note_tolls(), sharing.note_tolls()] == [1, 0]
    assert points(meeting) == {"ada": 2, "grace": 10, "hedy": 2}  # 17:00, 23:00 and 08:00 the next day


def test_who_is_on_a_sabbatical_pays_nothing_and_a_cancelled_date_costs_nobody(apart, meeting, clock):
    Seat.objects.filter(meeting=meeting, person=person(apart, "ada")).update(state=State.EXCUSED)
    later = apart.meetings.order_by("starts_at")[1]
    later.state = "cancelled"
    later.save()
    clock.to(later.ends_at)
    clock.to(meeting.ends_at)
    sharing.note_tolls()
    assert points(meeting).keys() == {"grace", "hedy"}
    clock.to(later.ends_at)
    assert (sharing.note_tolls(), points(later)) == (0, {})


def test_members_read_their_own_total_and_organizers_the_spread(apart, meeting, clock):
    assert sharing.totals_apart(apart) is None
    clock.to(meeting.ends_at)
    sharing.note_tolls()
    assert sharing.own_total(apart, person(apart, "grace")) == (10, 1)
    assert sharing.totals_apart(apart) == (2, 10)


def test_three_in_turn_keep_everybody_out_of_the_night(apart):
    found = sharing.proposal(apart)
    assert 2 <= len(found.hours) <= 3
    assert (found.then.nights, found.now.nights) == (0, len(found.now.order))
    assert found.highest[1] < found.highest[0]


def test_one_city_has_a_fair_hour_and_no_turns(group, meeting, organizer):
    assert sharing.proposal(group) is None
    with pytest.raises(NotAllowed, match="would not make it fairer"):
        sharing.take_turns(group, by=organizer)


def test_the_planned_dates_take_their_turns_and_calendars_follow(apart, organizer):
    Letter.objects.filter(ics__isnull=False).update(state="sent", secret=None, sent_at=apart.sealed_at)
    days = [one.local_date for one in apart.meetings.order_by("starts_at")]
    moved = sharing.take_turns(apart, by=organizer)
    hours = set(apart.turns.values_list("at", flat=True))
    assert {one.local_time for one in moved} <= hours
    assert [one.local_date for one in apart.meetings.order_by("starts_at")] == days
    assert Letter.objects.filter(kind="meetings/moved").count() == 3 * len(moved)
    known = turns.hours_by_person(apart)
    assert max(cost(week, one.starts_at, one.minutes) for one in moved for week in known.values()) < 10


def test_each_next_date_is_the_fairest_after_those_before(apart, organizer, clock):
    sharing.take_turns(apart, by=organizer)
    for _ in range(3):
        last = apart.meetings.order_by("starts_at").filter(ends_at__gt=clock.now()).first()
        clock.to(last.ends_at)
        sharing.note_tolls()
        planning.plan_ahead(apart)
    assert apart.meetings.filter(ends_at__gt=clock.now()).count() == planning.AHEAD
    known = turns.hours_by_person(apart)
    paid = turns.totals(apart, known, apart.meetings.filter(ends_at__gt=clock.now()))
    assert max(paid.values()) <= 20  # of the three dates to come none is at night, as each was before
    assert len({one.local_time for one in apart.meetings.filter(ends_at__gt=clock.now())}) > 1


def test_turns_end_with_a_button_and_at_the_hour_of_before(apart, organizer):
    sharing.take_turns(apart, by=organizer)
    with pytest.raises(NotAllowed, match="in turn already"):
        sharing.take_turns(apart, by=organizer)
    sharing.stop_turns(apart, by=organizer)
    assert {one.local_time for one in apart.meetings.all()} == {time(17)}
    assert Turn.objects.count() == 0
    with pytest.raises(NotAllowed, match="nothing to stop"):
        sharing.stop_turns(apart, by=organizer)


def test_an_evening_that_all_share_stays(group, meeting):
    both = block_mask(3, "evening")
    Hours.objects.update(good=to_hex(both))
    assert turns.hour_on(group, meeting.local_date + timedelta(days=42), own=time(17)) == time(17)
