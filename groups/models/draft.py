"""What the solver proposed: a composition, its draft groups, and a reason for everybody left out. Told to nobody."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from groups.reaching import Step
from members.models.application import Application
from members.models.person import Person, new_public_id
from members.models.program import Program
from roundtable import clock


class Progress(models.TextChoices):
    WAITING = "waiting", "waiting for a worker"
    RUNNING = "running", "running"
    DONE = "done", "done"
    FAILED = "failed", "failed"
    CANCELLED = "cancelled", "cancelled"


UNDER_WAY = [Progress.WAITING, Progress.RUNNING]


class CompositionQuerySet(models.QuerySet["Composition"]):
    def organized_by(self, person: Person) -> CompositionQuerySet:
        """Compositions are for organizers of the whole program; a chapter's organizer composes nothing here."""
        if person.is_superuser:
            return self
        return self.filter(program__organizer__person=person, program__organizer__metro="").distinct()


class Composition(models.Model):
    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="compositions")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    progress = models.CharField(max_length=9, choices=Progress, default=Progress.WAITING)
    stage = models.CharField(max_length=20, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    differences = models.CharField(max_length=500, blank=True)  # how the pool had changed by the time of the result
    seconds = models.PositiveSmallIntegerField(default=60)
    seed = models.PositiveIntegerField(default=1)
    zone = models.CharField(max_length=60, default="UTC")
    placed = models.PositiveIntegerField(default=0)
    bound = models.PositiveIntegerField(default=0)
    quality = models.FloatField(default=0)
    certificate = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)  # grows with every edit by hand
    base = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="versions")
    prices = models.JSONField(default=dict, blank=True)  # what each rule costs, in people

    objects = CompositionQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["program"],
                condition=Q(progress__in=UNDER_WAY),
                name="one_composition_runs_at_a_time_per_program",
            ),
        ]

    def __str__(self) -> str:
        return f"composition {self.pk}"

    @property
    def under_way(self) -> bool:
        """Ordered, and not ended in any way."""
        return self.progress in UNDER_WAY


class DraftState(models.TextChoices):
    DRAFT = "draft", "on paper"
    RELEASED = "released", "asking people"
    SEALED = "sealed", "sealed"
    DISSOLVED = "dissolved", "dissolved"


STEPS = [(step.value, step.value) for step in Step]


class DraftGroup(models.Model):
    """People who could meet at one hour of the anchor's week. Becomes a group when sealed."""

    composition = models.ForeignKey(Composition, on_delete=models.CASCADE, related_name="drafts")
    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    number = models.PositiveIntegerField()
    mode = models.CharField(max_length=16)
    metro = models.CharField(max_length=80, blank=True)
    zone = models.CharField(max_length=60)
    window = models.PositiveSmallIntegerField()  # start half hour of the anchor's local week, 0 = Monday 00:00
    quality = models.FloatField(default=0)
    card = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.DRAFT)
    released_at = models.DateTimeField(null=True, blank=True)
    answer_until = models.DateTimeField(null=True, blank=True)
    step = models.CharField(max_length=8, choices=STEPS, default=Step.WAIT)  # what comes next, since the last answer
    step_at = models.DateTimeField(null=True, blank=True)
    locked = models.BooleanField(default=False)  # keeps its people, hour and place when it is solved again

    class Meta:
        ordering = ["composition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["composition", "number"], name="drafts_are_numbered_once_per_composition"),
            models.CheckConstraint(condition=Q(window__lt=336), name="a_window_starts_within_the_week"),
        ]

    def __str__(self) -> str:
        return f"draft {self.composition_id}-{self.number}"


class LeftOut(models.Model):
    """Nobody is dropped silently: a reason per person and composition, and the one change that would help, if any."""

    composition = models.ForeignKey(Composition, on_delete=models.CASCADE, related_name="left_out")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=20)
    sentence = models.CharField(max_length=300)
    fix = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["composition", "application"], name="one_reason_per_person_and_composition"
            ),
        ]

    def __str__(self) -> str:
        return f"left out {self.pk}"
