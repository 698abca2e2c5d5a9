"""A group's own page: who belongs to it, and when it meets."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from groups import access, cards, times
from groups.disclosure import rung
from groups.models.group import Membership
from meetings.models.meeting import Meeting
from members.models.application import Application
from members.models.person import Person
from roundtable import clock, moments


@require_safe
def group(request: HttpRequest, public_id: str) -> HttpResponse:
    """For members only: names since the seal, addresses where allowed, the next dates and the past ones."""
    assert isinstance(request.user, Person)  # noqa: S101 - the log-in middleware closed this page
    own = access.membership(request.user, public_id)
    now = clock.now()
    meetings = list(own.group.meetings.order_by("starts_at", "pk"))
    return render(
        request,
        "groups/group.html",
        {
            "group": own.group,
            "people": people(own),
            "hour": times.of_group(own.group),
            "coming_up": [said(meeting, own) for meeting in meetings if meeting.ends_at > now],
            "past": [said(meeting, own) for meeting in reversed(meetings) if meeting.ends_at <= now],
        },
    )


def people(own: Membership) -> list[cards.Card]:
    """Every member's card on the rung that the seal opened; two queries for any number."""
    memberships = list(own.group.memberships.on(clock.today()).select_related("person"))
    ids = [membership.person_id for membership in memberships]
    applications = Application.objects.filter(program=own.group.program, person__in=ids).select_related("person")
    shares = {membership.person_id: membership.shares_address for membership in memberships}
    return [
        cards.card(one, rung(asked=True, sealed=True, shares_address=shares[one.person_id]))
        for one in applications.order_by("person__name", "pk")
    ]


def said(meeting: Meeting, own: Membership) -> tuple[Meeting, str]:
    return meeting, moments.both(meeting.starts_at, meeting.zone, own.person.zone)
