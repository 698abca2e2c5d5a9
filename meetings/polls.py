"""What a poll comes to: how its answers count, when an hour may be chosen, who is reminded when. Pure.

Answers count, hours do not: they only fill in what somebody has not said yet. Silence is never a yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from meetings.reminders import Window, opens_at

FEWEST, MOST = 2, 5  # hours to choose from
DAYS = (2, 14)  # a poll is open for so many
LAST_CALL = timedelta(hours=24)
GIVES_UP = timedelta(hours=2)  # before the end: nobody is reminded later
NOTICE = timedelta(days=2)  # between the end of a poll and the first date it may choose
BY_ITSELF = "Nobody chose before the deadline, so the hour that suits most holds."


class Reply(StrEnum):
    GOOD = "good"
    POSSIBLE = "possible"
    NO = "no"


REPLIES = [(Reply.GOOD.value, "Good"), (Reply.POSSIBLE.value, "Possible"), (Reply.NO.value, "No")]


class Reminder(StrEnum):
    """To those who are silent, and to them only."""

    HALF_TIME = "half_time"
    LAST_DAY = "last_day"


@dataclass(frozen=True)
class Count:
    """How one hour stands: what was said, by how many nothing, and for how many who did not say they can it lies
    outside their hours."""

    members: int
    good: int = 0
    possible: int = 0
    no: int = 0
    outside: int = 0

    @property
    def can(self) -> int:
        return self.good + self.possible

    @property
    def answered(self) -> int:
        return self.can + self.no

    @property
    def silent(self) -> int:
        return self.members - self.answered


def count(replies: Iterable[Reply], *, members: int, outside: int) -> Count:
    """The answers to one hour."""
    said = list(replies)
    return Count(members, said.count(Reply.GOOD), said.count(Reply.POSSIBLE), said.count(Reply.NO), outside)


def quorum(members: int) -> int:
    """More than half of the members, and two at least: fewer do not decide for a group, and do not meet as one."""
    return max(2, members // 2 + 1)


def refusal(option: Count, *, withdrawn: bool, reason: str) -> str:
    """Why this hour may not be chosen, as a sentence; empty if it may. Outside somebody's hours it takes a reason."""
    needed = quorum(option.members)
    if withdrawn:
        return "This hour has been taken out of the poll: put it back first."
    if option.answered and not option.can:
        return "Everybody who answered said no to this hour: choose another one."
    if option.can < needed:
        return f"So far {option.can} of {option.members} can at this hour; it takes {needed}."
    if option.outside and not reason.strip():
        return "This hour lies outside somebody’s hours: write down why it is chosen all the same; everybody reads it."
    return ""


def best_first(options: Sequence[Count]) -> list[int]:
    """The order in which the deadline tries them: most who can, most for whom it is good, fewest outside their hours,
    then the earlier one."""
    return sorted(range(len(options)), key=lambda at: (-options[at].can, -options[at].good, options[at].outside, at))


def reminder_due(opened_at: datetime, closes_at: datetime, zone: str, now: datetime) -> Reminder | None:
    """What a silent member hears now: once at half time, once in the last day, never at night on their own clock."""
    if now >= closes_at - GIVES_UP:
        return None
    if now >= _morning(LAST_CALL, closes_at, zone):
        return Reminder.LAST_DAY
    half = (closes_at - opened_at) / 2
    if half > LAST_CALL and _morning(half, closes_at, zone) <= now < closes_at - LAST_CALL:
        return Reminder.HALF_TIME
    return None


def _morning(before: timedelta, closes_at: datetime, zone: str) -> datetime:
    """So long before the end, or as soon as the reader is awake."""
    return opens_at(Window(before, before, at_nine=False), closes_at, zone)
