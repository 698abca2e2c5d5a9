"""The rules of a poll: counting, choosing, reminding."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings import polls
from meetings.polls import Count, Reminder, Reply

OPENED = datetime(2027, 3, 1, 18, tzinfo=UTC)
CLOSES = datetime(2027, 3, 6, 19, tzinfo=UTC)  # 20:00 in Madrid
MADRID, SYDNEY = "Europe/Madrid", "Australia/Sydney"


def test_what_was_said_is_counted_and_silence_is_no_yes():
    found = polls.count([Reply.GOOD, Reply.POSSIBLE, Reply.NO], members=8, outside=1)
    assert (found.can, found.answered, found.silent) == (2, 3, 5)


@pytest.mark.parametrize(("members", "needed"), [(2, 2), (3, 2), (6, 4), (7, 4), (8, 5), (12, 7)])
def test_a_quorum_is_more_than_half_and_two_at_least(members, needed):
    assert polls.quorum(members) == needed


@pytest.mark.parametrize(
    ("count", "withdrawn", "reason", "sentence"),
    [
        (Count(8, good=4, possible=1), False, "", ""),
        (Count(8, good=4, possible=1), True, "", "taken out of the poll"),
        (Count(8, no=3), False, "why", "Everybody who answered said no"),
        (Count(8, good=4, no=4), False, "why", "So far 4 of 8 can at this hour; it takes 5"),
        (Count(8), False, "why", "So far 0 of 8"),
        (Count(8, good=7, outside=1), False, "", "outside somebody’s hours"),
        (Count(8, good=7, outside=1), False, "  ", "outside somebody’s hours"),
        (Count(8, good=7, outside=1), False, "It is the only one.", ""),
    ],
)
def test_an_hour_is_refused_with_the_rule_that_stands_against_it(count, withdrawn, reason, sentence):
    refused = polls.refusal(count, withdrawn=withdrawn, reason=reason)
    assert sentence in refused
    assert bool(refused) == bool(sentence)


def test_the_deadline_tries_the_hour_of_most_first_then_the_best_liked_then_the_earlier():
    options = [
        Count(8, good=2, possible=3),
        Count(8, good=4, possible=1, outside=2),
        Count(8, good=6),
        Count(8, good=4, possible=1),
        Count(8, good=2, possible=3),
    ]
    assert polls.best_first(options) == [2, 3, 1, 0, 4]


def due(moment, zone=MADRID, opened=OPENED):
    return polls.reminder_due(opened, CLOSES, zone, moment)


def test_the_silent_hear_at_half_time_and_in_the_last_day():
    half = OPENED + (CLOSES - OPENED) / 2  # 07:30 in Madrid: they wake first
    assert due(half) is None
    assert due(half + timedelta(minutes=30)) == Reminder.HALF_TIME
    assert due(CLOSES - timedelta(hours=24, minutes=1)) == Reminder.HALF_TIME
    assert due(CLOSES - timedelta(hours=24)) == Reminder.LAST_DAY
    assert due(CLOSES - timedelta(hours=2)) is None


def test_who_sleeps_is_not_woken():
    """24 hours before the end it is 06:00 in Sydney."""
    assert due(CLOSES - timedelta(hours=24), SYDNEY) is None
    assert due(CLOSES - timedelta(hours=22), SYDNEY) == Reminder.LAST_DAY


def test_a_short_poll_has_the_last_call_alone():
    opened = CLOSES - timedelta(hours=44)
    heard = {due(opened + timedelta(hours=hour), opened=opened) for hour in range(44)}
    assert heard == {None, Reminder.LAST_DAY}


@given(
    st.integers(0, 14 * 24 * 4),
    st.integers(2, 14),
    st.sampled_from([MADRID, SYDNEY, "America/Los_Angeles", "Asia/Kathmandu"]),
)
def test_no_reminder_comes_at_night_or_after_the_end(quarters, days, zone):
    closes_at = OPENED + timedelta(days=days)
    now = OPENED + timedelta(minutes=15 * quarters)
    first = polls.reminder_due(OPENED, closes_at, zone, now)
    if first is not None and polls.reminder_due(OPENED, closes_at, zone, now - timedelta(minutes=15)) != first:
        assert 8 <= now.astimezone(ZoneInfo(zone)).hour < 21
        assert now < closes_at
