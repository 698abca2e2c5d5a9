"""The weekly brief of an organizer: what it would say now, and whether it comes by letter."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from groups.admin.desk import context, done, person_of
from meetings import briefing
from meetings.forms import BriefForm

PAGE = "admin:groups_brief"
ON = "The brief comes by letter, each Monday at eight on your clock."
OFF = "No such letter any more, and none about quarters. What it would say stays on this page."


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """At most five lines of names, signs and numbers, and one switch."""
    organizer = person_of(request)
    if request.method == "POST":
        form = BriefForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Please say whether you want the letter; nothing has changed.")
            return redirect(PAGE)
        on = form.cleaned_data["weekly"]
        return done(request, partial(briefing.switch, organizer, on=on), ON if on else OFF, back=PAGE)
    page = context(request, "Weekly brief", lines=briefing.today(organizer), on=briefing.wants(organizer))
    return render(request, "admin/meetings/brief.html", {**page, "zone": organizer.zone})
