"""The public front: programs, and how many wait where."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from members import showing
from members.models.program import Program
from roundtable import clock


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What one can apply to, and for each program how many wait per city and per band of time zones, and when."""
    programs = Program.objects.taking(clock.now())
    return render(request, "members/home.html", {"fronts": showing.fronts(programs, now=clock.now())})


@login_not_required
@require_safe
def conduct(request: HttpRequest, slug: str) -> HttpResponse:
    """The code of conduct as it stands, before anybody is asked to accept it."""
    program = get_object_or_404(Program, slug=slug)
    code = program.current_code()
    return render(request, "members/conduct.html", {"program": program, "code": code})
