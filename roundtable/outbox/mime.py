"""A letter as an e-mail. With a calendar part it has the one form that calendars and mail programs agree on."""

import hashlib
import re
from email.charset import BASE64, Charset
from email.headerregistry import Address
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from roundtable.outbox.models import Letter

HEADERS = frozenset({"List-Unsubscribe", "List-Unsubscribe-Post", "In-Reply-To", "References"})
METHOD = re.compile(rb"^METHOD:([A-Z]+)\r?$", re.MULTILINE)
ORGANIZER = re.compile(rb'^ORGANIZER(?:;[^":]*(?:"[^"]*")?)*:mailto:([^\r\n]+)\r?$', re.MULTILINE | re.IGNORECASE)
FOLD = re.compile(rb"\r?\n[ \t]")


def utf8() -> Charset:
    """All parts in base64: a part in 8 bit has its lines broken anew on the way."""
    charset = Charset("utf-8")
    charset.body_encoding = BASE64
    return charset


def facts(ics: bytes) -> tuple[str, str]:
    """Method and organizer's address as the calendar object itself says them. Raises ValueError without either."""
    whole = FOLD.sub(b"", ics)
    method, organizer = METHOD.search(whole), ORGANIZER.search(whole)
    if method is None or organizer is None:
        raise ValueError("A calendar part says its METHOD and its ORGANIZER.")
    return method[1].decode(), organizer[1].decode()


class SameBytes(EmailMultiAlternatives):
    """Parts are told apart by a line that belongs to the letter, so that a second attempt sends the very same bytes."""

    boundary = ""

    def message(self) -> Any:  # type: ignore[override] # the stubs know a newer Django
        """As Django builds it, with that line; no part holds one like it, because all are in base64."""
        built = super().message()
        for number, part in enumerate(part for part in built.walk() if part.is_multipart()):
            part.set_boundary(f"=_{self.boundary}_{number}")
        return built


def build(letter: Letter, secrets: dict[str, str]) -> EmailMultiAlternatives:
    """The e-mail, marks filled in. Raises ValueError for a header not on the list, BadHeaderError for a broken one."""
    unknown = set(letter.headers) - HEADERS
    if unknown:
        raise ValueError(f"Not among the headers that a letter may have: {', '.join(sorted(unknown))}")
    message = SameBytes(
        subject=letter.subject,
        body=fill(letter.text, secrets),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[letter.to],
        headers={
            "Message-ID": letter.message_id,
            "Date": format_datetime(letter.created_at),
            "Auto-Submitted": "auto-generated",
            **{name: fill(value, secrets) for name, value in letter.headers.items()},
        },
    )
    message.encoding = utf8()
    message.boundary = hashlib.sha256(letter.message_id.encode()).hexdigest()[:16]
    message.attach_alternative(fill(letter.html, secrets), "text/html")
    if letter.ics is not None:
        add_calendar(message, bytes(letter.ics))
    return message


def add_calendar(message: EmailMultiAlternatives, ics: bytes) -> None:
    """The same bytes twice: some clients read only the alternative, some only the attachment. RFC 6047, section 2.

    From, Reply-To and ORGANIZER are one address: calendars know senders by it.
    """
    method, organizer = facts(ics)
    message.from_email = str(Address(settings.INVITE_EMAIL_NAME, addr_spec=organizer))
    message.reply_to = [organizer]
    message.attach_alternative(ics.decode(), f'text/calendar; method="{method}"')
    message.attach("invite.ics", ics, "application/ics")


def fill(text: str, secrets: dict[str, str]) -> str:
    """Each mark replaced by its secret."""
    for name, value in secrets.items():
        text = text.replace(name, value)
    return text
