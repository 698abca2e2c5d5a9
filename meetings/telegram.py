"""An organizer's week in at most five lines, telegram style: names of circles, signs and numbers. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from meetings.vitals import COLLAPSE, Action, Signal

MOST = 5  # lines
NAMED = 3  # circles in one line
FEW = f"{COLLAPSE} members or fewer"
LONG = 90  # days of waiting
SIGNS = {
    Signal.PRESENCE: "presence",
    Signal.STREAKS: "misses running",
    Signal.SILENCE: "answers",
    Signal.TOPICS: "topics",
}


class Became(StrEnum):
    """What came of a suggestion of last week."""

    WELL = "well again"
    UNDER_WAY = "under way"
    CLOSED = "closed"
    SAME = "as before"


@dataclass(frozen=True)
class InDanger:
    """A circle that two signals or more warn of, or that has too few members left; and the one thing to do."""

    circle: str
    signals: tuple[Signal, ...]
    action: Action
    collapsed: bool = False


@dataclass(frozen=True)
class News:
    """What one organizer should hear this Monday. Circles by their names; people as numbers alone."""

    circles: int
    in_danger: tuple[InDanger, ...] = ()  # worst first
    without_date: tuple[str, ...] = ()
    without_leader: tuple[str, ...] = ()  # of a next date within a week
    waiting: int = 0  # people, for longer than 90 days
    longest: int = 0  # days that the first of them has waited
    became: Counter[Became] = field(default_factory=Counter)

    @property
    def silent(self) -> bool:
        """Whether there is nothing that a letter could be about."""
        return not (self.circles or self.waiting or self.became)


def lines(news: News) -> list[str]:
    """At most five: those in danger first, as many as there is room for; where all is well, one line says so."""
    others = [line for line in (_missing(news), _waiting(news), _became(news)) if line]
    named = named_in_danger(news)
    told = [_danger(one) for one in named]
    if left := len(news.in_danger) - len(named):
        told.append(f"{left} more {_circles(left)} in danger.")
    if not told and not _missing(news) and news.circles:
        told = [f"All {news.circles} circles are well." if news.circles > 1 else "The one circle is well."]
    return told + others


def named_in_danger(news: News) -> tuple[InDanger, ...]:
    """Those in danger that have a line of their own; the others are counted in the last of these lines."""
    room = MOST - sum(map(bool, (_missing(news), _waiting(news), _became(news))))
    return news.in_danger if len(news.in_danger) <= room else news.in_danger[: room - 1]


def _danger(one: InDanger) -> str:
    act = "Nothing to suggest" if one.action is Action.NOTHING else one.action.capitalize()
    wrong = [*([FEW] if one.collapsed else []), *(SIGNS[signal] for signal in one.signals)]
    return f"{one.circle}: {', '.join(wrong)}. {act}."


def _missing(news: News) -> str:
    found = [("No next date", news.without_date), ("Nobody leads the next one yet", news.without_leader)]
    return " ".join(f"{what}: {_some(names)}." for what, names in found if names)


def _some(names: Sequence[str]) -> str:
    if len(names) <= NAMED:
        return ", ".join(names)
    return f"{', '.join(names[: NAMED - 1])} and {len(names) - NAMED + 1} more"


def _waiting(news: News) -> str:
    if not news.waiting:
        return ""
    people = "1 person waits" if news.waiting == 1 else f"{news.waiting} people wait"
    return f"{people} longer than {LONG} days; the longest wait is {news.longest // 7} weeks."


def _became(news: News) -> str:
    told = [f"{news.became[one]} {one}" for one in Became if news.became[one]]
    return f"Of last week's suggestions: {', '.join(told)}." if told else ""


def _circles(count: int) -> str:
    return "circle" if count == 1 else "circles"
