"""The door for a mail provider's webhook: closed without a secret, and it says "try again" for one reason only."""

from __future__ import annotations

from functools import wraps
from typing import Any

import structlog
from anymail.webhooks.amazon_ses import AmazonSESInboundWebhookView
from anymail.webhooks.mailersend import MailerSendInboundWebhookView
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.mandrill import MandrillCombinedWebhookView
from anymail.webhooks.postal import PostalInboundWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from anymail.webhooks.resend import ResendInboundWebhookView
from anymail.webhooks.sendgrid import SendGridInboundWebhookView
from anymail.webhooks.sparkpost import SparkPostInboundWebhookView
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase

from meetings.receivers import NotStored
from roundtable.checks import anymail

log = structlog.get_logger(__name__)

# Those that can hand over a mail as it came; the others take it apart and lose the calendar part.
PROVIDERS: dict[str, Any] = {
    "amazon_ses": AmazonSESInboundWebhookView,
    "mailersend": MailerSendInboundWebhookView,
    "mailgun": MailgunInboundWebhookView,
    "mandrill": MandrillCombinedWebhookView,
    "postal": PostalInboundWebhookView,
    "postmark": PostmarkInboundWebhookView,
    "resend": ResendInboundWebhookView,
    "sendgrid": SendGridInboundWebhookView,
    "sparkpost": SparkPostInboundWebhookView,
}


@wraps(PostmarkInboundWebhookView.as_view())  # without a session and its token: a provider shows the secret instead
def inbound(request: HttpRequest, provider: str) -> HttpResponseBase:
    """200 once the mail is stored; 4xx for a wrong secret or a call that cannot be read; 500 only if storing failed."""
    view = PROVIDERS.get(provider)
    if view is None or not settings.INBOUND_MAIL or not anymail("WEBHOOK_SECRET"):
        raise Http404
    if request.method == "GET":
        return HttpResponse(status=405, headers={"Allow": "HEAD, POST"})
    try:
        return view.as_view()(request)
    except (SuspiciousOperation, NotStored):
        raise
    except Exception:
        log.exception("a provider's call could not be read", kind=provider)
        return HttpResponseBadRequest()
