"""What a worker does for members."""

from celery import shared_task

from members import drafting, leaving, settling, waiting
from members.importing import uploads
from roundtable import chores


@shared_task(ignore_result=True)
def tidy() -> None:
    """Deletes what waited for somebody until its time was over, reminds once who left a form half-way, and wakes who
    said "not now" until today."""
    leaving.tidy()
    drafting.remind()
    settling.wake_due()


@shared_task(ignore_result=True, soft_time_limit=120, time_limit=150)
def import_waiting() -> None:
    """Takes up one spreadsheet that waits. Several at once are harmless: each is claimed first."""
    uploads.run_waiting()


@shared_task(ignore_result=True, soft_time_limit=600, time_limit=660)
def write_monthly() -> None:
    """Once a day, whoever asks first: the monthly letters that are due, and rest for who left three unanswered."""
    if chores.claim("monthly letters are written"):
        waiting.write_due()
