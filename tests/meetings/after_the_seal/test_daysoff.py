"""Public holidays by the country of each place: an unannounced date makes way, one that is announced stays."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from meetings import calling, daysoff, moving, planning, polling, weeks
from meetings.models.cadence import GroupCadence
from meetings.models.meeting import Meeting
from members.models.application import Application

pytestmark = pytest.mark.django_db
THANKSGIVING = date(2026, 11, 26)  # a Thursday
HERE = ZoneInfo("America/New_York")


def live_in(country, *names):
    Application.objects.filter(person__email__in=[f"{one}@example.org" for one in names]).update(country=country)


def members(group):
    return weeks.members_of(group)


def test_the_days_are_those_of_a_country_and_of_none_that_is_not_known():
    assert THANKSGIVING in daysoff.of_country("US", 2026)
    assert THANKSGIVING not in daysoff.of_country("PT", 2026)
    assert daysoff.of_country("ZZ", 2026) == frozenset()
    assert daysoff.between("US", date(2026, 11, 1), date(2026, 11, 30)) == {date(2026, 11, 11), THANKSGIVING}


def test_the_day_is_the_one_on_the_own_clock(group, meeting):
    """20:00 on Wednesday in New York is Thursday in Sydney."""
    person = members(group)[0]
    person.zone = "Australia/Sydney"
    starts_at = datetime(2026, 11, 25, 20, tzinfo=HERE)
    assert daysoff.away(starts_at, [person], {person.pk: "US"}) == 1
    assert daysoff.away(starts_at, [person], {}) == 0


def test_a_date_that_is_not_announced_shifts_a_week_if_too_few_are_free(group, meeting):
    live_in("US", "ada", "grace")
    planned = calling.plan(group, on=THANKSGIVING, members=members(group))
    assert (planned.occurrence_date, planned.local_date) == (THANKSGIVING, THANKSGIVING + timedelta(weeks=1))
    assert (planned.local_time, planned.away) == (time(17), 0)


def test_one_who_is_away_moves_nothing(group, meeting):
    live_in("US", "ada")
    planned = calling.plan(group, on=THANKSGIVING, members=members(group))
    assert (planned.local_date, planned.away, daysoff.flag(planned, 3)) == (THANKSGIVING, 1, "")


def test_over_christmas_and_new_year_it_shifts_twice(group, meeting):
    """Friday, 25 December and 1 January."""
    live_in("US", "ada", "grace", "hedy")
    group.window = 4 * 48 + 34
    planned = calling.plan(group, on=date(2026, 12, 25), members=members(group))
    assert planned.local_date == date(2027, 1, 8)


def test_a_weekly_group_meets_on_the_date_it_has(group, meeting):
    live_in("US", "ada", "grace")
    GroupCadence.objects.update(weeks=1)
    planned = calling.plan(group, on=THANKSGIVING, members=members(group))
    assert (planned.local_date, planned.away) == (THANKSGIVING, 2)


def test_an_announced_date_is_flagged_in_counts_and_never_moved(group, meeting, clock):
    planned = calling.plan(group, on=THANKSGIVING, members=members(group))
    live_in("US", "ada", "grace")
    daysoff.look_again()
    planned.refresh_from_db()
    assert (planned.local_date, planned.away) == (THANKSGIVING, 2)
    assert daysoff.flag(planned, 3) == "2 of 3 have a public holiday on this day."


@pytest.mark.parametrize("dates", [1, 3])
def test_looking_again_costs_the_same_for_one_date_and_for_three(group, meeting, dates, django_assert_num_queries):
    for later in range(1, dates):
        calling.plan(group, on=THANKSGIVING + timedelta(weeks=later), members=members(group))
    planned = calling.plan(group, on=THANKSGIVING, members=members(group))
    live_in("US", "ada", "grace")
    Meeting.objects.update(away=5)
    with django_assert_num_queries(5):
        daysoff.look_again()
    assert dict(Meeting.objects.values_list("pk", "away")) == {
        one.pk: 2 * (one == planned) for one in Meeting.objects.all()
    }


def test_a_date_that_is_moved_is_looked_at_again(group, meeting):
    live_in("US", "ada", "grace")
    lead = meeting.roles.select_related("person").first().person
    moving.move(meeting, on=THANKSGIVING, at=time(12), by=lead)
    meeting.refresh_from_db()
    assert meeting.away == 2


def test_the_rhythm_goes_on_after_a_shift(group, meeting, clock):
    live_in("US", "ada", "grace")
    clock.to(datetime(2026, 10, 16, 12, tzinfo=HERE))
    Meeting.objects.filter(pk=meeting.pk).update(occurrence_date=date(2026, 10, 15), local_date=date(2026, 10, 15))
    GroupCadence.objects.update(first_date=date(2026, 10, 15))
    planning.plan_ahead(group)
    coming = Meeting.objects.coming_up(clock.now()).filter(group=group)
    assert [one.local_date for one in coming] == [date(2026, 12, 3), date(2027, 1, 7), date(2027, 2, 18)]


def test_a_holiday_is_among_the_reasons_of_an_hour(group, meeting):
    live_in("US", "ada", "grace")
    found = polling.hours_for(group, "hour", members(group), from_date=THANKSGIVING)
    thursdays = next(slot for slot in found if slot.weekday == 3)
    assert "2 have a holiday on 26 November" in [str(reason) for reason in thursdays.reasons]


def test_no_process_loads_the_days_at_its_start():
    code = (
        "import django; django.setup(); import meetings.tasks, roundtable.urls, sys; print('holidays' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("False")
