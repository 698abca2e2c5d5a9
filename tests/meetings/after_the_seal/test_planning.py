"""Three dates ahead, by the rhythm, each told on a morning of its own."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from groups.models.group import Group, Membership
from meetings import planning
from meetings.models.meeting import Meeting, State
from members.models.program import Roster
from roundtable import clock as clock_module
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db


def dates(group):
    return list(group.meetings.order_by("starts_at").values_list("local_date", flat=True))


def test_after_the_seal_two_more_dates_follow_in_the_programs_rhythm(group, meeting):
    planning.keep_ahead()
    first = meeting.local_date
    every = timedelta(weeks=group.program.every_weeks)
    assert dates(group) == [first, first + every, first + 2 * every]
    assert {str(one.local_time) for one in group.meetings.all()} == {"17:00:00"}
    assert [one.seats.count() for one in group.meetings.all()] == [3, 3, 3]


def test_a_second_time_nothing_happens(group, meeting):
    planning.keep_ahead()
    letters = Letter.objects.count()
    planning.keep_ahead()
    assert planning.plan_ahead(group) == []
    assert (group.meetings.count(), Letter.objects.count()) == (3, letters)


def test_one_date_a_morning_at_nine_on_the_members_own_clock(group, meeting, clock):
    planning.keep_ahead()
    ada = Letter.objects.filter(kind="meetings/planned", to="ada@example.org").order_by("not_before")
    now, mornings = clock.now(), [letter.not_before for letter in ada]
    zone = group.memberships.get(person__email="ada@example.org").person.zone
    local = [moment.astimezone(ZoneInfo(zone)) for moment in mornings]
    assert [str(one.time()) for one in local] == ["09:00:00", "09:00:00"]
    assert local[1].date() - local[0].date() == timedelta(days=1)
    assert now < mornings[0] <= now + timedelta(days=1)


def test_when_a_meeting_is_over_the_third_date_follows(group, meeting, clock):
    planning.keep_ahead()
    clock.to(meeting.ends_at + timedelta(minutes=1))
    planning.keep_ahead()
    assert Meeting.objects.filter(group=group).coming_up(clock.now()).count() == 3
    assert dates(group)[3] - dates(group)[2] == timedelta(weeks=group.program.every_weeks)


def test_a_cancelled_date_is_replaced_by_a_later_one_and_not_planned_again(group, meeting):
    planning.keep_ahead()
    second = dates(group)[1]
    Meeting.objects.filter(local_date=second).update(state=State.CANCELLED)
    planning.keep_ahead()
    assert dates(group).count(second) == 1
    assert len(dates(group)) == 4


def test_after_a_long_silence_no_date_lies_in_the_past_or_in_the_week_ahead(group, meeting, clock):
    clock.forward(weeks=60)
    planning.keep_ahead()
    fresh = dates(group)[1:]
    assert len(fresh) == 3
    assert fresh[0] > clock.now().date() + timedelta(days=7)
    assert {(day - meeting.local_date).days % (7 * group.program.every_weeks) for day in fresh} == {0}


@pytest.mark.parametrize("what", ["closed", "empty", "open"])
def test_no_dates_for_a_group_that_is_over_empty_or_open_to_all(what, group, meeting):
    if what == "closed":
        Group.objects.filter(pk=group.pk).update(closed_at=clock_module.now())
    elif what == "empty":
        Membership.objects.filter(group=group).update(left_on=clock_module.today())
    else:
        Group.objects.filter(pk=group.pk).update(roster=Roster.OPEN)
    planning.keep_ahead()
    assert group.meetings.count() == 1


def test_one_broken_group_keeps_no_other_waiting(group, meeting, caplog):
    broken = Group.objects.create(
        program=group.program, name="Broken", mode="video", zone="No/Where", window=36, sealed_at=clock_module.now()
    )
    Membership.objects.create(group=broken, person=group.memberships.first().person, joined_on=clock_module.today())
    Meeting.objects.filter(pk=meeting.pk).update(zone=group.zone)
    copy = Meeting.objects.get(pk=meeting.pk)
    copy.pk, copy.public_id, copy.group = None, "elsewhere", broken
    copy.save()
    planning.keep_ahead()
    assert (group.meetings.count(), broken.meetings.count()) == (3, 1)


@pytest.mark.parametrize("groups", [1, 3])
def test_organizers_read_how_many_dates_each_circle_has_ahead(
    groups, group, circle, client, superuser, django_assert_num_queries
):
    for number in range(1, groups):
        circle(f"Ann{number} A", f"Bea{number} B", f"Cat{number} C")
    planning.plan_ahead(group)
    client.force_login(superuser)
    with django_assert_num_queries(7):
        page = client.get("/admin/groups/group/").content.decode()
    shown = re.findall(r'class="field-dates[^"]*">([^<]*)<', page)
    assert sorted(shown) == ["1"] * (groups - 1) + ["3"]
    assert "3 dates ahead" in client.get(f"/admin/groups/group/living/{group.public_id}/").content.decode()
