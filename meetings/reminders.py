"""Which reminder of a meeting is due for whom, by the clock on their own wall. Pure.

Day-wise ones come at nine in the morning of the reader; past its window a reminder is skipped, never sent late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

NINE = time(9)
WAKES, SLEEPS = time(8), time(21)  # between the two a letter may arrive
HELD_LONG = timedelta(days=2)
FURTHEST = timedelta(days=15)  # no reminder is due earlier before a meeting


class Reminder(StrEnum):
    """What somebody is reminded of."""

    CHECKLIST = "checklist"  # to who leads: four ticks
    CHECKLIST_AGAIN = "checklist_again"  # while one of them is missing
    ANSWER = "please_answer"  # who has not said whether they come
    ANSWER_NOW = "please_answer_now"  # at a roundtable, who does not know yet, once more
    SILENT = "silent"  # to who leads: how many have not answered
    TOMORROW = "tomorrow"  # who comes: time and room
    STARTING = "starting"  # who comes and wants to hear of it an hour before
    HELD = "held"  # whose seat is held since the date moved, before it goes on to the next in line


@dataclass(frozen=True)
class Window:
    """How many days before the start, and for how long it may still go out; day-wise at nine, else to the hour."""

    before: timedelta
    lasts: timedelta
    at_nine: bool = True
    at_any_hour: bool = False  # somebody has asked for it, also early in the morning


@dataclass(frozen=True)
class Said:
    """What who leads hears of the answers: how many are open, and whether so few come that it may be short."""

    silent: int = 0
    few: bool = False


@dataclass(frozen=True)
class Brief:
    """What whoever leads should know before a meeting, in numbers alone: topics that come along, promises to ask about,
    who is there for the first time, who comes and who has not said it yet.
    """

    carried: int = 0
    promises: int = 0
    new: int = 0
    coming: int = 0
    silent: int = 0


NOBODY = Said()
NOTHING = Brief()
WINDOWS = {
    Reminder.CHECKLIST: Window(timedelta(days=14), timedelta(days=3)),
    Reminder.CHECKLIST_AGAIN: Window(timedelta(days=7), timedelta(days=3)),
    Reminder.ANSWER: Window(timedelta(days=7), timedelta(days=3)),
    Reminder.ANSWER_NOW: Window(timedelta(days=3), timedelta(days=1)),
    Reminder.SILENT: Window(timedelta(days=3), timedelta(days=1)),
    Reminder.TOMORROW: Window(timedelta(hours=24), timedelta(hours=22), at_nine=False),
    Reminder.STARTING: Window(timedelta(hours=1), timedelta(minutes=45), at_nine=False, at_any_hour=True),
    Reminder.HELD: Window(timedelta(hours=24), timedelta(hours=22), at_nine=False),  # before the seat goes on
}


def held_long(until: datetime, starts_at: datetime) -> bool:
    """Whether a seat held until then, for half of the time before the start or five days, is held for two days or
    longer: for less the letter that says so is not repeated.
    """
    return starts_at - until >= HELD_LONG


def is_due(what: Reminder, starts_at: datetime, zone: str, now: datetime) -> bool:
    """Whether this reminder of a meeting, or of the end of an offer, goes out now to somebody on this clock."""
    window = WINDOWS[what]
    return opens_at(window, starts_at, zone) <= now < closes_at(what, starts_at)


def closes_at(what: Reminder, starts_at: datetime) -> datetime:
    """From then on this reminder is not sent any more."""
    window = WINDOWS[what]
    return min(starts_at, starts_at - window.before + window.lasts)


def is_awake(zone: str, now: datetime) -> bool:
    """Whether a letter may arrive now on this clock."""
    return WAKES <= now.astimezone(ZoneInfo(zone)).time() < SLEEPS


def may_be_asked(starts_at: datetime, zone: str, now: datetime, *, days: int) -> bool:
    """Whether an invitation goes out now: from eight in the morning so many days before the meeting, on the reader's
    own clock, and never while they sleep."""
    here = now.astimezone(ZoneInfo(zone))
    first = starts_at.astimezone(ZoneInfo(zone)).date() - timedelta(days=days)
    return here.date() >= first and is_awake(zone, now)


def opens_at(window: Window, starts_at: datetime, zone: str) -> datetime:
    """The first moment: nine o'clock of that day on the reader's clock, or that hour, put off while they sleep."""
    there = (starts_at - window.before).astimezone(ZoneInfo(zone))
    if window.at_nine:
        return there.replace(hour=NINE.hour, minute=0, second=0, microsecond=0, fold=0)
    if window.at_any_hour:
        return there
    if there.time() < WAKES:
        return there.replace(hour=WAKES.hour, minute=0, second=0, microsecond=0, fold=0)
    if there.time() >= SLEEPS:
        next_day = there + timedelta(days=1)  # on the wall, so that a change of the clocks is no matter
        return next_day.replace(hour=WAKES.hour, minute=0, second=0, microsecond=0, fold=0)
    return there
