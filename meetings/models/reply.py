"""A mail that came in: closed until it is judged, then its facts and the verdict; its words are gone."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from meetings.models.seat import Entry, Seat
from roundtable.vault import EncryptedText

MOST_TRIES = 5


class ReplyQuerySet(models.QuerySet["Reply"]):
    def waiting(self) -> ReplyQuerySet:
        """Not judged yet, first received first; what broke the work too often is left until it is deleted."""
        return self.filter(judged_at=None, tries__lt=MOST_TRIES).order_by("received_at", "pk")

    def proposals(self, now: datetime) -> ReplyQuerySet:
        """Other times that members propose, as long as they can be and nobody has set them aside."""
        return self.filter(proposed_at__gt=now, dismissed_at=None).order_by("proposed_at", "pk")


class Reply(models.Model):
    digest = models.CharField(max_length=64, unique=True)  # of the bytes: the same mail is one reply
    raw = EncryptedText(null=True, bound_to="digest")  # type: ignore[misc] # the stubs know no nullable field of ours
    received_at = models.DateTimeField()
    failed = models.BooleanField(default=False)  # its provider says that the sender is somebody else
    tries = models.PositiveSmallIntegerField(default=0)

    judged_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=20, blank=True)
    entry = models.ForeignKey(Entry, on_delete=models.SET_NULL, null=True, related_name="+")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, null=True, related_name="+")
    message_hash = models.CharField(max_length=64, blank=True)  # a Message-ID names the sender's company
    partstat = models.CharField(max_length=14, blank=True)
    stamped_at = models.DateTimeField(null=True, blank=True)  # DTSTAMP as it was given
    sequence = models.PositiveIntegerField(null=True, blank=True)
    stamp_at = models.DateTimeField(null=True, blank=True)  # and as it counts
    proposed_at = models.DateTimeField(null=True, blank=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "replies"
        ordering = ["received_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(judged_at=None) ^ Q(raw__isnull=True), name="a_judged_mail_keeps_no_words"
            ),
            models.CheckConstraint(condition=Q(judged_at=None) ^ ~Q(verdict=""), name="a_verdict_comes_with_its_time"),
        ]
        indexes = [
            models.Index(fields=["received_at", "id"], condition=Q(judged_at=None), name="reply_waiting"),
            models.Index(fields=["entry", "message_hash"], name="reply_by_message"),
        ]

    def __str__(self) -> str:
        return f"reply {self.pk}"
