"""What a worker does for the project itself."""

from datetime import timedelta

from celery import shared_task

from roundtable import chores


@shared_task(ignore_result=True)
def beat() -> None:
    """Notes that the schedule ticks; /health/ready/ tells its age."""
    chores.claim("beat", every=timedelta(seconds=1))
