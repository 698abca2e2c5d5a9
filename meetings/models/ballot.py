"""Calls, ballots, tallies: what the room is asked, what each answers, what is left. Confidential like the board."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from meetings import voting
from meetings.models.board import Board, Round, Topic

WAYS = [(way.value, way.value) for way in voting.Thumb]


class Kind(models.TextChoices):
    DOTS = "dots", "dots"
    THUMBS = "thumbs", "thumbs"


class Call(models.Model):
    """One question to the room. While it is open it has a secret; at the count secret and ballots are destroyed."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    number = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)  # early dots wait for the first count
    closed_at = models.DateTimeField(null=True, blank=True)
    secret = models.BinaryField(max_length=32, null=True, blank=True)
    dots = models.PositiveSmallIntegerField(default=3)
    per_topic = models.PositiveSmallIntegerField(default=2)
    lot = models.PositiveIntegerField()

    class Meta:
        ordering = ["board_id", "kind", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "kind", "number"], name="calls_are_numbered_once_per_board_and_kind"
            ),
            models.UniqueConstraint(
                fields=["board", "kind"], condition=Q(closed_at=None), name="one_open_call_per_board_and_kind"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) ^ Q(secret=None), name="an_open_call_has_a_secret_and_a_closed_one_none"
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.DOTS) | Q(round__isnull=False), name="thumbs_are_asked_in_a_round"
            ),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"


class Dot(models.Model):
    """One dot of one voter, an HMAC under the call's secret. The limits are copied so that a CHECK can hold them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="+")
    voter = models.BinaryField(max_length=32)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="+")
    slot = models.PositiveSmallIntegerField()
    nth = models.PositiveSmallIntegerField()
    dots = models.PositiveSmallIntegerField()
    per_topic = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "voter", "slot"], name="a_slot_holds_one_dot_per_voter_and_call"),
            models.UniqueConstraint(
                fields=["call", "voter", "topic", "nth"], name="dots_on_a_topic_are_numbered_once_per_voter"
            ),
            models.CheckConstraint(condition=Q(slot__gte=1, slot__lte=F("dots")), name="a_slot_is_within_the_budget"),
            models.CheckConstraint(
                condition=Q(nth__gte=1, nth__lte=F("per_topic")), name="dots_on_a_topic_are_within_its_limit"
            ),
        ]

    def __str__(self) -> str:
        return f"dot of call {self.call_id}"


class Thumb(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="+")
    voter = models.BinaryField(max_length=32)
    way = models.CharField(max_length=8, choices=WAYS)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "voter"], name="one_thumb_per_voter_and_call"),
            models.CheckConstraint(condition=Q(way__in=list(voting.Thumb)), name="a_thumb_points_up_sideways_or_down"),
        ]

    def __str__(self) -> str:
        return f"thumb of call {self.call_id}"


class RoomThumbs(models.Model):
    """Raised hands that whoever leads or keeps time has counted in the room, for who has no device there."""

    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="+")
    up = models.PositiveSmallIntegerField(default=0)
    sideways = models.PositiveSmallIntegerField(default=0)
    down = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "room thumbs"

    def __str__(self) -> str:
        return f"hands of call {self.call_id}"


class RoomDots(models.Model):
    """The same of dots on one topic."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "room dots"
        constraints = [
            models.UniqueConstraint(fields=["call", "topic"], name="dots_in_the_room_are_counted_once_per_topic"),
        ]

    def __str__(self) -> str:
        return f"dots in the room of call {self.call_id}"


class RequestKey(models.Model):
    """A ballot that was already taken: a late retry does not overwrite a newer choice. Dies with the ballots."""

    key = models.UUIDField(primary_key=True, editable=False)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="+")
    voter = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"request of call {self.call_id}"


class Tally(models.Model):
    """What a counted call leaves: a number per topic or per way, zeros too, and nobody's name."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    way = models.CharField(max_length=8, choices=WAYS, blank=True)
    number = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=120, blank=True)  # of the place, where dots were equal
    alone = models.PositiveSmallIntegerField(null=True, blank=True)  # its own number, before a merge after the count
    by_hand = models.PositiveSmallIntegerField(default=0)  # so many of them were counted in the room

    class Meta:
        verbose_name_plural = "tallies"
        ordering = ["call_id", "place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "topic"], name="a_topic_is_counted_once_per_call"),
            models.UniqueConstraint(
                fields=["call", "way"], condition=~Q(way=""), name="a_way_is_counted_once_per_call"
            ),
            models.CheckConstraint(condition=Q(topic=None) ^ Q(way=""), name="a_tally_is_of_a_topic_or_of_a_way"),
        ]

    def __str__(self) -> str:
        return f"tally {self.pk}"


class Done(models.Model):
    """ "I am done", a button of its own: never derived from dots, and telling nothing about them."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name_plural = "done"
        constraints = [
            models.UniqueConstraint(fields=["call", "person"], name="a_person_is_done_once_per_call"),
        ]

    def __str__(self) -> str:
        return f"done {self.pk}"


class RecordingYes(models.Model):
    """Somebody who is here agrees that this meeting is recorded. Read by the rule alone: all of them, or nothing."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name_plural = "recording yeses"
        constraints = [
            models.UniqueConstraint(fields=["board", "person"], name="one_yes_to_a_recording_per_person_and_board"),
        ]

    def __str__(self) -> str:
        return f"yes {self.pk}"
