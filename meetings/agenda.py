"""What fits into a meeting: the segments of each format, how many topics there is room for, and what may still begin.

R is whole minutes before the close begins (`boxes.minutes_left`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from meetings.boxes import MINUTE, NOTHING, Each, Lengths, Phase, Plan, Room, Segment

OWN_MEETINGS = 3  # so many last meetings tell how often a group extends
SHORT_MINUTES = 30
FEW = 3  # fewer than so many, and who leads is offered a short meeting
FEW_COUNT_FROM = timedelta(days=3)  # before the start: until then the silent may still come
EVERY_SECOND_TOPIC = 0.5  # extensions per topic of a group that has not met yet


class Format(StrEnum):
    LEAN_COFFEE = "lean_coffee"
    TALK = "talk"
    DEEP_DIVE = "deep_dive"
    ICE_BREAKER = "ice_breaker"
    SHORT = "short"


class Opening(StrEnum):
    """What may begin next: dots and then a round, a round of the last count, a short round; or the rounds are over."""

    DOTS = "dots"
    ROUND = "round"
    SHORT_ROUND = "short_round"
    LEAVE = "leave"


@dataclass(frozen=True)
class Answer:
    """Whether something may begin, with the sentence to print where it may not."""

    allowed: bool
    sentence: str = ""


def _segment(phase: Phase, minutes: int, each: Each = Each.ROOM) -> Segment:
    return Segment(phase, minutes * MINUTE, each)


WELCOME = _segment(Phase.WELCOME, 4)
CHECK_IN = _segment(Phase.CHECK_IN, 1, Each.PERSON)
PROMISES = _segment(Phase.PROMISES, 5)
PROPOSE = _segment(Phase.PROPOSE, 3)
INTRODUCE = Segment(Phase.INTRODUCE, timedelta(seconds=20), Each.TOPIC)
LOOP = Segment(Phase.DOTS, NOTHING)
ONE_ROUND = Segment(Phase.DOTS, 15 * MINUTE, rounds=1)
CLOSING = _segment(Phase.CLOSING, 5)

FORMATS: dict[Format, tuple[Segment, ...]] = {
    Format.LEAN_COFFEE: (WELCOME, PROPOSE, INTRODUCE, LOOP, CLOSING),
    Format.TALK: (WELCOME, _segment(Phase.TALK, 20), _segment(Phase.QUESTIONS, 10), LOOP, CLOSING),
    Format.DEEP_DIVE: (
        WELCOME,
        _segment(Phase.CASE, 10),
        _segment(Phase.QUESTIONS, 10),
        _segment(Phase.EXPERIENCE, 4, Each.OTHER),
        _segment(Phase.LESSONS, 5),
        _segment(Phase.PROMISING, 3),
        CLOSING,
    ),
    Format.ICE_BREAKER: (
        WELCOME,
        _segment(Phase.RULES, 10),
        _segment(Phase.INTRODUCTIONS, 4, Each.PERSON),
        _segment(Phase.HOPES, 10),
        ONE_ROUND,
        _segment(Phase.NORMS, 8),
        CLOSING,
    ),
    Format.SHORT: (_segment(Phase.WELCOME, 2), ONE_ROUND, CLOSING),
}


WITH_OPTIONS = (Format.LEAN_COFFEE, Format.TALK, Format.DEEP_DIVE)


def plan_of(form: Format, *, check_in: bool = False, promises: bool = False, lengths: Lengths | None = None) -> Plan:
    """The segments that a board walks; check-in and *what came of it* are options and follow the welcome, where the
    format has time for them.
    """
    first, *rest = FORMATS[form]
    options = [CHECK_IN] * check_in + [PROMISES] * promises if form in WITH_OPTIONS else []
    return Plan((first, *options, *rest), lengths or Lengths())


def options(form: Format) -> tuple[str, ...]:
    """What can be chosen for a meeting of this format: optional parts, and dots once where topics follow each other."""
    parts = ("check_in", "promises") if form in WITH_OPTIONS else ()
    return (*parts, "once") if LOOP in FORMATS[form] else parts


def closing_minutes(form: Format) -> int:
    """How long before its end a meeting's close begins."""
    return FORMATS[form][-1].length // MINUTE


def minutes_needed(form: Format, *, people: int, lengths: Lengths | None = None) -> int:
    """How long a format takes with so many people, one round where it has rounds; what is optional left out."""
    room = Room(here=people)
    parts = (segment.length * segment.turns(room) for segment in FORMATS[form] if not _optional(segment))
    loop = (lengths or Lengths()).topic_with_dots * MINUTE if LOOP in FORMATS[form] else NOTHING
    return (sum(parts, NOTHING) + loop) // MINUTE


def _optional(segment: Segment) -> bool:
    return segment in (PROPOSE, INTRODUCE)


def too_few(coming: int, *, open_seats: int, left: timedelta) -> bool:
    """Whether so few come that a short meeting is offered; far ahead only where the silent could not change it."""
    return coming + (0 if left <= FEW_COUNT_FROM else open_seats) < FEW


def topics_that_fit(
    plan: Plan, minutes: int, *, people: int = 0, introductions: int = 0, extensions: float = EVERY_SECOND_TOPIC
) -> float:
    """(length - everything outside the rounds) / (15 + 6 x extensions per topic), never below zero.

    Time to write topics is left out: it is only given when hardly any are there.
    """
    free = _free(plan.segments, minutes, Room(here=people, topics=introductions))
    going_on = plan.lengths.extension(1) + plan.lengths.thumbs
    return max(0.0, free / MINUTE / (plan.lengths.topic_with_dots + going_on * extensions))


def _free(segments: Iterable[Segment], minutes: int, room: Room) -> timedelta:
    """What these leave for the rounds among them."""
    outside = (one for one in segments if one.phase not in (Phase.DOTS, Phase.PROPOSE))
    return minutes * MINUTE - sum((one.length * one.turns(room) for one in outside), NOTHING)


def as_it_will_go(plan: Plan, minutes: int, room: Room) -> Plan:
    """The same without what nobody will be asked for in so many minutes: promises where none waits for a word,
    introductions where all topics fit, time to write where enough are there.
    """
    certain = [one for one in plan.segments if one.phase is not Phase.INTRODUCE and one.wanted(room)]
    fits = _free(certain, minutes, room) // (plan.lengths.topic * MINUTE)
    seen = replace(room, fits=max(0, fits))
    return replace(plan, segments=tuple(one for one in plan.segments if one.wanted(seen)))


def own_extensions(meetings: Iterable[tuple[int, int]]) -> float:
    """Extensions per topic in a group's last three meetings, given as (topics, extensions), newest first."""
    last = [meeting for meeting, _ in zip(meetings, range(OWN_MEETINGS), strict=False)]
    topics = sum(opened for opened, _ in last)
    return sum(extended for _, extended in last) / topics if topics else EVERY_SECOND_TOPIC


def needs(kind: Opening, lengths: Lengths) -> int:
    """The least R at which it may begin."""
    return {
        Opening.DOTS: lengths.topic_with_dots,
        Opening.ROUND: lengths.topic,
        Opening.SHORT_ROUND: lengths.short_round,
        Opening.LEAVE: 0,
    }[kind]


def may_open(left: int, kind: Opening, lengths: Lengths) -> Answer:
    """Only what can end before the close may begin; a refusal says what fits instead. `left` is R."""
    needed = needs(kind, lengths)
    if left >= needed:
        return Answer(allowed=True)
    what = {Opening.DOTS: "Dots and a topic need", Opening.ROUND: "A topic needs"}.get(kind, "A short round needs")
    return Answer(allowed=False, sentence=f"{what} {needed} minutes, {left} are left: {_instead(left, lengths)}")


def _instead(left: int, lengths: Lengths) -> str:
    if left >= lengths.topic:
        return f"the next of the last count ({lengths.topic})?"
    if left >= lengths.short_round:
        return f"a short round of {lengths.short_round} fits."
    return "on to the close."


def plan(left: int, *, topics: int, counted: bool, ranked: bool = False, lengths: Lengths) -> Opening:
    """What comes next when nobody chooses: dots while there is time for them, then the last count, then a short round.

    No dots when all open topics fit, when they were `counted` since the last round (`Clock.counted`), or when the group
    gives them once and `ranked` topics of that count are left. `left` is R.
    """
    if not topics:
        return Opening.LEAVE
    no_dots = topics * lengths.topic <= left or counted or ranked
    kinds = [kind for kind in Opening if not (no_dots and kind is Opening.DOTS)]
    return next(kind for kind in kinds if left >= needs(kind, lengths))
