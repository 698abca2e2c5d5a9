"""Three buttons of somebody who waits: pause, come back, still interested; signed in, or by the link of a letter."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from members import letters, settling
from members.models.application import Application
from members.stages import OPEN
from members.views import MemberRequest
from members.views.status import mine
from roundtable import links
from roundtable.errors import NotAllowed

ANSWERS = {
    "pause": (
        settling.pause,
        "You are paused: no groups and no letters until you come back. Your waiting time is kept.",
    ),
    "back": (settling.come_back, "Welcome back. You are in the pool, with the time that you have waited."),
    "interested": (settling.still_interested, "Thank you. You stay in the pool."),
}


@require_POST
def waiting(request: MemberRequest, public_id: str) -> HttpResponse:
    """One of the buttons on my status page."""
    take(request, mine(request, public_id))
    return redirect("members:status")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def by_letter(request: HttpRequest, key: str) -> HttpResponse:
    """The same buttons behind the monthly letter, without signing in. Opening changes nothing; a button does."""
    if links.is_token(key):
        return _open_link(request, key)
    application = _linked(request, key)
    if request.method == "POST":
        take(request, application)
        return redirect("members:waiting_by_letter", key)
    return render(request, "members/waiting.html", {"application": application})


def take(request: HttpRequest, application: Application) -> None:
    """Does what the pressed button says, or tells why not."""
    answer = request.POST.get("answer", "")
    if answer not in ANSWERS:
        messages.error(request, "Please press one of the buttons.")
        return
    act, said = ANSWERS[answer]
    try:
        act(application)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)


def _open_link(request: HttpRequest, token: str) -> HttpResponse:
    link = links.peek(request, letters.WAITS, token)
    application = Application.objects.filter(pk=int(link.about.partition(":")[2])).first()
    if application is None:
        raise Http404
    return links.opened(request, link, reverse("members:waiting_by_letter", args=[application.public_id]))


def _linked(request: HttpRequest, public_id: str) -> Application:
    """The open application whose letter was opened in this browser; any other, and a closed one, is 404."""
    found = Application.objects.filter(public_id=public_id, stage__in=OPEN).select_related("program", "person").first()
    if found is None or links.check(request, letters.WAITS, f"application:{found.pk}") is None:
        raise Http404
    return found
