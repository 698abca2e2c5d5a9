"""What a page shows of a board, as values: topics, turns, and the whole shared part."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, TypeVar

from meetings.resources import Resource


@dataclass(frozen=True)
class Part:
    """A topic that is part of another one; `apart` where it can stand for itself again."""

    id: str
    title: str
    sponsor: str
    apart: bool


@dataclass(frozen=True)
class Said:
    """A promise, of whom, and what came of it; `waits` for that word of its owner."""

    id: str
    person: str
    name: str
    text: str
    state: str
    waits: bool


@dataclass(frozen=True)
class AtTurn:
    """Whose turn it is, who or what follows in the drawn order and how many `more`, and who has passed."""

    id: str
    name: str
    topic: str
    following: list[str]
    passed: list[str]
    more: int = 0


@dataclass(frozen=True)
class Card:
    """A topic as everybody sees it."""

    id: str
    title: str
    note: str
    state: str
    sponsor: str
    sponsor_id: str
    without_name: bool
    ears_only: bool
    carried: str
    tally: int | None
    reason: str
    outcome: str
    takeaway: str
    merged: list[Part]
    out_of_order: bool
    at_least: bool
    by_hand: int
    resources: list[Resource]  # also of the topics that are part of it
    takeaway_id: str = ""
    agreed: int = 0
    concluded: str = ""  # at an earlier meeting
    wants_word: bool = False  # carried three times: keep or drop?
    mine: int = 0

    @property
    def votes(self) -> str:
        """The tally in words. Of topics merged after their count the larger tally is known, and no more."""
        dots = f"{self.tally} {'dot' if self.tally == 1 else 'dots'}"
        return f"at least {dots}" if self.at_least else f"{dots}, {self.by_hand} by hand" if self.by_hand else dots


@dataclass(frozen=True)
class OnTopics:
    """What is shown of the topics that wait and of those that were discussed, and nothing else: most acts leave it as
    it is.
    """

    phase: str
    topic: Card | None
    waiting: list[Card]
    discussed: list[Card]
    dots: int
    slots: range
    shows_dots: bool
    has_rounds: bool
    short: bool
    fits_none: bool
    lot: str
    room: list[dict[str, str]]


@dataclass(frozen=True)
class Tools:
    """What the facilitator's further buttons are made of, and nothing else."""

    phase: str
    phases: list[dict[str, str]]
    parked: bool
    put_off: bool
    autopilot: bool
    options: dict[str, bool]
    here: list[dict[str, Any]]
    absent: list[dict[str, str]]
    room: list[dict[str, str]]
    facilitator: dict[str, Any]
    timekeeper: dict[str, Any]
    has_speaker: bool
    speaker: dict[str, str]


Piece = TypeVar("Piece", OnTopics, Tools)


@dataclass(frozen=True)
class Shared:
    """The part of a board that all its readers see."""

    id: str
    version: int
    step: int
    round: int
    phase: str
    box: str
    title: str
    opens: str  # the name of who opens the topic now
    said: str
    paused: bool
    clock: dict[str, Any]
    phases: list[dict[str, str]]
    topic: Card | None
    waiting: list[Card]
    discussed: list[Card]
    here: list[dict[str, Any]]
    recording: bool
    hands: list[dict[str, str]]
    facilitator: dict[str, Any]
    timekeeper: dict[str, Any]
    opener: str
    dots_call: int
    thumbs_call: int
    dots: int
    slots: range
    done: int
    devices: int  # so many people here can press that
    next: str
    opening: str
    short: bool  # only a short round can end in time
    fits_none: bool  # not even that
    extension: str  # how long the topic would go on
    closing: str
    autopilot: bool
    put_off: bool
    shows_dots: bool
    has_rounds: bool
    graced: bool  # the box can have one minute more
    parked: bool
    hint: str
    turn: AtTurn | None
    room: list[dict[str, str]]  # who sits there without a device
    absent: list[dict[str, str]]
    promises: list[Said]
    following: dict[str, Any]
    order: list[str]  # of the one word each
    fits: str  # for how many topics there is room
    pulse: tuple[float, float] | None
    speaker: dict[str, str]
    has_speaker: bool  # its format is one person's talk or case
    asked: dict[str, str]
    lot: str
    merges: int
    news: str
    options: dict[str, bool]
    conduct: str  # whose code of conduct is talked about
    carries: bool  # what is not discussed comes along to the next meeting

    def piece(self, kind: type[Piece]) -> Piece:
        """A piece of it by itself."""
        return kind(**{field.name: getattr(self, field.name) for field in fields(kind)})
