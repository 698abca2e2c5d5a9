"""A program and its cities for everybody: pages to pass on and to find."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from members import showing
from members.letters import address_of
from members.models.program import Program
from members.views import sources
from roundtable import clock

SHARED = "public, max-age=60"
# Who carries one of these may be told something on the page that is for them alone.
OWN_COOKIES = (settings.SESSION_COOKIE_NAME, "messages")


@login_not_required
@require_safe
def program(request: HttpRequest, slug: str) -> HttpResponse:
    """What a program is, how it goes on, who looks after it, and how many wait in which city."""
    return _page(request, get_object_or_404(Program, slug=slug), "", address_of("members:program", slug))


@login_not_required
@require_safe
def city(request: HttpRequest, slug: str, city: str) -> HttpResponse:
    """The same for one city, which need not have anybody yet."""
    name = showing.city_called(city)
    if name is None:
        raise Http404
    found = get_object_or_404(Program, slug=slug)
    return _page(request, found, name, address_of("members:city", slug, city))


def _page(request: HttpRequest, program: Program, city: str, address: str) -> HttpResponse:
    """One answer for all who never signed in, which caches may keep for a minute; everybody else's own."""
    is_shared = not any(name in request.COOKIES for name in OWN_COOKIES)
    poster = showing.poster(program, city=city, now=clock.now())
    page = {
        "poster": poster,
        "program": program,
        "address": address,
        "is_shared": is_shared,
        "from": sources.named(request),
    }
    response = render(request, "members/program.html", page)
    if is_shared:
        response["Cache-Control"] = SHARED
    return response
