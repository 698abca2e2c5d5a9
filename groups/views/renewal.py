"""Another season: my own answer, and what still is true of me. The circle reads totals once it is closed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from groups import access, colleagues, questions, renewing
from groups.forms import RenewalForm
from groups.models.group import Membership, SteppingOut
from groups.models.question import Question, State
from groups.renewing import Confirmed
from groups.seasons import Word
from members.models.application import Application
from members.views import MemberRequest
from roundtable import clock, moments
from roundtable.errors import NotAllowed


def standing(own: Membership, asked: Question) -> dict[str, object]:
    """What every page of a question shows: whether it is open, until when on my clock, and what I said."""
    return {
        "group": own.group,
        "question": asked,
        "open": asked.state == State.OPEN and clock.now() < asked.open_until,
        "until": moments.short(asked.open_until, own.person.zone),
        "mine": dict(asked.words).get(questions.own_word(asked, own.person), ""),
    }


def renewal(request: MemberRequest, own: Membership, asked: Question) -> HttpResponse:
    """The form, filled with what I said and what we know; the guard has been asked."""
    form = _form(request, own, asked)
    if request.method == "POST" and form.is_valid():
        try:
            _say(form, own, asked)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Noted. Nobody sees what you said; until the end you may change it here.")
            return redirect("groups:question", own.group.public_id, asked.public_id)
    page = {**standing(own, asked), "form": form, "totals": questions.told(asked), "own": own}
    return render(request, "groups/questions/renewal.html", page)


def _form(request: MemberRequest, own: Membership, asked: Question) -> RenewalForm:
    if request.method == "POST":
        return RenewalForm(request.POST, words=asked.words)
    application, code = _application(own), own.group.program.current_code()
    known = {
        "word": questions.own_word(asked, own.person),
        "to_pool": own.steps_out != SteppingOut.END,
        "company": application.company,
        "place_text": application.place_text,
        "version": code.number if code else None,
    }
    return RenewalForm(initial=known, words=asked.words)


def _application(own: Membership) -> Application:
    try:
        return colleagues.application_of(own)
    except NotAllowed:
        raise Http404 from None


def _say(form: RenewalForm, own: Membership, asked: Question) -> None:
    said = form.cleaned_data
    code = said["version"] if said["code"] else None
    confirmed = Confirmed(company=said["company"], place_text=said["place_text"], code=code)
    word = Word(said["word"])
    renewing.say(asked, word, by=own, to_pool=said["to_pool"], confirmed=confirmed, received_at=clock.now())


@require_POST
def stay(request: MemberRequest, public_id: str) -> HttpResponse:
    """Whoever wanted to step out after this season stays."""
    own = access.membership(request.user, public_id)
    try:
        renewing.stay_after_all(own)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "You stay. Nobody knew.")
    return redirect("meetings:group", public_id)
