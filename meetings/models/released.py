"""What a group lets out: a text made from a takeaway, and who is asked whether it may go out."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from meetings.models.takeaway import Takeaway
from members.models.person import new_public_id
from roundtable.vault import EncryptedText


class ReleasedNoteQuerySet(models.QuerySet["ReleasedNote"]):
    def out(self) -> ReleasedNoteQuerySet:
        """Everybody who is asked has said yes, and nobody has taken it back. Whoever goes without a yes gave none."""
        asked = ReleaseAsked.objects.filter(takeaway=OuterRef("takeaway"))
        return self.filter(Exists(asked), ~Exists(asked.filter(yes=False)))


class ReleasedNote(models.Model):
    """In other words than the takeaway, without trace of person or company. One at a time for each takeaway."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    takeaway = models.OneToOneField(Takeaway, on_delete=models.CASCADE, related_name="+")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    text = EncryptedText()
    proposed_at = models.DateTimeField()
    open_until = models.DateTimeField()

    objects = ReleasedNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(open_until__gt=F("proposed_at")), name="who_was_there_has_time_to_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"released note {self.pk}"

    @property
    def about(self) -> str:
        """Its name in letters and audit lines."""
        return f"note:{self.pk}"

    def key_owner(self) -> str:
        """The group's own key closes the words, until they are shown to those who may read them."""
        return self.takeaway.key_owner()

    def waits(self, now: datetime) -> bool:
        """Whether a yes may still be given."""
        return now < self.open_until


class ReleaseAsked(models.Model):
    """One person who is asked about the notes of a takeaway, and whether they say yes to the one that stands.

    Kept with the takeaway: who was asked once is asked about the next note too, whatever is said later of who was
    there. When the person goes the row stays without them, so that their silence never becomes a yes.
    """

    takeaway = models.ForeignKey(Takeaway, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    yes = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["takeaway", "person"], name="one_is_asked_once_about_a_takeaway"),
        ]

    def __str__(self) -> str:
        return f"asked about a note {self.pk}"
