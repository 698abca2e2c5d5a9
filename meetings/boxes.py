"""The words of a board's clock: phases, boxes of time, segments of a format, and the clock itself as plain values.

What moves it is in `rounds`. R is the time left before the close begins; no box ends later than that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MINUTE = timedelta(minutes=1)
NOTHING = timedelta(0)
DECISION_WAITS = timedelta(seconds=30)
PAUSE_ALONE = timedelta(seconds=60)
CLOSES_ITSELF_AFTER = timedelta(minutes=60)
PUT_OFF = timedelta(minutes=10)
LEEWAY = timedelta(seconds=1)  # pressed in time, a second on the way
TOPICS_TO_START = 3  # with fewer there is a time to write some
TWO_TO_BEGIN = 2


class Phase(StrEnum):
    OPEN = "open"
    WELCOME = "welcome"
    CHECK_IN = "check_in"
    PROMISES = "promises"
    RULES = "rules"
    INTRODUCTIONS = "introductions"
    HOPES = "hopes"
    TALK = "talk"
    CASE = "case"
    QUESTIONS = "questions"
    EXPERIENCE = "experience"
    LESSONS = "lessons"
    PROMISING = "promising"
    PROPOSE = "propose"
    INTRODUCE = "introduce"
    DOTS = "dots"
    ROUND = "round"
    NORMS = "norms"
    CLOSING = "closing"
    CLOSED = "closed"


MOVES: Mapping[Phase, frozenset[Phase]] = {
    phase: frozenset(Phase) - {phase, Phase.CLOSED} if phase is not Phase.CLOSED else frozenset() for phase in Phase
}  # phases are soft: only a closed board is final, and only `close` closes it


class Box(StrEnum):
    SEGMENT = "segment"
    TURN = "turn"
    SPONSOR = "sponsor"
    DISCUSSION = "discussion"
    EXTENSION = "extension"
    THUMBS = "thumbs"
    DECISION = "decision"
    TAKEAWAY = "takeaway"
    NEXT = "next"


TALK = frozenset({Box.SPONSOR, Box.DISCUSSION, Box.EXTENSION})
IN_ROUND = TALK | {Box.THUMBS, Box.DECISION, Box.TAKEAWAY}
GRACED = TALK | {Box.SEGMENT, Box.TURN, Box.TAKEAWAY}


class Due(StrEnum):
    OPEN_DOTS = "open_dots"
    COUNT_DOTS = "count_dots"
    OPEN_THUMBS = "open_thumbs"
    COUNT_THUMBS = "count_thumbs"
    DROP_THUMBS = "drop_thumbs"
    CLOSE_ROUND = "close_round"
    NEXT_TOPIC = "next_topic"
    CLOSE = "close"


ASKED = frozenset({Due.COUNT_DOTS, Due.COUNT_THUMBS, Due.NEXT_TOPIC, Due.CLOSE})


class Each(StrEnum):
    """Whom a segment's length is for: the whole room, each person here, each but one, each topic."""

    ROOM = "room"
    PERSON = "person"
    OTHER = "other"
    TOPIC = "topic"


@dataclass(frozen=True)
class Segment:
    """One stretch of a format. The segment with the phase `dots` is the loop of dots and rounds, `rounds` its limit."""

    phase: Phase
    length: timedelta
    each: Each = Each.ROOM
    rounds: int | None = None

    def turns(self, room: "Room") -> int:
        """How many turns were drawn for this segment, or else the room as it is now gives to it."""
        if room.turns is not None and room.turns[0] is self.phase:
            return room.turns[1]
        if self.each is Each.ROOM:
            return 1
        return {Each.PERSON: room.here, Each.OTHER: room.here - 1, Each.TOPIC: room.topics}[self.each]

    def wanted(self, room: "Room") -> bool:
        """Topics are written when fewer than three are there, introduced when not all fit; promises are asked about
        when some were made; turns need somebody."""
        if self.phase is Phase.PROPOSE:
            return room.topics < TOPICS_TO_START
        if self.phase is Phase.INTRODUCE:
            return room.topics > room.fits
        if self.phase is Phase.PROMISES:
            return room.promises > 0
        return self.turns(room) > 0


@dataclass(frozen=True)
class Lengths:
    """Whole minutes of the boxes of one topic; of `boxes` the first is the discussion, and the last value repeats."""

    dots: int = 2
    sponsor: int = 2
    boxes: tuple[int, ...] = (8, 5)
    thumbs: int = 1
    takeaway: int = 2
    short: tuple[int, int, int] = (1, 3, 1)

    def extension(self, number: int) -> int:
        """Minutes of the first, second ... extension, counted from 1."""
        return self.boxes[min(number, len(self.boxes) - 1)]

    def going_on(self, number: int) -> int:
        """Minutes that must be left to ask for an extension at all: the box, the thumbs after it, the takeaway."""
        return self.extension(number) + self.thumbs + self.takeaway

    @property
    def topic(self) -> int:
        """One topic without an extension."""
        return self.sponsor + self.boxes[0] + self.thumbs + self.takeaway

    @property
    def topic_with_dots(self) -> int:
        """Dots, then one topic without an extension."""
        return self.dots + self.topic

    @property
    def short_round(self) -> int:
        """A topic in little time: no thumbs."""
        return sum(self.short)


@dataclass(frozen=True)
class Plan:
    segments: tuple[Segment, ...]
    lengths: Lengths = Lengths()

    @property
    def has_rounds(self) -> bool:
        """Whether topics are talked about at all: a deep dive has one case, and no dots."""
        return any(segment.phase is Phase.DOTS for segment in self.segments)

    def segment(self, phase: Phase) -> Segment:
        """The segment of a phase; a round belongs to the loop, which goes by its dots."""
        wanted = Phase.DOTS if phase is Phase.ROUND else phase
        return next(segment for segment in self.segments if segment.phase is wanted)


@dataclass(frozen=True)
class Room:
    """What the rows say now: people here, open topics, how many topics fit, whether everybody here has answered the
    open call (thumb given, "I am done"), whether somebody leads (a sign of life younger than a minute), for which phase
    turns were drawn and how many, and how many promises of before wait for a word."""

    here: int
    topics: int = 0
    fits: int = 0
    answered: bool = False
    led: bool = True
    turns: tuple[Phase, int] | None = None
    promises: int = 0


@dataclass(frozen=True)
class Clock:
    """A box runs (`box_ends_at`) or rests (`box_left`), never both; `round` is the number of the last opened round,
    `spent` and `extensions` are that round's; `since` is the moment up to which `spent` is counted; `counted` says that
    dots were counted since the last round was opened; `began_at` is when the meeting left the phase `open`."""

    starts_at: datetime
    closing_at: datetime
    ends_at: datetime
    phase: Phase = Phase.OPEN
    step: int = 0
    box: Box | None = None
    box_ends_at: datetime | None = None
    box_left: timedelta | None = None
    grace: bool = False
    paused_at: datetime | None = None
    turn: int = 0
    round: int = 0
    counted: bool = False
    short: bool = False
    extensions: int = 0
    spent: timedelta = NOTHING
    since: datetime | None = None
    parked_box: Box | None = None
    parked_left: timedelta | None = None
    parked_grace: bool = False
    put_off: bool = False
    autopilot: bool = False
    began_at: datetime | None = None

    @property
    def talking(self) -> bool:
        """A round is open: its box runs or rests, or it is parked."""
        return self.parked_box is not None or self.box in IN_ROUND

    @property
    def call(self) -> Due | None:
        """How the call that belongs to the box is opened, if the box has one."""
        if self.phase is Phase.DOTS:
            return Due.OPEN_DOTS
        return Due.OPEN_THUMBS if self.box is Box.THUMBS else None

    @property
    def over_at(self) -> datetime | None:
        """When the box that runs is over: a question waits a second for answers that are on their way."""
        return self.box_ends_at + LEEWAY if self.box_ends_at and self.call else self.box_ends_at

    @property
    def spot(self) -> tuple[object, ...]:
        """What tells one box from the next: the second thumbs of a round come after its first extension."""
        return self.phase, self.box, self.round, self.extensions


@dataclass(frozen=True)
class Turn:
    clock: Clock
    due: tuple[Due, ...] = ()
    said: str = ""


@dataclass(frozen=True)
class Move:
    """What undo needs: the clock before a person's act, and the moment of the act."""

    step: int
    what: str
    before: Clock
    at: datetime


def loop_ends(clock: Clock, plan: Plan) -> datetime:
    """When the last takeaway must be over: the close begins, or what the format holds between the rounds and it."""
    phases = [segment.phase for segment in plan.segments]
    after = plan.segments[phases.index(Phase.DOTS) + 1 :] if Phase.DOTS in phases else ()
    reserved = (segment.length for segment in after if segment.phase is not Phase.CLOSING)
    return clock.closing_at - sum(reserved, NOTHING)


def bound(clock: Clock, box: Box, plan: Plan) -> datetime:
    """The latest end of a box: talk leaves room for the takeaway, the loop for what follows it, all for the close."""
    if clock.phase is Phase.CLOSING:
        return clock.ends_at
    if clock.phase not in (Phase.DOTS, Phase.ROUND):
        return clock.closing_at
    takeaway = plan.lengths.short[2] if clock.short else plan.lengths.takeaway
    return loop_ends(clock, plan) - (takeaway * MINUTE if box in IN_ROUND - {Box.TAKEAWAY} else NOTHING)


def minutes_left(clock: Clock, now: datetime, plan: Plan) -> int:
    """R: whole minutes before the close begins, less what the format still holds between the rounds and the close. The
    second for which a question has waited costs no minute.
    """
    return max(0, (loop_ends(clock, plan) - now + LEEWAY) // MINUTE)


def length(clock: Clock, plan: Plan) -> timedelta:
    """How long the box that is on would be if nothing cut it short: what its disc is full of. With its grace."""
    lengths, grace = plan.lengths, MINUTE * clock.grace
    sponsor, discussion, takeaway = (
        lengths.short if clock.short else (lengths.sponsor, lengths.boxes[0], lengths.takeaway)
    )
    minutes = {
        Box.SPONSOR: sponsor,
        Box.DISCUSSION: discussion,
        Box.EXTENSION: lengths.extension(max(clock.extensions, 1)),
        Box.THUMBS: lengths.thumbs,
        Box.TAKEAWAY: takeaway,
    }
    if clock.box in minutes:
        return minutes[clock.box] * MINUTE + grace
    if clock.box in (Box.DECISION, Box.NEXT):
        return DECISION_WAITS
    return (lengths.dots * MINUTE if clock.phase is Phase.DOTS else plan.segment(clock.phase).length) + grace


def due_at(clock: Clock, now: datetime) -> datetime | None:
    """The next moment after now at which `advance` may have something to do; None on a closed board."""
    if clock.phase is Phase.CLOSED:
        return None
    moments = [clock.over_at, clock.closing_at, clock.ends_at + CLOSES_ITSELF_AFTER]
    if clock.phase is Phase.OPEN:
        moments += [clock.starts_at, clock.starts_at + DECISION_WAITS]
    if clock.paused_at:
        moments.append(clock.paused_at + PAUSE_ALONE)
    return min((moment for moment in moments if moment and moment > now), default=None)


def minutes(span: timedelta) -> str:
    """A length in words: "8 minutes", "30 seconds"."""
    seconds = round(span.total_seconds())
    if seconds < 60:
        return f"{seconds} seconds"
    whole = round(seconds / 60)
    return "1 minute" if whole == 1 else f"{whole} minutes"
