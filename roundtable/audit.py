"""Who did what to which thing, in ids and counts: no name, no text, nothing said in a group."""

import structlog
from django.conf import settings
from django.db import models

from roundtable import clock

log = structlog.get_logger(__name__)


class AuditLine(models.Model):
    """Kept for one year."""

    at = models.DateTimeField(default=clock.now, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    about = models.CharField(max_length=60, db_index=True)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"audit line {self.pk}"


def note(actor: models.Model | None, verb: str, about: str, count: int = 1) -> AuditLine:
    """One line, in the transaction of the act; `about` is kind and id, like `meeting:7`. No actor: the system."""
    line = AuditLine.objects.create(
        at=clock.now(), actor_id=actor.pk if actor else None, verb=verb, about=about, count=count
    )
    log.info("audit", actor=line.actor_id, verb=verb, about=about, count=count)
    return line
