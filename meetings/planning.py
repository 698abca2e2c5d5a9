"""A circle always knows its next three dates: what the rhythm gives is planned before anybody has to ask.

Lock order: group, meeting, seat, entry. A group that breaks keeps no other waiting.
"""

from __future__ import annotations

from datetime import date, timedelta

import structlog
from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from groups.models.group import Group
from meetings import cadence, calling, rhythms
from meetings.models.meeting import Meeting, State
from members.models.program import Roster
from roundtable import clock

log = structlog.get_logger(__name__)
AHEAD = 3
EVERY = timedelta(minutes=30)


def keep_ahead() -> None:
    """Every circle with fewer dates to come than it should have, whatever the reason."""
    for group in behind():
        try:
            plan_ahead(group)
        except Exception:
            log.exception("no dates planned ahead", group=group.pk)


def behind() -> list[Group]:
    """Circles with a first date and fewer than three to come."""
    to_come = Q(meetings__state=State.PLANNED, meetings__ends_at__gt=clock.now())
    circles = Group.objects.filter(roster=Roster.FIXED, closed_at=None).exclude(meetings=None)
    return list(circles.annotate(to_come=Count("meetings", filter=to_come)).filter(to_come__lt=AHEAD).order_by("pk"))


@transaction.atomic
def plan_ahead(group: Group) -> list[Meeting]:
    """What is missing of three dates; each has its own letter, one a morning. A second time finds nothing to do.

    A date that was moved or cancelled is not planned again: the later ones follow the rhythm, not the move.
    """
    group, now = Group.objects.select_for_update(of=("self",)).select_related("program").get(pk=group.pk), clock.now()
    members = [membership.person for membership in group.memberships.on(clock.today()).select_related("person")]
    missing = AHEAD - Meeting.objects.filter(group=group).coming_up(now).count()
    if group.closed_at or not members or missing <= 0:
        return []
    rhythm = rhythms.keep(group).value.without(known_dates(group))
    dates = cadence.next_dates(rhythm, after=clock.today() + calling.NOTICE, count=missing)
    return [calling.plan(group, on=day, members=members, mornings=n) for n, day in enumerate(dates, 1)]


def with_dates(groups: QuerySet[Group]) -> QuerySet[Group]:
    """Each with how many dates it has ahead, as they are counted for planning; no query more, however many."""
    coming_up = Meeting.objects.coming_up(clock.now()).filter(group=OuterRef("pk")).order_by()
    number = coming_up.values("group").annotate(number=Count("pk")).values("number")
    return groups.annotate(dates_ahead=Coalesce(Subquery(number), 0))


def known_dates(group: Group) -> set[date]:
    """Dates of the rhythm that had their meeting, whatever became of it, and days on which one stands already."""
    stands = group.meetings.exclude(state=State.CANCELLED).values_list("local_date", flat=True)
    return {*group.meetings.values_list("occurrence_date", flat=True), *stands}
