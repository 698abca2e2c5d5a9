"""Around one meeting: the checklist, the letter an hour before, who was there, and a yes to a recording."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from groups import access as groups
from meetings import access, attendance, preparing, recording, shortening
from meetings.forms import AttendanceForm, ChecklistForm, ChoicesForm
from meetings.models.meeting import Format, Ready
from meetings.models.seat import Attendance, Seat
from members.views import MemberRequest
from roundtable import moments
from roundtable.errors import NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
def checklist(request: MemberRequest, public_id: str) -> HttpResponse:
    """Four ticks for who leads or keeps time, and the format of this time."""
    seat = access.seat_of_leader(request.user, public_id)
    meeting = seat.meeting
    initial = {"form": meeting.format, "ready": meeting.ready}
    form = ChecklistForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        ready, kind = [Ready(one) for one in form.cleaned_data["ready"]], Format(form.cleaned_data["form"])
        try:
            preparing.check_off(meeting, ready=ready, form=kind, by=request.user)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Noted.")
            return redirect("meetings:checklist", public_id)
    page = {
        "meeting": meeting,
        "form": form,
        "when": moments.both(meeting.starts_at, meeting.zone, seat.person.zone),
        "outlook": access.outlook(seat),
    }
    return render(request, "meetings/checklist.html", page)


@require_POST
def hour_before(request: MemberRequest, public_id: str) -> HttpResponse:
    """One more letter before each of my meetings, or no longer."""
    access.seat(request.user, public_id)
    preparing.hour_before(request.user, wanted=request.POST.get("wanted") == "on")
    return redirect("meetings:meeting", public_id)


@require_POST
def short(request: MemberRequest, public_id: str) -> HttpResponse:
    """Who leads or keeps time makes this date short because few come, or takes that back."""
    seat = access.seat_of_leader(request.user, public_id)
    act, said = shortening.lengthen, "It is whole again. Every calendar follows in ten minutes."
    if request.POST.get("short") == "yes":
        act, said = (
            shortening.shorten,
            "It is short now: half an hour, one topic. Every calendar follows in ten minutes.",
        )
    return done(request, lambda: act(seat.meeting, by=request.user), said, public_id)


@require_POST
def attended(request: MemberRequest, public_id: str) -> HttpResponse:
    """Who leads says who was there."""
    seat = access.seat_of_leader(request.user, public_id)
    said = ticked(request.POST, seat)
    act = None if said is None else lambda: attendance.tick(seat.meeting, said, by=request.user)
    return done(request, act, "Noted. Each member may correct their own for a week.", public_id)


def ticked(given: QueryDict, seat: Seat) -> dict[str, Attendance] | None:
    """What was said of each seat of this meeting; None where a word is none of the four and not left open."""
    names = attendance.asked_about(seat.meeting).values_list("public_id", flat=True)
    said = {name: given.get(f"seat-{name}") for name in names}
    if any(word not in (None, "", *attendance.SAID) for word in said.values()):
        return None
    return {name: Attendance(word) for name, word in said.items() if word}


@require_POST
def own_attendance(request: MemberRequest, public_id: str) -> HttpResponse:
    """A member says of themselves whether they were there."""
    seat = access.seat_of_guest(request.user, public_id)
    form = AttendanceForm(request.POST)
    valid = form.is_valid()
    act = (lambda: attendance.correct(seat, Attendance(form.cleaned_data["attendance"]))) if valid else None
    return done(request, act, "Noted: your own word stays.", public_id)


@require_POST
def record(request: MemberRequest, public_id: str) -> HttpResponse:
    """My yes to a recording of this meeting, or not any more; nobody sees who has said what."""
    table = access.board(request.user, public_id)
    yes = request.POST.get("agree") == "yes"
    said = (
        "You agree. It counts once everybody who is here has said so."
        if yes
        else "You do not agree: nothing is recorded."
    )
    return done(request, lambda: recording.answer(table, by=request.user, yes=yes), said, public_id)


def done(request: MemberRequest, act: Callable[[], object] | None, said: str, public_id: str) -> HttpResponse:
    """The press, its sentence, and back to the meeting's page."""
    if act is None:
        messages.error(request, "Please choose one of the four words; nothing has changed.")
        return redirect("meetings:meeting", public_id)
    try:
        act()
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("meetings:meeting", public_id)


@require_POST
def choices(request: MemberRequest, public_id: str) -> HttpResponse:
    """Any member chooses for the circle whether all read who came how often, and when the video link shows."""
    own = groups.membership(request.user, public_id)
    form = ChoicesForm(request.POST)
    if form.is_valid():
        preparing.choose(own.group, **form.cleaned_data, by=request.user)
        messages.success(request, "Noted. Everybody in the group reads it here.")
    else:
        messages.error(request, "Please choose when the video link shows; nothing has changed.")
    return redirect("meetings:dates", public_id)
