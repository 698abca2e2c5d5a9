"""What a member notes about a meeting for themselves alone. Reached through meetings/noting.py only."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from meetings.models.meeting import Meeting
from members.models.person import new_public_id
from roundtable.vault import EncryptedText


class OwnNote(models.Model):
    """One a person and meeting, closed with the person's own key: no group, no organizer and no export of others has
    it, and it goes with the person."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = EncryptedText()
    written_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["meeting_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="one_own_note_per_person_and_meeting"),
        ]

    def __str__(self) -> str:
        return f"own note {self.pk}"

    def key_owner(self) -> str:
        """The person's own key closes the words."""
        return f"person:{self.person_id}"
