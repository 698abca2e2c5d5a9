"""A word in private to who leads: what could be done about one sign, to be used or left."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from groups.models.nudge import Answer, Nudge, Sign
from meetings import access, nudging
from meetings.forms import NudgeForm
from meetings.models.meeting import Meeting
from members.views import MemberRequest
from roundtable import moments


@require_http_methods(["GET", "HEAD", "POST"])
def nudge(request: MemberRequest, key: str) -> HttpResponse:
    """For its reader alone. Used leads to where it is done, left to the group."""
    found = access.nudge(request.user, key)
    meeting = nudging.meeting_of(found)
    form = NudgeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        word = Answer(form.cleaned_data["answer"])
        nudging.answer(found, word)
        messages.success(request, "Noted. Nobody else is told.")
        return redirect(where(found, meeting) if word == Answer.USED else group_page(found))
    when = moments.both(meeting.starts_at, meeting.zone, request.user.zone) if meeting else ""
    page = {"nudge": found, "meeting": meeting, "when": when, "group": found.group, "form": form}
    return render(request, "meetings/nudge.html", page)


def where(nudge: Nudge, meeting: Meeting | None) -> str:
    """The page on which the first thing that could be done is done."""
    if nudge.sign != Sign.TOPICS:
        return reverse("meetings:hours", args=[nudge.group.public_id])
    return reverse("meetings:board", args=[meeting.public_id]) if meeting else group_page(nudge)


def group_page(nudge: Nudge) -> str:
    return reverse("meetings:group", args=[nudge.group.public_id])
