"""What a worker does for the project itself."""

from datetime import timedelta

from celery import shared_task

from roundtable import chores, clock, keeping


@shared_task(ignore_result=True)
def beat() -> None:
    """Notes that the schedule ticks; /health/ready/ tells its age."""
    chores.claim("beat", every=timedelta(seconds=1))


@shared_task(ignore_result=True)
def forget() -> None:
    """Once a day: what is past its time goes."""
    if chores.claim("old links, lines and sessions are forgotten"):
        keeping.forget(clock.database_now())
