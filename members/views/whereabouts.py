"""The page behind the letter that asks where somebody is: one button per place, and a line for another one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from members import applying, letters, whereabouts
from members.forms.person import PlaceForm
from members.models.application import Application
from members.stages import OPEN
from roundtable import links
from roundtable.errors import NotAllowed


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def where(request: HttpRequest, key: str) -> HttpResponse:
    """By the letter's link, without signing in. Opening changes nothing; a button does."""
    if links.is_token(key):
        return open_link(request, key)
    application = linked(request, key)
    choice = request.POST.get("choice")
    form = PlaceForm(None if choice else request.POST or None)
    try:
        if choice:
            application = whereabouts.choose(application, choice)
        elif form.is_valid():
            application = applying.tell_place(application, **form.cleaned_data)
    except NotAllowed as refusal:
        form.add_error(None, str(refusal)) if form.is_bound else messages.error(request, str(refusal))
    else:
        if choice or (form.is_bound and form.is_valid()):
            messages.success(request, said(application))
            return redirect("members:where", key)
    return render(request, "members/where.html", {"application": application, "form": form})


def open_link(request: HttpRequest, token: str) -> HttpResponse:
    link = links.peek(request, letters.ASKS_PLACE, token)
    application = Application.objects.filter(pk=int(link.about.partition(":")[2])).first()
    if application is None:
        raise Http404
    return links.opened(request, link, reverse("members:where", args=[application.public_id]))


def linked(request: HttpRequest, public_id: str) -> Application:
    """The open application whose letter was opened in this browser; any other, and a closed one, is 404."""
    found = Application.objects.filter(public_id=public_id, stage__in=OPEN).select_related("program", "person").first()
    if found is None or links.check(request, letters.ASKS_PLACE, f"application:{found.pk}") is None:
        raise Http404
    return found


def said(application: Application) -> str:
    """What we understood."""
    if application.placed == "resolved":
        return f"Thank you. You are in {application.place_name}." if application.place_name else "Thank you."
    return "Thank you. That is not quite clear yet; perhaps it is one of these."
