"""One press at a board: the guard, one act, and the answer: JSON for the page's script, a redirect without it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from meetings import access, attending, keeping, ownpart
from meetings.showing import milliseconds
from members.models.person import Person
from roundtable import limits
from roundtable.errors import NotAllowed

REFUSED = 409
EVERY = "every=10"  # seconds, for who has no scripts and likes the page to come anew by itself
PRESSES_PER_MINUTE = 120  # per person, never per board: one member could silence it
UNASKED = 20  # of them, before Redis hears of any: more than people press
Act = Callable[[Any, Person], object]
Back = Callable[[NotAllowed], HttpResponse]


def me(request: HttpRequest) -> Person:
    """Who is signed in; the middleware closed these pages to everybody else."""
    assert isinstance(request.user, Person)  # noqa: S101 -- said above
    return request.user


def guarded(request: HttpRequest, public_id: str) -> Any:
    """The board for who is about to press something on it. Raises Http404, and TooMany for a machine gun."""
    table = access.board(me(request), public_id)
    limits.count("board", me(request).pk, most=PRESSES_PER_MINUTE, within=timedelta(minutes=1), trusted=UNASKED)
    return table


def press(request: HttpRequest, public_id: str, act: Act, *, back: Back | None = None) -> HttpResponse:
    """Guard, one act, answer: JSON for the script, a redirect for a page without it. A refusal is a sentence, and of
    words the page that brings them `back`.
    """
    person, table = me(request), guarded(request, public_id)
    refusal, said = None, ""
    try:
        said = str(act(table, person) or "")
    except NotAllowed as error:
        refusal = error
    if request.headers.get("Accept") == "application/json":
        return told(table, person, said=said, refusal=refusal)
    attending.sign_of_life(table, by=person, scripts=False)
    if refusal is not None and back is not None:
        return back(refusal)
    if refusal is not None or said:
        messages.add_message(request, messages.WARNING if refusal else messages.INFO, str(refusal or said))
    chosen = request.headers.get("Referer", "").endswith(f"?{EVERY}")
    return redirect(reverse("meetings:board", args=[public_id]) + (f"?{EVERY}" if chosen else ""))


def with_words(request: HttpRequest, public_id: str, form: Any, *, page: dict[str, Any]) -> Back:
    """For who has no scripts: words that were not taken come back in their form, with the sentence why. `page` says
    the `title`, the `address` that they go to, the `button`, and what else stands there."""

    def back(refusal: NotAllowed) -> HttpResponse:
        if form.is_valid():
            form.add_error(None, str(refusal))
        address = reverse(f"meetings:{page['address']}", args=[public_id])
        shown = {**page, "form": form, "public_id": public_id, "address": address}
        return render(request, "meetings/board_words.html", shown, status=REFUSED)

    return back


def told(table: Any, person: Person, *, said: str, refusal: NotAllowed | None) -> HttpResponse:
    """The answer for the script: what was said, the time, the own part as it is now, and of a conflict what stands."""
    content = {"version": table.version, "said": said, "refused": str(refusal or ""), **ownpart.own(table, person)}
    content["now"] = milliseconds(table.acted_at) if table.acted_at else None
    if isinstance(refusal, keeping.Changed):
        content["stands"] = refusal.stands
    answer = JsonResponse(content, status=REFUSED if refusal else 200)
    answer["X-Board-Version"] = str(table.version)
    return answer


def first_error(form: Any) -> NotAllowed:
    """The first thing wrong with what was sent, as a refusal."""
    return NotAllowed(next(iter(form.errors.values()))[0])
