"""Every decision about an application, who took it and when: the way back, and the answer to "why"."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from members.models.application import STAGES, Application
from members.models.person import new_public_id
from members.models.program import Program
from members.rubric import HIGHEST, Score
from roundtable import clock
from roundtable.vault import EncryptedText


class Decision(models.Model):
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="decisions")
    from_stage = models.CharField(max_length=12, choices=STAGES)
    to_stage = models.CharField(max_length=12, choices=STAGES)
    reason = models.CharField(max_length=20, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["decided_at", "pk"]
        indexes = [
            models.Index(
                fields=["decided_by", "-decided_at"], condition=Q(undone_at=None), name="decision_to_be_taken_back"
            )
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"


class Note(models.Model):
    """An organizer's own words about an application. Seen by organizers of its program, and in the person's export."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(max_length=2000)
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Impression(models.Model):
    """One organizer's three answers about one application (members/rubric.py). Others see it once they gave theirs."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="impressions")
    organizer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    audience = models.PositiveSmallIntegerField()
    conversation = models.PositiveSmallIntegerField()
    coming = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "organizer"], name="one_impression_per_organizer_and_application"
            ),
            models.CheckConstraint(
                condition=Q(audience__lte=HIGHEST, conversation__lte=HIGHEST, coming__lte=HIGHEST),
                name="each_question_brings_two_points_at_most",
            ),
        ]

    def __str__(self) -> str:
        return f"impression {self.pk}"

    @property
    def score(self) -> Score:
        return Score(self.audience, self.conversation, self.coming)


class CompanyWord(models.Model):
    """An organizer's word on a company: how it is spelled, and which company that is. Stronger than our own guess."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="company_words")
    spelling = models.CharField(max_length=120)  # as answers.company_key has it
    counts_as = models.CharField(max_length=120)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["spelling", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["program", "spelling"], name="one_company_per_spelling_and_program")
        ]

    def __str__(self) -> str:
        return f"company word {self.pk}"


class Import(models.Model):
    """One spreadsheet taken in: counts and findings by line, never the file itself."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="imports")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list, blank=True)  # line, column and reason; no cell of the file
    consent_wording = models.TextField(blank=True)  # what the old form said about sensitive answers, if it asked

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"import {self.pk}"


UPLOAD_LIVES = timedelta(hours=24)


class Step(models.TextChoices):
    KEPT = "kept", "waits for its columns"
    CHECKING = "checking", "is being read"
    CHECKED = "checked", "waits for a yes"
    TAKING = "taking", "is being taken in"
    DONE = "done", "is taken in"
    FAILED = "failed", "stopped"


class Upload(models.Model):
    """A spreadsheet on its way in. Its content goes with the yes, or after a day; counts stay until that day is over.

    A worker claims it for a time: if the worker dies, the next one takes over when that time has passed.
    """

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=clock.now, db_index=True)
    content = EncryptedText(blank=True)
    rows = models.PositiveIntegerField(default=0)
    beginning = EncryptedText(blank=True)  # JSON: the headings and the first values below each
    step = models.CharField(max_length=8, choices=Step, default=Step.KEPT)
    columns = models.JSONField(default=dict, blank=True)  # heading to what the organizer says it asks for
    consent_wording = models.TextField(blank=True)
    leave_out_refused = models.BooleanField(default=False)
    claimed_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    report = EncryptedText(blank=True)  # JSON: what becomes of each row; it quotes cells
    failure = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"upload {self.pk}"

    @property
    def is_at_work(self) -> bool:
        """Ordered, and neither finished nor given up."""
        return self.step in (Step.CHECKING, Step.TAKING)
