"""What the hour of a meeting cost each member, once it is over."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from meetings.models.meeting import Meeting
from meetings.slots import NIGHT


class Toll(models.Model):
    """Read by the member it is about; organizers see how far the totals lie apart."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    points = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="a_meeting_costs_a_member_once"),
            models.CheckConstraint(condition=Q(points__lte=NIGHT), name="nothing_costs_more_than_the_night"),
        ]

    def __str__(self) -> str:
        return f"toll {self.pk}"
