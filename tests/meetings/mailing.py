"""Mails as calendar programs send them in answer to an entry."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from itertools import count

from meetings.models.seat import Entry
from roundtable import clock

numbers = count(1)


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def calendar(
    entry: Entry,
    partstat: str = "ACCEPTED",
    *,
    method: str = "REPLY",
    attendee: str = "",
    uid: str = "",
    sequence: int | None = None,
    stamp: datetime | None = None,
    starts_at: datetime | None = None,
    parameters: str = "",
) -> bytes:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Somebody//Else//EN",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{uid or entry.uid}",
        f"SEQUENCE:{entry.sequence if sequence is None else sequence}",
        f"DTSTAMP:{moment(stamp or clock.now())}",
        f"DTSTART:{moment(starts_at or entry.seat.meeting.starts_at)}",
        f"ATTENDEE;PARTSTAT={partstat}{parameters}:mailto:{attendee or entry.address}",
        "COMMENT:Quarryfalcon, my boss will be in the room",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines).encode()


def mail(content: bytes | None, *, sender: str, message_id: str = "", **headers: str) -> bytes:
    """With a calendar part, or in words alone."""
    message = EmailMessage()
    message["From"], message["To"] = sender, "calendar@roundtable.example"
    message["Subject"] = "Accepted: Quarryfalcon"
    message["Message-ID"] = message_id or f"<{next(numbers)}@quarryfalcon.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("See you, Quarryfalcon")
    if content is not None:
        message.add_alternative(content, maintype="text", subtype="calendar")
    return message.as_bytes()


def reply(
    entry: Entry, partstat: str = "ACCEPTED", *, sender: str = "", message_id: str = "", **facts: object
) -> bytes:
    """The answer of a calendar program to this entry."""
    made = calendar(entry, partstat, **facts)  # type: ignore[arg-type]
    return mail(made, sender=sender or entry.address, message_id=message_id)
