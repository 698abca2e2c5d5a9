"""What a program asks besides the form that is the same for all: at most five short questions, and the answers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from members.models.application import Application
from members.models.program import Program

MOST_QUESTIONS = 5


class Readers(models.TextChoices):
    ORGANIZERS = "organizers", "organizers alone"
    GROUP = "group", "organizers, and the group once it is sealed"


class Question(models.Model):
    """Its words and its readers never change: whoever answered was told both."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="own_questions")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    readers = models.CharField(max_length=10, choices=Readers, default=Readers.ORGANIZERS)

    class Meta:
        ordering = ["program", "number"]
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="a_program_asks_one_question_per_number"),
            models.CheckConstraint(
                condition=Q(number__range=(1, MOST_QUESTIONS)), name="a_program_asks_at_most_five_questions"
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"

    @property
    def field(self) -> str:
        """Its name in the form."""
        return f"question_{self.pk}"


class Reply(models.Model):
    """What somebody answered. Nobody has to."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="replies")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="replies")
    words = models.CharField(max_length=300)

    class Meta:
        ordering = ["question__number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "question"], name="a_question_is_answered_once"),
        ]

    def __str__(self) -> str:
        return f"reply {self.pk}"
