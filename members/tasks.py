"""What a worker does for members."""

from celery import shared_task

from members import drafting, leaving
from members.importing import uploads


@shared_task(ignore_result=True)
def tidy() -> None:
    """Deletes what waited for somebody until its time was over, and reminds once who left a form half-way."""
    leaving.tidy()
    drafting.remind()


@shared_task(ignore_result=True, soft_time_limit=120, time_limit=150)
def import_waiting() -> None:
    """Takes up one spreadsheet that waits. Several at once are harmless: each is claimed first."""
    uploads.run_waiting()
