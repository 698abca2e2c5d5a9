"""A composition at work: the frozen copy of its pool, and the shards that workers claim. All ends with the run."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from groups.models.draft import Composition
from members.models.person import new_public_id
from roundtable.vault import EncryptedText


class FrozenPool(models.Model):
    """Everybody as they were when the run began, so that each of its workers sees the same people."""

    composition = models.OneToOneField(Composition, on_delete=models.CASCADE, related_name="frozen")
    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    content = EncryptedText()  # the problem as groups/freezing.py writes it
    zone = models.CharField(max_length=60)  # the clock that its half hours are counted on
    made_on = models.DateField()

    def __str__(self) -> str:
        return f"frozen pool {self.pk}"

    def key_owner(self) -> str:
        """A key of its own, which ends with the run: then no backup opens it either."""
        return f"composition:{self.composition_id}"


class Step(models.TextChoices):
    """What is done one after the other; shards of one step are done side by side."""

    PLACE = "place", "placing people"
    IMPROVE = "improve", "making groups better"
    GATHER = "gather", "seating those left over"
    PRICE = "price", "pricing the rules"  # of a run that has ended


class ShardState(models.TextChoices):
    WAITING = "waiting", "waiting"
    RUNNING = "running", "running"
    DONE = "done", "done"


class Shard(models.Model):
    """One piece of one run. Who claims it has it for the time of the lease; later than that the worker is dead."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    composition = models.ForeignKey(Composition, on_delete=models.CASCADE, related_name="shards")
    step = models.CharField(max_length=8, choices=Step, default=Step.PLACE)
    number = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=ShardState, default=ShardState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    room = EncryptedText(blank=True)  # what it works on: rows of numbers, without ids (composition/rooms.py)
    seats = models.BinaryField(blank=True)  # what came of it: a table per row
    about = models.JSONField(default=dict, blank=True)  # of placing: the bound, and what was proven in which time

    class Meta:
        ordering = ["composition", "step", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["composition", "step", "number"], name="a_shard_is_numbered_once_per_run_and_step"
            ),
            models.CheckConstraint(
                condition=Q(state=ShardState.RUNNING) ^ Q(lease_until=None), name="a_shard_at_work_has_a_lease"
            ),
        ]

    def __str__(self) -> str:
        return f"shard {self.pk}"

    def key_owner(self) -> str:
        """That of the frozen pool: both end together."""
        return f"composition:{self.composition_id}"
