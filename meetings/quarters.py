"""Quarters of a year: from which day to which, what one is called and how an address says it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

ORDINALS = ("first", "second", "third", "fourth")
WORDS = re.compile(r"([1-9]\d{3})-q([1-4])", re.ASCII)
LAST_YEAR = 9998  # the day after a quarter has to be a day


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a calendar year."""

    year: int
    number: int

    def __str__(self) -> str:
        """As an address says it: "2026-q3"."""
        return f"{self.year}-q{self.number}"

    @property
    def name(self) -> str:
        """ "the third quarter of 2026"."""
        return f"the {ORDINALS[self.number - 1]} quarter of {self.year}"

    @property
    def months(self) -> tuple[int, int, int]:
        first = 3 * self.number - 2
        return first, first + 1, first + 2

    @property
    def first(self) -> date:
        return date(self.year, self.months[0], 1)

    @property
    def end(self) -> date:
        """The day after its last."""
        return self.after.first

    @property
    def before(self) -> Quarter:
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def after(self) -> Quarter:
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    def __contains__(self, day: date) -> bool:
        return self.first <= day < self.end


def quarter_of(day: date) -> Quarter:
    """The one that a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


def read(words: str) -> Quarter | None:
    """What an address means by "2026-q3"; None where that is no quarter."""
    found = WORDS.fullmatch(words)
    quarter = Quarter(int(found[1]), int(found[2])) if found else None
    return quarter if quarter and quarter.year <= LAST_YEAR else None
