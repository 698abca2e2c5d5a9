"""How all circles of an organizer are, on one page: eight meetings each, what is not well, one thing to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from groups.admin.desk import context, person_of
from groups.models.group import Group
from meetings import health
from meetings.vitals import Action
from roundtable.templating import Piece

# Where each thing is done; what a circle does for itself (who leads, a short meeting) is asked of it from its own page.
DONE_AT = {
    Action.RETIME: "admin:groups_living_hours",
    Action.MERGE: "admin:groups_living_people",
    Action.SPLIT: "admin:groups_living_people",
}


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Those in danger first. Dates and counts alone: never a topic, a takeaway or what one person answered."""
    circles = health.of_organizer(person_of(request))
    rows = [(one, where(one.group, one.judged.action)) for one in circles]
    lines = Piece(render_to_string("health/lines.html", {"rows": rows}, using="jinja2"))
    warned = sum(one.judged.amber for one in circles)
    programs = sorted({one.group.program for one in circles}, key=lambda program: (program.name, program.pk))
    page = context(request, "Health", circles=circles, lines=lines, warned=warned, programs=programs)
    return render(request, "admin/meetings/health.html", page)


def where(group: Group, action: Action) -> str:
    """The page of the one suggestion, and its place there; empty where there is none."""
    if action is Action.NOTHING:
        return ""
    page = reverse(DONE_AT.get(action, "admin:groups_living"), args=[group.public_id])
    return f"{page}#close" if action is Action.CLOSE else page
