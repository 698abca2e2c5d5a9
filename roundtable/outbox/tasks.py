"""What a worker does for the outbox."""

from celery import shared_task

from roundtable import chores, clock
from roundtable.outbox import deliver, keeping


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def drain() -> None:
    """Send what is due, at most 100 letters or 45 s. Many at once are harmless: each letter is claimed first."""
    deliver.due(letters=100, seconds=45)


@shared_task(ignore_result=True)
def forget() -> None:
    """Once a day: the words of old letters go, then the letters."""
    if chores.claim("letters are forgotten"):
        keeping.blank(clock.database_now())
        keeping.delete(clock.database_now())
