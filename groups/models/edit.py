"""What organizers change on a composition board: a row per edit, never deleted, and who is held in a draft."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from groups.models.draft import Composition, DraftGroup
from members.models.application import Application


class Act(models.TextChoices):
    """Each has its opposite, by which it is undone."""

    MOVE = "move", "moved"
    LOCK = "lock", "locked"
    FREE = "free", "unlocked"
    HOLD = "hold", "held"
    LET_GO = "let_go", "let go"


ABOUT_A_PERSON = [Act.MOVE, Act.HOLD, Act.LET_GO]


class EditState(models.TextChoices):
    DONE = "done", "done"
    UNDONE = "undone", "taken back"
    DROPPED = "dropped", "taken back for good"


class EditQuerySet(models.QuerySet["Edit"]):
    def to_undo(self) -> Edit | None:
        """The last one that stands."""
        return self.filter(state=EditState.DONE).order_by("-number").first()

    def to_redo(self) -> Edit | None:
        """The one that was taken back last."""
        return self.filter(state=EditState.UNDONE).order_by("number").first()

    def since(self, version: int) -> EditQuerySet:
        """What has happened to the board after somebody saw this version of it, in order."""
        return self.filter(version__gt=version).order_by("version")


class Edit(models.Model):
    """One change by hand. No source or no target of a move: the person waited, or waits."""

    composition = models.ForeignKey(Composition, on_delete=models.CASCADE, related_name="edits")
    number = models.PositiveIntegerField()  # in the order in which they were made
    version = models.PositiveIntegerField()  # of the board, when this was last done or taken back
    act = models.CharField(max_length=6, choices=Act)
    state = models.CharField(max_length=7, choices=EditState, default=EditState.DONE)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, null=True, related_name="+")
    source = models.ForeignKey(DraftGroup, on_delete=models.CASCADE, null=True, related_name="+")
    target = models.ForeignKey(DraftGroup, on_delete=models.CASCADE, null=True, related_name="+")
    before = models.JSONField(default=dict, blank=True)  # hour and place of the drafts, which undoing brings back
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    objects = EditQuerySet.as_manager()

    class Meta:
        ordering = ["composition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["composition", "number"], name="edits_are_numbered_once_per_composition"),
            models.CheckConstraint(
                condition=Q(act__in=ABOUT_A_PERSON) ^ Q(application=None), name="an_edit_is_about_a_person_or_a_group"
            ),
        ]

    def __str__(self) -> str:
        return f"edit {self.composition_id}-{self.number}"


class Hold(models.Model):
    """This person stays in this draft, whatever the others do when it is solved again."""

    draft = models.ForeignKey(DraftGroup, on_delete=models.CASCADE, related_name="holds")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "application"], name="a_person_is_held_once_in_a_draft"),
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"
