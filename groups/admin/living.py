"""A living group as its organizer keeps it whole: seats, open cards, who could join. Never who said what."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from groups import access, backfilling, closing, times
from groups.admin.desk import context, done, person_of
from groups.forms import CloseForm
from groups.models.group import Group, Why
from groups.sealing import calendar
from members.models.application import Application
from roundtable import clock

PAGE = "admin:groups_living"
PAST = 12  # meetings, about a year
SUGGESTED = 5  # of the engine's order; the rest follows as these are asked
PROPOSED = "The members have the card. They have five days, and their own rule decides."
CLOSED = "The group closes. Its members have a letter: the last meeting, their memory as a file, and the way back."
TAKEN_BACK = "The card is taken back. Nobody had been asked."


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Size and hour of one circle, its open cards, and who could take a free seat."""
    group = access.looked_after(person_of(request), key)
    page = context(
        request, group.name, group=group, hour=times.of_group(group), came=_came(group), **_seats(group), **_end(group)
    )
    page["poll"], page["dates"] = group.polls.running().first(), _dates(group)
    return render(request, "admin/groups/living.html", page)


def _dates(group: Group) -> int:
    """How many dates it has ahead; a circle that goes on has three and more."""
    if calendar.with_dates is None:
        return 0
    return calendar.with_dates(Group.objects.filter(pk=group.pk)).get().dates_ahead  # type: ignore[attr-defined] # there


def _came(group: Group) -> list[tuple[date, int, int]]:
    """Past meetings, newest first: how many came, of how many."""
    return calendar.came(group)[:PAST] if calendar.came else []


def _end(group: Group) -> dict[str, object]:
    over, until = closing.is_over(group, clock.now()), closing.kept_until(group)
    return {"over": over, "kept_until": until, "form": CloseForm()}


def _seats(group: Group) -> dict[str, object]:
    free = 0 if group.closed_at else backfilling.free_seats(group)
    return {
        "members": group.memberships.on(clock.today()).count(),
        "free": free,
        "cards": group.backfills.select_related("application__person", "invitation")[:20],
        "could_join": backfilling.could_join(group)[:SUGGESTED] if free else [],
    }


@require_POST
def propose(request: HttpRequest, key: str, other: str) -> HttpResponse:
    """The members of this circle get one person's card."""
    organizer = person_of(request)
    group = access.looked_after(organizer, key)
    application = get_object_or_404(Application, program=group.program_id, public_id=other)
    return done(request, partial(backfilling.propose, group, application, by=organizer), PROPOSED, back=PAGE, key=key)


@require_POST
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """A card is taken back while the group looks at it."""
    organizer = person_of(request)
    backfill = access.backfill(organizer, key)
    back = backfill.group.public_id
    return done(request, lambda: backfilling.withdraw(backfill, by=organizer), TAKEN_BACK, back=PAGE, key=back)


@require_POST
def close(request: HttpRequest, key: str) -> HttpResponse:
    """The circle ends well: after its last meeting, or now if none is planned."""
    organizer = person_of(request)
    group = access.looked_after(organizer, key)
    form = CloseForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Please say which of the two it is; nothing has been closed.")
        return redirect(PAGE, key)
    why = Why(form.cleaned_data["why"])
    return done(request, partial(closing.close, group, by=organizer, why=why), CLOSED, back=PAGE, key=key)
