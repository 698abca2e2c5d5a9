"""A circle's memory as a timeline, my yes to opening it to those who joined later, and what I note for myself."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from meetings import access, noting, pasts
from meetings import timeline as told
from meetings.forms import NoteForm
from members.views import MemberRequest
from roundtable import moments
from roundtable.errors import NotAllowed

ON_A_PAGE = 12  # two seasons


@require_safe
def timeline(request: MemberRequest, public_id: str) -> HttpResponse:
    """Meetings that I may read, newest first, as beads and threads and in words. `?at=` opens the page of one."""
    memory = access.memory(request.user, public_id)
    boards = Paginator(memory.boards, ON_A_PAGE)
    page: Page = boards.get_page(request.GET.get("page") or page_of(request.GET.get("at", ""), memory))
    shown_here = told.moments(memory, list(page))
    shown = {
        "group": memory.group,
        "membership": memory.membership,
        "page": page,
        "moments": shown_here,
        "picture": told.drawn(shown_here),
    }
    return render(request, "meetings/timeline.html", shown)


def page_of(at: str, memory: access.Memory) -> int:
    """Where a meeting stands; the first page for one that is not there."""
    names = list(memory.boards.values_list("meeting__public_id", flat=True)) if at else []
    return names.index(at) // ON_A_PAGE + 1 if at in names else 1


@require_http_methods(["GET", "HEAD", "POST"])
def past(request: MemberRequest, public_id: str) -> HttpResponse:
    """Meetings that I was at and somebody may not read: my yes to each, and whether all have said it."""
    own = access.asked_about_memory(request.user, public_id)
    if request.method == "POST":
        try:
            pasts.say(own, yes=request.POST.getlist("yes"))
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Noted. A meeting opens once everybody who was there has said yes.")
        return redirect("meetings:past", public_id)
    return render(request, "meetings/past.html", {"group": own.group, "asked": pasts.to_open(own)})


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: MemberRequest, public_id: str) -> HttpResponse:
    """What I note about a meeting that I have a seat at, for nobody else."""
    seat = access.seat_of_guest(request.user, public_id)
    own = noting.mine(request.user, seat.meeting)
    text, revision = (own.text, own.revision) if own else ("", 0)
    sent = request.POST.copy()
    form = NoteForm(sent if request.method == "POST" else None, initial={"text": text, "revision": revision})
    if form.is_valid():
        try:
            noting.write(request.user, seat.meeting, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
            sent["revision"] = str(revision)
        else:
            messages.success(request, "Saved, for you alone.")
            return redirect("meetings:note", public_id)
    when = moments.said(seat.meeting.starts_at, seat.meeting.zone)
    shown = {"meeting": seat.meeting, "when": when, "form": form, "text": text}
    return render(request, "meetings/note.html", shown)
