"""The words of the board: what a phase, a box and a moment are called, on the page and when they are spoken."""

from __future__ import annotations

from datetime import datetime, timedelta

from meetings import agenda, boxes
from meetings.boxes import IN_ROUND, Box, Clock, Phase

FORMER = "a former member"
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
HINTS = {
    Phase.OPEN: "Propose topics and place early dots. They count if you are there.",
    Phase.WELCOME: "What is said here stays here. Dots, thumbs and a clock do the rest.",
    Phase.CHECK_IN: "One minute each, in the drawn order. Passing is fine.",
    Phase.PROMISES: "Each says what came of their own promise. No comment, no score.",
    Phase.RULES: "How we want to treat each other, and what stays in this room.",
    Phase.INTRODUCTIONS: "Four minutes each, in the drawn order: who I am, and what I am stuck on.",
    Phase.HOPES: "What would make this worth our time? Write topics while we talk.",
    Phase.TALK: "One speaks. Raise your hand for later, and write topics for the rounds on it.",
    Phase.CASE: "One tells their case. Everybody else listens.",
    Phase.QUESTIONS: "Questions to understand, no advice yet. Hands make the queue.",
    Phase.EXPERIENCE: "What I have lived through myself, not what you should do. Passing is fine.",
    Phase.LESSONS: "Whoever’s case it is says what they take along.",
    Phase.PROMISING: "Whoever likes promises one thing until the next meeting.",
    Phase.PROPOSE: "Silent writing: what would you like to talk about?",
    Phase.INTRODUCE: "One sentence for each topic, by the one who brings it.",
    Phase.DOTS: "Late topics are welcome: this count takes them in.",
    Phase.NORMS: "The next dates, who leads when, and what we agree on.",
    Phase.CLOSING: "The next date, who leads it, promises, and one word each. Passing is fine.",
}
WITHOUT_ROUNDS = {  # nothing there for dots to choose
    Phase.OPEN: "One case takes this meeting. Topics that you propose are for another time.",
    Phase.WELCOME: "What is said here stays here. A clock does the rest.",
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


ROOM = {0: "no topic", 1: "one short topic", 2: "about one topic"}  # by half topics


def hint(phase: Phase, *, rounds: bool) -> str:
    """What this phase is for; `rounds` says whether the format talks about topics at all."""
    return (HINTS if rounds else HINTS | WITHOUT_ROUNDS).get(phase, "")


def room(topics: float) -> str:
    """For how many topics there is room, as people say it: "about 4 topics", "4 or 5 topics"."""
    halves = round(topics * 2)
    whole = halves // 2
    return ROOM.get(halves) or (f"{whole} or {whole + 1} topics" if halves % 2 else f"about {whole} topics")


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


PLACES = {
    Box.SPONSOR: "the next topic",
    Box.DISCUSSION: "the discussion",
    Box.EXTENSION: "more time for the topic",
    Box.THUMBS: "the thumbs",
    Box.DECISION: "the facilitator's decision",
    Box.TAKEAWAY: "the takeaway",
    Box.NEXT: "the choice of what comes next",
}


def place(clock: Clock) -> str:
    """Where the board stands, as the end of a sentence: "the discussion", "the next turn", "Check-in"."""
    if clock.phase is Phase.ROUND:
        return PLACES.get(clock.box or Box.NEXT, PLACES[Box.NEXT])
    if clock.box is Box.TURN and clock.turn:
        return "the next turn"
    return f"“{TITLES[clock.phase]}”"


def said(clock: Clock, now: datetime, *, topic: str, sponsor: str, outcome: str) -> str:
    """One sentence for who does not see the page; spoken once per step."""
    minutes = boxes.minutes(clock.box_ends_at - now) if clock.box_ends_at and clock.box is not Box.NEXT else ""
    if clock.box_left is not None:
        return "Paused."
    if clock.box is Box.THUMBS:
        return "Time. Thumbs: up to go on, down to move on, 60 seconds."
    if clock.box is Box.EXTENSION:
        return f"Extended by {minutes}: {outcome}."
    words = title(clock, sponsor)
    more = (f", {minutes}" if minutes else "") + (f": {topic}" if topic else "") + ("" if topic.endswith("?") else ".")
    return words + (more[1:] if words.endswith("?") else more)  # a question has its mark


ORDINALS = {1: "first time", 2: "second time", 3: "third time"}


def time_number(number: int) -> str:
    """How often a topic has come to a board."""
    return ORDINALS.get(number, f"time number {number}")


def digits(span: timedelta | None) -> str:
    """Minutes and seconds, rounded up, for a page without scripts."""
    if span is None:
        return "–"
    seconds = -(-span // timedelta(seconds=1))
    return f"{seconds // 60}:{seconds % 60:02}"
