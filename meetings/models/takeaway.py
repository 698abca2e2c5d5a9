"""What the group keeps from a round, and what its members promise. Confidential like the board, and reached through
meetings/access.py only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from groups.models.group import Group
from meetings.models.board import Board, Round
from members.models.person import new_public_id
from roundtable.vault import EncryptedText

LINES = 3


class TakeawayQuerySet(models.QuerySet["Takeaway"]):
    def readable(self, group: Group, *, since: date) -> TakeawayQuerySet:
        """What a member may read: the group's takeaways of meetings from the joining date on, newest first."""
        mine = self.filter(round__board__meeting__group=group, round__board__meeting__local_date__gte=since)
        return mine.order_by("-round__board__meeting__starts_at", "-round__number", "-pk")

    def with_agreements(self) -> TakeawayQuerySet:
        """Each with `agreed`: how many take it along too."""
        agreed = Agreement.objects.filter(takeaway=OuterRef("pk")).order_by().values("takeaway")
        return self.annotate(agreed=Coalesce(Subquery(agreed.annotate(n=Count("pk")).values("n")), 0))


class Takeaway(models.Model):
    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField()
    text = EncryptedText()
    revision = models.PositiveIntegerField(default=1)

    corrections: Sequence[Correction] = ()  # where they were asked for (keeping.with_corrections)
    agreed: int = 0  # the same (`with_agreements`)
    by: str = ""  # the same, as its reader may name who wrote it (timeline.py)

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


class Agreement(models.Model):
    """A "+1": that somebody takes this along too."""

    takeaway = models.ForeignKey(Takeaway, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["takeaway", "person"], name="a_person_agrees_once_to_a_takeaway"),
        ]

    def __str__(self) -> str:
        return f"agreement {self.pk}"


class Correction(models.Model):
    """What was added to a takeaway after its first days, with its date; the takeaway itself stays as it was."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    takeaway = models.ForeignKey(Takeaway, on_delete=models.CASCADE, related_name="+")
    text = EncryptedText()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"correction {self.pk}"

    def key_owner(self) -> str:
        """The group's own key closes the words."""
        return self.takeaway.key_owner()


class PromiseState(models.TextChoices):
    OPEN = "open", "to be told of next time"
    DONE = "done", "done"
    CARRIED = "carried", "carried on"
    DROPPED = "dropped", "dropped"


class PromiseQuerySet(models.QuerySet["Promise"]):
    def open_at(self, board: Board) -> PromiseQuerySet:
        """Made at earlier meetings of this group, and nobody has said yet what came of them."""
        return self.open_before(board.starts_at, group=board.meeting.group_id)

    def open_before(self, starts_at: Any, *, group: Any) -> PromiseQuerySet:
        """The same by the start of a meeting and the key of its group, or by expressions for them."""
        earlier = self.filter(board__meeting__group=group, board__starts_at__lt=starts_at)
        return earlier.filter(state=PromiseState.OPEN)


class Promise(models.Model):
    """One sentence under one's own name: what I do until the next meeting, where its owner says what came of it."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = EncryptedText()
    state = models.CharField(max_length=8, choices=PromiseState, default=PromiseState.OPEN)
    carried_from = models.OneToOneField(  # the same words: they go with those, and never turn into a new promise
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = ["board_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "person"],
                condition=models.Q(carried_from=None),
                name="one_new_promise_per_person_and_meeting",
            ),
        ]

    def __str__(self) -> str:
        return f"promise {self.pk}"

    def key_owner(self) -> str:
        """The group's own key closes the words."""
        return f"group:{self.board.meeting.group_id}"
