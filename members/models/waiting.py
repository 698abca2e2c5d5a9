"""The monthly letters to people in the pool: what each was told, and whether they answered."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Count, Q

from members.models.application import Application


class MonthlyLetterQuerySet(models.QuerySet["MonthlyLetter"]):
    def unanswered(self) -> MonthlyLetterQuerySet:
        return self.filter(answered_at=None)

    def answer(self, now: datetime) -> int:
        """Their person is there: whatever they did on their own pages counts as an answer to all of them."""
        return self.unanswered().update(answered_at=now)


class MonthlyLetter(models.Model):
    """One letter of one month, with the numbers it gave: the next one says what has changed since."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="monthly_letters")
    month = models.DateField()  # its first day
    waiting = models.JSONField(default=dict)  # people by pool, as they were then
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = MonthlyLetterQuerySet.as_manager()

    class Meta:
        ordering = ["application", "month"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "month"], name="one_monthly_letter_per_application_and_month"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="a_month_is_named_by_its_first_day"),
        ]

    def __str__(self) -> str:
        return f"monthly letter {self.pk}"


SILENT = Count("monthly_letters", filter=Q(monthly_letters__answered_at=None))
