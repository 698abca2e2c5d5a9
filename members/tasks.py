"""What a worker does for members: what nobody came back for is deleted when its time is over."""

from celery import shared_task

from members import leaving
from roundtable import chores


@shared_task(ignore_result=True)
def tidy() -> None:
    """Once in an hour, however many ask."""
    if chores.claim("tidy members", every=leaving.TIDIED_EVERY):
        leaving.tidy()
