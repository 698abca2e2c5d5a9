"""Seats at a roundtable that everybody of a pool may come to: which is free, who is next, how long an offer lasts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

SEATS = 12
OFFERS = 3  # so many in a row that nobody answered, and this meeting offers no more
HOUR = timedelta(hours=1)
HELD_AT_MOST = timedelta(days=5)
WINDOWS = ((72 * HOUR, 24 * HOUR), (24 * HOUR, 6 * HOUR), (6 * HOUR, HOUR))


class Told(StrEnum):
    """What somebody hears of their seat."""

    COMING = "coming"
    WAITING = "waiting"
    OFFERED = "offered"
    ANYONE = "anyone"  # a seat is free, too late to ask one by one
    TAKEN = "taken"  # that seat has gone to somebody else in line
    LAPSED = "lapsed"
    RELEASED = "released"
    GONE = "gone"  # with the person, who left the pool
    MOVED = "moved"  # the meeting, to another time: a seat is held, a place in line stays


def offer_lasts(left: timedelta) -> timedelta | None:
    """How long a freed seat is kept for the first in line, by the time left until the start.

    None in the last six hours: then everybody in line is asked at once, and the first yes has it.
    """
    return next((lasts for beyond, lasts in WINDOWS if left > beyond), None)


def held_for(left: timedelta) -> timedelta:
    """How long a seat taken for the old time is held when a meeting moves: half of what is left, at most five days."""
    return min(left / 2, HELD_AT_MOST)


def free_numbers(taken: Collection[int], cap: int) -> list[int]:
    """The numbers that may still be given, lowest first. A lowered cap unseats nobody: until below it there is none."""
    room = max(min(cap, SEATS) - len(taken), 0)
    return [number for number in range(1, SEATS + 1) if number not in taken][:room]


def ordinal(number: int) -> str:
    """ "1st", "2nd", "3rd", "4th", "11th"."""
    teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def rule(left: timedelta) -> str:
    """The rule as it is printed on page, link and letter."""
    lasts = offer_lasts(left)
    if lasts is None:
        return "Seats go by order of answer; this late, a freed seat goes to whoever says yes first."
    hours = lasts // HOUR
    return f"Seats go by order of answer; a freed seat is yours for {hours} {'hour' if hours == 1 else 'hours'}."


@dataclass(frozen=True)
class Standing:
    """Where one person stands at one meeting, in numbers: nothing of it names anybody."""

    cap: int
    taken: int  # coming, and kept for somebody
    waiting: int
    place: int | None  # in line, from 1
    rule: str

    @property
    def free(self) -> int:
        return max(self.cap - self.taken, 0)

    @property
    def words(self) -> str:
        """ "2nd of 5 in line"; empty for who is not in line."""
        return f"{ordinal(self.place)} of {self.waiting} in line" if self.place else ""
