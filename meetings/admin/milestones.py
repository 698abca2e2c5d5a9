"""How far applications come beyond the seal: the first meeting, the third, a second season. In moments only."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber

from groups.models.group import Membership
from groups.seasons import MEETINGS
from meetings.models.meeting import Meeting, State
from meetings.models.seat import Seat
from members import milestones
from members.milestones import Reached
from members.models.program import Program, Roster
from roundtable import clock

FIRST, THIRD = 1, 3


@milestones.add(60, "first meeting", "third meeting")
def met(program: Program) -> list[Reached]:
    """When each was at their first and at their third meeting, in one statement."""
    mine = Q(person__applications__program=program, meeting__group__program=program)
    seats = Seat.objects.attended().filter(mine, meeting__group__roster=Roster.FIXED)
    application = F("person__applications")
    in_turn = Window(RowNumber(), partition_by=application, order_by=["meeting__starts_at", "pk"])
    rows = seats.order_by().annotate(application=application, turn=in_turn).filter(turn__in=[FIRST, THIRD])
    reached: dict[int, dict[int, datetime]] = {FIRST: {}, THIRD: {}}
    for turn, key, starts_at in rows.values_list("turn", "application", "meeting__starts_at"):
        reached[turn][key] = starts_at
    return [reached[FIRST], reached[THIRD]]


@milestones.add(70, "second season")
def renewed(program: Program) -> list[Reached]:
    """Who belonged to their circle when it met for the first time after a season of six. What they said before is
    theirs.
    """
    over = Meeting.objects.filter(group=OuterRef("group"), ends_at__lte=clock.now()).exclude(state=State.CANCELLED)
    seventh = over.order_by("starts_at", "pk").values("starts_at")[MEETINGS : MEETINGS + 1]
    members = Membership.objects.filter(group__program=program, group__roster=Roster.FIXED)
    mine = members.filter(person__applications__program=program).annotate(seventh=Subquery(seventh))
    rows = mine.exclude(seventh=None).values_list("person__applications", "joined_on", "left_on", "seventh")
    return [
        {
            key: starts_at
            for key, joined, left, starts_at in rows
            if joined <= starts_at.date() and (left is None or left > starts_at.date())
        }
    ]
