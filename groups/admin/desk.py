"""What the organizers' own pages about groups share: who asks, what every page shows, and one act with a sentence."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from members.models.person import Person
from roundtable.errors import NotAllowed


def person_of(request: HttpRequest) -> Person:
    """The organizer who asks; everyone else sees nothing here."""
    if not isinstance(request.user, Person) or not request.user.is_organizer:
        raise Http404
    return request.user


def context(request: HttpRequest, title: str, **more: object) -> dict[str, object]:
    """What every page in the organizers' dress wants, and its own."""
    return {**admin.site.each_context(request), "title": title, **more}


def done(request: HttpRequest, act: Callable[[], object], said: str, *, back: str, key: str = "") -> HttpResponse:
    """Does one thing and comes back to a page, with a sentence either way."""
    try:
        act()
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(back, *([key] if key else []))
