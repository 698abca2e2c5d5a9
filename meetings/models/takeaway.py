"""What the group keeps from a round. Confidential like the board, and reached through meetings/access.py only."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models

from groups.models.group import Group
from meetings.models.board import Round
from members.models.person import new_public_id
from roundtable.vault import EncryptedText

LINES = 3


class TakeawayQuerySet(models.QuerySet["Takeaway"]):
    def readable(self, group: Group, *, since: date) -> TakeawayQuerySet:
        """What a member may read: the group's takeaways of meetings from the joining date on, newest first."""
        mine = self.filter(round__board__meeting__group=group, round__board__meeting__local_date__gte=since)
        return mine.order_by("-round__board__meeting__starts_at", "-round__number", "-pk")


class Takeaway(models.Model):
    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField()
    text = EncryptedText()
    revision = models.PositiveIntegerField(default=1)

    objects = TakeawayQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round"], name="one_takeaway_per_round"),
        ]

    def __str__(self) -> str:
        return f"takeaway {self.pk}"

    def key_owner(self) -> str:
        """The group's own key closes the words."""
        return f"group:{self.round.board.meeting.group_id}"
