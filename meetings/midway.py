"""When a circle hears between two dates of what waits on its board: once, half way, if these are far apart. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from meetings.reminders import Window, opens_at

LONG = 5  # weeks; a circle that meets this often or oftener needs no word in between
LASTS = timedelta(days=3)
SHORTEST = timedelta(weeks=LONG) / 2 - LASTS  # half a rhythm that is longer than that, at the end of the window


def is_near(before: datetime, following: datetime, now: datetime) -> bool:
    """Whether it may be due on some clock: the morning of that day is on none earlier than a day before."""
    half = before + (following - before) / 2
    return half - timedelta(days=1) <= now < half + LASTS


def is_due(before: datetime, following: datetime, zone: str, now: datetime) -> bool:
    """Whether it is the morning, or one of the two after it, half way between these dates on the reader's clock."""
    half = (following - before) / 2
    return opens_at(Window(half, LASTS), following, zone) <= now < following - half + LASTS
