"""A word in private to who leads a circle's next meeting: one sign is not as it was. No organizer gets it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from groups.models.group import Group
from members.models.person import new_public_id


class Sign(models.TextChoices):
    PRESENCE = "presence", "fewer came to the last meetings"
    STREAKS = "streaks", "some have missed twice running"
    TOPICS = "topics", "there are few topics so far"


class Answer(models.TextChoices):
    NONE = "", "not answered"
    USED = "used", "uses it"
    DISMISSED = "dismissed", "leaves it"


class Nudge(models.Model):
    """Known by circle, sign and meeting: `on` is the day that the rhythm gave it, which it keeps where it moves."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    sign = models.CharField(max_length=8, choices=Sign)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    answer = models.CharField(max_length=9, choices=Answer, default=Answer.NONE, blank=True)

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["group", "on", "sign"], name="one_nudge_per_circle_meeting_and_sign")
        ]

    def __str__(self) -> str:
        return f"nudge {self.pk}"
