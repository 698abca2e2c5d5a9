"""A person asking to join a program: what they told us, where it stands, and the answers only the solver reads."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from members import answers, stages, wishes
from members.models.person import Person, new_public_id
from members.models.place import label_of
from members.models.program import Program
from members.models.source import Source
from members.placing import Placing
from roundtable import clock
from roundtable.vault import EncryptedText


class Mode(models.TextChoices):
    IN_PERSON = "in_person", "in person only"
    PREFER_IN_PERSON = "prefer_in_person", "in person preferred"
    EITHER = "either", "either"
    VIDEO = "video", "video only"


class Placed(models.TextChoices):
    RESOLVED = "resolved", "found"
    CONFIRM = "confirm", "to be confirmed"
    ASK = "ask", "several candidates"
    UNKNOWN = "unknown", "not found"


ROLES = {
    answers.Role.CTO: "CTO or founder-CTO",
    answers.Role.VP: "VP, head or director",
    answers.Role.MANAGER_OF_MANAGERS: "Manager of managers",
    answers.Role.MANAGER: "Manager",
    answers.Role.STAFF: "Staff or principal engineer",
    answers.Role.OTHER: "Something else",
}
ORG_SIZES = {
    **{band: f"{band} people" for band in answers.SIZE_BANDS},
    "0": "nobody, I work with my hands",
    answers.LARGEST_BAND: "500 people or more",
}
CODING = {
    answers.Coding.MOST_DAYS: "most days",
    answers.Coding.SOMETIMES: "sometimes",
    answers.Coding.RARELY: "rarely",
    answers.Coding.NO: "no",
}
CADENCES = {answers.Cadence.MONTHLY: "every month", answers.Cadence.SIX_TO_EIGHT_WEEKS: "every six to eight weeks"}
COULD = {
    "host": "host a room",
    "facilitate": "facilitate",
    "start": "help start a city",
    "turn": "only take my turn",
    "not_now": "nothing of it now",
}
STAGES = [(stage.value, stage.value) for stage in stages.Stage]


class ApplicationQuerySet(models.QuerySet["Application"]):
    def organized_by(self, person: Person) -> ApplicationQuerySet:
        """What this organizer may see: whole programs, or the one metro of their chapter."""
        if person.is_superuser:
            return self
        seen = Q(program__in=person.whole_programs)
        for program, metro in person.roles:
            if program not in person.whole_programs:
                seen |= Q(program=program, metro=metro)
        return self.filter(seen)

    def waiting_for_review(self) -> ApplicationQuerySet:
        return self.filter(stage=stages.Stage.SUBMITTED)

    def pooled(self) -> ApplicationQuerySet:
        return self.filter(stage=stages.Stage.POOLED)

    def without_group(self) -> ApplicationQuerySet:
        """Not asked for a group at this moment: no invitation is out or accepted."""
        return self.exclude(invitations__state__in=["sent", "accepted"])

    def place_unclear(self) -> ApplicationQuerySet:
        return self.exclude(placed=Placed.RESOLVED).exclude(stage__in=[stages.Stage.DECLINED, stages.Stage.WITHDRAWN])


class Application(models.Model):
    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="applications")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="applications")
    stage = models.CharField(max_length=12, choices=STAGES, default=stages.Stage.DRAFT)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)  # by the person; a spreadsheet no longer overwrites it
    rests_until = models.DateField(null=True, blank=True)  # "not now": comes back by itself on this day
    held_at = models.DateTimeField(null=True, blank=True)  # an organizer asked something and waits for the answer

    place_text = models.CharField(max_length=200, blank=True)
    placed = models.CharField(max_length=10, choices=Placed, default=Placed.UNKNOWN)
    place_step = models.CharField(max_length=40, blank=True)
    place_name = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True)
    metro = models.CharField(max_length=80, blank=True)
    candidates = models.JSONField(default=list, blank=True)

    mode = models.CharField(max_length=16, choices=Mode, default=Mode.EITHER)
    role = models.CharField(max_length=20, blank=True)
    role_text = models.CharField(max_length=120, blank=True)
    org_size = models.CharField(max_length=12, blank=True)
    years_in_tech = models.PositiveSmallIntegerField(null=True, blank=True)
    years_leading = models.PositiveSmallIntegerField(null=True, blank=True)
    still_coding = models.CharField(max_length=20, blank=True)
    company = models.CharField(max_length=120, blank=True)
    company_key = models.CharField(max_length=120, blank=True, db_index=True)
    sector = models.CharField(max_length=80, blank=True)
    shows_company = models.BooleanField(default=True)
    topics = models.JSONField(default=list, blank=True)
    cadences = models.JSONField(default=list, blank=True)
    willing = models.BooleanField(default=True)
    extra = models.JSONField(default=dict, blank=True)
    skipped_before = models.PositiveSmallIntegerField(default=0)
    source = models.ForeignKey(Source, on_delete=models.SET_NULL, null=True, blank=True, related_name="applications")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["submitted_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["program", "person"], name="one_application_per_person_and_program"),
            models.CheckConstraint(
                condition=Q(stage__in=[stage.value for stage in stages.Stage]),
                name="an_application_is_in_a_known_stage",
            ),
            models.CheckConstraint(
                condition=Q(stage=stages.Stage.DRAFT) | Q(submitted_at__isnull=False),
                name="what_is_no_draft_was_submitted_once",
            ),
            models.CheckConstraint(
                condition=Q(rests_until=None) | Q(stage=stages.Stage.DORMANT), name="only_who_rests_comes_back_on_a_day"
            ),
        ]
        indexes = [
            models.Index(
                fields=["program", "stage", "submitted_at", "id"], include=["metro"], name="application_by_stage"
            ),
            models.Index(fields=["program"], condition=~Q(placed=Placed.RESOLVED), name="application_place_unclear"),
        ]

    def __str__(self) -> str:
        return f"application {self.public_id}"

    def settle(self, found: Placing) -> None:
        """Takes over what became of a location text: the place, or the candidates to ask about. Saves nothing."""
        self.place_text = found.text
        self.placed, self.place_step = found.outcome.value, found.step
        self.place_name, self.country = found.place or "", found.country or ""
        self.metro = found.metro or ""
        self.candidates = [{"id": one.place_id, "label": label_of(one), "zone": one.zone} for one in found.candidates]

    @property
    def role_name(self) -> str:
        return ROLES.get(answers.Role(self.role), "") if self.role else ""

    @property
    def org_size_name(self) -> str:
        return ORG_SIZES.get(self.org_size, "")

    @property
    def still_coding_name(self) -> str:
        return CODING[answers.Coding(self.still_coding)] if self.still_coding else ""

    @property
    def could_names(self) -> list[str]:
        """What the person offered to do for a group."""
        return [COULD[name] for name in self.extra.get("could", ()) if name in COULD]

    @property
    def smaller_answers(self) -> list[tuple[str, str]]:
        """Label and words of what has no column of its own; who sent somebody is not among it."""
        return list(wishes.in_words(self.extra))

    @property
    def rhythm(self) -> str:
        """The cadences in words; none said means that any will do."""
        return " or ".join(name for key, name in CADENCES.items() if key in self.cadences) or "any rhythm"


class IdentityAnswers(models.Model):
    """What a person may not want to be alone with. The solver reads it; no list, filter or export of organizers does.

    What is in own words there, one named organizer opens (members/ownwords.py), and its person sees each look.
    """

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="+")
    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    answers = EncryptedText(blank=True)  # JSON, see members/identity.py
    source = models.CharField(max_length=20, default="form")
    made_at = models.DateTimeField(default=clock.now)
    consented_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"identity answers {self.pk}"

    def key_owner(self) -> str:
        """Closed with the person's own data key, so that erasing the person ends it."""
        return f"person:{self.application.person_id}"


class Unconfirmed(models.Model):
    """An application on its way: begun, kept page by page, sent once its code is typed. Its person alone sees it."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    answers = EncryptedText()  # JSON: {"pages": what was typed, "given": the checked form while its code is out}
    page = models.CharField(max_length=12, blank=True)  # where its person left
    source = models.ForeignKey(Source, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    code_hash = models.CharField(max_length=64, blank=True)
    coded_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(default=clock.now, db_index=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(tries__lte=3), name="a_code_is_tried_three_times_at_most")]

    def __str__(self) -> str:
        return f"unconfirmed application {self.pk}"

    @property
    def about(self) -> str:
        """How links and letters name this draft."""
        return f"unconfirmed:{self.public_id}"
