"""A poll of a circle: which of a few hours, until when, and what came of it. What each member said stands elsewhere."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from groups.models.group import Group
from meetings.models.meeting import Meeting
from members.models.person import new_public_id

PURPOSE = "poll"  # of the link in its letters


class Kind(models.TextChoices):
    DATE = "date", "the next date"
    MOVE = "move", "another time for one date"
    HOUR = "hour", "a new hour for all dates"


class PollQuerySet(models.QuerySet["Poll"]):
    def running(self) -> PollQuerySet:
        """Neither settled nor ended: a group has at most one."""
        return self.filter(settled_at=None, ended_at=None)


class Poll(models.Model):
    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="polls")
    kind = models.CharField(max_length=4, choices=Kind)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, null=True, blank=True, related_name="polls")
    from_date = models.DateField()  # a new hour holds from this day on; a single date lies on it or later
    zone = models.CharField(max_length=60)
    minutes = models.PositiveSmallIntegerField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField(db_index=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # without a result
    reason = models.CharField(max_length=300, blank=True)  # why an hour outside somebody's hours was chosen

    objects = PollQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group"], condition=Q(settled_at=None, ended_at=None), name="one_running_poll_per_group"
            ),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opened_at")), name="a_poll_is_open_for_a_while"),
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(ended_at=None), name="a_poll_is_settled_or_ends_without_a_result"
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.MOVE, meeting__isnull=False) | (~Q(kind=Kind.MOVE) & Q(meeting=None)),
                name="a_poll_to_move_names_its_meeting",
            ),
        ]

    def __str__(self) -> str:
        return f"poll {self.public_id}"

    @property
    def about(self) -> str:
        """Its name in letters, links and audit lines."""
        return f"poll:{self.pk}"

    @property
    def path(self) -> str:
        """Its page."""
        return reverse("meetings:poll", args=[self.public_id])

    @property
    def running(self) -> bool:
        """Whether it may still be answered, deadline apart."""
        return self.settled_at is None and self.ended_at is None

    def open_at(self, now: datetime) -> bool:
        """Whether answers still count."""
        return self.running and now < self.closes_at


class OptionQuerySet(models.QuerySet["Option"]):
    def live(self) -> OptionQuerySet:
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)


class Option(models.Model):
    """One hour to choose. It never changes: another hour is another option. Withdrawn, it keeps what was said."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="options")
    on = models.DateField()  # the date; of a new hour the first one
    at = models.TimeField()
    starts_at = models.DateTimeField()
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    chosen_at = models.DateTimeField(null=True, blank=True)

    objects = OptionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "on", "at"], name="an_hour_is_asked_once_per_poll"),
            models.UniqueConstraint(
                fields=["poll"], condition=Q(chosen_at__isnull=False), name="one_hour_is_chosen_per_poll"
            ),
            models.CheckConstraint(
                condition=Q(chosen_at=None) | Q(withdrawn_at=None), name="what_was_withdrawn_is_not_chosen"
            ),
        ]

    def __str__(self) -> str:
        return f"option {self.pk}"

    @property
    def slot(self) -> int:
        """The half hour of the anchor's week, Monday 00:00 being 0."""
        return self.on.weekday() * 48 + self.at.hour * 2 + self.at.minute // 30
