"""Turns at a board: who speaks when, and who asked for a moment. Fleeting, and confidential like the board."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import OuterRef

from meetings.boxes import Phase
from meetings.models.board import PHASES, Board


class SpeakerQuerySet(models.QuerySet["Speaker"]):
    def of(self, board: Board | OuterRef, phase: Phase | str) -> SpeakerQuerySet:
        """The turns of one part of a meeting, in their order."""
        return self.filter(board=board, phase=phase).order_by("place")


class Speaker(models.Model):
    """One person's turn where everybody has one: drawn when that part begins, who comes later last."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+")
    phase = models.CharField(max_length=16, choices=PHASES)
    place = models.PositiveSmallIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    passed = models.BooleanField(default=False)

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        ordering = ["board_id", "phase", "place"]
        constraints = [
            models.UniqueConstraint(fields=["board", "phase", "place"], name="a_turn_is_one_persons"),
            models.UniqueConstraint(fields=["board", "phase", "person"], name="a_person_has_one_turn_per_phase"),
        ]

    def __str__(self) -> str:
        return f"turn {self.pk}"


class Breather(models.Model):
    """That somebody has asked for a moment in this box, under a pseudonym that only the board's secret can make."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+")
    spot = models.CharField(max_length=60)
    voter = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "spot", "voter"], name="one_moment_per_person_and_box"),
        ]

    def __str__(self) -> str:
        return f"moment {self.pk}"
