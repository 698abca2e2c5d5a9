"""Versions of a composition: solved again around the locks of a board, two of them side by side, a draft's card."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups import access, beside, composing, hourcard, pricing, reseating, shifting
from groups.admin.desk import context, done, person_of
from groups.consent import State
from groups.forms import number_of
from groups.models.draft import Composition, DraftState
from groups.reaching import Step
from roundtable.errors import NotAllowed

MOVES_A_PAGE = 50


@require_POST
def again(request: HttpRequest, key: str) -> HttpResponse:
    """Solve this board again: a version of its own, whose progress the next page shows; the board stays as it is."""
    organizer = person_of(request)
    composition = access.composition(organizer, key)
    try:
        made = composing.start(composition.program, by=organizer, seconds=composition.seconds, base=composition)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:groups_composition_board", key)
    return redirect("admin:groups_composition_show", made.public_id)


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """The latest versions in numbers, and who moved between this one and another; by itself the one it came from."""
    organizer = person_of(request)
    composition = access.composition(organizer, key)
    before = other(request, composition)
    moves = Paginator(beside.moves(before, composition) if before else [], MOVES_A_PAGE).get_page(
        request.GET.get("page")
    )
    page = context(
        request,
        "Side by side",
        composition=composition,
        versions=beside.versions(composition),
        before=before,
        moves=moves,
        query=f"&with={before.public_id}" if before else "",
    )
    return render(request, "admin/groups/beside.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def prices(request: HttpRequest, key: str) -> HttpResponse:
    """What each rule of the program costs; a press orders it, another one calls it off."""
    organizer = person_of(request)
    composition = access.composition(organizer, key)
    if request.method == "POST":
        act = pricing.cancel if "cancel" in request.POST else pricing.order
        said = "The order is cancelled." if "cancel" in request.POST else "A worker is at it."
        back = "admin:groups_composition_prices"
        return done(request, lambda: act(composition, by=organizer), said, back=back, key=key)
    page = context(
        request, f"Rules of {composition.program}", composition=composition, work=pricing.under_way(composition)
    )
    part = "#prices" if getattr(request, "htmx", False) else ""
    return render(request, f"admin/groups/prices.html{part}", page | {"lines": pricing.lines(composition)})


@require_safe
def hours(request: HttpRequest, key: str) -> HttpResponse:
    """One draft's card: every hour that it shares, on each clock; while people are asked, what else could be done."""
    draft = access.draft(person_of(request), key)
    asked = draft.state == DraftState.RELEASED
    page = context(
        request,
        f"Group {draft.number}",
        draft=draft,
        card=hourcard.of(draft),
        asked=asked,
        wishing=draft.invitations.filter(state=State.SENT, other_time=True).count() if asked else 0,
        elsewhere=reseating.proposal(draft) if asked and draft.step == Step.STUCK else None,
    )
    return render(request, "admin/groups/hours.html", page)


@require_POST
def shift(request: HttpRequest, key: str) -> HttpResponse:
    """Another hour for people who are asked already."""
    organizer = person_of(request)
    draft, window = access.draft(organizer, key), number_of(request.POST.get("window", ""))
    said = (
        "The hour has moved. Everybody who is asked reads it in a letter; who said yes may reconsider for three days."
    )
    return done(
        request, lambda: shifting.shift(draft, window, by=organizer), said, back="admin:groups_draft_hours", key=key
    )


@require_POST
def reseat(request: HttpRequest, key: str) -> HttpResponse:
    """A group that does not hold is given up, and its people are put on paper elsewhere, as the page proposed."""
    organizer = person_of(request)
    draft, seen = access.draft(organizer, key), request.POST.get("seen", "")
    said = "The group is dissolved and its people are told. Who has a seat elsewhere is on paper there, not yet asked."
    back, run = "admin:groups_composition_board", draft.composition.public_id
    return done(request, lambda: reseating.carry_out(draft, seen=seen, by=organizer), said, back=back, key=run)


def other(request: HttpRequest, composition: Composition) -> Composition | None:
    """The version asked for, of the same program; else the one this was solved from."""
    wanted = request.GET.get("with", "")
    if not wanted.isprintable() or not wanted:
        return composition.base
    return Composition.objects.filter(program=composition.program, public_id=wanted).first()
