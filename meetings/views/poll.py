"""A poll before a member: the hours on their own clock, their answer, and how it stands once they have answered."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from meetings import access, hourdesk, polling
from meetings.hourforms import AddHourForm, RepliesForm
from meetings.models.poll import PURPOSE, Poll
from members.views import MemberRequest
from roundtable import clock, links, moments
from roundtable.errors import NotAllowed


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def poll(request: HttpRequest, key: str) -> HttpResponse:
    """By the letter's link or signed in. Opening changes nothing; the answer is a POST."""
    if links.is_token(key):
        return open_link(request, key)
    own = access.voter(request, key)
    if own is None:
        return redirect_to_login(request.get_full_path())
    seen = hourdesk.before(own.poll, own.membership.person, belongs=True)
    form = seen.form(request.POST if request.method == "POST" else None)
    if form.is_valid() and answered(own, form):
        messages.success(request, "Thank you. It is counted.")
        return redirect("meetings:poll", key)
    return render(request, "meetings/poll.html", page(request, own, seen, form))


def answered(own: access.Voter, form: RepliesForm) -> bool:
    """Send the answers of a valid form; the sentence of a refusal stands on the form."""
    try:
        polling.answer(own.poll, own.membership.person, form.replies, received_at=clock.now())
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def page(request: HttpRequest, own: access.Voter, seen: hourdesk.Before, form: RepliesForm) -> dict[str, object]:
    poll, zone = own.poll, own.membership.person.zone
    signed_in = request.user.is_authenticated
    return {
        "poll": poll,
        "group": poll.group,
        "seen": seen,
        "form": form,
        "rows": [(row, form[f"hour_{row.option.pk}"]) for row in seen.live],
        "open": poll.open_at(clock.now()),
        "until": moments.short(poll.closes_at, zone),
        "signed_in": signed_in,
        "leads": signed_in and poll.running and access.leads(own.membership),
        "add_form": AddHourForm(initial={"on": poll.from_date}),
    }


def open_link(request: HttpRequest, token: str) -> HttpResponse:
    link = links.peek(request, PURPOSE, token)
    found = get_object_or_404(Poll, pk=int(link.about.partition(":")[2]))
    return links.opened(request, link, reverse("meetings:poll", args=[found.public_id]))


@require_POST
def lead(request: MemberRequest, key: str) -> HttpResponse:
    """Who leads changes the hours, settles the poll or ends it."""
    found = access.poll_of_leader(request.user, key)
    try:
        messages.success(request, hourdesk.press_poll(found, request.POST, by=request.user))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("meetings:poll", key)
