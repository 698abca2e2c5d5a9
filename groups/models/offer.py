"""What people in a pool do themselves: somebody offers to host at one hour, and an organizer signs."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from groups.models.draft import DraftGroup
from groups.models.group import Group
from members.models.application import Application
from members.models.person import Person, new_public_id
from members.models.program import Program
from members.thresholds import Reached


class Kind(models.TextChoices):
    CIRCLE = "circle", "a circle"
    TASTER = "taster", "a taster meeting"


class State(models.TextChoices):
    OPEN = "open", "waits for an organizer"
    SIGNED = "signed", "signed"
    DECLINED = "declined", "declined"
    WITHDRAWN = "withdrawn", "taken back"


class OfferQuerySet(models.QuerySet["Offer"]):
    def open(self) -> OfferQuerySet:
        """Waiting for an organizer's signature."""
        return self.filter(state=State.OPEN)

    def organized_by(self, person: Person) -> OfferQuerySet:
        """Offers of whole programs, or in the one city of a chapter; bands of zones have no chapter."""
        if person.is_superuser:
            return self
        whole = Q(program__organizer__person=person, program__organizer__metro="")
        chapter = Q(program__organizer__person=person, program__organizer__metro=F("place"), by_video=False)
        return self.filter(whole | chapter).distinct()


class Offer(models.Model):
    """Somebody who waits would host a circle, or a taster meeting, in one of their pools and at one hour there."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="offers")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="offers")
    kind = models.CharField(max_length=6, choices=Kind)
    place = models.CharField(max_length=80)  # the pool: a metro, or a band of zones
    by_video = models.BooleanField()
    zone = models.CharField(max_length=60)
    window = models.PositiveSmallIntegerField()  # half hour of the zone's local week, 0 = Monday 00:00
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    draft = models.OneToOneField(DraftGroup, on_delete=models.SET_NULL, null=True, blank=True, related_name="offer")
    group = models.OneToOneField(Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="offer")

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state=State.OPEN), name="a_person_offers_one_thing_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["program", "place", "by_video", "kind"],
                condition=Q(state=State.OPEN),
                name="a_pool_has_one_open_offer_of_a_kind",
            ),
            models.CheckConstraint(condition=Q(window__lt=336), name="an_offer_is_for_an_hour_of_the_week"),
            models.CheckConstraint(
                condition=Q(state=State.OPEN) ^ Q(decided_at__isnull=False), name="an_open_offer_is_not_decided"
            ),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}"

    @property
    def about(self) -> str:
        """Its name in letters and audit lines."""
        return f"offer:{self.pk}"

    @property
    def mode(self) -> str:
        """The engine's word for where they would meet."""
        return "video" if self.by_video else "in_person"

    @property
    def metro(self) -> str:
        """The city of a room; empty for video."""
        return "" if self.by_video else self.place

    def decide(self, state: State, *, by: Person | None, now: datetime) -> None:
        """The end of waiting, whatever it is."""
        self.state, self.decided_by, self.decided_at = state, by, now
        self.save()


class Crossing(models.Model):
    """The line that a pool has passed, and how often it passed one: news once, and again after it had fallen below."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=80)
    by_video = models.BooleanField()
    line = models.PositiveSmallIntegerField(choices=[(line.value, line.name.lower()) for line in Reached], default=0)
    times = models.PositiveIntegerField(default=0)
    crossed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["program", "place", "by_video"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "place", "by_video"], name="one_line_per_pool_is_the_last_one_passed"
            ),
        ]

    def __str__(self) -> str:
        return f"crossing {self.pk}"
