"""A group's rhythm as a record, and what a group has chosen for its meetings."""

from __future__ import annotations

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from groups.models.group import Group
from meetings import cadence

MINUTES = (30, 240)
LINK_MINUTES = (0, 24 * 60)


class GroupCadence(models.Model):
    """The anchor (zone and local time), the length, the rule, the first date and dates left out.

    The group's row is its lock. `weeks` or `nth` says which of the two rules it is.
    """

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="cadence")
    zone = models.CharField(max_length=60)
    at = models.TimeField()
    minutes = models.PositiveSmallIntegerField()
    weekday = models.PositiveSmallIntegerField()  # Monday is 0
    weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    nth = models.SmallIntegerField(null=True, blank=True)  # of the month, -1 for the last
    first_date = models.DateField()
    skips = ArrayField(models.DateField(), default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(weeks=None) ^ Q(nth=None), name="a_cadence_has_one_rule_in_weeks_or_in_months"
            ),
            models.CheckConstraint(
                condition=Q(weeks=None) | Q(weeks__range=(1, cadence.MOST_WEEKS)), name="dates_are_1_to_12_weeks_apart"
            ),
            models.CheckConstraint(
                condition=Q(nth=None) | Q(nth__in=list(cadence.NTH)),
                name="a_monthly_date_is_one_of_the_first_4_or_last",
            ),
            models.CheckConstraint(condition=Q(weekday__lt=7), name="a_cadence_is_on_one_of_7_weekdays"),
            models.CheckConstraint(condition=Q(at__gte=cadence.EARLIEST), name="no_cadence_begins_at_night"),
            models.CheckConstraint(condition=Q(minutes__range=MINUTES), name="a_cadence_lasts_30_to_240_minutes"),
        ]

    def __str__(self) -> str:
        return f"cadence of group {self.group_id}"

    @property
    def rule(self) -> cadence.Rule:
        if self.weeks is not None:
            return cadence.EveryNWeeks(self.weeks, self.weekday)
        assert self.nth is not None  # noqa: S101 - a constraint says so
        return cadence.NthWeekday(self.nth, self.weekday)

    @property
    def value(self) -> cadence.Cadence:
        """The same for the rules."""
        skips = frozenset(self.skips)
        return cadence.Cadence(self.rule, self.at, self.zone, self.minutes, self.first_date, skips)

    def take(self, value: cadence.Cadence) -> None:
        """The columns for this rhythm; the caller saves."""
        self.at, self.zone, self.minutes, self.first_date = value.at, value.zone, value.minutes, value.first_date
        self.weekday, self.skips = value.rule.weekday, sorted(value.skips)
        self.weeks = value.rule.weeks if isinstance(value.rule, cadence.EveryNWeeks) else None
        self.nth = value.rule.nth if isinstance(value.rule, cadence.NthWeekday) else None


def from_window(window: int) -> tuple[int, time]:
    """Weekday and local time of a half hour of the week."""
    return window // 48, time(window % 48 // 2, window % 2 * 30)


def window_of(weekday: int, at: time) -> int:
    """The half hour of the week in which a meeting begins."""
    return weekday * 48 + at.hour * 2 + at.minute // 30


class GroupChoice(models.Model):
    """What the members of a circle have chosen for it; without a row everything is as it comes."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="+")
    standings = models.BooleanField(default=False)  # members read who came how often
    link_minutes = models.PositiveSmallIntegerField(default=30)  # so long before the start the video link shows

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(link_minutes__range=LINK_MINUTES), name="a_link_shows_at_most_a_day_ahead"
            )
        ]

    def __str__(self) -> str:
        return f"choices of group {self.group_id}"
