"""How long letters are kept: their words 30 days, that they were sent one year."""

from datetime import datetime, timedelta
from typing import Any

from roundtable.outbox.models import PENDING, Letter

WORDS = timedelta(days=30)
ROWS = timedelta(days=365)
EMPTY: dict[str, Any] = {"text": "", "html": "", "ics": None, "headers": {}, "secret": None}


def blank(now: datetime) -> int:
    """Empties what was written, of letters that are done and older than 30 days. How many."""
    done = Letter.objects.exclude(state__in=PENDING).filter(blanked_at=None, created_at__lt=now - WORDS)
    return done.update(**EMPTY, blanked_at=now)


def delete(now: datetime) -> int:
    """Deletes letters that are older than a year. How many."""
    return Letter.objects.filter(created_at__lt=now - ROWS).delete()[0]
