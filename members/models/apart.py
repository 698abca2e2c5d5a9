"""Whom somebody does not want to meet in a group: their own lines, and what organizers made of each."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from members.models.application import Application
from members.models.person import Person, new_public_id
from members.models.program import Program
from members.stages import Stage
from roundtable import clock
from roundtable.vault import EncryptedText


class Verdict(models.TextChoices):
    OPEN = "open", "not settled"
    PEOPLE = "people", "kept apart"
    COMPANY = "company", "a company, now and later"
    NOBODY = "nobody", "nobody here"


class KeepApartLineQuerySet(models.QuerySet["KeepApartLine"]):
    def organized_by(self, person: Person) -> KeepApartLineQuerySet:
        """Lines of the people whom this organizer looks after, while those have or want a group."""
        mine = Application.objects.organized_by(person).exclude(stage__in=[Stage.DECLINED, Stage.WITHDRAWN])
        return self.for_organizers().filter(application__in=mine)

    def for_organizers(self) -> KeepApartLineQuerySet:
        """Without those that somebody settled alone, by pointing at a card of an invitation."""
        return self.filter(private=False)

    def not_settled(self) -> KeepApartLineQuerySet:
        return self.filter(verdict=Verdict.OPEN)


class KeepApartLine(models.Model):
    """One person or company whom somebody does not want to meet. Organizers read it, nobody else.

    A private one was said to an invitation, about a card: it is settled from the start, and no organizer reads it.
    """

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    words = EncryptedText()
    verdict = models.CharField(max_length=8, choices=Verdict, default=Verdict.OPEN)
    company = EncryptedText(blank=True)  # the key of it, where the line means everybody of a company
    looked_at = models.JSONField(default=list, blank=True)  # applications that an organizer saw beside this line
    private = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=clock.now)

    objects = KeepApartLineQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="a_line_is_open_or_has_one_of_three_verdicts"
            ),
            models.CheckConstraint(
                condition=Q(private=False) | Q(verdict=Verdict.PEOPLE), name="a_private_line_was_settled_by_its_person"
            ),
        ]

    def __str__(self) -> str:
        return f"keep apart line {self.pk}"

    def key_owner(self) -> str:
        """Closed with the person's own data key, so that erasing the person ends it."""
        return f"person:{self.application.person_id}"


class KeepApart(models.Model):
    """Two people who never sit in one group. It ends with the line it was made of; who asked is told to nobody."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="+")
    one = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    line = models.ForeignKey(KeepApartLine, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["one", "other", "line"], nulls_distinct=False, name="a_line_keeps_a_pair_apart_once"
            ),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="a_pair_is_written_lower_id_first"),
        ]

    def __str__(self) -> str:
        return f"pair {self.pk}"
