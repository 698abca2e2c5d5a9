"""Two questions at the close of a meeting. Answers live until the board is closed, averages from five answers on."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from meetings.models.board import Board
from meetings.models.meeting import Meeting

FROM_ANSWERS = 5  # with fewer an average would give single people away
ANSWERS = (1, 5)


class PulseAnswer(models.Model):
    """One person's two numbers, under a pseudonym that only the board's secret can make; gone with the close."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+")
    voter = models.BinaryField(max_length=32)
    needed = models.PositiveSmallIntegerField()  # I could say what I needed
    worth = models.PositiveSmallIntegerField()  # it was worth my time

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "voter"], name="one_pulse_per_voter_and_board"),
            models.CheckConstraint(
                condition=Q(needed__range=ANSWERS, worth__range=ANSWERS), name="a_pulse_answers_from_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"pulse answer of board {self.board_id}"


class Pulse(models.Model):
    """What is left of five answers and more: how many, and their sums."""

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="+")
    answers = models.PositiveSmallIntegerField()
    needed = models.PositiveSmallIntegerField()
    worth = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answers__gte=FROM_ANSWERS, needed__gte=F("answers"), worth__gte=F("answers")),
                name="a_pulse_is_kept_from_five_answers_on",
            ),
        ]

    def __str__(self) -> str:
        return f"pulse of meeting {self.meeting_id}"

    @property
    def averages(self) -> tuple[float, float]:
        """Of the two questions, to one decimal."""
        return round(self.needed / self.answers, 1), round(self.worth / self.answers, 1)
