"""A quarter of a program in pictures: one story of sums, for who organizes it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from groups.admin.desk import context, person_of
from meetings import access, lookback, quarters, story
from meetings.quarters import Quarter
from members.models.program import Program
from roundtable import clock


@require_safe
def show(request: HttpRequest, slug: str, quarter: str) -> HttpResponse:
    """At most five captions with a picture and its numbers each, and the way to the quarters and programs beside."""
    organizer = person_of(request)
    program = access.program_of_organizer(organizer, slug)
    shown = begun(quarter)
    numbers, earliest = lookback.look_back(organizer, program, shown)
    page = {
        "program": program,
        "quarter": shown,
        "chapters": story.tell(numbers),
        "running": numbers.running,
        "before": shown.before if earliest and earliest < shown else None,
        "after": None if numbers.running else shown.after,
        "others": Program.objects.organized_by(organizer).exclude(pk=program.pk).order_by("name", "pk"),
    }
    title = shown.name.capitalize()
    return render(request, "admin/meetings/quarter.html", context(request, title, **page))


def begun(words: str) -> Quarter:
    """The quarter that an address names. One that has not begun, or is none: 404."""
    found = quarters.read(words)
    if found is None or found.first > clock.today():
        raise Http404("There is no such quarter yet.")
    return found
