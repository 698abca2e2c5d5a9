"""The calendar part of a letter: one entry of one person, as bytes (RFC 5545, 5546).

One UTC event and one attendee, no recurrence and no zone table: every calendar program shows the same instant, and
nobody learns from it who else is in the room. The same entry gives the same bytes.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from icalendar import Calendar, Event, Parameters, vCalAddress, vText, vUri

SUMMARY = "Roundtable"
PRODID = "-//Roundtable//Roundtable//EN"
UID_BYTES = 16
UNPRINTABLE = ("Cc", "Cs", "Zl", "Zp")  # controls, halves of characters, separators that some parsers break lines at
WHOLE = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "Ae"})
NOT_IN_A_NAME = '"^'  # the quote ends a parameter, the caret begins an escape that few programs undo (RFC 6868)


class Method(StrEnum):
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class Partstat(StrEnum):
    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


class Status(StrEnum):
    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"


@dataclass(frozen=True)
class Entry:
    """The calendar life of one seat at the moment of one letter.

    `organizer` and `attendee` are bare addresses, letter for letter as mailed; `stamp` is the moment of this message,
    later than that of the one before; `sequence` is raised by our actions only.
    """

    uid: str
    sequence: int
    stamp: datetime
    created_at: datetime
    modified_at: datetime
    starts_at: datetime
    ends_at: datetime
    organizer: str
    attendee: str
    name: str
    partstat: Partstat
    url: str
    summary: str = SUMMARY
    description: str = ""
    location: str = ""
    conference: str = ""  # where to join by video, RFC 7986 section 5.11
    status: Status = Status.CONFIRMED
    ended: bool = False  # in a feed, what was called off stays visible for a while


class _QuotedName(Parameters):
    # Some programs stumble over an unquoted name.
    always_quoted = (*Parameters.always_quoted, "CN")  # type: ignore[assignment]  # one name more than in the library


def new_uid(random: bytes, *, domain: str) -> str:
    """An address-like id that nobody can guess: 128 random bits at the organizer's domain. Raises ValueError."""
    if len(random) != UID_BYTES:
        raise ValueError(f"a UID takes {UID_BYTES} random bytes, not {len(random)}")
    return f"{random.hex()}@{domain}"


def build(entry: Entry, method: Method = Method.REQUEST) -> bytes:
    """The whole calendar object, CRLF and folded at 75 octets. METHOD stands in the calendar alone, not in the event.

    REQUEST invites and updates; CANCEL takes back this one person's event. Raises ValueError for an entry that ends
    before it starts.
    """
    if entry.ends_at <= entry.starts_at:
        raise ValueError("an entry ends after it starts")
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_event(entry, method))
    return calendar.to_ical()


def publish(entries: Iterable[Entry], *, source: str) -> bytes:
    """A feed of one person's entries: METHOD:PUBLISH, without organizer and attendee, which libical rejects there.

    `source` is the address of the feed itself. How often to ask again: RFC 7986 section 5.7,
    and the older property that Outlook reads.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", "Roundtable")
    calendar.add("x-wr-calname", "Roundtable")
    calendar.add("source", source, parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        event = _event(entry, Method.CANCEL if entry.ended else Method.REQUEST)
        del event["organizer"], event["attendee"]
        calendar.add_component(event)
    return calendar.to_ical()


def _event(entry: Entry, method: Method) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    for name, moment in _moments(entry).items():
        event.add(name, moment.astimezone(UTC).replace(microsecond=0))
    event.add("organizer", _address(entry.organizer, CN="Roundtable"))
    event.add("attendee", _attendee(entry))
    event.add("status", "CANCELLED" if method is Method.CANCEL else entry.status)
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    for name, words in (("summary", entry.summary), ("description", entry.description), ("location", entry.location)):
        if words:
            event.add(name, vText(_clean(words, keep="\n")))
    if entry.conference:
        by_video = {"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": "Join by video"}
        event.add("conference", vUri(entry.conference), parameters=by_video)
    event.add("url", vUri(entry.url))
    return event


def _moments(entry: Entry) -> dict[str, datetime]:
    return {
        "dtstamp": entry.stamp,
        "dtstart": entry.starts_at,
        "dtend": entry.ends_at,
        "created": entry.created_at,
        "last-modified": entry.modified_at,
    }


def _attendee(entry: Entry) -> vCalAddress:
    return _address(
        entry.attendee,
        CUTYPE="INDIVIDUAL",
        ROLE="REQ-PARTICIPANT",
        PARTSTAT=str(entry.partstat),
        RSVP="TRUE",
        CN=clean_name(entry.name) or entry.attendee,
    )


def _address(address: str, **parameters: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    person.params = _QuotedName(parameters)
    return person


def clean_name(name: str) -> str:
    """A name that no calendar program trips over: without quotes, carets and control characters, on one line."""
    spaced = " ".join(name.split())
    return _clean("".join(letter for letter in spaced if letter not in NOT_IN_A_NAME)).strip()


def plain_name(name: str) -> str:
    """A name in ASCII, for services that garble all else: letters lose their accents, others are left out."""
    return clean_name(unicodedata.normalize("NFKD", name.translate(WHOLE)).encode("ascii", "ignore").decode())


def _clean(words: str, *, keep: str = "") -> str:
    return "".join(letter for letter in words if letter in keep or unicodedata.category(letter) not in UNPRINTABLE)
