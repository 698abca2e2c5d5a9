"""A letter says so where the reader's own clock shows another hour than last time."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings import calling, moving, planning, retiming, rhythms
from meetings.models.meeting import Meeting
from members.models.person import Person
from roundtable import clock as clock_module
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db
WORD = "than the time before"


def texts(meeting):
    told = Letter.objects.filter(about=meeting.about).exclude(state="cancelled").order_by("to")
    return {letter.to.partition("@")[0]: letter.text for letter in told}


def test_a_planned_date_at_the_usual_hour_says_nothing(group, meeting):
    second = planning.plan_ahead(group)[0]
    assert all(WORD not in text for text in texts(second).values())


def test_a_planned_date_says_it_to_whose_clock_moves_alone(group, meeting):
    Person.objects.filter(email="ada@example.org").update(zone="America/Phoenix")  # no summer time there
    autumn = [date for date in planning.plan_ahead(group) if date.local_date.month < 11]
    winter = calling.plan(group, on=meeting.local_date.replace(month=11, day=12), members=people(group))
    assert [meeting.starts_at < date.starts_at < winter.starts_at for date in autumn] == [True] * len(autumn)
    said = {name: WORD in text for name, text in texts(winter).items()}
    assert said == {"ada": True, "grace": False, "hedy": False}


def people(group):
    return [one.person for one in group.memberships.on(clock_module.today()).select_related("person")]


def test_a_moved_date_says_it_to_everybody_whose_clock_shows_another_hour(group, meeting):
    second = planning.plan_ahead(group)[0]
    Letter.objects.filter(about=second.about).update(state="sent", secret=None, sent_at=clock_module.now())
    moving.move(second, on=second.local_date, at=time(18, 30), by=second.roles.first().person)
    moved = Letter.objects.filter(kind="meetings/moved")
    assert moved.count() == 3
    assert all(f"For you 1 hour 30 minutes later {WORD}." in one.text and WORD in one.html for one in moved)


def test_where_all_dates_move_only_the_first_is_at_another_hour(group, meeting):
    planned = [meeting, *planning.plan_ahead(group)]
    Letter.objects.filter(about__startswith="meeting:").update(state="sent", secret=None, sent_at=clock_module.now())
    kept = rhythms.of_group(group)
    start = planned[1].local_date
    retiming.retime(group, replace(kept, at=time(18), first_date=start), start=start, by=None)
    said = [WORD in Letter.objects.filter(kind="meetings/moved", about=one.about).first().text for one in planned[1:]]
    assert said == [True] + [False] * (len(said) - 1)


def test_the_date_before_is_asked_for_once_however_many_are_told(group, meeting):
    second = planning.plan_ahead(group)[0]
    with CaptureQueriesContext(connection) as asked:
        moving.move(second, on=second.local_date, at=time(18), by=second.roles.first().person)
    earlier = [one for one in asked if '"starts_at" < ' in one["sql"] and "LIMIT 1" in one["sql"]]
    assert len(earlier) == 1
    assert Meeting.objects.get(pk=second.pk).seats.count() == 3
