"""Review: the list on the left, the card on the right, a decision for one or for the ticked ones.

With htmx a decision is one request: it answers with the next card and the row that changed. Without it, pages reload.
No page knows a sensitive answer or an hour: they are not asked for, not filtered by, not shown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import replace_url

from members import reviewing
from members.admin import card, filters, fitting, listing
from members.admin.scope import OrganizerRequest, for_organizers
from members.forms.review import DecisionForm, NoteForm, ScoreForm, WordsForm
from members.models.application import Application
from members.models.person import Person
from roundtable.errors import NotAllowed

ACTS = {"accept": "accepted", "decline": "declined", "hold": "held", "undo": "taken back"}
REFUSALS_TOLD = 5
TELL = {"success": messages.success, "warning": messages.warning, "error": messages.error}


class Said(NamedTuple):
    """One sentence about what was done, or not."""

    kind: str  # success, warning or error
    sentence: str


@require_safe
@for_organizers
def review(request: OrganizerRequest) -> HttpResponse:
    """What waits for a decision, cut by filters, and one whole application beside it."""
    wanted = request.GET
    if request.htmx.target == "card" and not request.htmx.history_restore_request:
        return render(request, "admin/members/card.html", _card_page(request.user, wanted, wanted.get("card", "")))
    found = listing.look_up(request.user, wanted)
    chosen = wanted.get("card") or next((row.application.public_id for row in found["rows"]), "")
    open_lines = fitting.open_lines(request.user)
    page = {"title": "Review", **_card_page(request.user, wanted, chosen), **found, "apart_lines": open_lines}
    return render(request, "admin/members/review.html", page)


@require_POST
@for_organizers
def decide(request: OrganizerRequest) -> HttpResponse:
    """One act on the ticked applications; nothing ticked is nobody."""
    form = DecisionForm(request.POST)
    chosen = _ids(request, "chosen")
    mine = Application.objects.organized_by(request.user).filter(public_id__in=chosen)
    applications = list(listing.named(mine, request.user).order_by("submitted_at", "pk"))
    if not form.is_valid():
        return answer(request, _complaints(form))
    if not applications:
        return answer(request, [Said("error", "Nobody was ticked, so nothing was done.")])
    names = {application.pk: listing.name_of(application) for application in applications}
    sweep = _decided(form, applications, by=request.user)
    goes_on = bool(sweep.done) and form.cleaned_data["act"] != "undo"
    follows = next(iter(_ids(request, "next")), "") if goes_on else ""
    return answer(request, told(form.cleaned_data["act"], sweep, names), follows=follows)


@require_POST
@for_organizers
def note(request: OrganizerRequest, public_id: str) -> HttpResponse:
    """The organizer's own words."""
    application, form = one_of_mine(request.user, public_id), NoteForm(request.POST)
    if not form.is_valid():
        return answer(request, _complaints(form), stays=public_id)
    reviewing.write_note(application, form.cleaned_data["text"], by=request.user)
    return answer(request, [Said("success", "The note is saved.")], stays=public_id)


@require_POST
@for_organizers
def score(request: OrganizerRequest, public_id: str) -> HttpResponse:
    """Three points by this organizer; they open what others gave."""
    application, form = one_of_mine(request.user, public_id), ScoreForm(request.POST)
    if not form.is_valid():
        return answer(request, [Said("error", "Answer all three questions.")], stays=public_id)
    given = reviewing.give_impression(application, form.score, by=request.user)
    return answer(request, [Said("success", f"Scored {given.score.total} of 6.")], stays=public_id)


@require_POST
@for_organizers
def reword(request: OrganizerRequest, public_id: str) -> HttpResponse:
    """The letter about the decision in other words, once, while it is still here."""
    application, form = one_of_mine(request.user, public_id), WordsForm(request.POST)
    if not form.is_valid():
        return answer(request, _complaints(form), stays=public_id)
    try:
        reviewing.reword(application, form.cleaned_data["letter"], form.cleaned_data["text"], by=request.user)
    except NotAllowed as refusal:
        return answer(request, [Said("error", str(refusal))], stays=public_id)
    return answer(request, [Said("success", "The letter will leave in your words.")], stays=public_id)


def answer(request: OrganizerRequest, said: list[Said], *, follows: str = "", stays: str = "") -> HttpResponse:
    """To htmx the card that `follows` and the row that changed; to everybody else the page again."""
    wanted = filters.read(request.POST.get("back", ""))
    changed = stays or next(iter(_ids(request, "chosen")), "")
    if not request.htmx:
        for one in said:
            TELL[one.kind](request, one.sentence)
        card_of = f"&card={stays}" if stays else ""
        return redirect(f"{reverse('admin:review')}?{wanted.urlencode()}{card_of}")
    rows = {row.application.public_id: row for row in card.found(request.user, changed, follows)}
    shown = rows.get(follows) or rows.get(changed)
    mine = Application.objects.organized_by(request.user)
    page = {
        **_about(request.user, wanted),
        "card": card.of(shown, request.user) if shown else None,
        "changed": rows.get(changed) if request.POST.get("listed") else None,
        "to_card": listing.to_card(wanted),
        "counts": listing.counts(mine, wanted),
        "said": said,
    }
    response = render(request, "admin/members/answer.html", page)
    shown_id = shown.application.public_id if shown else ""
    return replace_url(response, f"{reverse('admin:review')}?{wanted.urlencode()}&card={shown_id}")


def one_of_mine(person: Person, public_id: str) -> Application:
    """An application that this organizer looks after; everybody else's is 404."""
    found = Application.objects.organized_by(person).select_related("program", "person").filter(public_id=public_id)
    application = found.first()
    if application is None:
        raise Http404
    return application


def told(act: str, sweep: reviewing.Sweep, names: dict[int, str]) -> list[Said]:
    """What came of it: how many were done, and each refusal in its own words."""
    said = []
    if sweep.done:
        letter = "" if act == "undo" else " The letters leave in 15 minutes; until then you can take it back."
        said.append(Said("success", f"{sweep.done} {ACTS[act]}.{letter}"))
    for application, sentence in sweep.refused[:REFUSALS_TOLD]:
        said.append(Said("warning", f"{names.get(application.pk, 'Somebody')}: {sentence}"))
    if len(sweep.refused) > REFUSALS_TOLD:
        said.append(Said("warning", f"{len(sweep.refused) - REFUSALS_TOLD} more were not {ACTS[act]}."))
    return said


def _decided(form: DecisionForm, applications: list[Application], *, by: Person) -> reviewing.Sweep:
    act = form.cleaned_data["act"]
    if act == "decline":
        code, words = form.decline_code, form.cleaned_data["words"]
        return reviewing.each(applications, lambda one: reviewing.decline(one, code, by=by, words=words))
    acts: dict[str, Callable[..., object]] = {
        "accept": reviewing.accept,
        "hold": reviewing.hold,
        "undo": reviewing.undo,
    }
    return reviewing.each(applications, lambda one: acts[act](one, by=by))


def _ids(request: OrganizerRequest, name: str) -> list[str]:
    return [key for key in request.POST.getlist(name) if key.isprintable()]


def _complaints(form: Form) -> list[Said]:
    return [Said("error", str(error)) for errors in form.errors.values() for error in errors]


def _card_page(person: Person, wanted: QueryDict, public_id: str) -> dict[str, Any]:
    rows = card.found(person, public_id) if public_id else []
    return {**_about(person, wanted), "card": card.of(rows[0], person) if rows else None}


def _about(person: Person, wanted: QueryDict) -> dict[str, Any]:
    """What every card needs besides itself."""
    return {
        "query": listing.query_of(wanted),
        "reasons": card.reasons(),
        "last": card.last_decision(person),
    }
