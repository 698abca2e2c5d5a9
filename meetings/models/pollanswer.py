"""What one member said to one hour of a poll. Others see counts, and only once they have answered themselves."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from meetings.models.poll import Option
from meetings.polls import REPLIES


class PollAnswer(models.Model):
    option = models.ForeignKey(Option, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reply = models.CharField(max_length=8, choices=REPLIES)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["option", "person"], name="one_answer_per_member_and_hour"),
        ]

    def __str__(self) -> str:
        return f"poll answer {self.pk}"
