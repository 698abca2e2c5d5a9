"""The groups I belong to, and a group's own page: who is in it, and when it meets."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups import access, cards, closing, repairing, times
from groups.disclosure import rung
from groups.forms import AddressForm, LeaveForm
from groups.models.group import Group, Membership
from groups.models.invitation import Invitation
from meetings import attendance, daysoff, rhythms
from meetings.models.meeting import Meeting, MeetingRole, Role, State
from meetings.models.rota import OptOut
from meetings.models.seat import Seat
from members.exporting import harmless
from members.models.application import Application
from members.models.person import Person
from members.models.program import Roster
from roundtable import clock, moments
from roundtable.errors import NotAllowed


@dataclass(frozen=True)
class Own:
    """One of my groups: its hour on my clock, and its next meeting with my answer; or until when it can be read."""

    group: Group
    hour: times.Hour
    often: str
    seat: Seat | None
    when: str
    over: bool  # it ended, and can be read until that day
    kept_until: datetime | None


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """Mine, each with its next meeting, roundtables, and what I am asked to join. Five queries for any number."""
    assert isinstance(request.user, Person)  # noqa: S101 - the log-in middleware closed this page
    asked = list(Invitation.objects.waiting_for(request.user).select_related("draft__composition__program"))
    lasts, zone = times.minutes_of_drafts([one.draft for one in asked]), request.user.zone
    invitations = [(one, times.of_draft(one.draft, zone=zone, minutes=lasts[one.draft_id])) for one in asked]
    shown = {"invitations": invitations, "groups": mine(request.user), "roundtables": roundtables(request.user)}
    return render(request, "groups/groups.html", shown)


def roundtables(person: Person) -> list[tuple[Seat, str]]:
    """Seats at roundtables: of meetings to come, whatever the answer, and of those where this person was."""
    own = Seat.objects.filter(person=person, meeting__group__roster=Roster.OPEN)
    coming_up = own.filter(meeting__in=Meeting.objects.coming_up(clock.now()).order_by())
    seats = (coming_up | own.attended()).select_related("meeting__group__program").order_by("-meeting__starts_at", "pk")
    return [(seat, moments.both(seat.meeting.starts_at, seat.meeting.zone, person.zone)) for seat in seats]


def mine(person: Person) -> list[Own]:
    """The groups of this person today, by name."""
    belongs = Membership.objects.on(clock.today()).filter(person=person)
    belongs = belongs.select_related("group__program", "group__cadence", "group__merged_into")
    coming_up = Meeting.objects.coming_up(clock.now()).filter(group__memberships__in=belongs)
    seats = Seat.objects.filter(person=person, meeting__in=coming_up).select_related("meeting")
    following = {seat.meeting.group_id: seat for seat in seats.order_by("-meeting__starts_at", "-pk")}
    return [own_group(one.group, following.get(one.group_id), person) for one in belongs.order_by("group__name", "pk")]


def own_group(group: Group, seat: Seat | None, person: Person) -> Own:
    when = moments.both(seat.meeting.starts_at, seat.meeting.zone, person.zone) if seat else ""
    often, minutes = rhythms.how_often(group)
    hour, over = times.of_group(group, zone=person.zone, minutes=minutes), closing.is_over(group, clock.now())
    return Own(group, hour, often, seat, when, over, closing.kept_until(group))


@require_safe
def group(request: HttpRequest, public_id: str) -> HttpResponse:
    """For members only: names since the seal, addresses where allowed, the next dates and the past ones."""
    assert isinstance(request.user, Person)  # noqa: S101 - the log-in middleware closed this page
    own = access.membership(request.user, public_id)
    now, (often, minutes) = clock.now(), rhythms.how_often(own.group)
    meetings = list(own.group.meetings.order_by("starts_at", "pk"))
    coming_up, shown = [meeting for meeting in meetings if meeting.ends_at > now], people(own)
    over = closing.is_over(own.group, now)
    return render(
        request,
        "groups/group.html",
        {
            "group": own.group,
            "people": shown,
            "holidays": daysoff.flags(coming_up, len(shown)),
            "shared": repairing.addresses(own.group),
            "shares": own.shares_address,
            "address_form": AddressForm(initial={"shares_address": own.shares_address}),
            "cards": own.group.backfills.shown().filter(concerns_until__gt=now).count(),
            "questions": own.group.questions.on_the_page(now),
            "parted_from": Group.objects.filter(splits__made=own.group, memberships__in=parted(own.person)).first(),
            "sabbatical": own.sabbaticals.running().exists(),
            "over": over,
            "looked_on": over and closing.has_looked_on(own),
            "kept_until": closing.kept_until(own.group),
            "poll": own.group.polls.running().first(),
            "turns": turns(own, coming_up),
            "opted_out": OptOut.objects.filter(group=own.group, person=own.person).exists(),
            "standings": attendance.standings(own.group),
            "often": often,
            "hour": times.of_group(own.group, minutes=minutes),
            "hour_for_you": times.of_group(own.group, zone=own.person.zone, minutes=minutes),
            "coming_up": [said(meeting, own) for meeting in coming_up],
            "past": [said(meeting, own) for meeting in reversed(meetings) if meeting.ends_at <= now],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, public_id: str) -> HttpResponse:
    """One question, one button; from then on this page is not there any more."""
    assert isinstance(request.user, Person)  # noqa: S101 - the log-in middleware closed this page
    own = access.membership(request.user, public_id)
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            repairing.leave(own, back_to_pool=form.cleaned_data["back_to_pool"])
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
            return redirect("meetings:groups")
        return redirect("members:status")
    return render(request, "groups/leave.html", {"group": own.group, "form": form})


@require_POST
def address(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whether the others see my address."""
    assert isinstance(request.user, Person)  # noqa: S101 - the log-in middleware closed this page
    own = access.membership(request.user, public_id)
    form = AddressForm(request.POST)
    if form.is_valid():
        repairing.share_address(own, shares=form.cleaned_data["shares_address"])
    return redirect("meetings:group", public_id)


@require_POST
def addresses(request: HttpRequest, public_id: str) -> HttpResponse:
    """The addresses of who agreed, as a file that a mailing list or a chat takes in."""
    assert isinstance(request.user, Person)  # noqa: S101 - the log-in middleware closed this page
    own = access.membership(request.user, public_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="addresses.csv"'
    table = [("name", "email"), *repairing.export_addresses(own)]
    csv.writer(response).writerows([harmless(cell) for cell in row] for row in table)
    return response


def people(own: Membership) -> list[cards.Card]:
    """Every member's card on the rung that the seal opened; three queries for any number."""
    memberships = list(own.group.memberships.on(clock.today()).select_related("person"))
    ids = [membership.person_id for membership in memberships]
    applications = Application.objects.filter(program=own.group.program, person__in=ids).select_related("person")
    replies = cards.for_the_group(applications)
    shares = {membership.person_id: membership.shares_address for membership in memberships}
    return [
        cards.card(one, rung(asked=True, sealed=True, shares_address=shares[one.person_id]), replies.get(one.pk, ()))
        for one in applications.order_by("person__name", "pk")
    ]


def turns(own: Membership, meetings: list[Meeting]) -> list[tuple[str, MeetingRole]]:
    """Who leads the dates to come, each with its day on my clock."""
    led = MeetingRole.objects.filter(meeting__in=meetings, role=Role.FACILITATOR).select_related("person", "meeting")
    rows = led.exclude(meeting__state=State.CANCELLED).order_by("meeting__starts_at", "pk")
    return [(moments.short(one.meeting.starts_at, own.person.zone), one) for one in rows]


def parted(person: Person) -> QuerySet[Membership]:
    """What this person belonged to before it became two."""
    return Membership.objects.parted().filter(person=person)


def said(meeting: Meeting, own: Membership) -> tuple[Meeting, str]:
    return meeting, moments.both(meeting.starts_at, meeting.zone, own.person.zone)
