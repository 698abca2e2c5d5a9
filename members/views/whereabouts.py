"""The page behind the letter that asks where somebody is: one button per place, and a line for another one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from members import applying, letters, whereabouts
from members.forms.whereabouts import WhereForm
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
    form = WhereForm(None if choice else request.POST or None)
    try:
        if choice:
            label = next((label for value, label in choices(application) if value == choice), "")
            whereabouts.choose(application, choice)
            messages.success(request, f"Thank you. You are in {label}.")
            return redirect("members:where", key)
        if form.is_valid():
            text = form.cleaned_data["place_text"]
            messages.success(request, said(applying.tell_place(application, place_text=text, place_id=None, zone="")))
            return redirect("members:where", key)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    page = {"application": application, "choices": choices(application), "form": form}
    return render(request, "members/where.html", page)


def choices(application: Application) -> list[tuple[str, str]]:
    """What each button says, and what it sends: the id of a place, or a bare clock."""
    return [(str(one["id"] or one["zone"]), one["label"]) for one in application.candidates]


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
    """What we understood of their own words."""
    if application.placed == "resolved":
        return f"Thank you. You are in {application.place_name}." if application.place_name else "Thank you."
    return "Thank you. That is not quite clear yet; say which one, or write it in other words."
