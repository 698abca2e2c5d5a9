"""A member's pause that keeps the seat: so many of the group's meetings, one pause at a time."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from groups.models.group import Membership

LONGEST = 3  # meetings


class SabbaticalQuerySet(models.QuerySet["Sabbatical"]):
    def running(self) -> SabbaticalQuerySet:
        """Begun, and not over."""
        return self.filter(ended_at=None)


class Sabbatical(models.Model):
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="sabbaticals")
    meetings = models.PositiveSmallIntegerField()
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SabbaticalQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"], condition=Q(ended_at=None), name="one_sabbatical_at_a_time_per_membership"
            ),
            models.CheckConstraint(
                condition=Q(meetings__range=(1, LONGEST)), name="a_sabbatical_covers_1_to_3_meetings"
            ),
        ]

    def __str__(self) -> str:
        return f"sabbatical {self.pk}"

    @property
    def about(self) -> str:
        """Its name in letters and audit lines."""
        return f"sabbatical:{self.pk}"
