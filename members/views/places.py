"""Small answers while a form is filled in. Nothing in them is about anybody."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from members import meetable, places
from members.meetable import Way
from members.models.program import Program
from members.weekhours import WeekHours, from_hex
from roundtable import clock, limits

PER_MINUTE = 240


@login_not_required
@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """Places whose name begins like what is typed, eight at most."""
    limits.count("places", limits.address(request), most=PER_MINUTE, within=timedelta(minutes=1))
    found = places.suggestions(request.GET.get("q", ""))
    return JsonResponse({"places": [{"id": place_id, "label": label} for place_id, label in found]})


@login_not_required
@require_safe
def people(request: HttpRequest, slug: str) -> JsonResponse:
    """How many pooled people share a stretch with the hours given; null below five, and for what is no week."""
    limits.count("people", limits.address(request), most=PER_MINUTE, within=timedelta(minutes=1))
    program = get_object_or_404(Program, slug=slug)
    try:
        week = WeekHours(from_hex(request.GET.get("hours", "")), 0, request.GET.get("zone", ""))
    except ValueError:
        return JsonResponse({"people": None})
    way = Way(request.GET.get("mode", ""), request.GET.get("metro") or None)
    return JsonResponse({"people": meetable.people(program, week, now=clock.now(), way=way)})
