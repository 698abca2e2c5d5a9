"""A living group as its organizer keeps it whole: seats, open cards, who could join. Never who said what."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from groups import access, backfilling, times
from groups.admin.desk import context, done, person_of
from groups.models.group import Group
from members.models.application import Application
from roundtable import clock

PAGE = "admin:groups_living"
SUGGESTED = 5  # of the engine's order; the rest follows as these are asked
PROPOSED = "The members have the card. They have five days, and their own rule decides."
TAKEN_BACK = "The card is taken back. Nobody had been asked."


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Size and hour of one circle, its open cards, and who could take a free seat."""
    group = access.looked_after(person_of(request), key)
    page = context(request, group.name, group=group, hour=times.of_group(group), **_seats(group))
    return render(request, "admin/groups/living.html", page)


def _seats(group: Group) -> dict[str, object]:
    free = backfilling.free_seats(group)
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
