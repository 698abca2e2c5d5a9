"""Notes for outside: asking for one, my yes or no, and what is out."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from meetings import access, releasing
from meetings.forms import ReleaseForm
from meetings.releasing import ReleasedNote
from members.views import MemberRequest
from roundtable.errors import NotAllowed

ON_A_PAGE = 40


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: MemberRequest, public_id: str, takeaway_id: str) -> HttpResponse:
    """A takeaway that I may read, in words for outside: everybody who was there is asked."""
    group, takeaway = access.takeaway(request.user, public_id, takeaway_id)
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            note = releasing.propose(takeaway, by=request.user, text=form.cleaned_data["text"])
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Everybody who was there is asked by letter.")
            return redirect("meetings:shared_note", note.public_id)
    note_of_it = releasing.of(takeaway)
    shown = {
        "group": group,
        "takeaway": takeaway,
        "form": form,
        "note": note_of_it,
        "standing": releasing.standing(note_of_it),
    }
    return render(request, "meetings/release.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def shared_note(request: MemberRequest, key: str) -> HttpResponse:
    """A note that I am asked about: its words, and my yes. Its writer may take it back."""
    note = access.asked_note(request.user, key)
    if request.method == "POST":
        return said(request, note, request.POST.get("say", ""))
    shown = {
        "note": note,
        "on": note.takeaway.round.board.meeting.local_date,
        "standing": releasing.standing(note),
        "yes": releasing.says_yes(note, request.user),
        "mine": note.written_by_id == request.user.pk,
    }
    return render(request, "meetings/shared_note.html", shown)


def said(request: MemberRequest, note: ReleasedNote, word: str) -> HttpResponse:
    """One of the three buttons."""
    if word == "away" and note.written_by_id == request.user.pk:
        releasing.take_back(note)
        messages.success(request, "The note is gone; nobody is asked any more.")
        return redirect("meetings:shared_notes")
    try:
        if word in ("yes", "no"):
            releasing.answer(note, by=request.user, yes=word == "yes")
            messages.success(request, "Noted. Nobody sees who has said what.")
        else:
            messages.error(request, "Please press one of the buttons; nothing has changed.")
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("meetings:shared_note", note.public_id)


@require_safe
def shared_notes(request: MemberRequest) -> HttpResponse:
    """What is out for the people of my programs, newest first."""
    page = Paginator(access.shared_notes(request.user), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "meetings/shared_notes.html", {"page": page})
