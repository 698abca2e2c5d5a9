"""From the bytes of a mail to the facts that count. Whatever they are, there is a reply: readable, or not.

Limits are counted in the bytes, before anything is parsed. Rules of recurrence are never expanded, zones that a mail
brings along are not believed, and only the few properties that `replies` asks for are read at all.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from icalendar.parser import Contentline
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from meetings.replies import Attendee, Event, Reply, folded

MAIL_BYTES = 2 * 1024 * 1024
CALENDAR_BYTES = 256 * 1024
EVENTS, ATTENDEES = 20, 50
LONGEST_HEADER = 2000
CALENDARS = ("text/calendar", "application/ics")
MESSAGE_ID = re.compile(r"<[^<>\s]{3,400}>")
FOLD = re.compile(r"\r?\n[ \t]")
WANTED = re.compile(r"^(BEGIN|END|METHOD|UID|SEQUENCE|DTSTAMP|DTSTART|RECURRENCE-ID|ATTENDEE)\s*[;:]", re.IGNORECASE)
MOMENT = re.compile(r"^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z?)$", re.IGNORECASE)
CALENDAR, EVENT = ["VCALENDAR"], ["VCALENDAR", "VEVENT"]
UNREADABLE = Reply(readable=False)
Line = tuple[str, dict[str, str], str]


class Unreadable(ValueError):
    """Too large, malformed, or several calendars where there should be one."""


def read(raw: bytes, *, failed: bool = False) -> Reply:
    """The facts of a mail. `failed`: its provider says that the sender is not who they say they are."""
    if len(raw) > MAIL_BYTES:
        return UNREADABLE
    try:
        return _facts(email.message_from_bytes(raw), failed=failed)
    except Exception:  # the standard library's parser knows no promise about what it raises on bytes of strangers
        return UNREADABLE


def message_id(raw: bytes) -> str:
    """The Message-ID alone, of the head of a mail; empty where there is none."""
    try:
        return _ids(email.message_from_bytes(raw[: 64 * 1024]), "Message-ID")[0]
    except Exception:  # the same
        return ""


def _facts(mail: Message, *, failed: bool) -> Reply:
    ids = _ids(mail, "Message-ID")
    submitted = _header(mail, "Auto-Submitted").partition(";")[0].strip().casefold()
    calendar = _calendar(mail)
    return Reply(
        message_id=ids[0] if ids else "",
        sender=_sender(mail),
        answers=tuple(dict.fromkeys([*_ids(mail, "In-Reply-To"), *_ids(mail, "References")]))[-20:],
        automatic=submitted not in ("", "no") or _from_a_machine(mail),
        auto_replied=submitted == "auto-replied",
        failed=failed,
        event=None if calendar is None else _event(calendar),
    )


def _header(mail: Message, name: str) -> str:
    return str(mail.get(name, ""))


def _ids(mail: Message, name: str) -> list[str]:
    return MESSAGE_ID.findall(_header(mail, name))


def _sender(mail: Message) -> str:
    """The one address in From; two of them are nobody's."""
    heads = [str(one) for one in mail.get_all("From", [])]
    if len(heads) != 1 or len(heads[0]) > LONGEST_HEADER:
        return ""
    found = [address for _, address in getaddresses(heads) if address]
    return folded(found[0]) if len(found) == 1 else ""


def _from_a_machine(mail: Message) -> bool:
    """Bounces and autoresponders, also those older than the header that says so (RFC 3834, section 2)."""
    bulk = _header(mail, "Precedence").strip().casefold() in ("bulk", "junk", "list", "auto_reply")
    return bulk or _header(mail, "Return-Path").strip() == "<>" or mail.get_content_type() == "multipart/report"


def _calendar(mail: Message) -> bytes | None:
    """The one calendar object of a mail; the same one twice counts once. Raises Unreadable for two."""
    parts = [part for part in mail.walk() if part.get_content_type() in CALENDARS and not part.is_multipart()]
    found = {_bytes(part).strip().replace(b"\r\n", b"\n") for part in parts}
    if len(found) > 1:
        raise Unreadable
    return found.pop() if found else None


def _bytes(part: Message) -> bytes:
    """Bytes, because a text without its charset would lose letters."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or len(content) > CALENDAR_BYTES:
        raise Unreadable
    return content.removeprefix(b"\xef\xbb\xbf")


def _event(calendar: bytes) -> Event:
    lines = calendar.upper().splitlines()
    events, attendees, wholes = (
        sum(line.startswith(start) for line in lines) for start in (b"BEGIN:VEVENT", b"ATTENDEE", b"BEGIN:VCALENDAR")
    )
    if not 0 < events <= EVENTS or attendees > ATTENDEES or wholes != 1:
        raise Unreadable
    whole, single = _components(_text(calendar))
    if len({_first(one, "UID") for one in single}) != 1 or not _first(single[0], "UID"):
        raise Unreadable  # none, or several
    chosen = next((one for one in single if not _all(one, "RECURRENCE-ID")), single[0])
    return _read_event(chosen, method=_first(whole, "METHOD").upper())


def _text(calendar: bytes) -> str:
    try:
        text = calendar.decode()
    except UnicodeDecodeError:
        text = calendar.decode("latin-1")
    return FOLD.sub("", text)


def _components(text: str) -> tuple[list[Line], list[list[Line]]]:
    """The lines of the calendar itself, and those of each of its events; alarms and zones inside are left out."""
    whole: list[Line] = []
    single: list[list[Line]] = []
    inside: list[str] = []
    for line in _lines(text):
        if line[0] == "BEGIN":
            inside.append(line[2].upper())
            single += [[]] if inside == EVENT else []
        elif line[0] == "END":
            del inside[-1:]
        elif inside in (CALENDAR, EVENT):
            (whole if inside == CALENDAR else single[-1]).append(line)
    return whole, single


def _lines(text: str) -> Iterator[Line]:
    """Those that anything depends on; one that is malformed is as if it were not there."""
    for line in text.split("\n"):
        if WANTED.match(line):
            try:
                name, parameters, value = Contentline(line.rstrip("\r")).parts()
            except ValueError:
                continue
            yield name.upper(), {key.upper(): str(one) for key, one in parameters.items()}, value.strip()


def _all(lines: list[Line], name: str) -> list[Line]:
    return [line for line in lines if line[0] == name]


def _first(lines: list[Line], name: str) -> str:
    return next((value for found, _, value in lines if found == name), "")


def _read_event(lines: list[Line], *, method: str) -> Event:
    return Event(
        method=method,
        uid=_first(lines, "UID"),
        sequence=_number(_first(lines, "SEQUENCE")),
        stamp=_moment_of(lines, "DTSTAMP"),
        starts_at=_moment_of(lines, "DTSTART"),
        recurs=bool(_all(lines, "RECURRENCE-ID")),
        recurrence=_moment_of(lines, "RECURRENCE-ID"),
        attendees=tuple(_attendee(line) for line in _all(lines, "ATTENDEE")),
    )


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _moment_of(lines: list[Line], name: str) -> datetime | None:
    found = _all(lines, name)
    return moment(found[0][2], found[0][1].get("TZID", "")) if found else None


def moment(value: str, zone: str) -> datetime | None:
    """An instant, in UTC. None for a whole day, a floating time, and a zone that neither IANA nor Windows knows."""
    found = MOMENT.match(value)
    if found is None or not (found[7] or zone):
        return None
    try:
        place = UTC if found[7] else ZoneInfo(WINDOWS_TO_OLSON.get(zone, zone))
        return datetime(*(int(found[part]) for part in range(1, 7)), tzinfo=place).astimezone(UTC)  # type: ignore[misc,arg-type] # six numbers
    except (ValueError, OverflowError, LookupError, OSError):
        return None


def _attendee(line: Line) -> Attendee:
    _, parameters, value = line
    address = re.sub(r"^mailto:", "", value, flags=re.IGNORECASE)
    return Attendee(
        address=folded(unquote(address).strip("<> ")),
        partstat=parameters.get("PARTSTAT", "").upper(),
        delegated="DELEGATED-TO" in parameters,
    )
