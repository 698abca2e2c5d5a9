"""The weekly hour that suits most of a pool, told only where enough people share it. Of nobody in particular."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from members.weekhours import DAYS, FULL, PER_DAY, SLOTS, WeekHours, clock, on_anchor, slots_of

SHARED_BY = 8  # fewer are never told: an hour of few people says too much about each


@dataclass(frozen=True, slots=True)
class CommonHour:
    """An hour of the week on one zone's clock: "Thu 17:30 to 19:00"."""

    start: int
    slots: int
    zone: str

    @property
    def words(self) -> str:
        begins = self.start % PER_DAY
        return f"{DAYS[self.start // PER_DAY]} {clock(begins)} to {clock((begins + self.slots - 1) % PER_DAY + 1)}"


def best(weeks: Sequence[WeekHours], *, slots: int, monday: date) -> CommonHour | None:
    """The start at which most are free for so many half hours, on the clock most of them keep.

    Of two such starts the one that is good for more people, then the earlier one. None where fewer than eight share it.
    """
    if len(weeks) < SHARED_BY:
        return None
    zone = _most_kept(weeks)
    seen = [on_anchor(week, zone, monday, weeks=1).hours for week in weeks]
    free = Counter(start for week in seen for start in slots_of(starts(week.available, slots)))
    liked = Counter(start for week in seen for start in slots_of(starts(week.good, slots)))
    start = min(free, key=lambda one: (-free[one], -liked[one], one), default=None)
    return CommonHour(start, slots, zone) if start is not None and free[start] >= SHARED_BY else None


def starts(mask: int, slots: int) -> int:
    """The half hours of a mask from which so many in a row are set, also over the end of the week."""
    found = mask
    for step in range(1, slots):
        found &= (mask >> step | mask << (SLOTS - step)) & FULL
    return found


def _most_kept(weeks: Sequence[WeekHours]) -> str:
    kept = Counter(week.zone for week in weeks)
    return min(kept, key=lambda zone: (-kept[zone], zone))
