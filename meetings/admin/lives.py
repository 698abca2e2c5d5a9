"""How the circles of a program live, in pictures: how long, who leads, how far people come, how long they wait."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from groups.admin.desk import context, person_of
from groups.models.group import Group
from meetings import access, curves, lives
from meetings.quarters import quarter_of
from members import pictures
from members.admin.drawing import NOWHERE, how_far
from members.models.application import Application
from members.models.person import Person
from members.models.program import Program
from members.stages import Stage
from roundtable import clock

SPANS = {"under 4": 4, "4 to 8": 8, "8 to 13": 13, "13 to 26": 26}  # weeks
LONGER = "26 and more"


class Applied(NamedTuple):
    """One application: where it stands, where its person would meet, and since when they have been in the pool."""

    key: int
    stage: str
    metro: str
    pooled_at: datetime | None


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Dates and counts of what this organizer looks after, each picture with its numbers in a table."""
    organizer, now = person_of(request), clock.now()
    program = access.program_of_organizer(organizer, slug)
    circles = lives.circles(Group.objects.organized_by(organizer), program)
    lived, applied = lives.lives(circles, now), applications(organizer, program)
    page = {
        "program": program,
        "quarter": quarter_of(now.date()).before,
        "by_mode": curves.picture(lived.by_mode),
        "by_cadence": curves.picture(lived.by_cadence) if len(lived.by_cadence) > 1 else None,
        "leading": lives.leading(circles, now),
        "waits": waits(applied, now),
        **how_far(program, [one.key for one in applied]),
    }
    return render(request, "admin/meetings/lives.html", context(request, "How the circles live", **page))


def applications(organizer: Person, program: Program) -> list[Applied]:
    mine = Application.objects.organized_by(organizer).filter(program=program)
    rows = mine.values_list("pk", "stage", "metro", "decided_at", "submitted_at")
    return [Applied(key, stage, metro, decided or submitted) for key, stage, metro, decided, submitted in rows]


def waits(applied: list[Applied], now: datetime) -> pictures.Grid:
    """Who is in the pool, by place and weeks."""
    pooled = [one for one in applied if one.stage == Stage.POOLED and one.pooled_at]
    counted = Counter((one.metro or NOWHERE, span(now - (one.pooled_at or now))) for one in pooled)
    return pictures.waits(counted, [*SPANS, LONGER])


def span(waited: timedelta) -> str:
    weeks = waited / timedelta(weeks=1)
    return next((name for name, most in SPANS.items() if weeks < most), LONGER)
