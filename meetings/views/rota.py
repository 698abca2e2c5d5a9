"""The rota of a circle, and one member before their turn: yes, swap, take, opt out."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups import access as groups
from groups import closing
from meetings import access, ownturn, roletable, swapping
from meetings.forms import RoleForm
from meetings.models.meeting import Meeting
from meetings.models.rota import PURPOSE, OptOut
from meetings.models.seat import Seat
from meetings.roleplan import Duty
from members.views import MemberRequest
from roundtable import clock, links, moments
from roundtable.errors import NotAllowed

OUT = "You are passed over while two others are willing. What you have said yes to stays yours."
BACK = "Thank you. You take your turn again, from the next free date on."


@require_safe
def rota(request: MemberRequest, public_id: str) -> HttpResponse:
    """Who leads which date of the season, and how it is shared; for members."""
    own = groups.membership(request.user, public_id)
    page = {
        "group": own.group,
        "over": closing.is_over(own.group, clock.now()),
        "table": roletable.of_group(own.group, own.person),
        "opted_out": OptOut.objects.filter(group=own.group, person=own.person).exists(),
    }
    return render(request, "meetings/rota.html", page)


@require_POST
def opt_out(request: MemberRequest, public_id: str) -> HttpResponse:
    """I am passed over from now on, or take my turn again."""
    own = groups.membership(request.user, public_id)
    out = request.POST.get("out") == "on"
    try:
        (swapping.opt_out if out else swapping.opt_in)(own)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, OUT if out else BACK)
    return redirect("meetings:rota", public_id)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def your_turn(request: HttpRequest, key: str) -> HttpResponse:
    """By the letter's link or signed in. Opening changes nothing; a POST acts. Names only after signing in."""
    if links.is_token(key):
        return open_link(request, key)
    seat = access.in_turn(request, key)
    if seat is None:
        return redirect_to_login(request.get_full_path())
    if request.method == "POST":
        press(request, seat)
        return redirect("meetings:your_turn", key)
    return render(request, "meetings/your_turn.html", page(seat, signed_in=request.user.is_authenticated))


def page(seat: Seat, *, signed_in: bool) -> dict[str, object]:
    meeting = seat.meeting
    turn = ownturn.of_seat(seat, list(meeting.roles.select_related("person").order_by("role")))
    return {
        "seat": seat,
        "meeting": meeting,
        "group": meeting.group,
        "when": moments.both(meeting.starts_at, meeting.zone, seat.person.zone),
        "began": clock.now() >= meeting.starts_at,
        "turn": turn,
        "signed_in": signed_in,
        "choices": ownturn.choices(seat, turn.mine.role) if turn.mine and signed_in else [],
    }


def open_link(request: HttpRequest, token: str) -> HttpResponse:
    link = links.peek(request, PURPOSE, token)
    found = get_object_or_404(Meeting, pk=int(link.about.partition(":")[2]))
    return links.opened(request, link, reverse("meetings:your_turn", args=[found.public_id]))


def press(request: HttpRequest, seat: Seat) -> None:
    """Carry out what was pressed; its sentence, or that of a refusal, stands on the page that follows."""
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Please press one of the buttons; nothing has changed.")
        return
    act, said = acts(seat, Duty(form.cleaned_data["role"]), form.cleaned_data["whom"])[form.cleaned_data["what"]]
    try:
        act()
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)


def acts(seat: Seat, duty: Duty, whom: str) -> dict[str, tuple[Callable[[], object], str]]:
    """Each press with what it does and says."""
    meeting, me = seat.meeting, seat.person
    to, _, against = whom.partition(" ")
    return {
        "accept": (lambda: swapping.accept(meeting, duty, by=me), "Thank you. It is yours."),
        "take": (lambda: swapping.take(meeting, duty, by=me), "Thank you. It is yours."),
        "ask": (
            lambda: swapping.offer(meeting, duty, by=me, to=to, against=against),
            "Asked. It is yours until somebody says yes.",
        ),
        "withdraw": (lambda: swapping.withdraw(meeting, duty, by=me), "Nobody is asked any more. It is yours."),
        "yes": (
            lambda: swapping.answer(meeting, duty, by=me, yes=True),
            "Thank you. It is yours, and whoever asked is told.",
        ),
        "no": (lambda: swapping.answer(meeting, duty, by=me, yes=False), "Noted. Whoever asked is told."),
    }
