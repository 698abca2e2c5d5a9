"""What the roundtables of a program were about, for everybody."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from meetings import access, archive


@login_not_required
@require_safe
def roundtables(request: HttpRequest, slug: str) -> HttpResponse:
    """Theme, format and month of each that is over, the last one first; 404 unless an organizer shows them."""
    program = access.program_in_public(slug)
    page = {"program": program, "past": archive.of(program)}
    return render(request, "meetings/roundtables.html", page)
