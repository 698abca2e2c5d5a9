"""Between two meetings of a circle: what the next one is about, who speaks, and whether a letter comes half way."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from meetings import access, agreeing, betweenletters, midcycle
from meetings.forms import IdeaForm, pressed
from meetings.models.meeting import Format
from meetings.models.seat import Seat
from meetings.views.meeting import answer_form, page, seats_by_name, speakers
from members.models.person import Person
from members.views import MemberRequest
from roundtable import links
from roundtable.errors import NotAllowed

Act = Callable[[Seat, str, bool], None]


def answered(seat: Seat, key: str, *, yes: bool) -> None:
    agreeing.answer(seat.meeting, key, by=seat.person, yes=yes)


def taken(seat: Seat, key: str, leads: bool) -> None:  # noqa: FBT001 -- one of the acts
    if not leads:
        raise NotAllowed("Whoever leads or keeps time takes an idea.")
    agreeing.take(seat.meeting, key, by=seat.person)


ACTS: dict[str, tuple[Act, str]] = {
    "take": (taken, "It stands now. Format and length follow."),
    "yes": (lambda seat, key, leads: answered(seat, key, yes=True), "Thank you. The circle sees that you speak."),
    "no": (lambda seat, key, leads: answered(seat, key, yes=False), "Noted. The theme stays, and nobody speaks."),
    "withdraw": (
        lambda seat, key, leads: agreeing.withdraw(seat.meeting, key, by=seat.person, leads=leads),
        "It is gone. A format that stood stays: whoever leads can change it.",
    ),
}


@require_POST
def agree(request: MemberRequest, public_id: str) -> HttpResponse:
    """A member proposes theme, format and who speaks, or presses a button at what is proposed."""
    seat = access.seat_to_agree(request.user, public_id)
    if "theme" in request.POST:
        return proposed(request, seat)
    act, key = pressed(request.POST)
    try:
        if act not in ACTS:
            raise NotAllowed("This button is not known here; load the page again.")
        does, said = ACTS[act]
        does(seat, key, seat.meeting.roles.filter(person=seat.person).exists())
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("meetings:meeting", public_id)


def proposed(request: MemberRequest, seat: Seat) -> HttpResponse:
    """The form: taken, or shown again with what is wrong."""
    form = IdeaForm(request.POST, people=speakers(seats_by_name(seat)))
    if form.is_valid():
        given = form.cleaned_data
        presenter = Person.objects.filter(public_id=given["presenter"]).first() if given["presenter"] else None
        wish = agreeing.Wish(" ".join(given["theme"].split()), Format(given["form"]), presenter)
        try:
            agreeing.propose(seat.meeting, wish, by=seat.person)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Proposed. It stands once whoever leads takes it, or whoever speaks says yes.")
            return redirect("meetings:meeting", seat.meeting.public_id)
    return render(request, "meetings/meeting.html", page(seat, answer_form(seat), ideas=form))


@require_POST
def hears(request: MemberRequest, public_id: str) -> HttpResponse:
    """The letter half way between two meetings comes again, or comes no more."""
    access.seat(request.user, public_id)
    midcycle.quiet(request.user, wanted=request.POST.get("letters") == "none")
    return redirect("meetings:meeting", public_id)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def by_letter(request: HttpRequest, key: str) -> HttpResponse:
    """The same by the link of that letter, without signing in. Opening changes nothing; a button does."""
    if links.is_token(key):
        link = links.peek(request, betweenletters.BETWEEN, key)
        assert isinstance(link.person, Person)  # noqa: S101 -- these links are made for people
        return links.opened(request, link, reverse("meetings:between_by_letter", args=[link.person.public_id]))
    person = linked(request, key)
    if request.method == "POST":
        midcycle.quiet(person, wanted=request.POST.get("letters") == "none")
        return redirect("meetings:between_by_letter", key)
    return render(request, "meetings/between.html", {"quiet": midcycle.is_quiet(person)})


def linked(request: HttpRequest, public_id: str) -> Person:
    """Whose letter was opened in this browser. Everybody else: 404."""
    found = Person.objects.filter(public_id=public_id).first()
    if found is None or links.check(request, betweenletters.BETWEEN, f"person:{found.pk}") is None:
        raise Http404
    return found
