"""A circle's rhythm: as its record keeps it, as its program says where there is none, and as it would be elsewhere in
the week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import QuerySet

from groups.models.group import Group
from meetings import cadence
from meetings.models.cadence import GroupCadence, from_window
from meetings.models.meeting import Meeting
from roundtable import clock

DAY = timedelta(days=1)
YEAR = timedelta(weeks=52)


def of_group(group: Group) -> cadence.Cadence:
    """Its rhythm as it was chosen; before that what its program says, on the group's own weekday and hour."""
    kept = GroupCadence.objects.filter(group=group).first()
    return kept.value if kept else by_program(group)


def by_program(group: Group) -> cadence.Cadence:
    """Every so many weeks, counted from the group's first date."""
    first = group.meetings.order_by("occurrence_date").values_list("occurrence_date", flat=True).first()
    weekday, at = from_window(group.window)
    rule = cadence.EveryNWeeks(group.program.every_weeks, weekday)
    return cadence.Cadence(rule, at, group.zone, group.program.minutes, first or clock.today())


def keep(group: Group) -> GroupCadence:
    """The rhythm as a record, made where there is none yet. The caller holds the group."""
    kept = GroupCadence.objects.filter(group=group).first()
    if kept is None:
        kept = GroupCadence(group=group)
        kept.take(by_program(group))
        kept.save()
    return kept


def rule_of(group: Group) -> cadence.Rule:
    """The rule of a group that came along with its `cadence`, if it has one; its program's where it has none."""
    kept: GroupCadence | None = getattr(group, "cadence", None)
    return kept.rule if kept else cadence.EveryNWeeks(group.program.every_weeks, 0)


def how_often(group: Group) -> tuple[str, int]:
    """Its rhythm beside a weekday that is named already, and the minutes of a meeting."""
    kept: GroupCadence | None = getattr(group, "cadence", None)  # asked once for each group that is looked at
    if kept is not None:
        return kept.rule.often, kept.minutes
    return cadence.EveryNWeeks(group.program.every_weeks, 0).often, group.program.minutes


def lengths(groups: QuerySet[Group]) -> dict[int, int]:
    """The minutes of a meeting, of those that keep a rhythm of their own; one query for any number."""
    return dict(GroupCadence.objects.filter(group__in=groups).values_list("group", "minutes"))


def hour_of(group: Group) -> time:
    """The local time at which this group meets."""
    return from_window(group.window)[1]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The rhythm that a circle keeps, ready to be put at any half hour of its week from a day on."""

    kept: cadence.Cadence
    start: date
    following: date | None

    def at(self, slot: int) -> cadence.Cadence:
        """The rhythm as it would be at this half hour."""
        weekday, at = from_window(slot)
        return cadence.elsewhere(self.kept, weekday, at, start=self.start, following=self.following)

    def dates(self, weekday: int) -> list[date]:
        """A year of its dates on this weekday."""
        rhythm = cadence.elsewhere(self.kept, weekday, self.kept.at, start=self.start, following=self.following)
        return year(rhythm, rhythm.first_date)


def elsewhere(group: Group, start: date) -> Elsewhere:
    """Where this circle could go from a day on. Two queries, whatever is asked of it afterwards."""
    planned = Meeting.objects.filter(group=group, local_date__gte=start).coming_up(clock.now())
    following = planned.values_list("occurrence_date", flat=True).first()
    return Elsewhere(of_group(group), start, following)


def year(rhythm: cadence.Cadence, start: date) -> list[date]:
    """Its dates of 52 weeks, counted from the first that is not before this day."""
    (first,) = cadence.next_dates(rhythm, after=start - DAY, count=1)
    return cadence.dates_between(rhythm, first, first + YEAR - DAY)
