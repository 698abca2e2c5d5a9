"""Answering from a letter without signing in: whether I come, and nothing else of the group."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from meetings import access, moving
from meetings.forms import AnswerForm
from meetings.models.seat import PURPOSE, Seat, State, Via
from meetings.views.meeting import GIVEN, answered, at_roundtable
from roundtable import clock, links, moments


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def seat(request: HttpRequest, key: str) -> HttpResponse:
    """Opening the link changes nothing; the answer is a POST. Names of others only after signing in."""
    if links.is_token(key):
        return open_link(request, key)
    letter = access.seat_by_link(request, key)
    own = letter.seat
    form = AnswerForm(request.POST or None, initial={"answer": GIVEN.get(State(own.state), "")})
    if form.is_valid() and not answered(own, form, via=Via.LINK):
        return redirect("meetings:seat", key)
    meeting = own.meeting
    was, zone = moving.told_before(meeting, letter.written_at), own.person.zone
    shown = {
        "seat": own,
        "meeting": meeting,
        "form": form,
        "when": moments.both(meeting.starts_at, meeting.zone, zone),
        "was": moments.both(was, meeting.zone, zone) if was else "",
        "began": clock.now() >= meeting.starts_at,
    }
    return render(request, "meetings/seat.html", shown | at_roundtable(own))


def open_link(request: HttpRequest, token: str) -> HttpResponse:
    link = links.peek(request, PURPOSE, token)
    own = Seat.objects.get(pk=int(link.about.partition(":")[2]))
    return links.opened(request, link, reverse("meetings:seat", args=[own.public_id]))
