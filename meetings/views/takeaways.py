"""A group's memory: what its members kept from their rounds, to read and to search."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from meetings import access, keeping
from members.models.person import Person
from roundtable import vault


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
    """The same as a plain file to take along: what I may read, and nothing else. Its name says nothing."""
    assert isinstance(request.user, Person)  # noqa: S101 -- the log-in middleware closed this page
    found = access.takeaways(request.user, public_id)
    with vault.keys_held():
        text = keeping.as_text(found.takeaways)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="roundtable.txt"'
    return response
