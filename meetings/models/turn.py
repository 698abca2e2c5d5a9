"""The hours that a circle without a common fair one takes in turn."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from groups.models.group import Group

MOST = 3


class Turn(models.Model):
    """One of at most three hours, on the group's own weekday and clock."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="turns")
    number = models.PositiveSmallIntegerField()
    at = models.TimeField()

    class Meta:
        ordering = ["group", "number"]
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="each_hour_in_turn_has_its_number"),
            models.UniqueConstraint(fields=["group", "at"], name="an_hour_takes_its_turn_once"),
            models.CheckConstraint(condition=Q(number__range=(1, MOST)), name="three_hours_in_turn_at_most"),
        ]

    def __str__(self) -> str:
        return f"turn {self.pk}"
