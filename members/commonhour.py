"""The weekly hour that suits most of a pool, told only where enough people share it. Of nobody in particular."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from members.weekhours import DAYS, PER_DAY, SLOTS, WeekHours, clock, season

Weeks = NDArray[np.bool_]  # a row for each person, a column for each half hour of the week
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
    free, liked = _counted(weeks, zone, slots, monday)
    start = int(np.lexsort((-liked, -free))[0])
    return CommonHour(start, slots, zone) if free[start] >= SHARED_BY else None


def starts(weeks: Weeks, slots: int) -> Weeks:
    """The half hours from which so many in a row are set, also over the end of the week."""
    return np.logical_and.reduce([np.roll(weeks, -step, axis=1) for step in range(slots)])


def spread(masks: Iterable[int]) -> Weeks:
    """Weeks of bits as rows of half hours: a pool of thousands is counted column by column."""
    packed = np.frombuffer(b"".join(mask.to_bytes(SLOTS // 8, "little") for mask in masks), dtype=np.uint8)
    return np.unpackbits(packed.reshape(-1, SLOTS // 8), axis=1, bitorder="little").astype(np.bool_)


def _counted(
    weeks: Sequence[WeekHours], anchor: str, slots: int, monday: date
) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """By start on the anchor's clock: for how many it is free, for how many it is good."""
    by_zone: defaultdict[str, list[WeekHours]] = defaultdict(list)
    for week in weeks:
        by_zone[week.zone].append(week)
    free, liked = np.zeros(SLOTS, dtype=np.int_), np.zeros(SLOTS, dtype=np.int_)
    for zone, theirs in by_zone.items():
        binding, _ = season(zone, anchor, monday, 1)
        free += starts(_seen(spread(week.available for week in theirs), binding), slots).sum(axis=0)
        liked += starts(_seen(spread(week.good for week in theirs), binding), slots).sum(axis=0)
    return free, liked


def _seen(weeks: Weeks, binding: Iterable[tuple[int, int]]) -> Weeks:
    """What `weekhours.on_anchor` makes of one week, for all weeks of one zone at once."""
    safe = np.ones_like(weeks)
    for minutes, slots in binding:
        ahead, rest = divmod(minutes, 30)
        turned = starts(np.roll(weeks, -ahead, axis=1), 2 if rest else 1)
        safe &= turned | ~spread([slots])
    return safe


def _most_kept(weeks: Sequence[WeekHours]) -> str:
    kept = Counter(week.zone for week in weeks)
    return min(kept, key=lambda zone: (-kept[zone], zone))
