"""What a mail provider hands in. It is stored here, inside the provider's request, and judged by a worker."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog
from anymail.signals import inbound
from django.dispatch import receiver

from meetings import mailbox
from roundtable import chores, clock, health

log = structlog.get_logger(__name__)

ONCE = timedelta(minutes=1)  # noted so often at most


class NotStored(Exception):
    """The one reason for a provider to come again."""


@receiver(inbound)
def take_in(sender: type, event: Any, esp_name: str, **kwargs: Any) -> None:
    """The mail as it came, with the provider's own word on its sender. Raises NotStored."""
    if event.message is None:
        log.warning("a provider handed in no mail", kind=esp_name)
        return
    raw, failed = raw_of(event.message), sender_failed(event.esp_event)
    try:
        mailbox.receive(raw, clock.now(), failed=failed)
        if is_apart(esp_name, event.esp_event) and chores.claim(health.MAIL_APART, every=ONCE):
            log.warning("a provider took a mail apart before it handed it in", kind=esp_name)
    except Exception as error:
        raise NotStored from error


def is_apart(provider: str, said: Any) -> bool:
    """Whether one of those where raw MIME is an option has it switched off: the calendar part is lost then."""
    if provider == "Postmark":
        return "RawEmail" not in said
    wanted = {"SendGrid": "email", "Mailgun": "body-mime"}.get(provider)
    return wanted is not None and wanted not in getattr(said, "POST", {})


def raw_of(message: Any) -> bytes:
    """The bytes as they came: headers are not folded anew."""
    try:
        return bytes(message.as_bytes(policy=message.policy.clone(refold_source="none")))
    except Exception:  # a header that the standard library reads but cannot write
        return str(message.get_payload()).encode(errors="replace")


def sender_failed(said: Any) -> bool:
    """Whether the provider's own check of the sender failed; what it does not say has not failed.

    Never a header inside the mail: whoever writes the mail writes those too.
    """
    if isinstance(said, dict):
        return _ses(said.get("receipt")) or _mandrill(said.get("msg"))
    return "fail" in str(getattr(said, "POST", {}).get("dkim", "")).casefold()  # SendGrid


def _ses(receipt: Any) -> bool:
    verdicts = [receipt.get(name) for name in ("dkimVerdict", "dmarcVerdict")] if isinstance(receipt, dict) else []
    return any(isinstance(one, dict) and one.get("status") == "FAIL" for one in verdicts)


def _mandrill(message: Any) -> bool:
    checked = message.get("dkim") if isinstance(message, dict) else None
    return isinstance(checked, dict) and checked.get("signed") is True and checked.get("valid") is False
