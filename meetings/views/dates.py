"""The dates of a circle: what is ahead, one left out or taken back, and another rhythm for all of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from groups import access as groups
from groups import closing
from groups.models.group import Membership
from meetings import access, ahead, retiming, rhythms, skipping
from meetings.cadence import Cadence, EveryNWeeks
from meetings.forms import ChoicesForm, DayForm, RhythmForm
from meetings.models.cadence import GroupChoice
from meetings.models.meeting import Meeting, State
from members.views import MemberRequest
from roundtable import clock, moments
from roundtable.errors import NotAllowed


@require_safe
def dates(request: MemberRequest, public_id: str) -> HttpResponse:
    """What is ahead, for each member; for who leads or keeps time next also the ways to change it. With a rhythm in
    the query its dates are shown, and nothing is changed."""
    own = groups.membership(request.user, public_id)
    return shown(request, own, rhythm_form(own, request.GET if "every" in request.GET else None))


@require_POST
def rhythm(request: MemberRequest, public_id: str) -> HttpResponse:
    """All dates from one on move to the rhythm that was shown."""
    own = access.keeper_of_dates(request.user, public_id)
    form = rhythm_form(own, request.POST)
    chosen = chosen_in(form)
    if chosen is not None:
        try:
            retiming.retime(own.group, chosen, start=start_of(form), by=own.person)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The new rhythm stands. Everybody is told, and asked again whether they come.")
            return redirect("meetings:dates", public_id)
    return shown(request, own, form)


@require_POST
def leave_out(request: MemberRequest, public_id: str) -> HttpResponse:
    """One date is left out, or taken back."""
    own = access.keeper_of_dates(request.user, public_id)
    form = DayForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Which date? Nothing has changed.")
        return redirect("meetings:dates", public_id)
    act = skipping.take_back if form.cleaned_data["back"] else skipping.skip
    try:
        act(own.group, form.cleaned_data["day"], by=own.person)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Done. Whoever had this date in their calendar is told.")
    return redirect("meetings:dates", public_id)


def rhythm_form(own: Membership, given: QueryDict | None) -> RhythmForm:
    """Filled with the rhythm that the group has, ready to be changed."""
    kept, planned = rhythms.of_group(own.group), planned_days(own)
    rule = kept.rule
    kept_days = [day for day in planned if day.weekday() == rule.weekday]  # a date that moved alone is no measure
    first = next(iter(kept_days or planned), clock.today())
    every = str(rule.weeks) if isinstance(rule, EveryNWeeks) else f"{retiming.MONTHLY}{rule.nth}"
    initial = {
        "start": first.isoformat(),
        "first": first,
        "every": every,
        "at": kept.at,
        "zone": kept.zone,
        "minutes": kept.minutes,
    }
    zones = (kept.zone, own.person.zone)
    return RhythmForm(given, initial=initial, starts=planned or [first], zones=zones, minutes=kept.minutes)


def planned_days(own: Membership) -> list[date]:
    now = clock.now()
    planned = Meeting.objects.filter(group=own.group, starts_at__gt=now).coming_up(now)
    return list(planned.values_list("local_date", flat=True))


def chosen_in(form: RhythmForm) -> Cadence | None:
    """The rhythm that a form holds; a sentence on the form where there is none."""
    if not form.is_valid():
        return None
    said = {name: value for name, value in form.cleaned_data.items() if name != "start"}
    try:
        return retiming.rhythm_from(**said)
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return None


def start_of(form: RhythmForm) -> date:
    return date.fromisoformat(form.cleaned_data["start"])


def shown(request: MemberRequest, own: Membership, form: RhythmForm) -> HttpResponse:
    """The page; with a rhythm in the form its first dates are on it."""
    now, kept = clock.now(), rhythms.of_group(own.group)
    page: dict[str, Any] = {
        "group": own.group,
        "rhythm": kept,
        "city": moments.city(kept.zone),
        "over": closing.is_over(own.group, now),
        "dates": ahead.of_group(own.group, own.person.zone, now=now),
        "keeps": access.keeps_dates(own) and own.group.closed_at is None,
        "choices": ChoicesForm(initial=chosen_before(own)),
        "form": form,
        "preview": preview(own, form) if form.is_bound else [],
    }
    return render(request, "meetings/dates.html", page)


def chosen_before(own: Membership) -> dict[str, object]:
    choice = GroupChoice.objects.filter(group=own.group).first() or GroupChoice()
    return {"standings": choice.standings, "link_minutes": choice.link_minutes}


def preview(own: Membership, form: RhythmForm) -> list[ahead.Ahead]:
    """The dates of a rhythm that could be kept; none, and a sentence on the form, where it could not."""
    chosen = None if form.errors else chosen_in(form)
    if chosen is None:
        return []
    try:
        retiming.check(own.group, chosen, start=start_of(form))
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return []
    stays = own.group.meetings.exclude(state=State.CANCELLED).filter(local_date__lt=start_of(form))
    before = stays.order_by("-starts_at", "-pk").values_list("starts_at", flat=True).first()
    return ahead.of_rhythm(chosen, own.person.zone, before=before)
