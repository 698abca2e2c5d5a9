"""When a person can meet: local half hours of the week, good or possible, beside their zone. Never UTC."""

from __future__ import annotations

from django.db import models

from members.models.application import Application
from members.weekhours import WeekHours

NONE = "0" * 84


class Hours(models.Model):
    """Two masks of 336 half hours from Monday 00:00 local, as 84 hex digits each (members/weekhours.py)."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="+")
    good = models.CharField(max_length=84, default=NONE)
    possible = models.CharField(max_length=84, default=NONE)
    zone = models.CharField(max_length=60, blank=True)  # empty while the place is not known

    class Meta:
        verbose_name_plural = "hours"

    def __str__(self) -> str:
        return f"hours {self.pk}"

    @property
    def week(self) -> WeekHours:
        return WeekHours(good=int(self.good, 16), possible=int(self.possible, 16), zone=self.zone)
