"""How many people somebody could meet, while they still tick their hours. A sum, from five up; of nobody in particular.

The hours of the pooled people of a program are kept in this process for a few minutes: bare masks and ways to meet,
without an owner.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import ceil

from members.models.application import Mode
from members.models.hours import Hours
from members.models.program import Program
from members.pools import SHOWN_FROM
from members.stages import Stage
from members.weekhours import SLOTS, WeekHours, on_anchor

KEPT_FOR = timedelta(minutes=5)
ANCHOR = "UTC"
OF_HOURS = ("good", "possible", "zone", "application__mode", "application__metro")


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody would meet: by video, in a room of one city, or both. Nothing said is both, wherever."""

    mode: str = Mode.EITHER
    metro: str | None = None  # None while it is not said; empty where there is none

    def meets(self, other: Way) -> bool:
        """Whether who asks has one way in common with somebody who waits; only a city still to be said may be any."""
        if self.mode != Mode.IN_PERSON and other.mode != Mode.IN_PERSON:
            return True
        same = bool(other.metro) and self.metro in (None, other.metro)
        return self.mode != Mode.VIDEO and other.mode != Mode.VIDEO and same


def people(program: Program, week: WeekHours, *, now: datetime, way: Way = Way(), counted: bool = False) -> int | None:
    """How many pooled people share one stretch of the program's length, and a way to meet; None below five.

    `counted`: whoever asks is in the pool, and would find themselves.
    """
    monday = (now - timedelta(days=now.weekday())).date()
    mine = on_anchor(week, ANCHOR, monday, weeks=1).hours.available
    slots = ceil(program.minutes / 30)
    if not mine:
        return None
    span = int(now.timestamp() // KEPT_FOR.total_seconds())
    around = _weeks(program.pk, monday, span)
    found = sum(has_stretch(mine & mask, slots) for mask, other in around if way.meets(other))
    found -= counted and way.meets(way) and has_stretch(mine, slots)
    return found if found >= SHOWN_FROM else None


def has_stretch(mask: int, slots: int) -> bool:
    """Whether so many half hours in a row are set, also over the end of the week."""
    for _ in range(slots - 1):
        mask &= mask >> 1 | (mask & 1) << (SLOTS - 1)
    return mask != 0


@lru_cache(maxsize=64)
def _weeks(program_id: int, monday: date, span: int) -> tuple[tuple[int, Way], ...]:
    """The weeks of all pooled people on one clock, as this week's clocks stand; read again in the next span."""
    rows = Hours.objects.filter(application__program=program_id, application__stage=Stage.POOLED).exclude(zone="")
    return tuple(
        (_available(WeekHours(int(good, 16), int(possible, 16), zone), monday), Way(mode, metro))
        for good, possible, zone, mode, metro in rows.values_list(*OF_HOURS)
    )


def _available(week: WeekHours, monday: date) -> int:
    return on_anchor(week, ANCHOR, monday, weeks=1).hours.available


def forget() -> None:
    """Reads the hours afresh at the next question."""
    _weeks.cache_clear()
