"""The page about one's own calendar, and the calendar feed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_safe

from meetings import calendars
from meetings import feed as feeds
from meetings.forms import CalendarForm, LabelForm
from members.forms.person import CodeForm
from members.views import MemberRequest
from roundtable import health, limits, links
from roundtable.errors import NotAllowed

ASKED_PER_HOUR = 120


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: MemberRequest) -> HttpResponse:
    """My calendar: its words, its address, answers from the page, and the feed. A new address of the feed is shown
    once, in the answer to the press that made it.
    """
    for name, press in PRESSES.items():
        if request.method == "POST" and name in request.POST:
            form = press(request)
            return shown(request, bound={name: form}) if form else redirect("meetings:feed_address")
    made = ""
    if request.method == "POST":
        made = request.build_absolute_uri(reverse("meetings:feed", args=[feeds.renew(request.user)]))
    return shown(request, made=made)


def shown(request: MemberRequest, *, made: str = "", bound: Mapping[str, Form] | None = None) -> HttpResponse:
    """The page; a form that was refused comes with its sentence."""
    choice = calendars.of(request.user)
    forms: dict[str, Form] = {
        "label": LabelForm(initial={"label": calendars.label(request.user)}),
        "calendar": CalendarForm(initial={"calendar": calendars.address(request.user)}),
        "code": CodeForm(),
    }
    page = {
        "forms": forms | dict(bound or {}),
        "refused": bool(bound),
        "choice": choice,
        "made": made,
        "has_one": feeds.has_address(request.user),
        "webcal": made.partition("://")[2],
        "deaf": health.mail_comes_apart(),
    }
    return render(request, "meetings/feed.html", page)


def echo(request: MemberRequest) -> None:
    calendars.echo(request.user, wanted=request.POST["echo"] == "on")
    messages.success(request, "Saved.")


def end(request: MemberRequest) -> None:
    feeds.revoke(request.user)
    messages.success(request, "The address opens nothing any more.")


def label(request: MemberRequest) -> Form | None:
    form = LabelForm(request.POST)
    if not form.is_valid():
        return form
    calendars.call_it(request.user, form.cleaned_data["label"])
    messages.success(request, "Saved. Dates that are in your calendar follow in a few minutes.")
    return None


def calendar(request: MemberRequest) -> Form | None:
    form = CalendarForm(request.POST)
    if not form.is_valid():
        return form
    asked = calendars.ask_address(request.user, form.cleaned_data["calendar"])
    said = "A code is on its way to this address: type it here." if asked else "Your dates go to this address."
    messages.success(request, said)
    return None


def code(request: MemberRequest) -> Form | None:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return form
    try:
        calendars.confirm_address(request.user, form.cleaned_data["code"])
    except NotAllowed as refusal:
        form.add_error("code", str(refusal))
        return form
    messages.success(request, "From now on your dates go to this address. Those that are planned follow in minutes.")
    return None


PRESSES: dict[str, Callable[[MemberRequest], Form | None]] = {
    "echo": echo,
    "end": end,
    "label": label,
    "calendar": calendar,
    "code": code,
}


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
