"""The calendar feed, and the page where its address is made."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_safe

from meetings import feed as feeds
from meetings import following
from members.models.person import Person
from roundtable import limits, links

ASKED_PER_HOUR = 120


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """A new address is shown once, in the answer to the press that made it; another press ends it. And the switch for
    answers that go from the page into the calendar.
    """
    assert isinstance(request.user, Person)  # noqa: S101 - the log-in middleware closed this page
    if request.method == "POST" and "echo" in request.POST:
        following.choose(request.user, echoes=request.POST["echo"] == "on")
        messages.success(request, "Saved.")
        return redirect("meetings:feed_address")
    if request.method == "POST" and "end" in request.POST:
        feeds.revoke(request.user)
        messages.success(request, "The address opens nothing any more.")
        return redirect("meetings:feed_address")
    made = ""
    if request.method == "POST":
        made = request.build_absolute_uri(reverse("meetings:feed", args=[feeds.renew(request.user)]))
    shown = {
        "made": made,
        "has_one": feeds.has_address(request.user),
        "webcal": made.partition("://")[2],
        "echoes": following.echoes(request.user),
    }
    return render(request, "meetings/feed.html", shown)


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """For calendar programs, which ask again and again: 304 while nothing has changed."""
    link = links.peek(request, feeds.PURPOSE, token)
    limits.count("feed", link.pk, most=ASKED_PER_HOUR, within=timedelta(hours=1))
    if link.person is None or not link.person.is_active:
        raise Http404
    own = f"{settings.SITE_URL}{reverse('meetings:feed', args=[token])}"
    found = feeds.build(link.person, source=own)
    answer = HttpResponse(found, content_type="text/calendar; charset=utf-8")
    answer["ETag"] = etag = f'"{hashlib.sha256(found).hexdigest()}"'
    answer["Cache-Control"] = "private, max-age=300"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return get_conditional_response(request, etag=etag, response=answer) or answer
