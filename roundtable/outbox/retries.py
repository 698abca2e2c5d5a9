"""What an answer, or none, means for a letter, and when it is tried again."""

import smtplib
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from anymail.exceptions import AnymailAPIError, AnymailError

from roundtable.outbox.models import Priority

MOST_ATTEMPTS = 8
STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 4 * 60, 8 * 60, 12 * 60))
CODE_STEPS = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 30))
HTTP_LATER = frozenset({408, 429})


class Meaning(StrEnum):
    LATER = "later"  # a clear no for now
    NEVER = "never"  # a clear no
    UNCLEAR = "unclear"  # it may have arrived


@dataclass(frozen=True)
class Answer:
    meaning: Meaning
    error: str  # class and code, never the server's words


def wait(priority: int, attempts: int) -> timedelta | None:
    """How long after this many attempts the next one follows; None: that was the last one."""
    steps = CODE_STEPS if priority == Priority.CODE else STEPS
    return steps[attempts - 1] if attempts <= len(steps) else None


def no_connection(error: Exception) -> Answer:
    """Nothing was sent yet, so trying again harms nobody, also where our own password is refused."""
    return Answer(Meaning.LATER, named(error, getattr(error, "smtp_code", None)))


def judge(error: Exception) -> Answer:
    """An error while sending. 4xx and 5xx mean the opposite in SMTP (RFC 5321, 4.2.1) and HTTP (RFC 9110, 15)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return smtp(error, max(code for code, _ in error.recipients.values()))
    if isinstance(error, smtplib.SMTPResponseException):
        return smtp(error, error.smtp_code)
    if isinstance(error, AnymailAPIError):
        return http(error, error.status_code)
    if isinstance(error, AnymailError | ValueError):  # refused before it left: recipient, header, feature
        return Answer(Meaning.NEVER, named(error, None))
    return Answer(Meaning.UNCLEAR, named(error, None))


def smtp(error: Exception, code: int) -> Answer:
    return Answer(Meaning.LATER if 400 <= code < 500 else Meaning.NEVER, named(error, code))


def http(error: Exception, code: int | None) -> Answer:
    if code is None:
        return Answer(Meaning.UNCLEAR, named(error, None))
    later = code in HTTP_LATER or code >= 500
    return Answer(Meaning.LATER if later else Meaning.NEVER, named(error, code))


def named(error: Exception, code: int | None) -> str:
    """What the organizers' page may show of an error."""
    return f"{type(error).__name__} {code}" if code else type(error).__name__
