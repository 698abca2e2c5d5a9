"""How the roundtables of an organizer go: seats and topics of many groups as counts, judged by turnout.py."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from groups.models.group import Group
from meetings import counting, turnout
from meetings.models.meeting import Meeting, State
from meetings.models.seat import THERE, Attendance, Seat

PAST = timedelta(weeks=104)


@dataclass(frozen=True)
class Row:
    """One roundtable that has met, with its shares in percent."""

    group: Group
    turnout: turnout.Turnout

    @property
    def filled(self) -> str:
        return percent(self.turnout.filled)

    @property
    def missed(self) -> str:
        return percent(self.turnout.missed)

    @property
    def returning(self) -> str:
        return percent(self.turnout.returning)


def percent(share: float | None) -> str:
    return "not known" if share is None else f"{round(100 * share)} %"


def of_groups(groups: QuerySet[Group], *, now: datetime) -> list[Row]:
    """Those of these groups that have met, by name; three statements, however many they are."""
    held = Meeting.objects.filter(group__in=groups, ends_at__lte=now, starts_at__gt=now - PAST)
    meetings = list(held.exclude(state=State.CANCELLED).select_related("group").order_by("starts_at", "pk"))
    keys = [meeting.pk for meeting in meetings]
    coming, came = seats_of(keys)
    talked = counting.talked(keys)
    by_group: dict[Group, list[turnout.Held]] = defaultdict(list)
    for meeting in meetings:
        spoken = talked.get(meeting.pk, counting.Talked())
        one = turnout.Held(
            meeting.cap,
            frozenset(coming[meeting.pk]),
            frozenset(came[meeting.pk]) if meeting.pk in came else None,
            frozenset(spoken.sponsors),
        )
        by_group[meeting.group].append(one)
    rows = [Row(group, turnout.of(some)) for group, some in by_group.items()]
    return sorted(rows, key=lambda row: (row.group.name, row.group.pk))


def seats_of(meetings: list[int]) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """By meeting who had a seat, and, where anybody has said it of anybody, who was there."""
    coming: dict[int, set[int]] = defaultdict(set)
    came: dict[int, set[int]] = {}
    seats = Seat.objects.filter(meeting__in=meetings).exclude(number=None)
    for meeting, person, attendance in seats.values_list("meeting", "person", "attendance"):
        coming[meeting].add(person)
        if attendance != Attendance.UNKNOWN:
            came.setdefault(meeting, set()).update({person} if attendance in THERE else ())
    return coming, came
