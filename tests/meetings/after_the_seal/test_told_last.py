"""Letters say "no longer on" of an hour that somebody was told, never of one that was set and corrected in between."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.db.models import F

from meetings import moving, planning, retiming, skipping
from meetings.models.meeting import Role
from meetings.models.seat import Entry
from roundtable import clock as clock_module
from roundtable import moments
from roundtable.outbox.models import Letter
from tests.meetings.after_the_seal.test_retiming import every

pytestmark = pytest.mark.django_db
NO_LONGER = "no longer on"


@pytest.fixture
def led(meeting):
    return meeting.roles.select_related("person").get(role=Role.FACILITATOR).person


@pytest.fixture
def three(group, meeting):
    planning.plan_ahead(group)
    leave()
    return list(group.meetings.order_by("starts_at"))


def leave():
    """All letters that wait for their hour leave."""
    waiting = Letter.objects.filter(state="queued")
    waiting.update(state="sent", secret=None, sent_at=clock_module.now())


def told(meeting, kind="meetings/moved"):
    return list(Letter.objects.filter(about=meeting.about, kind=kind, state="queued").values_list("text", flat=True))


def hour(moment):
    return moments.said(moment, "America/New_York")


def retimed(group, three, led, **other):
    days = {"weeks": 6, "first": three[0].local_date} | other
    retiming.retime(group, every(**days), start=three[0].local_date, by=led)


def test_a_rhythm_corrected_before_its_letters_left_names_the_hour_told_last(group, three, led):
    second, was = three[1], three[1].starts_at
    retimed(group, three, led, at=time(18))
    retimed(group, three, led, at=time(19))
    said = told(second)
    assert [f"{NO_LONGER} {hour(was)}" in text for text in said] == [True] * 3
    assert [hour(was.replace(hour=22)) in text for text in said] == [False] * 3  # 18:00, which nobody was told
    leave()
    second.refresh_from_db()
    retimed(group, three, led, at=time(20))
    assert [f"{NO_LONGER} {hour(second.starts_at)}" in text for text in told(second)] == [True] * 3


def test_one_that_comes_back_to_the_hour_told_says_no_former_one(group, three, led):
    retimed(group, three, led, at=time(18))
    retimed(group, three, led, at=time(17))
    said = told(three[1])
    assert [(hour(three[1].starts_at) in text, NO_LONGER in text) for text in said] == [(True, False)] * 3


def test_another_length_at_the_same_hour_is_not_called_another_hour(group, three, led):
    retimed(group, three, led, at=time(17), minutes=60)
    assert [("for 60 minutes." in text, NO_LONGER in text) for text in told(three[1])] == [(True, False)] * 3


def test_a_date_left_out_is_called_by_the_hour_told_last(group, three, led):
    retimed(group, three, led, at=time(18))
    skipping.skip(group, three[1].local_date, by=led)
    said = told(three[1], "meetings/called_off")
    assert [hour(three[1].starts_at) in text for text in said] == [True] * 3


def test_a_date_moved_by_hand_once_told_is_the_one_that_was(group, three, led):
    moving.move(three[1], on=three[1].local_date, at=time(18), by=led)
    leave()
    three[1].refresh_from_db()
    moving.move(three[1], on=three[1].local_date + timedelta(days=1), at=time(18), by=led)
    assert [f"{NO_LONGER} {hour(three[1].starts_at)}" in text for text in told(three[1])] == [True] * 3
    assert Entry.objects.filter(seat__meeting=three[1], floor=F("sequence")).count() == 3
