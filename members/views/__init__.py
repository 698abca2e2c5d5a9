"""Pages of members. Each is a guard, a form, one action, and the page."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from members.models.person import Person


class MemberRequest(HttpRequest):
    """A request by somebody who is signed in."""

    user: Person
    htmx: HtmxDetails
