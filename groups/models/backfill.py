"""A free seat in a living group: whose card the members look at, and what each of them said while it is open."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.db import models
from django.db.models import Q

from groups.joining import EntryRule, Voice
from groups.models.group import Group
from groups.models.invitation import Invitation
from members.models.application import Application
from members.models.person import Person, new_public_id

AT_ONCE = 3  # cards before one group
RULES = [
    (EntryRule.NO_OBJECTION.value, "somebody joins if nobody has a concern; silence is a yes"),
    (EntryRule.EVERYBODY.value, "somebody joins if everybody says yes; silence is a no"),
]
VOICES = [(Voice.FINE.value, "Fine with me"), (Voice.CONCERN.value, "I have a concern")]


class State(models.TextChoices):
    SHOWN = "shown", "the group looks at the card"
    ASKED = "asked", "the person has been asked"
    STAYED = "stayed", "the group stays as it is"
    GONE = "gone", "not free any more, or no longer fitting"
    WITHDRAWN = "withdrawn", "taken back"


def new_secret() -> bytes:
    """What a pseudonym is made with; it ends with the decision."""
    return secrets.token_bytes(32)


class BackfillQuerySet(models.QuerySet["Backfill"]):
    def shown(self) -> BackfillQuerySet:
        """Before the group at this moment."""
        return self.filter(state=State.SHOWN)


class Backfill(models.Model):
    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="backfills")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="backfills")
    invitation = models.ForeignKey(Invitation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.SHOWN)
    place = models.PositiveSmallIntegerField(default=1)  # 1 to 3 among the cards that the group looks at
    rule = models.CharField(max_length=12, choices=RULES)  # the group's own on the day the card came
    secret = models.BinaryField(null=True, default=new_secret)
    shown_at = models.DateTimeField()
    concerns_until = models.DateTimeField()

    objects = BackfillQuerySet.as_manager()

    class Meta:
        ordering = ["-shown_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state=State.SHOWN), name="a_card_is_before_one_group_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["group", "place"], condition=Q(state=State.SHOWN), name="each_card_has_its_place_in_the_group"
            ),
            models.CheckConstraint(condition=Q(place__range=(1, AT_ONCE)), name="three_cards_at_once_at_most"),
            models.CheckConstraint(
                condition=Q(state=State.SHOWN) ^ Q(secret=None), name="a_decided_card_keeps_no_secret"
            ),
        ]

    def __str__(self) -> str:
        return f"backfill {self.public_id}"

    @property
    def about(self) -> str:
        """Its name in letters and audit lines."""
        return f"backfill:{self.pk}"

    def pseudonym(self, person: Person) -> bytes:
        """A member's name beside this one card, useless once the secret is gone."""
        assert self.secret is not None  # noqa: S101 -- a constraint: what is shown has one
        return hmac.new(bytes(self.secret), str(person.pk).encode(), hashlib.sha256).digest()


class BackfillVoice(models.Model):
    """What one member said, until the decision; then it is counted and gone."""

    backfill = models.ForeignKey(Backfill, on_delete=models.CASCADE, related_name="voices")
    voter = models.BinaryField()
    voice = models.CharField(max_length=7, choices=VOICES)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["backfill", "voter"], name="one_voice_per_member_and_card"),
        ]

    def __str__(self) -> str:
        return f"voice {self.pk}"
