"""Cards for a free seat, before the members of a group: what each of them thinks is for nobody else's eyes."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from groups import access, backfilling, cards
from groups.disclosure import Rung
from groups.forms import EntryRuleForm, VoiceForm
from groups.joining import EntryRule, Voice
from groups.models.backfill import VOICES, Backfill
from groups.models.group import Membership
from members.views import MemberRequest
from roundtable import clock, moments
from roundtable.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Shown:
    """One card, until when it is open, and what I said."""

    backfill: Backfill
    card: cards.Card
    until: str
    mine: str


@require_http_methods(["GET", "HEAD", "POST"])
def candidates(request: MemberRequest, public_id: str) -> HttpResponse:
    """The cards that my group looks at. No names, and no word of what the others said."""
    own = access.membership(request.user, public_id)
    if request.method == "POST":
        _say(request, own)
        return redirect("groups:candidates", public_id)
    form = EntryRuleForm(initial={"rule": own.group.entry_rule})
    page = {"group": own.group, "shown": _shown(own), "voices": VOICES, "form": form}
    return render(request, "groups/candidates.html", page)


@require_POST
def entry(request: MemberRequest, public_id: str) -> HttpResponse:
    """What silence means in this group, from the next card on."""
    own = access.membership(request.user, public_id)
    form = EntryRuleForm(request.POST)
    if form.is_valid():
        try:
            backfilling.change_rule(own.group, EntryRule(form.cleaned_data["rule"]), by=request.user)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Noted. It holds from the next card on; everybody reads it here.")
    return redirect("groups:candidates", public_id)


def _say(request: MemberRequest, own: Membership) -> None:
    form = VoiceForm(request.POST)
    backfill = own.group.backfills.filter(public_id=form.data.get("candidate", "")).first() if form.is_valid() else None
    if backfill is None:
        messages.error(request, "This card is not here any more.")
        return
    try:
        backfilling.say(backfill, Voice(form.cleaned_data["voice"]), by=own, received_at=clock.now())
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Noted. Nobody sees what you said; until the end you may change it here.")


def _shown(own: Membership) -> list[Shown]:
    """Two queries for any number of cards."""
    rows = own.group.backfills.shown().filter(concerns_until__gt=clock.now())
    rows = rows.select_related("application__person").prefetch_related("voices").order_by("concerns_until", "pk")
    return [
        Shown(
            one,
            cards.card(one.application, Rung.CARD),
            moments.short(one.concerns_until, own.person.zone),
            backfilling.own_voice(one, own.person),
        )
        for one in rows
    ]
