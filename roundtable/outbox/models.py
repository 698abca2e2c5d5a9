"""A letter: one e-mail to one person, a row before it is sent. The row alone says what is due; a broker only wakes."""

import json
import secrets
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from roundtable import clock
from roundtable.vault import EncryptedText


class State(models.TextChoices):
    DRAFT = "draft"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Delivery(models.TextChoices):
    NONE = "none"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class Priority(models.IntegerChoices):
    CODE = 0
    SEAT = 1
    REMINDER = 2
    REST = 3


PENDING = (State.QUEUED, State.SENDING)
STILL_HERE = (State.DRAFT, State.QUEUED)
IN_PRIVATE = "_in_private"  # ends the kind of a letter that organizers do not see in the outbox


def new_message_id() -> str:
    """Fixed per letter: a provider that is asked twice sees the same one."""
    domain = settings.EMAIL_ADDRESS.rpartition("@")[2]
    return f"<{secrets.token_hex(16)}@{domain}>"


class LetterQuerySet(models.QuerySet["Letter"]):
    def still_here(self) -> "LetterQuerySet":
        """Not on its way yet: may be changed and cancelled."""
        return self.filter(state__in=STILL_HERE)

    def due(self, now: object) -> "LetterQuerySet":
        """Waiting to be sent although its time has come."""
        return self.filter(state=State.QUEUED, not_before__lte=now)

    def organized_by(self, person: Any) -> "LetterQuerySet":
        """To whom this organizer looks after, in a whole program or one city of it; a superuser sees all of them.

        Letters in private are left out: that somebody got one is itself nobody else's business.
        """
        open_ones = self.exclude(kind__endswith=IN_PRIVATE)
        if person.is_superuser:
            return open_ones
        role, city = "person__applications__program__organizer", F("person__applications__metro")
        whole = Q(**{f"{role}__person": person, f"{role}__metro": ""})
        chapter = Q(**{f"{role}__person": person, f"{role}__metro": city}) & ~Q(person__applications__metro="")
        return open_ones.filter(pk__in=Letter.objects.filter(whole | chapter | Q(person_id=person.pk)).values("pk"))


class Letter(models.Model):
    kind = models.CharField(max_length=60)  # templates/email/<kind>/
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.REST)
    dedupe_key = models.TextField(unique=True)  # the same act twice is one letter
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    about = models.CharField(max_length=60, db_index=True)  # meeting:7, so that a change of the thing finds it

    to = models.TextField()
    subject = models.TextField()
    text = models.TextField()  # text and html hold a mark where the secret goes
    html = models.TextField()
    ics = models.BinaryField(null=True)
    headers = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    secret = EncryptedText(null=True, bound_to="message_id")  # type: ignore[misc] # the stubs know no nullable field of ours

    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)
    not_before = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    unclear = models.BooleanField(default=False)  # an attempt ended without an answer
    message_id = models.TextField(unique=True, default=new_message_id)
    provider_id = models.TextField(blank=True)
    delivery = models.CharField(max_length=10, choices=Delivery, default=Delivery.NONE)
    last_error = models.CharField(max_length=80, blank=True)  # class and status code, never the server's words
    created_at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(null=True)  # an organizer put it in other words, once
    sent_at = models.DateTimeField(null=True)
    blanked_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="a_letter_is_in_a_known_state"),
            models.CheckConstraint(condition=Q(delivery__in=Delivery.values), name="a_delivery_is_of_a_known_kind"),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("not_before")), name="a_letter_can_be_sent_in_time"
            ),
            models.CheckConstraint(
                condition=Q(state=State.SENDING, lease_until__isnull=False)
                | (~Q(state=State.SENDING) & Q(lease_until=None)),
                name="a_lease_lasts_while_a_letter_is_being_sent",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SENT, sent_at__isnull=False) | (~Q(state=State.SENT) & Q(sent_at=None)),
                name="what_was_sent_was_sent_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SENT) | Q(secret__isnull=True), name="a_sent_letter_holds_no_secret"
            ),
        ]
        indexes = [
            models.Index(fields=["priority", "not_before", "id"], condition=Q(state__in=PENDING), name="letter_due")
        ]

    def __str__(self) -> str:
        return f"letter {self.pk}"

    def key_owner(self) -> str:
        """One key for the secrets of all letters."""
        return "letters"

    def secrets_by_mark(self) -> dict[str, str]:
        """What goes into the marks while sending; empty once it is sent."""
        return {mark(name): value for name, value in json.loads(self.secret or "{}").items()}


def mark(name: str) -> str:
    """Stands in text and html for the secret of this name; no character of it is changed in an address or in HTML."""
    return f"~~{name}~~"
