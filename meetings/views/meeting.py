"""One meeting: when, where, who comes, my own answer, and the way to the board."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from meetings import access, seating
from meetings.forms import AnswerForm
from meetings.models.seat import Answer, Seat, State, Via
from members.models.person import Person
from roundtable import clock, moments
from roundtable.errors import NotAllowed

GIVEN = {State.COMING: Answer.YES, State.NOT_COMING: Answer.NO, State.TENTATIVE: Answer.MAYBE}


@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, public_id: str) -> HttpResponse:
    """For members only; the last answer before the start counts."""
    assert isinstance(request.user, Person)  # noqa: S101 - the log-in middleware closed this page
    seat = access.seat(request.user, public_id)
    form = AnswerForm(request.POST or None, initial={"answer": GIVEN.get(State(seat.state), "")})
    if form.is_valid():
        refusal = answered(seat, form, via=Via.PAGE)
        if not refusal:
            return redirect("meetings:meeting", public_id)
    return render(request, "meetings/meeting.html", page(seat, form))


def answered(seat: Seat, form: AnswerForm, *, via: Via) -> str:
    """Take the answer of a valid form; the sentence of a refusal stands on the form too."""
    try:
        seating.respond(seat, Answer(form.cleaned_data["answer"]), via=via, received_at=clock.now())
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return str(refusal)
    return ""


def page(seat: Seat, form: AnswerForm) -> dict[str, object]:
    meeting = seat.meeting
    return {
        "seat": seat,
        "meeting": meeting,
        "group": meeting.group,
        "form": form,
        "seats": meeting.seats.select_related("person").order_by("person__name", "pk"),
        "roles": meeting.roles.select_related("person").order_by("role"),
        "when": moments.both(meeting.starts_at, meeting.zone, seat.person.zone),
        "began": clock.now() >= meeting.starts_at,
    }
