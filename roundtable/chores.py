"""Work that is due once in a while, whoever asks: a row that only one asker wins. Two beats are harmless."""

from datetime import datetime, timedelta

from django.db import models

from roundtable import clock

NIGHTLY = timedelta(hours=23)


class Chore(models.Model):
    """When a piece of regular work was last begun, by the database's clock."""

    name = models.CharField(max_length=60, unique=True)
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"chore {self.name}"


def claim(name: str, every: timedelta = NIGHTLY) -> bool:
    """Yes to exactly one asker, if the last time is long enough ago."""
    now = clock.database_now()
    first = Chore(name=name, last_at=now - every - timedelta(seconds=1))
    Chore.objects.bulk_create([first], ignore_conflicts=True)
    return Chore.objects.filter(name=name, last_at__lt=now - every).update(last_at=now) == 1


def last(name: str) -> datetime | None:
    """When it was last begun."""
    return Chore.objects.filter(name=name).values_list("last_at", flat=True).first()
