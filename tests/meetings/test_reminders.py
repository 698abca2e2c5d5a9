"""When a reminder is due, on any clock: at nine in the morning, or to the hour while people are awake."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.reminders import SLEEPS, WAKES, WINDOWS, Reminder, closes_at, is_due, opens_at

THURSDAY = datetime(2026, 5, 28, 15, 30, tzinfo=UTC)  # 17:30 in Madrid
ZONES = ["Europe/Madrid", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland", "America/St_Johns", "UTC"]


def local(day, hour, minute=0, zone="Europe/Madrid"):
    return datetime(2026, 5, day, hour, minute, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("what", "moment", "due"),
    [
        (Reminder.ANSWER, local(21, 8, 59), False),
        (Reminder.ANSWER, local(21, 9), True),
        (Reminder.ANSWER, local(24, 17, 29), True),
        (Reminder.ANSWER, local(24, 17, 30), False),
        (Reminder.CHECKLIST, local(14, 8, 59), False),
        (Reminder.CHECKLIST, local(14, 9), True),
        (Reminder.CHECKLIST, local(17, 17, 30), False),
        (Reminder.CHECKLIST_AGAIN, local(21, 9), True),
        (Reminder.STARTING, local(28, 16, 29), False),
        (Reminder.STARTING, local(28, 16, 30), True),
        (Reminder.STARTING, local(28, 17, 14), True),
        (Reminder.STARTING, local(28, 17, 15), False),
        (Reminder.SILENT, local(25, 9), True),
        (Reminder.SILENT, local(26, 17, 30), False),
        (Reminder.TOMORROW, local(27, 17, 29), False),
        (Reminder.TOMORROW, local(27, 17, 30), True),
        (Reminder.TOMORROW, local(28, 15, 29), True),
        (Reminder.TOMORROW, local(28, 15, 30), False),
    ],
)
def test_each_has_its_window(what, moment, due):
    assert is_due(what, THURSDAY, "Europe/Madrid", moment) == due


def test_in_auckland_it_is_put_off_until_the_morning():
    """17:30 in Madrid is half past three at night there."""
    assert not is_due(Reminder.TOMORROW, THURSDAY, "Pacific/Auckland", THURSDAY - timedelta(hours=24))
    assert is_due(Reminder.TOMORROW, THURSDAY, "Pacific/Auckland", local(28, 8, zone="Pacific/Auckland"))


@given(
    minutes=st.integers(0, 2 * 366 * 24 * 60),
    zone=st.sampled_from(ZONES),
    what=st.sampled_from(sorted(set(Reminder) - {Reminder.STARTING})),
)
def test_nobody_is_woken_and_nobody_hears_too_late(minutes, zone, what):
    starts_at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    opens = opens_at(WINDOWS[what], starts_at, zone)
    assert WAKES <= opens.time() < SLEEPS
    assert opens < starts_at - timedelta(hours=2)
    assert is_due(what, starts_at, zone, opens)
    assert not is_due(what, starts_at, zone, opens - timedelta(seconds=1))
    assert not is_due(what, starts_at, zone, starts_at)


def test_who_asked_for_it_hears_an_hour_before_also_at_six_in_the_morning():
    starts_at = local(28, 7)
    assert is_due(Reminder.STARTING, starts_at, "Europe/Madrid", local(28, 6))
    assert closes_at(Reminder.STARTING, starts_at) == local(28, 6, 45)
