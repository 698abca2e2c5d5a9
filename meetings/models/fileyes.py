"""Who lets the circle's memory leave as a file. Theirs to know alone, and reached through meetings/filing.py only."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from groups.models.group import Group


class FileYes(models.Model):
    """One member's yes. It counts once everybody who belongs has given theirs."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name_plural = "file yeses"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["group", "person"], name="one_yes_per_person_to_a_group_s_file"),
        ]

    def __str__(self) -> str:
        return f"yes to a file {self.pk}"
