"""An invitation: time, place, code of conduct, the others as cards; four answers, and the buttons beside them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from groups import access, cards, inviting, standing, times
from groups.consent import Alone, Answer, State
from groups.forms import AnswerForm
from groups.models.draft import DraftState
from groups.models.invitation import LIVE, PURPOSE, Invitation
from roundtable import clock, links, moments
from roundtable.errors import NotAllowed

# Buttons of a page that is not a question to be answered: what each does.
ACTS: dict[str, Callable[[Invitation], Invitation]] = {
    "yes_again": lambda asked: inviting.respond(
        asked, Answer.YES, shares_address=asked.shares_address, received_at=clock.now()
    ),
    "reopen": standing.reopen,
    "stay": partial(standing.stay_or_wait, word=Alone.STAY),
    "wait": partial(standing.stay_or_wait, word=Alone.WAIT),
    "step_out": standing.step_out,
}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """By the letter's link or signed in. Opening changes nothing; the answer is a POST."""
    if links.is_token(key):
        return open_link(request, key)
    asked = access.invitation(request, key)
    if access.written_to_somebody_else(request, asked):
        return render(request, "groups/forwarded.html", status=403)
    if request.method == "POST" and request.POST.get("act") in ACTS:
        return press(request, asked)
    others = cards.others(asked) if may_answer(asked) else {}
    form = AnswerForm(request.POST or None, initial=initial(asked), others=others, today=clock.today())
    if form.is_valid():
        try:
            answer(asked, form)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
            asked = access.invitation(request, key)  # as it is now: it may have changed in another tab
        else:
            return redirect("groups:invitation", key)
    return render(request, "groups/invitation.html", page(asked, form))


def open_link(request: HttpRequest, token: str) -> HttpResponse:
    link = links.peek(request, PURPOSE, token)
    asked = Invitation.objects.get(pk=int(link.about.partition(":")[2]))
    return links.opened(request, link, reverse("groups:invitation", args=[asked.public_id]))


def answer(asked: Invitation, form: AnswerForm) -> None:
    """The form as it was sent, at the moment at which it arrived."""
    inviting.respond(
        asked,
        Answer(form.cleaned_data["answer"]),
        reason=form.cleaned_data["reason"],
        shares_address=form.cleaned_data["shares_address"],
        apart_from=form.cleaned_data.get("apart_from", ()),
        rest_until=form.cleaned_data["rest_until"],
        received_at=clock.now(),
    )


def press(request: HttpRequest, asked: Invitation) -> HttpResponse:
    """Does what the button says, or tells why not; the page shows how it stands."""
    try:
        ACTS[request.POST["act"]](asked)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("groups:invitation", asked.public_id)


def initial(asked: Invitation) -> dict[str, object]:
    """The answer given so far, so that a second look shows it ticked and a second press loses nothing."""
    accepted = Answer.YES if asked.state == State.ACCEPTED else ""
    return {"answer": Answer.OTHER_TIME if asked.other_time else accepted, "shares_address": asked.shares_address}


def may_answer(asked: Invitation) -> bool:
    """While the group forms anybody may change their mind; after the seal a late yes is still welcome."""
    if asked.draft.state == DraftState.RELEASED:
        return asked.state in LIVE
    return asked.draft.state == DraftState.SEALED and asked.state == State.SENT


def page(asked: Invitation, form: AnswerForm) -> dict[str, object]:
    draft, is_open = asked.draft, may_answer(asked)
    return {
        "invitation": asked,
        "program": draft.composition.program,
        "form": form,
        "others": list(cards.others(asked).values()) if is_open else [],
        "knows_somebody": is_open and cards.knows_somebody(asked),
        "accepted": draft.invitations.accepted().count(),
        "asked": draft.invitations.live().count(),
        "when": times.of_draft(draft),
        "when_for_you": times.of_draft(draft, zone=asked.application.person.zone),
        "code": draft.composition.program.codes.first(),
        "open": is_open,
        "may_reopen": asked.state == State.LAPSED and draft.state != DraftState.DISSOLVED,
        "alone": asked.alone if is_open and draft.state == DraftState.RELEASED else "",
        "sealed": draft.state == DraftState.SEALED,
        "reconsider_until": moments.short(asked.reconsider_until, asked.application.person.zone)
        if is_open and asked.reconsider_until
        else "",
        "answer_until": moments.short(asked.answer_until, asked.application.person.zone) if asked.answer_until else "",
    }
