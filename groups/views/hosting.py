"""Offering to host in one of my pools: three hours to choose from, and the way back; and hearing no more of it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from groups import access, hosthours, hosting, letters, times
from groups.forms import HostForm
from groups.models.offer import Kind, Offer
from members.models.application import Application
from members.models.program import Roster
from members.models.room import Room
from members.pools import Pool
from members.views import MemberRequest
from roundtable import clock, links
from roundtable.errors import NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
def host(request: MemberRequest, public_id: str) -> HttpResponse:
    """What a host does, hours that suit enough people, and one button. With an offer already made: how it stands."""
    application = access.waiting(request.user, public_id)
    offer = Offer.objects.open().filter(application=application).select_related("program").first()
    if request.method == "POST" and request.POST.get("act") == "take_back":
        return _taken_back(request, offer)
    pools = hosting.pools_to_host(application, now=clock.now())
    pool = next((one for one in pools if one.way == request.GET.get("in")), pools[0] if pools else None)
    if offer is not None or pool is None:
        page = {"application": application, "offer": offer, "hour": times.of_offer(offer) if offer else None}
        return render(request, "groups/host.html", page)
    return _choose(request, application, pool, others=[one for one in pools if one != pool])


def _choose(request: MemberRequest, application: Application, pool: Pool, *, others: list[Pool]) -> HttpResponse:
    kind = _kind(request, application, pool)
    place = (pool.name, pool.by_video)
    hours = hosthours.choices(hosthours.around(application, place, now=clock.now()), kind)
    form = HostForm(request.POST or None, hours=hours)
    if form.is_valid():
        try:
            hosting.offer(application, kind, place, window=form.cleaned_data["window"])
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Thank you. An organizer looks at it; you get a letter either way.")
            return redirect(request.get_full_path())
    page = {"application": application, "pool": pool, "is_circle": kind == Kind.CIRCLE, "form": form, "hours": hours}
    page |= {"others": others, "may_start": _may_start(application, pool)}
    page |= {"rooms": [] if pool.by_video else Room.objects.in_city(application.program, pool.name)}
    return render(request, "groups/host.html", page)


def _kind(request: MemberRequest, application: Application, pool: Pool) -> Kind:
    """What is asked for, or the most that so many people can do."""
    wants_taster = request.GET.get("as") == Kind.TASTER
    return Kind.CIRCLE if _may_start(application, pool) and not wants_taster else Kind.TASTER


def _may_start(application: Application, pool: Pool) -> bool:
    return pool.could_start and application.program.roster == Roster.FIXED


def _taken_back(request: MemberRequest, offer: Offer | None) -> HttpResponse:
    try:
        if offer is not None:
            hosting.take_back(offer, by=request.user)
            messages.success(request, "Your offer is taken back. Nobody else had been told.")
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect(request.path)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def by_letter(request: HttpRequest, key: str) -> HttpResponse:
    """Behind the letter to hosts: on to the hours, or hear no more of it. Opening changes nothing; a button does."""
    if links.is_token(key):
        return _open_link(request, key)
    application = _linked(request, key)
    if request.method == "POST":
        hosting.ask_no_more(application)
        messages.success(request, "We do not ask you to host again. You wait on as before.")
        return redirect("groups:hosting_by_letter", key)
    return render(request, "groups/hosting_by_letter.html", {"application": application})


def _open_link(request: HttpRequest, token: str) -> HttpResponse:
    link = links.peek(request, letters.HOSTS, token)
    application = Application.objects.filter(pk=int(link.about.partition(":")[2])).first()
    if application is None:
        raise Http404
    return links.opened(request, link, reverse("groups:hosting_by_letter", args=[application.public_id]))


def _linked(request: HttpRequest, public_id: str) -> Application:
    """The application whose letter was opened in this browser; any other is 404."""
    found = Application.objects.filter(public_id=public_id).select_related("program", "person").first()
    if found is None or links.check(request, letters.HOSTS, f"application:{found.pk}") is None:
        raise Http404
    return found
