"""What members propose for their circle's next meeting. Confidential: reached through meetings/agreeing.py only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from meetings.models.meeting import Format, Meeting
from members.models.person import new_public_id
from roundtable.vault import EncryptedText


class Idea(models.Model):
    """A theme with its format and perhaps somebody who speaks: one a member and meeting, and one of them stands."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    theme = EncryptedText()
    format = models.CharField(max_length=12, choices=Format)
    presenter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    accepted = models.BooleanField(default=False)  # whoever is to speak has said yes
    stands = models.BooleanField(default=False)

    class Meta:
        ordering = ["-stands", "proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "proposed_by"], name="one_idea_per_member_and_meeting"),
            models.UniqueConstraint(fields=["meeting"], condition=Q(stands=True), name="one_idea_stands_per_meeting"),
        ]

    def __str__(self) -> str:
        return f"idea {self.pk}"

    def key_owner(self) -> str:
        """The group's own key closes the words."""
        return f"group:{self.meeting.group_id}"
