"""The code of conduct in versions, who accepted which when, and every other consent with the words it was given to."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef

from members.models.person import Person
from members.models.program import Program
from roundtable import clock


class Publishing(models.TextChoices):
    CORRECTION = "correction", "a correction: nobody is asked again"
    CHANGE = "change", "a change: everybody accepts it before they go on"


class CodeOfConductQuerySet(models.QuerySet["CodeOfConduct"]):
    def binding(self) -> CodeOfConductQuerySet:
        """Versions that ask for a yes of their own; corrections live by the yes to what they correct."""
        return self.filter(kind=Publishing.CHANGE)

    def owed_by(self, person: Person | OuterRef) -> CodeOfConductQuerySet:
        """Changes of a first version that this person has accepted neither as such nor in a later version."""
        later = Acceptance.objects.filter(
            person=person, code__program=OuterRef("program"), code__number__gte=OuterRef("number")
        )
        return self.binding().filter(~Exists(later), number__gt=1)


class CodeOfConduct(models.Model):
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="codes")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    kind = models.CharField(max_length=10, choices=Publishing, default=Publishing.CHANGE)
    published_on = models.DateField()

    objects = CodeOfConductQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "codes of conduct"
        ordering = ["program", "-number"]
        constraints = [models.UniqueConstraint(fields=["program", "number"], name="a_code_version_is_numbered_once")]

    def __str__(self) -> str:
        return f"{self.program} code of conduct, version {self.number}"

    @property
    def sections(self) -> list[tuple[str, str]]:
        """Heading and text: blank lines part the sections, and a first line of its own is the heading."""
        blocks = [block.strip() for block in self.text.replace("\r\n", "\n").split("\n\n") if block.strip()]
        parted = [block.partition("\n") for block in blocks]
        return [(first, rest) if rest else ("", first) for first, _, rest in parted]


WORDINGS = {
    "data": (
        "You may keep what I wrote here, to find me a group, until I withdraw it. Organizers of this program read it,"
        " but for my hours and my sensitive answers; what is said in a group they never see. I can see, correct, take"
        " away and delete it."
    ),
    "coming": (
        "I come to five of six meetings, or say so early. A pause is fine; a seat left silent goes on to somebody else."
    ),
    "sensitive": (
        "Use these answers to compose groups, and before a meeting that is open to all to tell who minds the same how"
        " many who come share it; for nothing else. What I wrote in my own words may be read by the one organizer whom"
        " the program names for it; I see each look. I can take this back any time."
    ),
}


class Acceptance(models.Model):
    """One person, one version, one moment. Never overwritten."""

    code = models.ForeignKey(CodeOfConduct, on_delete=models.PROTECT, related_name="acceptances")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="acceptances")
    accepted_at = models.DateTimeField(default=clock.now)
    how = models.CharField(max_length=20, default="page")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "person"], name="a_version_is_accepted_once_per_person")]

    def __str__(self) -> str:
        return f"acceptance {self.pk}"


class ConsentQuerySet(models.QuerySet["Consent"]):
    def standing(self) -> ConsentQuerySet:
        """Given and not taken back."""
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """A yes to one purpose, with the wording it was given to. Withdrawn, never deleted before the person is."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40)
    wording = models.CharField(max_length=64)
    given_at = models.DateTimeField(default=clock.now)
    how = models.CharField(max_length=20, default="page")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["given_at", "pk"]

    def __str__(self) -> str:
        return f"consent {self.pk}"


def wording_hash(purpose: str) -> str:
    """Tells later which words somebody said yes to."""
    return hashlib.sha256(WORDINGS[purpose].encode()).hexdigest()
