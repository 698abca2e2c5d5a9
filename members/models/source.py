"""Where people came from: a link of its own for each partner community of a program."""

from __future__ import annotations

from django.db import models

from members.models.program import Program


class Source(models.Model):
    """A partner community. Whoever applies by its link is counted under its name."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="sources")
    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["program", "slug"], name="a_link_of_a_program_means_one_source"),
        ]

    def __str__(self) -> str:
        return self.name
