"""What somebody wants of their own calendar; without a row it is what everybody gets."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from meetings.models.seat import LABEL

MOST_TRIES = 3


class CalendarChoice(models.Model):
    """Whether answers given on the page come there too, by which words it names a date, and its own address.

    An address counts once the code that was sent to it has been typed; until then it stands in `asked`.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    echoes = models.BooleanField(default=True)
    label = models.CharField(max_length=LABEL, blank=True)
    address = models.EmailField(blank=True)
    asked = models.EmailField(blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    coded_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(tries__lte=MOST_TRIES), name="a_calendar_code_is_tried_three_times_at_most"
            ),
            models.CheckConstraint(
                condition=Q(asked="") ^ Q(coded_at__isnull=False), name="an_address_that_is_asked_has_a_code"
            ),
        ]

    def __str__(self) -> str:
        return f"calendar choice {self.pk}"
