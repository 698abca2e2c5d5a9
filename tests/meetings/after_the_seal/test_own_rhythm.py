"""Hours are judged for meetings as long as the circle has chosen, on the dates that it would really have."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from groups import merging, sealing, times
from groups.models.draft import DraftGroup
from groups.models.group import Group
from meetings import ahead, calling, ledger, planning, polling, rhythms, sharing, suiting, tallying, turns, weeks
from meetings.models.cadence import GroupCadence
from meetings.models.meeting import Meeting
from meetings.models.poll import Kind
from roundtable import clock as clock_module
from tests.meetings.after_the_seal.test_polling import option, say, tuesdays  # noqa: F401 - a fixture
from tests.meetings.after_the_seal.test_sharing import apart  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
THURSDAY_20 = 3 * 48 + 40
AHEAD = timedelta(days=7)


@pytest.fixture
def hourly(group, meeting):
    """The circle of a program of 90 minutes that meets for one hour; all of it is free until 21:00."""
    planning.plan_ahead(group)
    GroupCadence.objects.filter(group=group).update(minutes=60)
    return Group.objects.select_related("program").get(pk=group.pk)


def people(group):
    return weeks.of_members(group, weeks.members_of(group))


def test_the_last_hour_of_an_evening_suits_who_meets_for_an_hour(hourly, organizer):
    ranked = suiting.all_year(hourly, people(hourly), first_date=clock_module.today() + AHEAD)
    late = next(slot for slot in ranked if (slot.weekday, slot.at) == (3, time(20)))
    assert (late.minutes, late.fits_all) == (60, True)
    polling.take_hour(hourly, slot=THURSDAY_20, by=organizer)
    moved = Meeting.objects.filter(group=hourly, local_time=time(20))
    assert set(moved.values_list("minutes", flat=True)) == {60}


def test_a_poll_asks_for_as_long_as_its_date_lasts(hourly, meeting, organizer):
    Meeting.objects.filter(pk=meeting.pk).update(minutes=75)
    meeting.refresh_from_db()
    poll = polling.open_poll(hourly, Kind.MOVE, by=organizer, meeting=meeting, days=2)
    assert poll.minutes == 75
    polling.end(poll, by=organizer)
    assert polling.open_poll(hourly, Kind.HOUR, by=organizer, days=2).minutes == 60


def test_the_first_date_of_a_half_is_judged_at_the_length_that_came_along(hourly):
    Group.objects.filter(pk=hourly.pk).update(window=THURSDAY_20)
    GroupCadence.objects.filter(group=hourly).update(at=time(20))
    known = calling.hours_of(hourly, weeks.members_of(hourly))
    assert calling.everybody_free(rhythms.of_group(hourly), hourly.meetings.earliest("starts_at").local_date, known)


def test_an_hour_is_judged_on_the_dates_that_it_would_bring(group, meeting, tuesdays, organizer):  # noqa: F811 - the fixture
    """Every six weeks: between a week from now and the first of these dates lie other Tuesdays, which never count."""
    planning.plan_ahead(group)
    poll = polling.open_poll(group, Kind.HOUR, by=organizer)
    judge, chosen = tallying.judge_of(poll), option(poll)
    judged = judge(chosen, people(group)).dates
    for name in ("ada", "grace", "hedy"):
        say(poll, name)
    polling.settle(chosen, by=organizer)
    moved = group.meetings.filter(local_date__gte=poll.from_date).order_by("starts_at")
    days = list(moved.values_list("local_date", flat=True))
    assert len(days) >= 2
    assert list(judged[: len(days)]) == days
    assert chosen.on == days[0]


def test_an_hour_that_a_member_adds_begins_on_its_first_date(group, meeting, tuesdays, organizer):  # noqa: F811 - the fixture
    planning.plan_ahead(group)
    poll = polling.open_poll(group, Kind.HOUR, by=organizer)
    judge, any_wednesday = tallying.judge_of(poll), poll.from_date + timedelta(days=(2 - poll.from_date.weekday()) % 7)
    added = polling.add_option(poll, on=any_wednesday, at=time(18), by=organizer)
    assert added.on == judge(added, people(group)).dates[0]
    with pytest.raises(polling.NotAllowed, match="in the poll already"):
        polling.add_option(poll, on=any_wednesday + timedelta(days=7), at=time(18), by=organizer)


def test_turns_are_weighed_for_the_own_length_on_the_own_dates(apart):  # noqa: F811 - the fixture
    """17:00 in New York is within Ada's hours for an hour, and not for 90 minutes."""
    GroupCadence.objects.filter(group=apart).update(minutes=60)
    group, known = Group.objects.get(pk=apart.pk), turns.hours_by_person(apart)
    rhythm = rhythms.of_group(group)
    days = rhythms.year(rhythm, clock_module.today() + AHEAD)
    assert (
        days[0] == group.meetings.filter(local_date__gte=clock_module.today() + AHEAD).earliest("starts_at").local_date
    )
    costs = [ledger.costs(known, day, time(17), zone=group.zone, minutes=60) for day in days]
    ada = str(group.memberships.get(person__email="ada@example.org").person_id)
    assert sharing.proposal(group).now.totals[ada] == sum(one[ada] for one in costs) == 0


def test_dates_to_come_are_shown_at_the_hour_that_would_be_their_turn(apart, organizer):  # noqa: F811 - the fixture
    sharing.take_turns(apart, by=organizer)
    shown = [one for one in ahead.of_group(apart, "UTC", now=clock_module.now()) if one.meeting is None]
    members = weeks.members_of(apart)
    planned = [calling.plan(apart, on=one.on, members=members) for one in shown]
    assert [one.starts_at for one in shown] == [one.starts_at for one in planned]
    assert {one.local_time for one in planned} != {time(17)}


def test_who_could_come_is_asked_for_the_length_that_the_circle_has_chosen(hourly):
    """At 20:00 everybody has one hour left: enough for this circle, too little for what its program says."""
    DraftGroup.objects.filter(pk=hourly.draft_id).update(window=THURSDAY_20)
    draft = DraftGroup.objects.select_related("composition__program").get(pk=hourly.draft_id)
    members = sealing.members_today(draft)
    ids = [one.application.public_id for one in members]
    assert [one.rule for one in sealing.case_of(draft, members).breaches(ids)] == []
    GroupCadence.objects.filter(group=hourly).update(minutes=90)
    assert [one.rule for one in sealing.case_of(draft, members).breaches(ids)] == ["window"]


def test_the_hour_of_a_living_circle_is_said_with_its_own_length(hourly, circle, superuser, django_assert_num_queries):
    assert times.of_group(hourly).words == "Thursdays, 17:00 to 18:00"
    assert times.of_draft(hourly.draft).words == "Thursdays, 17:00 to 18:00"
    other = circle("Mary Jackson", "Radia Perlman", "Lynn Conway")
    GroupCadence.objects.filter(group=other).update(minutes=75)
    type(hourly.program).objects.update(size_max=8)
    group = Group.objects.select_related("program", "draft__composition__program").get(pk=hourly.pk)
    assert [one.hour.words for one in merging.partners(group, by=superuser)] == ["Thursdays, 17:00 to 18:15"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_lengths_of_many_are_asked_for_at_once(count, hourly, django_assert_num_queries):
    drafts = [DraftGroup.objects.select_related("composition__program").get(pk=hourly.draft_id)] * count
    with django_assert_num_queries(2):
        assert times.minutes_of_drafts(drafts) == {hourly.draft_id: 60}
    with django_assert_num_queries(1):
        assert times.minutes_of_groups([hourly] * count) == {hourly.pk: 60}
