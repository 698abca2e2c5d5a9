"""Letters of a private installation: each one file that a mail program can open. Nothing leaves the machine."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from roundtable.outbox.models import Letter


class Folder(BaseEmailBackend):
    """Writes into EMAIL_FILE_PATH, named by the Message-ID."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """As many as were written."""
        for message in email_messages:
            path = place(str(message.extra_headers["Message-ID"]))
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.write_bytes(message.message().as_bytes())
        return len(email_messages)


def place(message_id: str) -> Path:
    """The file of a letter."""
    return Path(settings.EMAIL_FILE_PATH) / f"{message_id.strip('<>').partition('@')[0]}.eml"


def sent(letter: Letter) -> bytes | None:
    """The letter as it was sent, if it went into the folder."""
    path = place(letter.message_id)
    return path.read_bytes() if path.exists() else None
