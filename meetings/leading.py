"""Whether somebody leads, by the last sign of life of the facilitator's page. Pure."""

from datetime import datetime, timedelta
from enum import IntEnum

SIGN_OF_LIFE = timedelta(seconds=60)
OTHERS_WAIT = timedelta(seconds=30)  # the timekeeper may take over first


class Silence(IntEnum):
    """Who may take over: nobody, the timekeeper, anybody who is here."""

    NONE = 0
    TIMEKEEPER = 1
    ANYBODY = 2


def silence(led_until: datetime | None, starts_at: datetime, now: datetime) -> Silence:
    """`led_until` is a minute after the last sign of life; the start of the meeting is one, too: whoever looked in days
    ago has not been missed before it.
    """
    quiet = now - max(led_until or starts_at, starts_at + SIGN_OF_LIFE)
    if quiet < timedelta(0):
        return Silence.NONE
    return Silence.TIMEKEEPER if quiet < OTHERS_WAIT else Silence.ANYBODY
