"""The hours of a circle for its organizer: counts only, nobody's name; a poll is opened, followed and settled here."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from groups import access
from groups.admin.desk import context, person_of
from groups.models.group import Group
from meetings import hourdesk
from meetings.hourforms import AddHourForm
from meetings.models.poll import Poll
from members.models.person import Person
from roundtable import clock, moments
from roundtable.errors import NotAllowed

PAGE = "admin:groups_living_hours"
OVER = "No poll is running: it has been settled or has ended a moment ago, or in another tab."


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, key: str) -> HttpResponse:
    """The best hours, how many fit when, the spread of unfair hours, and the poll that is running."""
    organizer = person_of(request)
    group = access.looked_after(organizer, key)
    if request.method == "POST":
        return pressed(request, partial(hourdesk.press, group, request.POST, by=organizer), key)
    reader_belongs = belongs(group, organizer)
    page = hourdesk.hours(group, organizer, belongs=False) | {"total": None, "leads": True}
    found = page["poll"]
    if isinstance(found, Poll):
        page |= running(found, organizer, reader_belongs=reader_belongs)
    return render(request, "admin/meetings/hours.html", context(request, f"Hours of {group.name}", **page))


def running(poll: Poll, organizer: Person, *, reader_belongs: bool) -> dict[str, object]:
    """How the poll stands; who also belongs to the circle sees what members see, once they have answered there."""
    return {
        "seen": hourdesk.before(poll, organizer, belongs=reader_belongs),
        "until": moments.short(poll.closes_at, organizer.zone),
        "add_form": AddHourForm(initial={"on": poll.from_date}),
    }


def belongs(group: Group, person: Person) -> bool:
    return group.memberships.on(clock.today()).filter(person=person).exists()


@require_POST
def poll(request: HttpRequest, key: str) -> HttpResponse:
    """The hours of the running poll are changed, it is settled, or it ends."""
    organizer = person_of(request)
    group = access.looked_after(organizer, key)
    found = group.polls.running().first()
    if found is None:
        messages.error(request, OVER)
        return redirect(PAGE, key)
    return pressed(request, partial(hourdesk.press_poll, found, request.POST, by=organizer), key)


def pressed(request: HttpRequest, act: partial[str], key: str) -> HttpResponse:
    """One button, and back with a sentence either way."""
    try:
        messages.success(request, act())
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect(PAGE, key)
