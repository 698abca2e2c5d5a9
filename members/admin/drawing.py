"""One page of pictures per program: where people are, when they can, how far they came, how they heard of us.

Hours appear as sums of five people and more, and no search word narrows them down to somebody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from members import milestones
from members import pictures as shapes
from members.admin.scope import OrganizerRequest, for_organizers
from members.admin.twins import of_program
from members.identity import DIMENSIONS
from members.models.application import Application, Mode
from members.models.hours import Hours
from members.models.person import Person
from members.models.program import Program
from members.stages import Stage
from members.sums import shared
from members.weekhours import SLOTS, utc_slot
from members.wishes import HEARD
from roundtable import clock

OPEN = (Stage.SUBMITTED, Stage.POOLED)
NOWHERE = "no place"
GENDERS = {"woman": "women", "man": "men", "non-binary": "non-binary people", "yes": "the same gender"}
FIRST_SHARE = 31  # per cent that were placed by hand, before there was this program


class Week(NamedTuple):
    """The half hours of one person, as masks."""

    good: int
    available: int


@require_safe
@for_organizers
def pictures(request: OrganizerRequest, slug: str) -> HttpResponse:
    """Four pictures of what this organizer looks after, each with its numbers in a table."""
    program = of_program(request.user, slug)
    mine = Application.objects.organized_by(request.user).filter(program=program)
    hours = _hours(mine, request.GET)
    page = {
        "title": "Pictures",
        "program": program,
        "heat": _heat(mine),
        **how_far(program, mine.values_list("pk", flat=True)),
        **_sources(mine),
        **hours,
        **_limiter(request.user, program, mine, hours.pop("sums")),
    }
    return render(request, "admin/members/pictures.html", page)


def _heat(mine: QuerySet[Application]) -> shapes.Grid:
    counted = mine.filter(stage__in=OPEN).values_list("metro", "person__zone").annotate(Count("pk")).order_by()
    return shapes.heat({(metro or NOWHERE, zone): count for metro, zone, count in counted})


def how_far(program: Program, mine: Iterable[int]) -> dict[str, Any]:
    """The funnel of these applications, and where the line of the first share stands: for the part of that name."""
    seen, steps = set(mine), milestones.of(program)
    drawn = shapes.funnel([(name, {key: at for key, at in found.items() if key in seen}) for name, found in steps])
    line = shapes.NAME_WIDTH + shapes.BAR_WIDTH * FIRST_SHARE // 100
    return {"funnel": drawn, "first_share": FIRST_SHARE, "first_share_at": line}


def _limiter(person: Person, program: Program, mine: QuerySet[Application], sums: list[int]) -> dict[str, Any]:
    """What caps how many groups can form: wishes not to be alone, for who organizes the whole program, and hours."""
    whole = Program.objects.organized_as_a_whole_by(person).filter(pk=program.pk).exists()
    waiting = list(mine.filter(stage__in=OPEN).values_list("pk", flat=True)) if whole else []
    wishes = {words_of(one): one for one in shared(waiting)}
    hours = shapes.best_of_each_day(sums)
    most = {name: shapes.most_groups(one.minding, one.having) for name, one in wishes.items()}
    most |= {name: count // program.size_min for name, count in hours.items()}
    drawn = shapes.bars({name: one.minding for name, one in wishes.items()} | hours)
    lines = [(bar, bar.name in wishes, most[bar.name]) for bar in drawn.bars]
    return {"limiter": drawn, "limiter_lines": lines, "whole": whole}


def words_of(wish: shapes.Shared) -> str:
    """What is shared, as the picture calls it."""
    if wish.dimension == "gender":
        return GENDERS.get(wish.value, f"gender: {wish.value}")
    name = DIMENSIONS.get(wish.dimension, wish.dimension.replace("_", " "))
    return name if wish.value in ("yes", "staff") else f"{name}: {wish.value}"


def _sources(mine: QuerySet[Application]) -> dict[str, Any]:
    came = mine.exclude(stage=Stage.DRAFT).annotate(heard=KeyTextTransform("heard", "extra"))
    counted: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for link, heard, stage, count in (
        came.values_list("source__name", "heard", "stage").annotate(Count("pk")).order_by()
    ):
        name = link or (HEARD.get(heard, heard) if heard else "not said")
        counted[name]["applied"] += count
        counted[name][stage] += count
    drawn = shapes.bars({name: counts["applied"] for name, counts in counted.items()})
    lines = [(bar, counted[bar.name]["pooled"], counted[bar.name]["placed"]) for bar in drawn.bars]
    return {"sources": drawn, "source_lines": lines}


def _hours(mine: QuerySet[Application], wanted: QueryDict) -> dict[str, Any]:
    """The hours of those who wait, of a place and a mode if one is chosen, on a chosen clock."""
    waiting = mine.filter(stage__in=OPEN)
    metros = sorted(set(waiting.exclude(metro="").values_list("metro", flat=True)))
    metro, mode = wanted.get("metro", ""), wanted.get("mode", "")
    chosen = waiting.filter(metro=metro) if metro in metros else waiting
    weeks = _weeks(chosen.filter(mode=mode) if mode in Mode else chosen)
    zones = sorted(weeks, key=lambda name: (-len(weeks[name]), name))
    zone = next((name for name in zones if name == wanted.get("zone")), zones[0] if zones else "UTC")
    shifts = _shifts(zones, zone, clock.today())
    good = {name: [week.good for week in weeks[name]] for name in zones}
    available = {name: [week.available for week in weeks[name]] for name in zones}
    sums = shapes.added_up(available, shifts)
    return {
        "sums": sums,
        "strip": shapes.strip(sums, shapes.added_up(good, shifts)),
        "people": sum(map(len, weeks.values())),
        "zone": zone,
        "zones": sorted(zones),
        "metro": metro,
        "metros": metros,
        "mode": mode,
        "modes": Mode.choices,
    }


def _weeks(chosen: QuerySet[Application]) -> dict[str, list[Week]]:
    """What they can, by the zone of their clock."""
    weeks: dict[str, list[Week]] = defaultdict(list)
    rows = Hours.objects.filter(application__in=chosen).exclude(zone="")
    for good, possible, zone in rows.values_list("good", "possible", "zone"):
        weeks[zone].append(Week(int(good, 16), int(good, 16) | int(possible, 16)))
    return weeks


def _shifts(zones: list[str], zone: str, today: date) -> dict[str, int]:
    """By how many half hours each zone's week is turned on the chosen clock, this week."""
    monday = today - timedelta(days=today.weekday())
    own = utc_slot(0, zone, monday)
    return {name: (utc_slot(0, name, monday) - own) % SLOTS for name in zones}
