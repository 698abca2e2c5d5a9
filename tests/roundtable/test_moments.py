from datetime import UTC, datetime, timedelta

import pytest

from roundtable import moments

MADRID = "Europe/Madrid"
AUTUMN = datetime(2026, 10, 22, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("UTC", "Thu 22 Oct 2026, 15:30 UTC"),
        (MADRID, "Thu 22 Oct 2026, 17:30 Madrid (UTC+2)"),
        ("Asia/Kathmandu", "Thu 22 Oct 2026, 21:15 Kathmandu (UTC+5:45)"),
        ("America/St_Johns", "Thu 22 Oct 2026, 13:00 St Johns (UTC-2:30)"),
    ],
)
def test_a_moment_is_said_with_place_and_offset(zone, shown):
    assert moments.said(AUTUMN, zone) == shown


@pytest.mark.parametrize(
    ("own", "moment", "shown"),
    [
        (MADRID, AUTUMN, "Thu 22 Oct 2026, 17:30 Madrid (UTC+2)"),
        ("Europe/Berlin", AUTUMN, "Thu 22 Oct 2026, 17:30 Madrid (UTC+2)"),
        ("America/New_York", AUTUMN, "Thu 22 Oct 2026, 17:30 Madrid (UTC+2) · 11:30 for you"),
        ("Pacific/Auckland", AUTUMN, "Thu 22 Oct 2026, 17:30 Madrid (UTC+2) · Fri 04:30 for you"),
        (
            "America/New_York",
            datetime(2026, 10, 29, 16, 30, tzinfo=UTC),
            "Thu 29 Oct 2026, 17:30 Madrid (UTC+1) · 12:30 for you",
        ),
    ],
)
def test_both_clocks_are_shown_where_they_differ(own, moment, shown):
    assert moments.both(moment, MADRID, own) == shown


def test_the_short_form_for_a_subject():
    assert moments.short(AUTUMN, "America/Argentina/Buenos_Aires") == "Thu 22 Oct, 12:30 Buenos Aires"


@pytest.mark.parametrize(
    ("hours", "words"), [(-20, ""), (-1, "today"), (1, "today"), (9, "tomorrow"), (24 * 9, "in 9 days")]
)
def test_how_far_ahead_by_the_calendar_of_the_reader(hours, words):
    assert moments.ahead(AUTUMN + timedelta(hours=hours), AUTUMN, MADRID) == words


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        (MADRID, ""),
        ("America/New_York", "1 hour later than the time before"),
        ("Asia/Kolkata", "1 hour later than the time before"),
    ],
)
def test_a_word_where_the_own_hour_is_another_one(zone, words):
    later = datetime(2026, 10, 29, 16, 30, tzinfo=UTC)
    assert moments.another_hour(later, AUTUMN, zone) == words


def test_over_midnight_the_shorter_way_counts():
    late, early = datetime(2026, 10, 22, 23, 30, tzinfo=UTC), datetime(2026, 10, 30, 0, 15, tzinfo=UTC)
    assert moments.another_hour(early, late, "UTC") == "45 minutes later than the time before"
    assert moments.another_hour(late, early, "UTC") == "45 minutes earlier than the time before"
