"""What organizers taught the placing of free-text locations."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from members.models.program import Program
from roundtable import clock


class PlaceAlias(models.Model):
    """ "near the ferry" means Oakland, says an organizer: it holds for this program from now on."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="place_aliases")
    text = models.CharField(max_length=40)
    place_id = models.PositiveIntegerField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = "place aliases"
        ordering = ["text", "pk"]
        constraints = [models.UniqueConstraint(fields=["program", "text"], name="one_meaning_per_alias_and_program")]

    def __str__(self) -> str:
        return self.text
