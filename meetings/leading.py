"""Whether somebody leads, by the last sign of life of the facilitator's page. Pure."""

from datetime import datetime, timedelta
from enum import IntEnum

OTHERS_WAIT = timedelta(seconds=30)  # the timekeeper may take over first


class Silence(IntEnum):
    """Who may take over: nobody, the timekeeper, anybody who is here."""

    NONE = 0
    TIMEKEEPER = 1
    ANYBODY = 2


def silence(led_until: datetime | None, starts_at: datetime, now: datetime) -> Silence:
    """`led_until` is a minute after the last sign of life; without any the start of the meeting counts as one."""
    quiet = now - (led_until or starts_at)
    if quiet < timedelta(0):
        return Silence.NONE
    return Silence.TIMEKEEPER if quiet < OTHERS_WAIT else Silence.ANYBODY
