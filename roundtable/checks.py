"""System checks: what must not start like this."""

import zoneinfo
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Worry
from django.core.exceptions import ImproperlyConfigured

from roundtable import vault

# Measured: these carry a `text/calendar` alternative unharmed; others refuse it or lose its method.
MAY_CARRY_INVITES = frozenset(
    {f"django.core.mail.backends.{name}.EmailBackend" for name in ("smtp", "locmem", "console", "filebased")}
    | {f"anymail.backends.{name}.EmailBackend" for name in ("amazon_ses", "sendgrid")}
    | {"roundtable.outbox.folder.Folder"}
)
SENDGRID = "anymail.backends.sendgrid.EmailBackend"
# These take a mail apart before they hand it in, and have no option to leave it whole.
NEVER_RAW = frozenset({f"anymail.backends.{name}.EmailBackend" for name in ("brevo", "mailjet", "sendinblue")})


@register(Tags.security)
def field_keys_open(**kwargs: Any) -> list[CheckMessage]:
    """Without a ring nothing encrypted can be read or written."""
    try:
        vault.ring(settings.FIELD_KEYS)
    except (ImproperlyConfigured, ValueError) as error:
        return [Error(str(error), id="roundtable.E001")]
    return []


@register(Tags.security)
def development_pages_stay_home(**kwargs: Any) -> list[CheckMessage]:
    """/outbox/ fills the secrets in."""
    if settings.DEVELOPMENT_PAGES and not settings.PRIVATE:
        sentence = "DEVELOPMENT_PAGES show every letter with its secrets: on one's own machine (PRIVATE) only."
        return [Error(sentence, id="roundtable.E002")]
    return []


@register()
def invitations_arrive_whole(**kwargs: Any) -> list[CheckMessage]:
    """An allow-list of back ends, and an organizer's address that calendars answer."""
    found: list[CheckMessage] = []
    if settings.INVITE_EMAIL_BACKEND not in MAY_CARRY_INVITES:
        found.append(Error(f"{settings.INVITE_EMAIL_BACKEND} harms calendar letters.", id="roundtable.E003"))
    if settings.INVITE_EMAIL_BACKEND == SENDGRID:
        found.append(Worry("SendGrid may change a calendar part's charset.", id="roundtable.W001"))
    if anymail("IGNORE_UNSUPPORTED_FEATURES"):
        found.append(Error("IGNORE_UNSUPPORTED_FEATURES drops calendar parts silently.", id="roundtable.E004"))
    local, _, domain = settings.INVITE_EMAIL_ADDRESS.casefold().rpartition("@")
    if "+" in local or domain in ("gmail.com", "googlemail.com"):
        found.append(Error("INVITE_EMAIL_ADDRESS has a + or is Gmail's: answers get lost.", id="roundtable.E005"))
    return found


@register()
def mail_is_private(**kwargs: Any) -> list[CheckMessage]:
    """No inbound door without a secret, no tracking of who opens what."""
    found: list[CheckMessage] = []
    if settings.INBOUND_MAIL and not anymail("WEBHOOK_SECRET"):
        found.append(Error("INBOUND_MAIL needs WEBHOOK_SECRET in ANYMAIL.", id="roundtable.E006"))
    defaults = anymail("SEND_DEFAULTS") or {}
    if defaults.get("track_opens") or defaults.get("track_clicks"):
        found.append(Worry("Letters promise that nobody tracks them: switch it off.", id="roundtable.W002"))
    return found


@register()
def answers_come_in_whole(**kwargs: Any) -> list[CheckMessage]:
    """A provider that hands in no raw MIME loses the calendar part, and with it every answer from a calendar."""
    if settings.INBOUND_MAIL and settings.EMAIL_BACKEND in NEVER_RAW and not settings.REPLIES_IMAP:
        name = settings.EMAIL_BACKEND.split(".")[2].capitalize()
        sentence = f"{name} hands in no raw MIME: answers from calendars get lost. Take them in by REPLIES_IMAP."
        return [Worry(sentence, id="roundtable.W003")]
    return []


@register(Tags.compatibility)
def zones_come_from_the_package(**kwargs: Any) -> list[CheckMessage]:
    """All processes must know the same clock changes, so the machine's own zone files are left out."""
    if zoneinfo.TZPATH:
        return [Error("Set PYTHONTZPATH to nothing, so that the pinned tzdata counts.", id="roundtable.E007")]
    return []


def anymail(name: str) -> Any:
    """A setting of anymail, in either of its two spellings."""
    return settings.ANYMAIL.get(name, getattr(settings, f"ANYMAIL_{name}", None))
