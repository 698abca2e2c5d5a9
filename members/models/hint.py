"""The one change that would have seated somebody in last night's composition, until the next night."""

from __future__ import annotations

from django.db import models

from members.models.application import Application


class Hint(models.Model):
    """Verified by the engine, said in words for its person alone. It never speaks of anybody's personal rules."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="hint")
    words = models.CharField(max_length=200)
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"hint {self.pk}"
