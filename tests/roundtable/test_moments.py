from datetime import UTC, datetime

import pytest

from roundtable import moments

MADRID = "Europe/Madrid"
AUTUMN = datetime(2026, 10, 22, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("UTC", "Thu 22 Oct 2026, 15:30 UTC (UTC)"),
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
