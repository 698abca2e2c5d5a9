"""What an organizer was told of circles in danger by the weekly brief, and who wants no such letter."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from groups.models.group import Group


class Suggestion(models.Model):
    """One thing to do about one circle, as one organizer read it in the brief of a week. The next brief says what came
    of it.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    week = models.DateField()  # its Monday, on the organizer's own clock

    class Meta:
        ordering = ["week", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "group", "week"], name="one_suggestion_per_organizer_circle_and_week"
            )
        ]

    def __str__(self) -> str:
        return f"suggestion {self.pk}"


class BriefOff(models.Model):
    """Who gets no weekly brief and no letter about quarters, by their own choice."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name_plural = "briefs off"

    def __str__(self) -> str:
        return f"brief off {self.pk}"
