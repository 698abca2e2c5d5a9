"""What people apply to, with its own rules, texts and organizers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from members.models.person import Person

if TYPE_CHECKING:
    from members.models.conduct import CodeOfConduct


MOST_DOTS = 9
MOST_BOXES = 6
BOX_MINUTES = range(1, 61)
DOTS = "Give everybody one to nine dots."
PER_TOPIC = "A topic takes at least one dot of each person, and at most as many as everybody has."
BOXES = "Write one to six whole numbers of minutes, each from 1 to 60, with commas between them: 8, 5."


class Roster(models.TextChoices):
    FIXED = "fixed", "a circle: the same people each time"
    OPEN = "open", "a roundtable: a larger pool, invited each time"


class ThumbRule(models.TextChoices):
    """What it takes to go on with a topic; `voting.Rule` has the same."""

    MORE_UP = "more_up", "more thumbs up than down"
    MOST_HERE = "most_here", "thumbs up of more than half of those who are here"


class TieAnswer(models.TextChoices):
    """What equal thumbs lead to; `voting.Outcome` has the same."""

    EXTEND = "extend", "the topic goes on"
    MOVE_ON = "move_on", "the topic is over"
    FACILITATOR = "facilitator", "whoever leads decides"


def eight_then_five() -> list[int]:
    """A topic is discussed for eight minutes, and then for five each time."""
    return [8, 5]


def refuse_odd_boxes(minutes: Sequence[int]) -> None:
    """One to six boxes of 1 to 60 minutes. Raises ValidationError."""
    if not 1 <= len(minutes) <= MOST_BOXES or not set(minutes) <= set(BOX_MINUTES):
        raise ValidationError(BOXES)


class ProgramQuerySet(models.QuerySet["Program"]):
    def organized_by(self, person: Person) -> ProgramQuerySet:
        """Programs that this person organizes; a superuser looks after all of them."""
        if person.is_superuser:
            return self
        return self.filter(pk__in={program for program, _ in person.roles})

    def organized_as_a_whole_by(self, person: Person) -> ProgramQuerySet:
        """The same without chapters: whoever looks after one metro takes in no file and composes nobody."""
        if person.is_superuser:
            return self
        return self.filter(pk__in=person.whole_programs)

    def taking(self, now: datetime) -> ProgramQuerySet:
        """Programs that take applications at this moment."""
        return self.filter(Q(opens_at=None) | Q(opens_at__lte=now)).filter(Q(closes_at=None) | Q(closes_at__gt=now))


class Program(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    summary = models.TextField(blank=True)
    roster = models.CharField(max_length=8, choices=Roster, default=Roster.FIXED)
    size_min = models.PositiveSmallIntegerField(default=6)
    size_target = models.PositiveSmallIntegerField(default=8)
    size_max = models.PositiveSmallIntegerField(default=9)
    minutes = models.PositiveSmallIntegerField(default=90)
    every_weeks = models.PositiveSmallIntegerField(default=6)
    max_per_company = models.PositiveSmallIntegerField(default=1)
    willing_min = models.PositiveSmallIntegerField(default=2)
    answer_days = models.PositiveSmallIntegerField(default=5)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    link_in_calendar = models.BooleanField(
        "the video link is no secret",
        default=False,
        help_text="It goes into each member’s calendar with the date. Else calendars say “See the meeting page”, and "
        "the page shows it shortly before. Calendars are read by assistants, families and employers.",
    )
    blind_first_pass = models.BooleanField(
        "hide names and companies at first",
        default=False,
        help_text="In review, name, address and company of an application appear once you have scored it.",
    )

    # What a board takes over when its first call opens; the columns there have the same names.
    dots = models.PositiveSmallIntegerField(
        "dots for everybody",
        default=3,
        validators=[MinValueValidator(1, DOTS), MaxValueValidator(MOST_DOTS, DOTS)],
        help_text="So many dots each person has when topics are chosen: one to nine.",
    )
    per_topic = models.PositiveSmallIntegerField(
        "dots on one topic",
        default=2,
        validators=[MinValueValidator(1, PER_TOPIC)],
        help_text="At most so many of them a person may put on the same topic.",
    )
    boxes = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name="minutes of a topic",
        default=eight_then_five,
        validators=[refuse_odd_boxes],
        help_text="The discussion, then each time that the group goes on; the last number repeats. “8, 5” is eight "
        "minutes, then five as often as they like.",
    )
    rule = models.CharField(
        "a topic goes on with",
        max_length=12,
        choices=ThumbRule,
        default=ThumbRule.MORE_UP,
        help_text="What the thumbs have to say when the time of a topic is over; else it ends.",
    )
    tie = models.CharField(
        "with equal thumbs",
        max_length=12,
        choices=TieAnswer,
        default=TieAnswer.FACILITATOR,
        help_text="What happens when as many are for going on as are not.",
    )

    objects = ProgramQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    size_min__gte=2, size_min__lte=F("size_target"), size_target__lte=F("size_max"), size_max__lte=12
                ),
                name="a_program_seats_2_to_12_and_its_sizes_are_in_order",
            ),
            models.CheckConstraint(condition=Q(minutes__range=(30, 240)), name="a_meeting_lasts_30_to_240_minutes"),
            models.CheckConstraint(condition=Q(every_weeks__range=(1, 12)), name="a_cadence_is_1_to_12_weeks"),
            models.CheckConstraint(condition=Q(answer_days__range=(3, 10)), name="people_have_3_to_10_days_to_answer"),
            models.CheckConstraint(
                condition=Q(per_topic__gte=1, per_topic__lte=F("dots"), dots__lte=MOST_DOTS),
                name="a_program_gives_at_most_9_dots_and_a_topic_takes_no_more",
                violation_error_message=PER_TOPIC,
            ),
            models.CheckConstraint(
                condition=Q(boxes__len__range=(1, MOST_BOXES), boxes__contained_by=list(BOX_MINUTES)),
                name="a_topic_has_1_to_6_boxes_of_1_to_60_minutes",
            ),
            models.CheckConstraint(
                condition=Q(rule__in=ThumbRule.values, tie__in=TieAnswer.values),
                name="thumbs_are_weighed_by_a_rule_that_the_board_knows",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def takes_applications(self, now: datetime) -> bool:
        """Between its two dates, where it has any."""
        return (self.opens_at is None or self.opens_at <= now) and (self.closes_at is None or self.closes_at > now)

    def current_code(self) -> CodeOfConduct | None:
        """The newest version of this program's code of conduct: the one that people are asked to accept."""
        return self.codes.order_by("-number").first()


class Organizer(models.Model):
    """Somebody who looks after a program: all of it, or one metro of it (a chapter).

    At most one of those who look after all of it reads what people wrote in their own words in sensitive answers.
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="organizing")
    metro = models.CharField(max_length=80, blank=True)
    reads_own_words = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program"], condition=Q(reads_own_words=True), name="one_organizer_reads_own_words"
            ),
            models.CheckConstraint(
                condition=Q(reads_own_words=False) | Q(metro=""),
                name="who_reads_own_words_looks_after_the_whole_program",
            ),
            models.UniqueConstraint(
                fields=["program", "person", "metro"], name="one_organizer_role_per_program_and_metro"
            ),
        ]

    def __str__(self) -> str:
        return f"organizer {self.pk}"
