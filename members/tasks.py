"""What a worker does for members."""

from celery import shared_task

from members import drafting, leaving


@shared_task(ignore_result=True)
def tidy() -> None:
    """Deletes what waited for somebody until its time was over, and reminds once who left a form half-way."""
    leaving.tidy()
    drafting.remind()
