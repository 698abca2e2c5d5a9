"""That a program shows everybody what its roundtables were about."""

from __future__ import annotations

from django.db import models

from members.models.program import Program


class Archive(models.Model):
    """There while it is shown; without a row nobody sees anything."""

    program = models.OneToOneField(Program, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"archive {self.pk}"
