"""An invitation: time, place, code of conduct, the others as cards; and four answers."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from groups import access, cards, inviting, times
from groups.consent import Answer, State
from groups.forms import AnswerForm
from groups.models.draft import DraftState
from groups.models.invitation import LIVE, PURPOSE, Invitation
from roundtable import clock, links, moments
from roundtable.errors import NotAllowed


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """By the letter's link or signed in. Opening changes nothing; the answer is a POST."""
    if links.is_token(key):
        return open_link(request, key)
    asked = access.invitation(request, key)
    form = AnswerForm(request.POST or None, initial=initial(asked))
    if form.is_valid():
        try:
            inviting.respond(
                asked,
                Answer(form.cleaned_data["answer"]),
                reason=form.cleaned_data["reason"],
                shares_address=form.cleaned_data["shares_address"],
                received_at=clock.now(),
            )
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("groups:invitation", key)
    return render(request, "groups/invitation.html", page(asked, form))


def open_link(request: HttpRequest, token: str) -> HttpResponse:
    link = links.peek(request, PURPOSE, token)
    asked = Invitation.objects.get(pk=int(link.about.partition(":")[2]))
    return links.opened(request, link, reverse("groups:invitation", args=[asked.public_id]))


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
    draft = asked.draft
    return {
        "invitation": asked,
        "program": draft.composition.program,
        "form": form,
        "others": cards.others(asked) if may_answer(asked) else [],
        "knows_somebody": may_answer(asked) and cards.knows_somebody(asked),
        "accepted": draft.invitations.accepted().count(),
        "asked": draft.invitations.live().count(),
        "when": times.of_draft(draft),
        "when_for_you": times.of_draft(draft, zone=asked.application.person.zone),
        "code": draft.composition.program.codes.first(),
        "open": may_answer(asked),
        "sealed": draft.state == DraftState.SEALED,
        "answer_until": moments.short(asked.answer_until, asked.application.person.zone) if asked.answer_until else "",
    }
