"""A group's memory: what its members kept from their rounds, to read and to search."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meetings import access, filing, keeping, searching, taking
from meetings.forms import TakeawayForm
from meetings.wanted import LONGEST, Wanted
from members.views import MemberRequest
from roundtable.errors import NotAllowed

ON_A_PAGE = 40


@require_safe
def takeaways(request: MemberRequest, public_id: str) -> HttpResponse:
    """Takeaways that I may read, newest first. `?q=` looks through topics, promises and my own notes as well;
    `?meeting=` and `?by=` keep what is of one meeting or one person."""
    memory = access.memory(request.user, public_id)
    typed = request.GET.get("q", "").strip()
    chosen, by = request.GET.get("meeting", ""), request.GET.get("by", "")
    person = next((one.pk for one in memory.people if one.public_id == by), 0) if by else None
    found = searching.search(memory, Wanted.read(typed), searching.Only(chosen, person))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    searching.complete(page.object_list)
    held = [board.meeting for board in memory.tables.values()]
    shown = {
        "group": memory.group,
        "membership": memory.membership,
        "page": page,
        "words": typed[:LONGEST],
        "cut": len(typed) > LONGEST,
        "longest": LONGEST,
        "chosen": chosen,
        "by": by,
        "meetings": [(one.public_id, f"{one.local_date.day} {one.local_date:%B %Y}") for one in held],
        "people": memory.people,
        "vote": filing.vote(memory.group, memory.membership),
        "query": "&" + urlencode({"q": typed[:LONGEST], "meeting": chosen, "by": by}),
    }
    return render(request, "meetings/takeaways.html", shown)


@require_safe
def memory(request: MemberRequest, public_id: str) -> HttpResponse:
    """The same as a file to take along: what I may read, and nothing else. Its name says nothing."""
    try:
        found = access.file(request.user, public_id)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("meetings:takeaways", public_id)
    words, kind, ending = taking.WAYS.get(request.GET.get("as", ""), taking.WAYS["text"])
    response = HttpResponse(words(taking.of_group(found)), content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="roundtable.{ending}"'
    return response


@require_POST
def vote(request: MemberRequest, public_id: str) -> HttpResponse:
    """My yes to a file of what we kept, or no longer."""
    own = access.asked_about_memory(request.user, public_id)
    filing.say(own, yes=request.POST.get("yes") == "yes")
    return redirect("meetings:takeaways", public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def reword(request: MemberRequest, public_id: str, takeaway_id: str) -> HttpResponse:
    """What I wrote, in other words for a week, and with dated additions later."""
    group, found = access.own_takeaway(request.user, public_id, takeaway_id)
    changes = keeping.still_changes(found)
    sent = request.POST.copy()
    form = TakeawayForm(sent or None, initial={"text": found.text if changes else "", "revision": found.revision})
    if form.is_valid():
        try:
            keeping.reword(found, by=request.user, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
            sent["revision"] = str(found.revision)
        else:
            return redirect("meetings:takeaways", public_id)
    context = {"group": group, "takeaway": found, "form": form, "changes": changes}
    return render(request, "meetings/takeaway.html", context)
