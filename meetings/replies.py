"""What a mail that came in means for one entry: facts and a verdict, never its words.

The rows of `judge` stand in the order in which they decide; the first that fits does. An answer counts for the time
that it was given for (the floor), in the order in which it was given (SEQUENCE, then DTSTAMP: RFC 5546, 2.1.5), and as
confirmed only from an address of the member.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from meetings.ics import Partstat

ANSWERS = (Partstat.ACCEPTED, Partstat.DECLINED, Partstat.TENTATIVE)
MOST = {"refresh": 3, "prose": 1}  # a day: what is sent again to whoever asks, or to a mail that nobody reads


class Verdict(StrEnum):
    """What becomes of a mail. Its value is the word that is stored and printed."""

    REFUSED = "refused"  # too large, unreadable, several calendars or UIDs
    AUTOMATIC = "automatic"  # no calendar part, and no person wrote it
    NOT_TO_US = "not_to_us"  # no calendar part, and no answer to a letter of ours
    PROSE = "prose"  # a person answers a letter in words: they get the buttons
    NOT_A_REPLY = "not_a_reply"  # we are the organizer: inbound mail creates and cancels nothing
    UNKNOWN = "unknown"  # no entry has this UID
    OVER = "over"  # entry ended, meeting cancelled, begun or past
    DUPLICATE = "duplicate"
    REFRESH = "refresh"  # the present entry goes out again
    TOO_OFTEN = "too_often"  # the same, but enough for today
    COUNTER = "counter"  # another time, proposed by the member: a hint, never applied
    COUNTER_DROPPED = "counter_dropped"  # the same from somebody else, or at a time that cannot be read
    OTHER_DATE = "other_date"
    STRANGER = "stranger"  # somebody to whom the letter was forwarded
    DELEGATED = "delegated"
    NO_ANSWER = "no_answer"
    STALE = "stale"  # given for a time that has changed since
    OUT_OF_ORDER = "out_of_order"
    UNCONFIRMED = "unconfirmed"  # applied, and the member is told how to undo it
    APPLIED = "applied"


COUNTS = (Verdict.APPLIED, Verdict.UNCONFIRMED)


@dataclass(frozen=True)
class Attendee:
    address: str  # as `folded` has it
    partstat: str
    delegated: bool = False


@dataclass(frozen=True)
class Event:
    """The calendar part of a mail, as far as anything depends on it."""

    method: str
    uid: str
    sequence: int | None = None
    stamp: datetime | None = None
    starts_at: datetime | None = None  # None: absent, or in a zone that nobody knows
    recurs: bool = False  # it names one date of a series
    recurrence: datetime | None = None
    attendees: tuple[Attendee, ...] = ()

    def attendee(self, address: str) -> Attendee | None:
        """Who of them has this address."""
        return next((one for one in self.attendees if one.address == folded(address)), None)


@dataclass(frozen=True)
class Reply:
    """One inbound mail. `failed` is the provider's own word on its sender; not knowing is not failing."""

    message_id: str = ""
    sender: str = ""
    answers: tuple[str, ...] = ()  # the Message-IDs that it answers
    automatic: bool = False
    auto_replied: bool = False
    failed: bool = False
    readable: bool = True
    event: Event | None = None


@dataclass(frozen=True)
class Known:
    """The entry that a mail is about, and what has been heard of it so far."""

    address: str
    addresses: frozenset[str]  # the member's own, as `folded` has them
    sequence: int
    floor: int
    starts_at: datetime
    ends_at: datetime
    ended: bool = False  # the entry, or the whole meeting
    seen: frozenset[datetime | None] = frozenset()  # the stamps that this very Message-ID came with before
    last: tuple[int, datetime] | None = None  # of the latest answer that was applied
    last_partstat: str = ""
    answered_elsewhere_at: datetime | None = None  # by page, link or organizer
    today: dict[str, int] = field(default_factory=dict)  # how often each verdict was given in the last day


@dataclass(frozen=True)
class Judged:
    """The verdict, and what of the mail counts: its answer, its place in the order, the time that it proposes."""

    verdict: Verdict
    partstat: str = ""
    sequence: int | None = None
    stamp: datetime | None = None
    proposed: datetime | None = None


def folded(address: str) -> str:
    """An address as two of them are compared."""
    return address.strip().casefold()


def judge(reply: Reply, entry: Known | None, now: datetime) -> Judged:
    """The whole table. `now` is when the mail was received: a slow queue changes nothing."""
    event = reply.event
    if not reply.readable:
        return Judged(Verdict.REFUSED)
    if event is None:
        return Judged(_in_words(reply, entry))
    if event.method not in ("REPLY", "REFRESH", "COUNTER"):
        return Judged(Verdict.NOT_A_REPLY)
    if entry is None:
        return Judged(Verdict.UNKNOWN)
    return _about(reply, event, entry, now)


def _in_words(reply: Reply, entry: Known | None) -> Verdict:
    """Yes or no is never guessed from prose."""
    if reply.automatic:
        return Verdict.AUTOMATIC
    if entry is None:
        return Verdict.NOT_TO_US
    return _at_most(Verdict.PROSE, entry)


def _at_most(verdict: Verdict, entry: Known) -> Verdict:
    return verdict if entry.today.get(verdict, 0) < MOST[verdict] else Verdict.TOO_OFTEN


def _about(reply: Reply, event: Event, entry: Known, now: datetime) -> Judged:
    if entry.ended or now >= entry.ends_at:
        return Judged(Verdict.OVER)
    if event.stamp in entry.seen:
        return Judged(Verdict.DUPLICATE)
    if event.method == "REFRESH":
        return Judged(_at_most(Verdict.REFRESH, entry))
    if event.method == "COUNTER":
        return _proposed(reply, event, entry)
    return _answered(reply, event, entry, now)


def _proposed(reply: Reply, event: Event, entry: Known) -> Judged:
    """The proposer is who sent the mail: the list of attendees may name anybody."""
    if reply.sender not in entry.addresses or event.starts_at is None:
        return Judged(Verdict.COUNTER_DROPPED)
    return Judged(Verdict.COUNTER, proposed=event.starts_at)


def _answered(reply: Reply, event: Event, entry: Known, now: datetime) -> Judged:
    me = event.attendee(entry.address)
    if event.recurs and event.recurrence != entry.starts_at:
        return Judged(Verdict.OTHER_DATE)
    if me is None:
        return Judged(Verdict.STRANGER)
    sequence, stamp = counted(event, entry, now)
    if me.delegated or me.partstat == "DELEGATED":
        return Judged(Verdict.DELEGATED, sequence=sequence)
    if me.partstat not in ANSWERS:
        return Judged(Verdict.NO_ANSWER)
    late = _overtaken(event, me.partstat, entry, (sequence, stamp), now)
    return Judged(late or _sent_by(reply, entry), me.partstat, sequence, stamp)


def counted(event: Event, entry: Known, now: datetime) -> tuple[int, datetime]:
    """Its place in the order. A SEQUENCE above ours is as ours; a stamp that is missing or in the future is the time
    of receipt, because a clock that is fast must not shut out later answers.
    """
    sequence = entry.sequence if event.sequence is None else min(event.sequence, entry.sequence)
    received = now.replace(microsecond=0)
    return sequence, received if event.stamp is None or event.stamp > now else event.stamp


def _overtaken(event: Event, partstat: str, entry: Known, place: tuple[int, datetime], now: datetime) -> Verdict | None:
    if _is_stale(event, entry):
        return Verdict.STALE
    if entry.answered_elsewhere_at is not None and now < entry.answered_elsewhere_at:
        return Verdict.OUT_OF_ORDER
    if entry.last is None or place > entry.last:
        return None
    if place < entry.last:
        return Verdict.OUT_OF_ORDER
    # Stamps have whole seconds: of two different answers in one of them the one that arrives later counts.
    return Verdict.DUPLICATE if partstat == entry.last_partstat else None


def _is_stale(event: Event, entry: Known) -> bool:
    if event.sequence is not None:
        return event.sequence < entry.floor
    return entry.floor > 0 and event.starts_at != entry.starts_at


def _sent_by(reply: Reply, entry: Known) -> Verdict:
    sure = reply.sender in entry.addresses and not reply.failed and not reply.auto_replied
    return Verdict.APPLIED if sure else Verdict.UNCONFIRMED
