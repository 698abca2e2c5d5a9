"""The words of the board: what a phase, a box and a moment are called, on the page and when they are spoken."""

from __future__ import annotations

from datetime import datetime, timedelta

from meetings import agenda, boxes
from meetings.boxes import IN_ROUND, Box, Clock, Phase

TITLES = {
    Phase.OPEN: "Before the meeting",
    Phase.WELCOME: "Welcome",
    Phase.CHECK_IN: "Check-in",
    Phase.PROMISES: "What came of it",
    Phase.RULES: "Our rules",
    Phase.INTRODUCTIONS: "Introductions",
    Phase.HOPES: "Hopes and topics",
    Phase.TALK: "Talk",
    Phase.CASE: "The case",
    Phase.QUESTIONS: "Questions",
    Phase.EXPERIENCE: "Others' experience",
    Phase.LESSONS: "What I take along",
    Phase.PROMISING: "Promises",
    Phase.PROPOSE: "Write topics",
    Phase.INTRODUCE: "Introduce topics",
    Phase.DOTS: "Dots",
    Phase.ROUND: "Topics",
    Phase.NORMS: "Dates, rota, norms",
    Phase.CLOSING: "Closing",
    Phase.CLOSED: "Closed",
}
BOXES = {
    Box.SPONSOR: "The sponsor opens",
    Box.DISCUSSION: "Discussion",
    Box.EXTENSION: "Extension",
    Box.THUMBS: "Go on?",
    Box.DECISION: "Equal. The facilitator decides",
    Box.TAKEAWAY: "What do we take along?",
    Box.NEXT: "What next?",
}
NEXT = {
    agenda.Opening.DOTS: "Next: dots",
    agenda.Opening.ROUND: "Next topic",
    agenda.Opening.SHORT_ROUND: "A short round",
    agenda.Opening.LEAVE: "On to the end",
}

EACH = {boxes.Each.PERSON: " each", boxes.Each.OTHER: " for each of the others", boxes.Each.TOPIC: " a topic"}


def programme(form: agenda.Format) -> list[tuple[str, str]]:
    """What a meeting of this format goes through: each part by name, and how long it takes."""
    return [(TITLES[part.phase], _takes(part)) for part in agenda.FORMATS[form]]


def _takes(part: boxes.Segment) -> str:
    if part is agenda.LOOP:
        return "then topic after topic, the most wanted first, as many as fit"
    if part is agenda.ONE_ROUND:
        return f"and one topic, {boxes.minutes(part.length)} in all"
    return f"{boxes.minutes(part.length)}{EACH.get(part.each, '')}"


def title(clock: Clock, sponsor: str = "") -> str:
    """What is on now, in a few words; `sponsor` is the name of who opens the topic, if somebody does."""
    if clock.box is Box.SPONSOR and sponsor:
        return f"{sponsor} opens"
    if clock.box in IN_ROUND or clock.box is Box.NEXT:
        return BOXES[clock.box]
    return "What next?" if clock.phase is Phase.ROUND else TITLES[clock.phase]


def said(clock: Clock, now: datetime, *, topic: str, sponsor: str, outcome: str) -> str:
    """One sentence for who does not see the page; spoken once per step."""
    minutes = boxes.minutes(clock.box_ends_at - now) if clock.box_ends_at else ""
    if clock.box_left is not None:
        return "Paused."
    if clock.box is Box.THUMBS:
        return "Time. Thumbs: up to go on, down to move on, 60 seconds."
    if clock.box is Box.EXTENSION:
        return f"Extended by {minutes}: {outcome}."
    return ", ".join(part for part in (title(clock, sponsor), minutes) if part) + (f": {topic}." if topic else ".")


def digits(span: timedelta | None) -> str:
    """Minutes and seconds, rounded up, for a page without scripts."""
    if span is None:
        return "–"
    seconds = -(-span // timedelta(seconds=1))
    return f"{seconds // 60}:{seconds % 60:02}"
