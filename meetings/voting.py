"""Dots, ties, thumbs and merged topics: how a circle chooses what to talk about, and for how long.

Pure arithmetic over ballots and tallies. Topics go by their public ids, voters by their pseudonyms. Who may vote, and
whether a call is open, is decided by the board.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from roundtable.errors import NotAllowed

TopicId = str
Voter = bytes
Ballot = Mapping[TopicId, int]

DOTS = 3
PER_TOPIC = 2
FAIR_TURNS_FROM = 3  # in the first two meetings of a season hardly anybody can have opened a topic
COUNTS_SHOWN_FROM = 4  # with fewer thumbs the numbers would give single people away


class Thumb(StrEnum):
    UP = "up"
    SIDEWAYS = "sideways"
    DOWN = "down"


class Outcome(StrEnum):
    EXTEND = "extend"
    MOVE_ON = "move_on"
    FACILITATOR = "facilitator"


class Rule(StrEnum):
    """What the thumbs up are weighed against: the thumbs down, or everybody here who did not show one."""

    MORE_UP = "more_up"
    MOST_HERE = "most_here"


@dataclass(frozen=True)
class Verdict:
    outcome: Outcome
    reason: str


@dataclass(frozen=True)
class Placing:
    """One person's dots after the change, and how many are left to place."""

    dots: dict[TopicId, int]
    left: int


@dataclass(frozen=True)
class Candidate:
    """A topic in a count. `opened` counts the topics that its sponsor has opened this season, None without sponsor."""

    topic: TopicId
    dots: int = 0
    opened: int | None = None
    times_carried: int = 0


class Tie(StrEnum):
    """Why a topic goes before the next one with as many dots, in the order in which the reasons are tried."""

    NOT_OPENED = "its sponsor has not opened a topic this season"
    CARRIED = "carried over longer"
    LOT = "by lot"


@dataclass(frozen=True)
class Ranked:
    topic: TopicId
    place: int
    dots: int
    tie: Tie | None

    @property
    def reason(self) -> str:
        """The sentence printed at a topic that equal dots would have left beside the next one; else empty."""
        return f"Equal dots: {self.tie}." if self.tie else ""


@dataclass(frozen=True)
class Merged:
    """Everybody's dots after two topics became one, and how many dots came back to whom (only those with any)."""

    ballots: dict[Voter, dict[TopicId, int]]
    returned: dict[Voter, int]


@dataclass(frozen=True)
class Opener:
    """A person here who could sponsor a topic. `last_opened` numbers the season's openings; 0 is never."""

    person: str
    opened: int = 0
    last_opened: int = 0


def set_dots(current: Ballot, topic: TopicId, dots: int, *, budget: int = DOTS, per_topic: int = PER_TOPIC) -> Placing:
    """A dot is set, not added: so many dots now lie on this topic, whatever lay there; a repeat changes nothing.

    Raises NotAllowed beyond the limit of one topic or the budget of the call.
    """
    if not 0 <= dots <= per_topic:
        raise NotAllowed(f"One topic takes 0 to {per_topic} of your dots.")
    placed = {other: number for other, number in current.items() if number and other != topic}
    left = budget - sum(placed.values())
    if dots > left:
        raise NotAllowed(f"You have {budget} dots, and {left} of them are free for this topic.")
    return Placing(placed | {topic: dots} if dots else placed, left - dots)


def tally(
    topics: Iterable[TopicId],
    ballots: Mapping[Voter, Ballot],
    *,
    here: Collection[Voter],
    by_hand: Ballot | None = None,
) -> dict[TopicId, int]:
    """Dots per topic: only ballots of those here decide, hands counted in the room are added, zeros are told too."""
    counted = Counter(by_hand or {})
    for voter in here:
        counted.update(ballots.get(voter, {}))
    return {topic: counted[topic] for topic in topics}


def rank(candidates: Iterable[Candidate], *, lot: int, meeting_number: int) -> list[Ranked]:
    """Most dots first. Equal dots: a sponsor who opened none this season, carried over longer, then the lot.

    The first of these rules holds from the third meeting of the season on. The reason stands at the topic that it puts
    before the next one.
    """
    fair = meeting_number >= FAIR_TURNS_FROM
    ordered = sorted(candidates, key=lambda one: (-one.dots, *_tie_key(one, lot, fair=fair)))
    following: list[Candidate | None] = [*ordered[1:], None]
    return [
        Ranked(one.topic, place, one.dots, _tie(one, after, lot, fair=fair))
        for place, (one, after) in enumerate(zip(ordered, following, strict=False), start=1)
    ]


def _tie_key(one: Candidate, lot: int, *, fair: bool) -> tuple[bool, int, bytes]:
    return (fair and one.opened != 0, -one.times_carried, lot_of(one.topic, lot))


def _tie(one: Candidate, after: Candidate | None, lot: int, *, fair: bool) -> Tie | None:
    if after is None or after.dots != one.dots:
        return None
    pairs = zip(Tie, _tie_key(one, lot, fair=fair), _tie_key(after, lot, fair=fair), strict=True)
    return next(tie for tie, mine, theirs in pairs if mine != theirs)


def lot_of(name: str, lot: int) -> bytes:
    """SHA-256 of "<lot>:<id>", smallest first: anybody can recompute the order once the number is shown."""
    return sha256(f"{lot}:{name}".encode()).digest()


def drawn(names: Iterable[str], *, lot: int) -> list[str]:
    """Topics or people in the order that the lot gives them."""
    return sorted(names, key=lambda name: lot_of(name, lot))


def sponsor_line(openers: Iterable[Opener], *, lot: int) -> list[str]:
    """Who is asked to open a topic without a sponsor: opened least this season, then longest ago, then by lot."""
    order = sorted(openers, key=lambda one: (one.opened, one.last_opened, lot_of(one.person, lot)))
    return [one.person for one in order]


def merge(ballots: Mapping[Voter, Ballot], *, child: TopicId, parent: TopicId, per_topic: int = PER_TOPIC) -> Merged:
    """In an open call each person's dots on both topics are added, cut to the limit per topic; the surplus returns."""
    merged, returned = {}, {}
    for voter, ballot in ballots.items():
        together = ballot.get(child, 0) + ballot.get(parent, 0)
        kept = min(together, per_topic)
        rest = {topic: dots for topic, dots in ballot.items() if topic not in (child, parent)}
        merged[voter] = rest | ({parent: kept} if kept else {})
        if together > kept:
            returned[voter] = together - kept
    return Merged(merged, returned)


def split(ballots: Mapping[Voter, Ballot], *, parent: TopicId) -> Merged:
    """Splitting a merged topic before the count returns every dot that lies on it."""
    without = {
        voter: {topic: dots for topic, dots in ballot.items() if topic != parent} for voter, ballot in ballots.items()
    }
    returned = {voter: ballot[parent] for voter, ballot in ballots.items() if ballot.get(parent)}
    return Merged(without, returned)


def at_least(child: int, parent: int) -> int:
    """After a count the ballots are gone: a merged topic shows the larger tally, two tallies are never added."""
    return max(child, parent)


def call_vote(
    thumbs: Counter[Thumb], *, present: int, rule: Rule = Rule.MORE_UP, tie: Outcome = Outcome.FACILITATOR
) -> Verdict:
    """More up than down extend, more down move on, sideways never counts; a tie (0:0 too) is the facilitator's.

    With `MOST_HERE` the thumbs up are weighed against all others present. With fewer than four thumbs the reason
    holds no numbers. Raises ValueError for more thumbs than people.
    """
    if thumbs.total() > present:
        raise ValueError(f"{thumbs.total()} thumbs from {present} people")
    up = thumbs[Thumb.UP]
    against = thumbs[Thumb.DOWN] if rule is Rule.MORE_UP else present - up
    outcome = Outcome.EXTEND if up > against else Outcome.MOVE_ON if against > up else tie
    return Verdict(outcome, _thumbs_sentence(thumbs, margin=up - against))


def _thumbs_sentence(thumbs: Counter[Thumb], *, margin: int) -> str:
    if thumbs.total() >= COUNTS_SHOWN_FROM:
        return ", ".join(f"{thumbs[way]} {way}" for way in Thumb)
    return "more for going on" if margin > 0 else "more for moving on" if margin < 0 else "equal"


def check_thumbs_by_hand(thumbs: Counter[Thumb], *, in_the_room: int) -> None:
    """Counts of raised hands are at most as many as people ticked in the room. Raises NotAllowed."""
    if min(thumbs.values(), default=0) < 0 or thumbs.total() > in_the_room:
        raise NotAllowed(f"The room has {in_the_room} people ticked: count again, or tick who is missing.")


def check_dots_by_hand(dots: Ballot, *, in_the_room: int, budget: int = DOTS, per_topic: int = PER_TOPIC) -> None:
    """Dots counted in the room fit the budgets of the people ticked there, per topic and in all. Raises NotAllowed."""
    one, everything = per_topic * in_the_room, budget * in_the_room
    if sum(dots.values()) > everything or not all(0 <= number <= one for number in dots.values()):
        raise NotAllowed(f"The room has at most {one} dots for one topic and {everything} in all: count again.")
