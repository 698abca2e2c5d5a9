"""When a group meets: the rhythm as a record, its next dates, and the instant that a local date and time is.

Dates are counted on the calendar and combined with time and zone afterwards, so that 17:30 stays 17:30 over every
change of the clocks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from roundtable.errors import NotAllowed

EARLIEST = time(5)  # the clocks change at night: such times are doubled or missing on some days
MOST_WEEKS = 12
LAST = -1
MINUTE = timedelta(minutes=1)
WEEK = timedelta(weeks=1)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", LAST: "last"}


@dataclass(frozen=True)
class EveryNWeeks:
    """Every N weeks (1 to 12) on a weekday (Monday is 0), counted from the first date."""

    weeks: int
    weekday: int

    def __post_init__(self) -> None:
        if not 1 <= self.weeks <= MOST_WEEKS:
            raise ValueError(f"a rhythm of {self.weeks} weeks is not offered")
        _check_weekday(self.weekday)

    def __str__(self) -> str:
        day = WEEKDAYS[self.weekday]
        return f"every {day}" if self.weeks == 1 else f"every {self.weeks} weeks on {day}"

    @property
    def often(self) -> str:
        """Beside a weekday that is named already."""
        return "every week" if self.weeks == 1 else f"every {self.weeks} weeks"

    def dates(self, first_date: date) -> Iterator[date]:
        """All dates from the first one on, without an end."""
        day = first_date + timedelta(days=(self.weekday - first_date.weekday()) % 7)
        while True:
            yield day
            day += self.weeks * WEEK


@dataclass(frozen=True)
class NthWeekday:
    """Monthly on the 1st to 4th or the last (-1) of a weekday; never "day 31", which skips months."""

    nth: int
    weekday: int

    def __post_init__(self) -> None:
        if self.nth not in NTH:
            raise ValueError(f"there is no {self.nth}th weekday in every month")
        _check_weekday(self.weekday)

    def __str__(self) -> str:
        return f"the {NTH[self.nth]} {WEEKDAYS[self.weekday]} of the month"

    @property
    def often(self) -> str:
        """Beside a weekday that is named already."""
        return f"the {NTH[self.nth]} of the month"

    def dates(self, first_date: date) -> Iterator[date]:
        """All dates from the first one on, without an end."""
        year, month = first_date.year, first_date.month
        while True:
            day = self._in_month(year, month)
            if day >= first_date:
                yield day
            year, month = _next_month(year, month)

    def _in_month(self, year: int, month: int) -> date:
        if self.nth == LAST:
            end = date(*_next_month(year, month), 1) - timedelta(days=1)
            return end - timedelta(days=(end.weekday() - self.weekday) % 7)
        start = date(year, month, 1)
        return start + timedelta(days=(self.weekday - start.weekday()) % 7) + (self.nth - 1) * WEEK


Rule = EveryNWeeks | NthWeekday


def rule_from(first_date: date, *, weeks: int | None = None, nth: int | None = None) -> Rule:
    """The rule that begins on this very day: every so many weeks, or monthly. Raises NotAllowed where it cannot."""
    if nth is None:
        return EveryNWeeks(weeks or 0, first_date.weekday())
    rule = NthWeekday(nth, first_date.weekday())
    if next(rule.dates(first_date)) != first_date:
        raise NotAllowed(f"{first_date.day} {MONTHS[first_date.month - 1]} is not {rule}: choose a first date that is.")
    return rule


def _check_weekday(weekday: int) -> None:
    if weekday not in range(7):
        raise ValueError(f"weekdays run from 0 to 6, not {weekday}")


def _next_month(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == 12 else (year, month + 1)


@dataclass(frozen=True)
class Cadence:
    """A group's rhythm: its rule, the anchor's local time and zone, the length, the first date, dates left out."""

    rule: Rule
    at: time
    zone: str
    minutes: int
    first_date: date
    skips: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        check_time(self.at)

    @property
    def how(self) -> tuple[Rule, time, str, int]:
        """All of it but where it begins and what is left out."""
        return self.rule, self.at, self.zone, self.minutes

    def without(self, days: Collection[date]) -> Cadence:
        """The same with more dates left out."""
        return replace(self, skips=self.skips.union(days))


def elsewhere(kept: Cadence, weekday: int, at: time, *, start: date, following: date | None) -> Cadence:
    """The rhythm at another hour of the week from a day on: the date that follows (as the rhythm counts it) stays in
    its week, or goes to the one after if that day is too early; nothing is left out of it yet.
    """
    rule = replace(kept.rule, weekday=weekday)
    first = next(iter(rule.dates(start)))
    if following is not None and isinstance(rule, EveryNWeeks):
        same_week = following + timedelta(days=weekday - following.weekday())
        first = same_week if same_week >= start else same_week + WEEK
    return replace(kept, rule=rule, at=at, first_date=first, skips=frozenset())


def check_time(at: time) -> None:
    """A meeting starts between 05:00 and 23:59 of its anchor. Raises NotAllowed for the night."""
    if at < EARLIEST:
        raise NotAllowed("A meeting cannot start between 00:00 and 04:59: the clocks change at night.")


def instant(on: date, at: time, zone: str) -> datetime:
    """The UTC instant of a local date and time. Raises NotAllowed from 00:00 to 04:59.

    Of two equal times the first is meant; a time that the clocks leap over becomes the next one that exists.
    """
    check_time(at)
    there = datetime.combine(on, at.replace(fold=0), ZoneInfo(zone))
    while not _exists(there):
        there += MINUTE
    return there.astimezone(UTC)


def odd_hour(on: date, at: time, zone: str) -> str:
    """What the clocks do to this hour on this day, in one sentence; empty on all other days."""
    there = datetime.combine(on, at.replace(fold=0), ZoneInfo(zone))
    day = f"{on.day} {MONTHS[on.month - 1]}"
    if not _exists(there):
        begins = instant(on, at, zone).astimezone(there.tzinfo)
        return f"On {day} the clocks leap over {at:%H:%M}: it begins when they stand at {begins:%H:%M}."
    if there.utcoffset() != there.replace(fold=1).utcoffset():
        return f"On {day} the clocks show {at:%H:%M} twice: the first one counts."
    return ""


def _exists(there: datetime) -> bool:
    back = there.astimezone(UTC).astimezone(there.tzinfo)
    return back.replace(tzinfo=None) == there.replace(tzinfo=None)


def next_dates(cadence: Cadence, *, after: date, count: int = 3) -> list[date]:
    """The next dates after a day, skips left out. A skip or a moved meeting does not shift what follows."""
    wanted = (day for day in cadence.rule.dates(cadence.first_date) if day > after and day not in cadence.skips)
    return list(islice(wanted, count))


def dates_between(cadence: Cadence, first: date, last: date) -> list[date]:
    """All dates from one day to another, both included, skips left out."""
    until_last = takewhile(lambda day: day <= last, cadence.rule.dates(cadence.first_date))
    return [day for day in until_last if day >= first and day not in cadence.skips]
