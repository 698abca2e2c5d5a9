"""One meeting: when, where, who comes, my own answer, and the way to the board."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from groups import candidates
from groups.models.group import Group
from meetings import (
    access,
    agenda,
    attendance,
    calling,
    daysoff,
    letters,
    mailbox,
    midcycle,
    moving,
    ownturn,
    preparing,
    seating,
    wording,
)
from meetings.forms import AnswerForm, AttendanceForm, IdeaForm, MoveForm, WhereForm
from meetings.models.meeting import Meeting, Role
from meetings.models.meeting import State as MeetingState
from meetings.models.reply import Reply
from meetings.models.seat import Answer, Seat, State, Via
from members.models.person import Person
from members.models.program import Roster
from members.models.room import Room
from roundtable import clock, moments
from roundtable.errors import NotAllowed

IN_PERSON = "in_person"
MAP = "https://www.openstreetmap.org/search"
NEAR = timedelta(hours=1)
GIVEN = {State.COMING: Answer.YES, State.NOT_COMING: Answer.NO, State.TENTATIVE: Answer.MAYBE}


@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, public_id: str) -> HttpResponse:
    """For who belongs to a circle, or was asked to a roundtable; the last answer before the start counts."""
    assert isinstance(request.user, Person)  # noqa: S101 - the log-in middleware closed this page
    seat = access.seat(request.user, public_id)
    form = AnswerForm(request.POST) if request.method == "POST" else answer_form(seat)
    if form.is_valid() and not answered(seat, form, via=Via.PAGE):
        return redirect("meetings:meeting", public_id)
    return render(request, "meetings/meeting.html", page(seat, form))


@require_POST
def where(request: HttpRequest, public_id: str) -> HttpResponse:
    """Any member of a circle, any guest of a roundtable writes down where they meet; the others see it here."""
    assert isinstance(request.user, Person)  # noqa: S101 - the log-in middleware closed this page
    seat = access.seat_of_guest(request.user, public_id)
    form = WhereForm(request.POST)
    if form.is_valid():
        try:
            calling.agree_on_place(seat.meeting, **place_in(form, by=request.user))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("meetings:meeting", public_id)
    return render(request, "meetings/meeting.html", page(seat, answer_form(seat), form))


@require_POST
def move(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who leads or keeps time moves the date; everybody is asked again."""
    assert isinstance(request.user, Person)  # noqa: S101 - the log-in middleware closed this page
    seat = access.seat_of_leader(request.user, public_id)
    form = MoveForm(request.POST)
    if form.is_valid():
        try:
            moving.move(seat.meeting, **form.cleaned_data, by=request.user)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("meetings:meeting", public_id)
    return render(request, "meetings/meeting.html", page(seat, answer_form(seat), moves=form))


@require_POST
def call_off(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who leads or keeps time calls the date off, once they have ticked that they mean it."""
    assert isinstance(request.user, Person)  # noqa: S101 - the log-in middleware closed this page
    seat = access.seat_of_leader(request.user, public_id)
    if request.POST.get("sure") == "on":
        try:
            moving.call_off(seat.meeting, by=request.user)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
    else:
        messages.error(request, "Tick the box first: everybody is told at once.")
    return redirect("meetings:meeting", public_id)


@require_POST
def proposed(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who leads or keeps time sets aside another time that somebody proposed from their calendar."""
    assert isinstance(request.user, Person)  # noqa: S101 - the log-in middleware closed this page
    seat = access.seat_of_leader(request.user, public_id)
    chosen = request.POST.get("proposal", "")
    try:
        mailbox.dismiss(seat.meeting, int(chosen) if chosen.isdecimal() and len(chosen) < 16 else 0)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("meetings:meeting", public_id)


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


def page(
    seat: Seat,
    form: AnswerForm,
    place: WhereForm | None = None,
    moves: MoveForm | None = None,
    ideas: IdeaForm | None = None,
) -> dict[str, object]:
    meeting, now = seat.meeting, clock.now()
    link, when = link_of(seat, now), moments.both(meeting.starts_at, meeting.zone, seat.person.zone)
    known: dict[str, Any] = others(seat)
    over = now >= meeting.ends_at or meeting.state == MeetingState.HELD
    return {
        "seat": seat,
        "meeting": meeting,
        "group": meeting.group,
        "form": form,
        "place": where_form(place, seat, link["video_link"], asks=bool(known.get("leads")) and now < meeting.starts_at),
        "moves": moves or MoveForm(initial={"on": meeting.local_date, "at": meeting.local_time}),
        "when": when,
        "ahead": moments.ahead(meeting.starts_at, now, seat.person.zone),
        "other_hour": letters.other_hour(meeting, seat.person.zone),
        "own_city": moments.city(seat.person.zone) if when.endswith("for you") else "",
        "map": map_of(meeting),
        "hour_before": preparing.wants_hour_before(seat.person),
        "began": now >= meeting.starts_at,
        "over": over,
        "was_there": over and bool(known.get("leads")) and attendance.is_open(meeting, now),
        **between(seat, ideas, known.get("seats", [])),
        "is_last": meeting.group.closed_at == meeting.ends_at and meeting.state != MeetingState.CANCELLED,
        "programme": wording.programme(agenda.Format(meeting.format)),
        **link,
        **at_roundtable(seat),
        **there(seat, now),
        **known,
    }


def between(seat: Seat, sent: IdeaForm | None, seats: list[Seat]) -> dict[str, object]:
    """What a circle agrees on for this meeting: what stands, what else is proposed, and a form to propose."""
    if seat.meeting.group.roster != Roster.FIXED:
        return {}
    found: list[Any] = access.ideas(seat)
    names = {one.person_id: str(one.person) for one in seats}
    for one in found:  # whoever has left since is a former member, whatever they proposed
        one.by, one.speaker = (names.get(key, wording.FORMER) for key in (one.proposed_by_id, one.presenter_id))
    standing = next((one for one in found if one.stands), None)
    return {
        "agreed": standing,
        "ideas": [one for one in found if not one.stands],
        "quiet_between": midcycle.is_quiet(seat.person),
        "idea_form": sent or IdeaForm(people=speakers(seats)),
        "agrees": seat.meeting.state == MeetingState.PLANNED and clock.now() < seat.meeting.starts_at,
    }


def seats_by_name(seat: Seat) -> list[Seat]:
    return list(seat.meeting.seats.select_related("person").order_by("person__name", "pk"))


def speakers(seats: Iterable[Seat]) -> list[tuple[str, str]]:
    """Who may be asked to speak: everybody who has not said no and is on no sabbatical."""
    there = [one for one in seats if one.state not in (State.NOT_COMING, State.EXCUSED)]
    return [(one.person.public_id, str(one.person)) for one in there]


def where_form(sent: WhereForm | None, seat: Seat, video_link: str, *, asks: bool) -> WhereForm:
    """The place as it was sent, or as it is known; with the tick that asks everybody again for who leads or keeps time,
    before the start."""
    form = sent or WhereForm(initial={"room": seat.meeting.room, "video_link": video_link})
    if not asks:
        del form.fields["ask_again"]
    return form


def place_in(form: WhereForm, *, by: Person) -> dict[str, Any]:
    """The place that a form holds, and who asks everybody again, if anybody does."""
    said = dict(form.cleaned_data)
    return {"asked_by": by if said.pop("ask_again") else None, **said}


def link_of(seat: Seat, now: datetime) -> dict[str, str]:
    """The link to the video room once it shows, and until then from when on."""
    meeting = seat.meeting
    if not meeting.video_link:
        return {"video_link": "", "link_from": ""}
    shows_at = calling.link_shows_at(meeting)
    if now >= shows_at:
        return {"video_link": meeting.video_link, "link_from": ""}
    return {"video_link": "", "link_from": moments.short(shows_at, seat.person.zone)}


def map_of(meeting: Meeting) -> str:
    """A search on a map for the room of those who meet in one; nothing is asked until somebody follows it."""
    return f"{MAP}?{urlencode({'query': meeting.room})}" if meeting.room and meeting.group.mode == IN_PERSON else ""


def there(seat: Seat, now: datetime) -> dict[str, object]:
    """Who was there, for who leads to say and each member of themselves; and a recording while the board is open."""
    if not access.sees_others(seat):
        return {}
    may_say = attendance.is_open(seat.meeting, now)
    is_near = seat.meeting.starts_at - NEAR <= now < seat.meeting.ends_at + NEAR
    own = AttendanceForm(initial={"attendance": seat.attendance})
    return {
        "said_until": moments.short(attendance.open_until(seat.meeting), seat.person.zone) if may_say else "",
        "own_attendance": own if may_say and seat.meeting.group.roster == Roster.FIXED else None,
        "words": [(one.value, one.label) for one in attendance.SAID],
        "recording": access.recorded(seat) if is_near else None,
    }


def others(seat: Seat) -> dict[str, object]:
    """Names and place: of a circle for its members, of a roundtable for who is coming, and of those who come."""
    if not access.sees_others(seat):
        return {"sees_others": False}
    roles = list(seat.meeting.roles.select_related("person").order_by("role"))
    seats = seats_by_name(seat)
    leads = any(role.person_id == seat.person_id and role.role != Role.HOST for role in roles)
    fixed = seat.meeting.group.roster == Roster.FIXED
    shown = [one for one in seats if fixed or one.state == State.COMING]
    return {
        "sees_others": True,
        "seats": shown,
        "said": [(one, attendance.suggested(one)) for one in shown],
        "roles": roles,
        "turn": ownturn.of_seat(seat, roles),
        "presents": next((one.person for one in shown if one.person_id == seat.meeting.presenter_id), None),
        "flag": daysoff.flag(seat.meeting, len(seats)) if fixed else "",
        "leads": leads,
        "few": leads and few(seat.meeting, seats),
        "proposals": proposals(seat) if leads else (),
        "rooms": rooms(seat.meeting.group),
    }


def few(meeting: Meeting, seats: Iterable[Seat]) -> bool:
    """Whether so few come that a short meeting is offered to who leads."""
    states = Counter(one.state for one in seats)
    open_seats = states[State.INVITED] + states[State.TENTATIVE] + states[State.WAITING]
    return agenda.too_few(states[State.COMING], open_seats=open_seats, left=meeting.starts_at - clock.now())


def proposals(seat: Seat) -> list[tuple[int, str]]:
    """Other times that members propose from their calendars, on the meeting's own clock; by whom stands nowhere."""
    open_ones = Reply.objects.filter(seat__meeting=seat.meeting).proposals(clock.now())
    times = [(one.pk, one.proposed_at) for one in open_ones]
    return [(key, moments.both(at, seat.meeting.zone, seat.person.zone)) for key, at in times if at]


def rooms(group: Group) -> Iterable[Room]:
    """What organizers know in the group's city; by video there is nothing to know."""
    return Room.objects.in_city(group.program, group.metro) if group.mode == IN_PERSON else ()


def at_roundtable(seat: Seat) -> dict[str, object]:
    """How many seats there are, my place in line, until when one is kept for me, and the rule; of a circle nothing.

    Nobody composed those who come, so who would mind being the only one reads here how many share it.
    """
    meeting = seat.meeting
    if meeting.group.roster == Roster.FIXED:
        return {}
    until = seat.offered_until
    coming = meeting.seats.coming().exclude(pk=seat.pk).values_list("person", flat=True)
    return {
        "company": candidates.company(seat.person_id, list(coming), meeting.group.program_id),
        "standing": seating.standing(seat, now=clock.now()),
        "until": moments.short(until, seat.person.zone) if until else "",
    }
