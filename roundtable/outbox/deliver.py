"""From the row to the inbox: claim, send with no transaction open, mark. Many at once are harmless.

A claim is committed before the first byte leaves and lasts ten minutes, far above every time-out here. Who comes back
later than that finds the attempts raised by somebody else and touches nothing.
"""

import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend as Smtp
from django.db import transaction

from roundtable import clock
from roundtable.outbox import mime, retries
from roundtable.outbox.models import Letter, State
from roundtable.outbox.retries import Answer, Meaning

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=10)
CLAIM = """
    UPDATE outbox_letter
    SET state = 'sending', attempts = attempts + 1, unclear = (unclear OR state = 'sending'), lease_until = %(until)s
    WHERE id = (
        SELECT id FROM outbox_letter
        WHERE (state = 'queued' AND not_before <= %(now)s) OR (state = 'sending' AND lease_until < %(now)s)
        ORDER BY priority, not_before, id LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING *
"""


def due(*, letters: int, seconds: float) -> int:
    """Sends what is due until nothing is, or this many letters or seconds are used up. How many were claimed."""
    roads, claimed, began = Roads(), 0, time.monotonic()
    try:
        while claimed < letters and time.monotonic() - began < seconds:
            letter = claim()
            if letter is None:
                break
            claimed += 1
            carry(letter, roads)
    finally:
        roads.close()
    return claimed


def claim() -> Letter | None:
    """The next letter due by the database's clock, ours for the time of the lease."""
    with transaction.atomic(durable=True):
        now = clock.database_now()
        return next(iter(Letter.objects.raw(CLAIM, {"now": now, "until": now + LEASE})), None)


def carry(letter: Letter, roads: "Roads") -> None:
    """Sends one claimed letter, unless it came too late or was tried too often, and writes down what came of it."""
    now = clock.database_now()
    if letter.expires_at is not None and letter.expires_at <= now:
        settle(letter, state=State.CANCELLED, secret=None, last_error="past its time")
    elif letter.attempts > retries.MOST_ATTEMPTS:
        settle(letter, state=State.FAILED)
    else:
        answer = roads.send(letter)
        if answer is None:
            settle(letter, state=State.SENT, sent_at=clock.database_now(), secret=None, last_error="")
        else:
            put_back(letter, answer)


def put_back(letter: Letter, answer: Answer) -> None:
    """A clear no: later, or never. An unclear end: the lease runs on, and by its end the provider's event has come."""
    pause = retries.wait(letter.priority, letter.attempts) if answer.meaning == Meaning.LATER else None
    if answer.meaning == Meaning.UNCLEAR:
        owned(letter).update(unclear=True, last_error=answer.error)
        log.warning("letter unclear", letter=letter.pk, kind=letter.kind, attempt=letter.attempts)
    elif pause is None:
        settle(letter, state=State.FAILED, last_error=answer.error)
    else:
        settle(letter, state=State.QUEUED, not_before=clock.database_now() + pause, last_error=answer.error)


def owned(letter: Letter) -> Any:
    """The row, if this very attempt still owns it."""
    return Letter.objects.filter(pk=letter.pk, state=State.SENDING, attempts=letter.attempts)


def settle(letter: Letter, *, state: State, **fields: Any) -> None:
    """Ends this attempt. Where a newer one owns the letter, nothing is touched."""
    changed = owned(letter).update(state=state, lease_until=None, **fields)
    event = "letter" if changed else "letter belongs to a newer attempt"
    log.info(event, letter=letter.pk, kind=letter.kind, attempt=letter.attempts, state=str(state))


class Roads:
    """The two ways out: calendar letters by a back end that carries them unharmed, all others by the usual one."""

    def __init__(self) -> None:
        self.connections: dict[bool, Any] = {}

    def send(self, letter: Letter) -> Answer | None:
        """None: accepted. Otherwise what the refusal, or the silence, means."""
        try:
            message = mime.build(letter, letter.secrets_by_mark())
        except Exception as error:
            return Answer(Meaning.NEVER, retries.named(error, None))
        invite = letter.ics is not None
        try:
            connection = self.connection(invite=invite)
        except Exception as error:
            return retries.no_connection(error)
        try:
            connection.send_messages([message])
        except Exception as error:
            self.drop(invite=invite)
            return retries.judge(error)
        return None

    def connection(self, *, invite: bool) -> Any:
        """The connection of this road; SMTP keeps it open from letter to letter."""
        if invite not in self.connections:
            connection = invite_connection() if invite else get_connection()
            if isinstance(connection, Smtp):
                connection.open()
            self.connections[invite] = connection
        return self.connections[invite]

    def drop(self, *, invite: bool) -> None:
        """After an error the next letter gets a fresh connection."""
        with suppress(Exception):
            self.connections.pop(invite).close()

    def close(self) -> None:
        for invite in list(self.connections):
            self.drop(invite=invite)


def invite_connection() -> Any:
    """The connection for calendar letters, by the INVITE_EMAIL_ settings."""
    if not settings.INVITE_EMAIL_BACKEND.startswith("django.core.mail.backends.smtp"):
        return get_connection(settings.INVITE_EMAIL_BACKEND)
    return Smtp(
        host=settings.INVITE_EMAIL_HOST,
        port=settings.INVITE_EMAIL_PORT,
        username=settings.INVITE_EMAIL_USER,
        password=settings.INVITE_EMAIL_PASSWORD,
        use_tls=settings.INVITE_EMAIL_USE_TLS,
        timeout=settings.EMAIL_TIMEOUT,
    )
