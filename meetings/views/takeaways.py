"""A group's memory: what its members kept from their rounds, to read and to search."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from meetings import access, keeping
from meetings.forms import TakeawayForm
from members.models.person import Person
from roundtable import vault
from roundtable.errors import NotAllowed


@require_safe
def takeaways(request: HttpRequest, public_id: str) -> HttpResponse:
    """Takeaways from my joining date on, newest first; `?q=` keeps those with every word."""
    assert isinstance(request.user, Person)  # noqa: S101 -- the log-in middleware closed this page
    memory = access.takeaways(request.user, public_id)
    words = request.GET.get("q", "").strip()[:200]
    with vault.keys_held():
        found = keeping.search(memory.takeaways, words)
        context = {"group": memory.group, "is_member": memory.is_member, "takeaways": found, "words": words}
        return render(request, "meetings/takeaways.html", context)


@require_safe
def memory(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same as a file to take along: what I may read, and nothing else. Its name says nothing."""
    assert isinstance(request.user, Person)  # noqa: S101 -- the log-in middleware closed this page
    found = access.takeaways(request.user, public_id)
    written = FILES.get(request.GET.get("as", ""), FILES["text"])
    with vault.keys_held():
        content = written.words(found.takeaways)
    response = HttpResponse(content, content_type=f"{written.kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="roundtable.{written.ending}"'
    return response


class Written(NamedTuple):
    """One way to write a memory down."""

    words: Callable[[Iterable[Any]], str]
    kind: str
    ending: str


FILES = {
    "text": Written(keeping.as_text, "text/plain", "txt"),
    "markdown": Written(keeping.as_markdown, "text/markdown", "md"),
    "json": Written(keeping.as_json, "application/json", "json"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def reword(request: HttpRequest, public_id: str, takeaway_id: str) -> HttpResponse:
    """What I wrote, in other words for a week, and with dated additions later."""
    assert isinstance(request.user, Person)  # noqa: S101 -- the log-in middleware closed this page
    with vault.keys_held():
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
