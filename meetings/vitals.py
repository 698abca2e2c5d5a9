"""Vital signs of a circle, from dates and counts alone: how each sign stands, when to warn, and one thing to do.

Pure. The thresholds are data; where they come from says `docs/decisions/0007-when-a-group-is-in-danger.md`. Meetings
are given oldest first, and shares run from 0 to 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

WEIGHT = 0.4  # of the newest meeting in the moving average
LATE = 0.5  # who comes late or leaves early was half there
YOUNG = 3  # so many meetings long a group warms up
RECENT = 6  # meetings over which leading and sponsoring are compared
ASKED_BEFORE = 3  # days before a meeting at which silence counts
TOPICS_BEFORE = 2  # days before a meeting at which topics count
A_WEEK = 7
COLLAPSE = 3  # so few at a meeting, and the group has fallen apart
SILENT = 0.4  # from this share on silence warns


class Light(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    UNKNOWN = "unknown"


class Sign(StrEnum):
    PRESENCE = "presence"
    PUNCTUAL = "punctual"
    RESPONSE = "response"
    STREAK = "streak"
    SUBSTANCE = "substance"
    STEWARDSHIP = "stewardship"
    SIZE = "size"
    BALANCE = "balance"
    PULSE = "pulse"
    GAP = "gap"


class Signal(StrEnum):
    """The four signals of which two make amber."""

    PRESENCE = "presence under 75 %"
    STREAKS = "two members missed two meetings running"
    SILENCE = "40 % or more have not answered three days before"
    TOPICS = "fewer than three topics two days before"


class Action(StrEnum):
    """The one thing to do next."""

    NOTHING = "nothing"
    NUDGE = "ask the silent again"
    RELIEVE = "let somebody else lead"
    SHORTEN = "make the next meeting a short one"
    RETIME = "ask for another hour"
    BACKFILL = "fill the free seats"
    SPLIT = "offer a split into two circles"
    MERGE = "propose a merge"
    CLOSE = "pause, or close well"


EARLY = {Sign.PRESENCE, Sign.RESPONSE, Sign.STEWARDSHIP}  # what a young group is judged by


@dataclass(frozen=True)
class Met:
    """One past meeting. Members are bare numbers that mean nothing outside; None is what nobody recorded."""

    on: date
    expected: int  # members, without those on a sabbatical
    present: int
    late: int = 0  # of those present
    missed: frozenset[int] = frozenset()  # without a word before
    led_by: int | None = None
    started_late: float | None = None  # minutes
    silent: int = 0  # seats without an answer three days before
    topics: int | None = None  # two days before
    discussed: int = 0
    takeaways: int = 0
    sponsors: tuple[int, ...] = ()  # one for each round
    pulse: float | None = None  # mean of 1 to 5, from five answers on

    @property
    def presence(self) -> float:
        return (self.present - LATE * self.late) / self.expected if self.expected else 0.0

    @property
    def silence(self) -> float:
        return self.silent / self.expected if self.expected else 0.0


@dataclass(frozen=True)
class Next:
    """The next date: None as a leader is nobody; coming counts who said yes, silent who said nothing."""

    days: int  # until then
    expected: int
    coming: int = 0
    silent: int = 0
    topics: int | None = None
    led_by: int | None = None


@dataclass(frozen=True)
class Circle:
    """What is known of a circle today."""

    today: date
    members: int
    every_days: int
    met: tuple[Met, ...] = ()
    ahead: Next | None = None
    dates_ahead: int = 0
    partner: bool = False  # another small circle could be merged with it
    last: date | None = None  # when it last met, where nobody said who came too
    smallest: int = 6  # what its program says of the number of members
    target: int = 8
    largest: int = 10


@dataclass(frozen=True)
class Vitals:
    """How each sign stands, which signals warn, and what to do."""

    lights: dict[Sign, Light]
    warnings: tuple[Signal, ...]
    action: Action
    collapsed: bool

    @property
    def amber(self) -> bool:
        """Whether the organizer is told: of two signals, or of a circle that has collapsed whatever they say. A single
        signal is a word to the facilitator only.
        """
        return self.collapsed or len(self.warnings) >= 2


def read(circle: Circle) -> Vitals:
    """All of it. Without a meeting held most signs are unknown, and nothing warns but silence before the first."""
    lights = {sign: judge(circle) for sign, judge in JUDGES.items()}
    if len(circle.met) < YOUNG:
        lights = {sign: light if sign in EARLY else Light.UNKNOWN for sign, light in lights.items()}
    warnings = tuple(signal for signal, holds in signals(circle) if holds)
    return Vitals(lights, warnings, suggest(circle, lights, warnings), collapsed(circle))


def collapsed(circle: Circle) -> bool:
    """So few members that every meeting of theirs is one at which too few come, however many of them do; but for a
    program that forms circles of that size.
    """
    return circle.members <= COLLAPSE and too_small(circle)


def too_small(circle: Circle) -> bool:
    """Fewer than its program would form a circle of: it cannot stand alone."""
    return circle.members < circle.smallest


def crowded(circle: Circle) -> bool:
    """Two halves are nearer to the target than the whole is, and each is large enough to stand alone."""
    return circle.members * 3 > circle.target * 4 and circle.members >= 2 * circle.smallest


def average(met: Iterable[Met]) -> float | None:
    """Exponential moving average of presence; None before the first meeting."""
    value: float | None = None
    for one in met:
        value = one.presence if value is None else WEIGHT * one.presence + (1 - WEIGHT) * value
    return value


def streaks(met: Sequence[Met]) -> dict[int, int]:
    """How many meetings running each has missed without a word, up to the last one."""
    running: dict[int, int] = {}
    for one in met:
        running = {member: running.get(member, 0) + 1 for member in one.missed}
    return running


def signals(circle: Circle) -> list[tuple[Signal, bool]]:
    """Each of the four, and whether it holds today. Close to the next date its own counts count."""
    mean, silence, (_, topics) = _presence(circle), _silence(circle), _topics(circle)
    twice = sum(running >= 2 for running in streaks(circle.met).values())
    return [
        (Signal.PRESENCE, mean is not None and mean < 0.75),
        (Signal.STREAKS, twice >= 2),
        (Signal.SILENCE, silence is not None and silence >= SILENT),
        (Signal.TOPICS, topics is not None and topics < 3),
    ]


def _presence(circle: Circle) -> float | None:
    """The average, or what it will be at best once those stay away who have said so, if that is less."""
    mean, ahead = average(circle.met), circle.ahead
    if mean is None or ahead is None or ahead.days > ASKED_BEFORE or not ahead.expected:
        return mean
    best = (ahead.coming + ahead.silent) / ahead.expected
    return min(mean, WEIGHT * best + (1 - WEIGHT) * mean)


def _silence(circle: Circle) -> float | None:
    ahead = circle.ahead
    if ahead is not None and ahead.days <= ASKED_BEFORE and ahead.expected:
        return ahead.silent / ahead.expected
    return circle.met[-1].silence if circle.met else None


def _topics(circle: Circle) -> tuple[int | None, int | None]:
    """Those of the date before, and of the latest one: the next, once it is so near that they count."""
    counts = [None, None, *(one.topics for one in circle.met[-2:])]
    if circle.ahead is not None and circle.ahead.days <= TOPICS_BEFORE:
        counts.append(circle.ahead.topics)
    return counts[-2], counts[-1]


def falling(value: float | None, *, green: float, amber: float) -> Light:
    """The more the better: green from `green` on, amber from `amber` on."""
    if value is None:
        return Light.UNKNOWN
    return Light.GREEN if value >= green else Light.AMBER if value >= amber else Light.RED


def rising(value: float | None, *, green: float, amber: float) -> Light:
    """The less the better: green up to `green`, amber up to `amber`."""
    return falling(None if value is None else -value, green=-green, amber=-amber)


def worse(*lights: Light) -> Light:
    """The worst of those that are known."""
    known = [light for light in (Light.RED, Light.AMBER, Light.GREEN) if light in lights]
    return known[0] if known else Light.UNKNOWN


def presence(circle: Circle) -> Light:
    """Moving average; four people or fewer at the last meeting are red whatever the share."""
    few = bool(circle.met) and circle.met[-1].present <= 4
    return Light.RED if few else falling(average(circle.met), green=0.85, amber=0.70)


def punctual(circle: Circle) -> Light:
    """How late the last meeting began, in minutes."""
    return rising(circle.met[-1].started_late if circle.met else None, green=3, amber=10)


def response(circle: Circle) -> Light:
    """The share without an answer three days before. 40 % is red already."""
    silence = _silence(circle)
    return Light.RED if silence is not None and silence >= SILENT else rising(silence, green=0.15, amber=SILENT)


def streak(circle: Circle) -> Light:
    """The longest run of misses without a word, and more than two of one person within the last twelve meetings."""
    often = Counter(member for one in circle.met[-12:] for member in one.missed)
    if not circle.met:
        return Light.UNKNOWN
    longest, most = max(streaks(circle.met).values(), default=0), max(often.values(), default=0)
    return worse(rising(longest, green=0, amber=1), Light.RED if most > 2 else Light.GREEN)


def substance(circle: Circle) -> Light:
    """Topics two days before, and takeaways for each topic talked about; too few topics are red the second time."""
    before, topics = _topics(circle)
    light = falling(topics, green=4, amber=2)
    if light is Light.RED and (before is None or before >= 2):
        light = Light.AMBER
    kept = [one for one in circle.met[-RECENT:] if one.discussed]
    share = sum(one.takeaways for one in kept) / sum(one.discussed for one in kept) if kept else None
    return worse(light, falling(share, green=0.8, amber=0.0))


def stewardship(circle: Circle) -> Light:
    """Somebody leads the next date by a week before, others than always the same, and three dates stand."""
    ahead, leaders = circle.ahead, [one.led_by for one in circle.met[-RECENT:] if one.led_by is not None]
    if ahead is None or (ahead.led_by is None and ahead.days <= ASKED_BEFORE):
        return Light.RED
    late = ahead.led_by is None and ahead.days <= A_WEEK
    alone = len(leaders) >= YOUNG and max(Counter(leaders).values()) > len(leaders) / 2
    return Light.AMBER if late or alone or circle.dates_ahead < 3 else Light.GREEN


def size(circle: Circle) -> Light:
    """By what its program says: green from the target up to the largest size, amber above it, and amber below the
    target down to the smallest size; under that red. Where nothing is said: eight to ten, eleven on, six and seven.
    """
    if too_small(circle):
        return Light.RED
    return Light.GREEN if circle.target <= circle.members <= circle.largest else Light.AMBER


def balance(circle: Circle) -> Light:
    """The share of rounds that two people sponsored, and how many members sponsored none."""
    rounds = Counter(sponsor for one in circle.met[-RECENT:] for sponsor in one.sponsors)
    if not rounds:
        return Light.UNKNOWN
    share = sum(count for _, count in rounds.most_common(2)) / rounds.total()
    none = circle.members - len(rounds)
    return worse(rising(share, green=0.5, amber=0.7), Light.AMBER if none > 2 else Light.GREEN)


def pulse(circle: Circle) -> Light:
    """The newest mean; a fall by .7 since the one before is red."""
    means = [one.pulse for one in circle.met if one.pulse is not None]
    fell = len(means) > 1 and means[-1] <= means[-2] - 0.7
    return Light.RED if fell else falling(means[-1] if means else None, green=4.2, amber=3.5)


def gap(circle: Circle) -> Light:
    """Days since the last meeting, in cadences."""
    last = circle.last or (circle.met[-1].on if circle.met else None)
    since = (circle.today - last).days / circle.every_days if last else None
    return rising(since, green=1.25, amber=1.75)


JUDGES = {
    Sign.PRESENCE: presence,
    Sign.PUNCTUAL: punctual,
    Sign.RESPONSE: response,
    Sign.STREAK: streak,
    Sign.SUBSTANCE: substance,
    Sign.STEWARDSHIP: stewardship,
    Sign.SIZE: size,
    Sign.BALANCE: balance,
    Sign.PULSE: pulse,
    Sign.GAP: gap,
}


def suggest(circle: Circle, lights: dict[Sign, Light], warnings: Sequence[Signal]) -> Action:
    """The first that applies: what ends a group before what tires it, and what is due now before what can wait.

    Seats are free only below the target: what a program wants, and not the most that it allows.
    """
    applies = {
        Action.CLOSE: _worn_out(circle, lights) or (collapsed(circle) and not circle.partner),
        Action.MERGE: too_small(circle) and circle.partner,
        Action.SHORTEN: _few_expected(circle),
        Action.RETIME: _same_people_miss(circle) >= 3,
        Action.NUDGE: Signal.SILENCE in warnings and circle.ahead is not None and circle.ahead.silent > 0,
        Action.RELIEVE: _same_leader(circle),
        Action.SPLIT: crowded(circle) and lights[Sign.BALANCE] is Light.RED,
        Action.BACKFILL: circle.members < circle.target,
    }
    return next((action for action, holds in applies.items() if holds), Action.NOTHING)


def _worn_out(circle: Circle, lights: dict[Sign, Light]) -> bool:
    """Two signs or more are red and the pulse is low."""
    return lights[Sign.PULSE] is Light.RED and sum(light is Light.RED for light in lights.values()) > 2


def _few_expected(circle: Circle) -> bool:
    ahead = circle.ahead
    return ahead is not None and ahead.days <= ASKED_BEFORE and ahead.coming + ahead.silent < 3


def _same_people_miss(circle: Circle) -> int:
    """How many missed both of the last two meetings: the hour may suit them no longer."""
    return sum(running >= 2 for running in streaks(circle.met).values())


def _same_leader(circle: Circle) -> bool:
    """Nobody leads the next date a week before it, or one person led the last four."""
    last = [one.led_by for one in circle.met[-4:]]
    alone = len(last) == 4 and last[0] is not None and len(set(last)) == 1
    ahead = circle.ahead
    return alone or (ahead is not None and ahead.led_by is None and ahead.days <= A_WEEK)
