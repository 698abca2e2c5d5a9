"""One meeting: when, where, who comes, my own answer, and the way to the board."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from meetings import access, calling, seating
from meetings.forms import AnswerForm, WhereForm
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
    form = AnswerForm(request.POST) if request.method == "POST" else answer_form(seat)
    if form.is_valid() and not answered(seat, form, via=Via.PAGE):
        return redirect("meetings:meeting", public_id)
    return render(request, "meetings/meeting.html", page(seat, form))


@require_POST
def where(request: HttpRequest, public_id: str) -> HttpResponse:
    """Any member writes down where the group meets; the others see it here."""
    assert isinstance(request.user, Person)  # noqa: S101 - the log-in middleware closed this page
    seat = access.seat(request.user, public_id)
    form = WhereForm(request.POST)
    if form.is_valid():
        try:
            calling.agree_on_place(seat.meeting, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("meetings:meeting", public_id)
    return render(request, "meetings/meeting.html", page(seat, answer_form(seat), form))


def answer_form(seat: Seat) -> AnswerForm:
    """The answer given so far, ready to be changed."""
    return AnswerForm(initial={"answer": GIVEN.get(State(seat.state), "")})


def answered(seat: Seat, form: AnswerForm, *, via: Via) -> str:
    """Take the answer of a valid form; the sentence of a refusal stands on the form too."""
    try:
        seating.respond(seat, Answer(form.cleaned_data["answer"]), via=via, received_at=clock.now())
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return str(refusal)
    return ""


def page(seat: Seat, form: AnswerForm, place: WhereForm | None = None) -> dict[str, object]:
    meeting = seat.meeting
    return {
        "seat": seat,
        "meeting": meeting,
        "group": meeting.group,
        "form": form,
        "place": place or WhereForm(initial={"room": meeting.room, "video_link": meeting.video_link}),
        "seats": meeting.seats.select_related("person").order_by("person__name", "pk"),
        "roles": meeting.roles.select_related("person").order_by("role"),
        "when": moments.both(meeting.starts_at, meeting.zone, seat.person.zone),
        "began": clock.now() >= meeting.starts_at,
    }
