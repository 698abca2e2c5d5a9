"""Six meetings are a season: after the fifth a circle is asked how it goes on, after the sixth who steps out goes."""

from __future__ import annotations

import structlog
from django.db.models import Count, OuterRef, Q, Subquery

from groups import renewing, seasons
from groups.models.group import Group
from groups.models.question import Kind, Question
from meetings.models.meeting import State
from members.models.program import Roster
from roundtable import clock

log = structlog.get_logger(__name__)


def keep() -> None:
    """Every living circle, by the meetings it has held; one that breaks keeps none of the others."""
    for group, held, asked in _living():
        try:
            look_at(group, held=held, asked=asked)
        except Exception:
            log.exception("season was not looked at", group=group.pk)


def look_at(group: Group, *, held: int, asked: int) -> None:
    """Asked once per season, and done with one season before the next is asked for."""
    if asked and seasons.is_over(asked, held=held):
        renewing.leave_due(group)
    season = seasons.season_to_ask(held)
    if season is not None and season > asked:
        renewing.ask(group, season)


def _living() -> list[tuple[Group, int, int]]:
    """Circles with at least five meetings that took place, how many, and the last season they were asked about."""
    took_place = Q(meetings__ends_at__lte=clock.database_now()) & ~Q(meetings__state=State.CANCELLED)
    living = Group.objects.filter(roster=Roster.FIXED, closed_at=None).exclude(draft=None)
    counted = living.annotate(held=Count("meetings", filter=took_place)).filter(held__gte=seasons.ASKED_AFTER)
    asked = Question.objects.filter(group=OuterRef("pk"), kind=Kind.RENEWAL).order_by("-asked_at", "-pk")
    rows = counted.annotate(last=Subquery(asked.values("occasion")[:1])).select_related("draft").order_by("pk")
    return [(row, row.held, int(row.last or 0)) for row in rows]
