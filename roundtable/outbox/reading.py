"""A letter as it is shown: to organizers without its secrets, on the development page as its reader sees it."""

import email
import email.policy
import re
from dataclasses import dataclass

from django.http import HttpResponse

from roundtable.outbox import folder, mime
from roundtable.outbox.models import Letter, State, mark

# An answer of its own in a frame with an empty `sandbox`: letters need inline styles, and no script can run.
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
HIDDEN = "[secret]"
MARK = re.compile(mark(r"\w+"))


@dataclass(frozen=True)
class Shown:
    """The parts of a letter."""

    text: str
    html: str
    calendar: str


def without_secrets(letter: Letter) -> Shown:
    """What organizers may see: a word stands where the code or token goes."""
    names = dict.fromkeys(marks_in(letter.text + letter.html), HIDDEN)
    calendar = bytes(letter.ics).decode() if letter.ics is not None else ""
    return Shown(mime.fill(letter.text, names), mime.fill(letter.html, names), calendar)


def marks_in(text: str) -> set[str]:
    """The marks that stand in a text."""
    return set(MARK.findall(text))


def as_its_reader_sees_it(letter: Letter) -> Shown:
    """From the file it was sent to, or filled in now if it has not left; else without its secrets."""
    raw = folder.sent(letter)
    if raw is None and letter.state != State.SENT and not letter.blanked_at:
        raw = mime.build(letter, letter.secrets_by_mark()).message().as_bytes()
    return without_secrets(letter) if raw is None else taken_apart(raw)


def taken_apart(raw: bytes) -> Shown:
    """The three parts that a mail program would show."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    parts = {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
    return Shown(*(str(parts.get(kind, "")) for kind in ("text/plain", "text/html", "text/calendar")))


def framed(html: str) -> HttpResponse:
    """The HTML of a letter, in an answer where nothing can run or be fetched."""
    response = HttpResponse(html)
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "no-store"
    response._csp_exempt = True  # type: ignore[attr-defined] # how django-csp is told to leave the header alone
    return response
