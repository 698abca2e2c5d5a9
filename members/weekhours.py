"""A person's week in half hours of their own wall clock, and what they mean on a clock elsewhere.

Bit 0 of a mask is Monday 00:00 local, bit 335 is Sunday 23:30. Never UTC: a clock change would move it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

SLOTS = 336
PER_DAY = 48
FULL = (1 << SLOTS) - 1
HEX_DIGITS = SLOTS // 4
BINDING_WEEKS = 4
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BLOCKS = {"early": (14, 18), "morning": (18, 24), "lunch": (24, 28), "afternoon": (28, 34), "evening": (34, 42)}

# Old names that browsers and spreadsheets still send for places whose name changed, and country-wide short names.
RENAMED = {
    "Africa/Asmera": "Africa/Asmara",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Godthab": "America/Nuuk",
    "America/Indianapolis": "America/Indiana/Indianapolis",
    "America/Louisville": "America/Kentucky/Louisville",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Dacca": "Asia/Dhaka",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Macao": "Asia/Macau",
    "Asia/Rangoon": "Asia/Yangon",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Asia/Tel_Aviv": "Asia/Jerusalem",
    "Asia/Thimbu": "Asia/Thimphu",
    "Asia/Ulan_Bator": "Asia/Ulaanbaatar",
    "Atlantic/Faeroe": "Atlantic/Faroe",
    "Europe/Kiev": "Europe/Kyiv",
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Truk": "Pacific/Chuuk",
    "Australia/ACT": "Australia/Sydney",
    "Australia/NSW": "Australia/Sydney",
    "Australia/Queensland": "Australia/Brisbane",
    "Australia/Victoria": "Australia/Melbourne",
    "Brazil/East": "America/Sao_Paulo",
    "Canada/Atlantic": "America/Halifax",
    "Canada/Central": "America/Winnipeg",
    "Canada/Eastern": "America/Toronto",
    "Canada/Mountain": "America/Edmonton",
    "Canada/Pacific": "America/Vancouver",
    "Eire": "Europe/Dublin",
    "Etc/UTC": "UTC",
    "GB": "Europe/London",
    "Hongkong": "Asia/Hong_Kong",
    "Israel": "Asia/Jerusalem",
    "Japan": "Asia/Tokyo",
    "NZ": "Pacific/Auckland",
    "PRC": "Asia/Shanghai",
    "Poland": "Europe/Warsaw",
    "Portugal": "Europe/Lisbon",
    "ROC": "Asia/Taipei",
    "ROK": "Asia/Seoul",
    "Singapore": "Asia/Singapore",
    "Turkey": "Europe/Istanbul",
    "US/Alaska": "America/Anchorage",
    "US/Arizona": "America/Phoenix",
    "US/Central": "America/Chicago",
    "US/Eastern": "America/New_York",
    "US/Hawaii": "Pacific/Honolulu",
    "US/Mountain": "America/Denver",
    "US/Pacific": "America/Los_Angeles",
}


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """The zones that may be stored: region/city names of the IANA list in their present spelling, and UTC."""
    named = (name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return frozenset(named) - RENAMED.keys() | {"UTC"}


def zone_name(text: str) -> str | None:
    """The name to store for what a browser or a spreadsheet gives; None for EST, +02:00 and whatever no place owns."""
    name = text.strip().replace(" ", "_")
    name = RENAMED.get(name, name)
    return name if name in zone_names() else None


@dataclass(frozen=True, slots=True)
class WeekHours:
    """Half hours of one zone's wall clock that are good, or possible. A good one is not also possible."""

    good: int
    possible: int
    zone: str

    def __post_init__(self) -> None:
        for mask in (self.good, self.possible):
            if not 0 <= mask <= FULL:
                raise ValueError("A week has 336 half hours.")
        zone = zone_name(self.zone)
        if zone is None:
            raise ValueError(f"{self.zone!r} is no zone of the IANA list.")
        object.__setattr__(self, "zone", zone)
        object.__setattr__(self, "possible", self.possible & ~self.good)

    @property
    def available(self) -> int:
        """Good and possible together: what a group may use."""
        return self.good | self.possible

    @property
    def good_hex(self) -> str:
        return to_hex(self.good)

    @property
    def possible_hex(self) -> str:
        return to_hex(self.possible)

    def union(self, other: WeekHours) -> WeekHours:
        """Both weeks in one; good wins. Raises ValueError for two zones, because their half hours are not the same."""
        if self.zone != other.zone:
            raise ValueError(f"Hours of {self.zone} and {other.zone} do not add up.")
        return WeekHours(self.good | other.good, self.possible | other.possible, self.zone)


def to_hex(mask: int) -> str:
    """84 hex digits; the last one holds Monday 00:00 to 02:00, as in any written number."""
    if not 0 <= mask <= FULL:
        raise ValueError("A week has 336 half hours.")
    return f"{mask:0{HEX_DIGITS}x}"


def from_hex(text: str) -> int:
    """The mask of exactly 84 hex digits. Raises ValueError for anything else."""
    if not re.fullmatch(rf"[0-9a-fA-F]{{{HEX_DIGITS}}}", text):
        raise ValueError("A week is written with 84 hex digits.")
    return int(text, 16)


def mask_of(slots: Iterable[int]) -> int:
    """The mask with these half hours set; numbers beyond the week's end go on from its start."""
    mask = 0
    for slot in slots:
        mask |= 1 << slot % SLOTS
    return mask


def slots_of(mask: int) -> tuple[int, ...]:
    """The half hours of a mask in their order."""
    found, mask = [], mask & FULL
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return tuple(found)


def block_mask(day: int, block: str) -> int:
    """One of the five blocks of a day (0 = Monday). Raises KeyError for an unknown block."""
    first, end = BLOCKS[block]
    return mask_of(range(day * PER_DAY + first, day * PER_DAY + end))


def block_names(mask: int) -> tuple[str, ...]:
    """The blocks that lie wholly in a mask, as "Mon early"."""
    named = ((f"{DAYS[day]} {block}", block_mask(day, block)) for day in range(7) for block in BLOCKS)
    return tuple(name for name, needed in named if mask & needed == needed)


class Stretch(NamedTuple):
    """Half hours in a row on one day, from `start` up to `end` as HH:MM (24:00 = midnight)."""

    day: str
    start: str
    end: str


def stretches(mask: int) -> tuple[Stretch, ...]:
    """A week as people say it: each unbroken stretch with its day, start and end."""
    return tuple(Stretch(DAYS[day], clock(run[0]), clock(run[-1] + 1)) for day in range(7) for run in _runs(mask, day))


def _runs(mask: int, day: int) -> Iterator[list[int]]:
    on = [slot for slot in range(PER_DAY) if mask >> (day * PER_DAY + slot) & 1]
    for _, run in groupby(enumerate(on), key=lambda pair: pair[1] - pair[0]):
        yield [slot for _, slot in run]


def clock(half_hour: int) -> str:
    """The HH:MM of a half hour of the day; 48 is 24:00."""
    return f"{half_hour // 2:02d}:{half_hour % 2 * 30:02d}"


_DAY = r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_DAYS_SAID = re.compile(
    rf"(?:{_DAY}(?:\s*(?:-|–|to)\s*{_DAY})?|(weekdays?|workdays?)|(weekends?)|(daily|every ?day|any ?day))\b"
)
_TIME_SAID = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?\s*(?:-|–|to)\s*(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?")


def from_blocks(text: str) -> tuple[int, tuple[str, ...]]:
    """The half hours of "Mon early; Tue-Thu lunch; Fri 17:00-19:30", and the pieces that could not be read."""
    mask, unread = 0, []
    for piece in re.split(r"[;,\n|]", text):
        said = " ".join(piece.casefold().split())
        found = _piece(said) if said else 0
        if found is None:
            unread.append(piece.strip())
        else:
            mask |= found
    return mask, tuple(unread)


def _piece(said: str) -> int | None:
    days = _DAYS_SAID.match(said)
    if days is None:
        return None
    span = _span(said[days.end() :].strip(" :"))
    if span is None:
        return None
    return mask_of(day * PER_DAY + slot for day in _days(days) for slot in range(*span))


def _days(said: re.Match[str]) -> list[int]:
    first, last, weekdays, weekend, _ = said.groups()
    if first is None:
        return [0, 1, 2, 3, 4] if weekdays else [5, 6] if weekend else list(range(7))
    start = DAYS.index(first.title())
    end = DAYS.index(last.title()) if last else start
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]


def _span(said: str) -> tuple[int, int] | None:
    if said in ("", "any time", "anytime", "all day"):
        return BLOCKS["early"][0], BLOCKS["evening"][1]
    for name, span in BLOCKS.items():
        if said in (name, f"{name}s"):
            return span
    times = _TIME_SAID.fullmatch(said)
    return _clock_span(times) if times else None


def _clock_span(times: re.Match[str]) -> tuple[int, int] | None:
    """Whole half hours within the times said: a start is rounded up, an end down. "5-7pm" is all evening."""
    h1, m1, half1, h2, m2, half2 = times.groups()
    start, end = _minutes(h1, m1, half1 or half2), _minutes(h2, m2, half2)
    if start >= end and not half1:
        start = _minutes(h1, m1, None)
    if not 0 <= start < end <= 24 * 60:
        return None
    return -(-start // 30), end // 30


def _minutes(hours: str, minutes: str | None, half: str | None) -> int:
    hour = int(hours) % 12 + (12 if half == "pm" else 0) if half else int(hours)
    return hour * 60 + int(minutes or 0)


@dataclass(frozen=True, slots=True)
class OddWeeks:
    """A few weeks when one side has already changed its clock, and the anchor's `slots` that leave the own hours then.

    Weeks count from 1; `minutes` is how far the person's clock is ahead of the anchor's in them.
    """

    first_week: int
    last_week: int
    minutes: int
    slots: int

    def sentence(self, slot: int) -> str:
        """For the card of a draft group, without a name: what somebody's clock shows at this start."""
        when = f"week {self.first_week}" if self.first_week == self.last_week else ""
        when = when or f"weeks {self.first_week}-{self.last_week}"
        minutes = (slot * 30 + self.minutes) % (24 * 60)
        return f"one of you starts at {minutes // 60:02d}:{minutes % 60:02d} in {when}"


@dataclass(frozen=True, slots=True)
class Anchored:
    """A person's week as the anchor's clock shows it, safe over clock changes, and the weeks that are off."""

    hours: WeekHours
    warnings: tuple[OddWeeks, ...]

    def about(self, window: int) -> tuple[OddWeeks, ...]:
        """The warnings that touch any half hour of a window, given as a mask."""
        return tuple(warning for warning in self.warnings if warning.slots & window)


def on_anchor(hours: WeekHours, anchor_zone: str, first_monday: date, weeks: int = 26) -> Anchored:
    """The half hours of the anchor's clock at which this person is free, all season long.

    A half hour counts only if in every stretch of at least 4 weeks with one difference between the two clocks the whole
    of it lies in the person's own hours; zones off by 15 or 45 minutes therefore lose the half hours at the edges.
    A shorter stretch is a warning. A season below 4 weeks binds in all of them.
    """
    if first_monday.weekday() != 0:
        raise ValueError(f"{first_monday} is no Monday.")
    binding, odd = season(hours.zone, WeekHours(0, 0, anchor_zone).zone, first_monday, weeks)
    good, available = (_safe(mask, binding) for mask in (hours.good, hours.available))
    outside = ((spell, spell.slots & available & ~_seen(hours.available, spell.minutes)) for spell in odd)
    warnings = (OddWeeks(spell.first_week, spell.last_week, spell.minutes, slots) for spell, slots in outside if slots)
    return Anchored(WeekHours(good, available & ~good, anchor_zone), tuple(warnings))


def _safe(mask: int, binding: tuple[tuple[int, int], ...]) -> int:
    """Of each set of anchor slots keep those in the person's hours at its binding difference."""
    safe = FULL
    for minutes, slots in binding:
        safe &= _seen(mask, minutes) | FULL & ~slots
    return safe


def _seen(mask: int, minutes: int) -> int:
    """A week as seen on a clock that is `minutes` behind: bit s is set if the whole half hour lies in the mask."""
    ahead, rest = divmod(minutes, 30)
    seen = _turned(mask, ahead)
    return seen & _turned(mask, ahead + 1) if rest else seen


def _turned(mask: int, by: int) -> int:
    by %= SLOTS
    return (mask >> by | mask << (SLOTS - by)) & FULL


@lru_cache(maxsize=1024)
def season(
    zone: str, anchor_zone: str, first_monday: date, weeks: int
) -> tuple[tuple[tuple[int, int], ...], tuple[OddWeeks, ...]]:
    """The differences in minutes between two clocks: (difference, slots it binds), and the spells too short to bind."""
    binding: dict[int, int] = {}
    odd: dict[tuple[int, int, int], int] = {}
    for course, slots in _courses(zone, anchor_zone, first_monday, weeks).items():
        spells = list(_spells(course))
        long = [spell for spell in spells if spell[1] - spell[0] >= min(BINDING_WEEKS, weeks) - 1] or spells
        for first, last, minutes in spells:
            if (first, last, minutes) in long:
                binding[minutes] = binding.get(minutes, 0) | slots
            else:
                odd[first, last, minutes] = odd.get((first, last, minutes), 0) | slots
    return tuple(binding.items()), tuple(OddWeeks(*spell, slots) for spell, slots in sorted(odd.items()))


def _spells(course: tuple[int, ...]) -> Iterator[tuple[int, int, int]]:
    """Weeks in a row with one difference, as first week, last week, minutes."""
    week = 1
    for minutes, run in groupby(course):
        length = len(list(run))
        yield week, week + length - 1, minutes
        week += length


def _courses(zone: str, anchor_zone: str, first_monday: date, weeks: int) -> dict[tuple[int, ...], int]:
    """Week by week the difference between two clocks, and the slots of the anchor that share this course."""
    if zone == anchor_zone:
        return {(0,) * weeks: FULL}
    days = [
        [_day(zone, anchor_zone, first_monday + timedelta(7 * week + day)) for week in range(weeks)] for day in range(7)
    ]
    courses: dict[tuple[int, ...], int] = {}
    for slot in range(SLOTS):
        day, half_hour = divmod(slot, PER_DAY)
        course = tuple(week[half_hour] for week in days[day])
        courses[course] = courses.get(course, 0) | 1 << slot
    return courses


def _day(zone: str, anchor_zone: str, day: date) -> list[int]:
    """The difference at each half hour of a day; looked up one by one only on a day when a clock changes."""
    start, end = (_ahead(zone, anchor_zone, at(day, PER_DAY * edge, anchor_zone)) for edge in (0, 1))
    if start == end:
        return [start] * PER_DAY
    return [_ahead(zone, anchor_zone, at(day, half_hour, anchor_zone)) for half_hour in range(PER_DAY)]


def _ahead(zone: str, anchor_zone: str, moment: datetime) -> int:
    """Minutes by which one zone's clock is ahead of another's at a moment."""
    own, anchor = (moment.astimezone(ZoneInfo(name)).utcoffset() or timedelta() for name in (zone, anchor_zone))
    return int((own - anchor).total_seconds()) // 60


def at(monday: date, slot: int, zone: str) -> datetime:
    """The moment when a zone's clock shows this slot of this week, in UTC; of two equal times the first."""
    wall = datetime.combine(monday, time()) + timedelta(minutes=30 * slot)
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def local_start(slot: int, anchor_zone: str, zone: str, monday: date) -> tuple[str, str]:
    """Day and HH:MM on a person's own clock when the anchor's shows this slot in the week of this Monday."""
    own = at(monday, slot, anchor_zone).astimezone(ZoneInfo(zone))
    return DAYS[own.weekday()], own.strftime("%H:%M")


def utc_slot(slot: int, anchor_zone: str, monday: date) -> int:
    """The UTC half hour of the week in which an anchor slot begins, in the week of this Monday."""
    moment = at(monday, slot, anchor_zone)
    return (moment.weekday() * PER_DAY + moment.hour * 2 + moment.minute // 30) % SLOTS
