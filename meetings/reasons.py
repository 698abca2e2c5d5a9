"""Why an hour suits a group, as values that are said in sentences. They count people and name nobody. Pure.

The one concerned reads "for you": their own reasons are those of the same hour judged for them alone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time

MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]


@dataclass(frozen=True)
class Everybody:
    """All fit on all dates."""

    people: int
    good: bool

    def __str__(self) -> str:
        return f"all {self.people}, {'good' if self.good else 'good or possible'} hours all year"


@dataclass(frozen=True)
class Fewer:
    """On the dates of these ISO weeks only so many fit; without weeks on every date."""

    fit: int
    people: int
    weeks: tuple[int, ...]

    def __str__(self) -> str:
        who = f"{self.fit} of {self.people}"
        if not self.weeks:
            return f"{who} all year"
        return f"{who} in {'week' if len(self.weeks) == 1 else 'weeks'} {_spans(self.weeks)}"


@dataclass(frozen=True)
class OddHour:
    """So many of those who fit begin at an unfair hour of their own clock, in these seasons (first and last month of
    each); without seasons on every date."""

    people: int
    at: time
    seasons: tuple[tuple[int, int], ...]

    def __str__(self) -> str:
        who = "one person" if self.people == 1 else f"{self.people} people"
        return f"{who} at {self.at:%H:%M} {_seasons(self.seasons)}"


@dataclass(frozen=True)
class Holiday:
    """So many people have a holiday on one of the dates."""

    people: int
    on: date

    def __str__(self) -> str:
        return (
            f"{self.people} {'has' if self.people == 1 else 'have'} a holiday on {self.on.day} {_month(self.on.month)}"
        )


Reason = Everybody | Fewer | OddHour | Holiday


def _spans(numbers: Sequence[int]) -> str:
    """11, 12, 13, 44 as "11-13 and 44"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    *most, last = [f"{span[0]}-{span[-1]}" if len(span) > 1 else str(span[0]) for span in spans]
    return f"{', '.join(most)} and {last}" if most else last


def _seasons(seasons: Sequence[tuple[int, int]]) -> str:
    if not seasons:
        return "all year"
    spoken = [
        f"in {_month(first)}" if first == last else f"from {_month(first)} to {_month(last)}" for first, last in seasons
    ]
    return " and ".join(spoken)


def _month(number: int) -> str:
    return MONTHS[number - 1]


def sentences(reasons: Sequence[Reason], own: Collection[Reason] = (), *, once: bool = False) -> list[str]:
    """All reasons of an hour in words. `own` are the reader's own ones; `once` is for a single date, not for a year."""
    said = [_said(reason, own) for reason in reasons]
    said += [_outside(reason) for reason in own if isinstance(reason, Fewer)]
    return [one.removesuffix(" all year") for one in said] if once else said


def _said(reason: Reason, own: Collection[Reason]) -> str:
    if isinstance(reason, OddHour) and OddHour(1, reason.at, reason.seasons) in own:
        return f"for you {_and_more(reason.people - 1)}at {reason.at:%H:%M} {_seasons(reason.seasons)}"
    if isinstance(reason, Holiday) and Holiday(1, reason.on) in own:
        return f"for you {_and_more(reason.people - 1)}a holiday on {reason.on.day} {_month(reason.on.month)}"
    return str(reason)


def _and_more(others: int) -> str:
    return f"and {others} more " if others else ""


def _outside(reason: Fewer) -> str:
    if not reason.weeks:
        return "outside your hours all year"
    return f"outside your hours in {'week' if len(reason.weeks) == 1 else 'weeks'} {_spans(reason.weeks)}"
