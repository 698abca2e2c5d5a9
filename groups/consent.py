"""Consent, as rules: what an invitation may become, when a group may be sealed, how long people have to answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    DRAFTED = "drafted"
    STAND_BY = "stand_by"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    RELEASED = "released"


MOVES: dict[State, frozenset[State]] = {
    State.DRAFTED: frozenset({State.SENT, State.RELEASED}),
    State.STAND_BY: frozenset({State.SENT, State.RELEASED}),
    State.SENT: frozenset({State.ACCEPTED, State.DECLINED, State.LAPSED, State.RELEASED}),
    State.ACCEPTED: frozenset({State.DECLINED, State.RELEASED}),
    State.DECLINED: frozenset(),
    State.LAPSED: frozenset({State.STAND_BY, State.SENT}),  # it was not a no: they may reopen it
    State.RELEASED: frozenset(),
}


def may_move(before: State, after: State) -> bool:
    """Whether an invitation may go from one state to the other."""
    return after in MOVES[before]


class Answer(StrEnum):
    YES = "yes"
    OTHER_TIME = "other_time"
    NOT_THIS_GROUP = "not_this_group"
    NOT_NOW = "not_now"


AFTER: dict[Answer, State] = {
    Answer.YES: State.ACCEPTED,
    Answer.OTHER_TIME: State.SENT,  # the wish goes to the organizer, the invitation stays open
    Answer.NOT_THIS_GROUP: State.DECLINED,
    Answer.NOT_NOW: State.DECLINED,
}


class Alone(StrEnum):
    """What somebody knows and says who would be the only one in the room: theirs alone to know."""

    UNTOLD = ""
    TOLD = "told"
    STAY = "stay"  # in this group it is fine with them
    WAIT = "wait"  # they said yes, and wait whether somebody comes


STAND_BY_ANSWERS = timedelta(days=3)  # who stood by, or reopened a lapsed invitation, has so long to answer
FIRST_WORD = timedelta(days=2)  # so long nobody else hears that somebody would be alone
NUDGED_BEFORE = timedelta(days=2)  # the one reminder, so long before the deadline


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a group may be sealed now, and the one sentence that says why or why not."""

    may_seal: bool
    reason: str


def answer_until(sent_at: datetime, *, days: int) -> datetime:
    """The deadline of an invitation: so many days of 24 hours after it was sent."""
    return sent_at + timedelta(days=days)


def nudged_from(sent_at: datetime, until: datetime) -> datetime:
    """When the one reminder leaves: two days before the deadline, or half-way where there are fewer than four."""
    return until - min(NUDGED_BEFORE, (until - sent_at) / 2)


def may_seal(*, accepted: int, size_min: int, broken_rules: Collection[str]) -> Verdict:
    """A group becomes real when enough people accepted and the accepted set breaks no hard rule."""
    if accepted < size_min:
        return Verdict(may_seal=False, reason=f"{accepted} of at least {size_min} people have accepted.")
    if broken_rules:
        return Verdict(
            may_seal=False, reason="With the people who accepted, this would not hold: " + " ".join(broken_rules)
        )
    return Verdict(may_seal=True, reason=f"{accepted} people accepted and every rule holds.")


def should_seal(*, accepted: int, out: int, size_target: int, now: datetime, until: datetime) -> bool:
    """A ready group seals by itself: at the target size, with nobody out any more, or when the deadline passes."""
    return accepted >= size_target or out == 0 or now >= until
