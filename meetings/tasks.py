"""What falls due at meetings, found by a query on the database's clock; many at once do it once."""

from celery import shared_task

from meetings import pausing, planning, reminding, seating, sitting, tasters, zones
from roundtable import chores


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def sweep_boards() -> None:
    """Move the clocks of boards that nobody watches: the streams see to all the others."""
    sitting.advance_all()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def lapse_offers() -> None:
    """Seats that were kept for somebody in vain go on to the next in line."""
    seating.lapse_due()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def end_sabbaticals() -> None:
    """Pauses whose last meeting is over: their members are welcomed back."""
    pausing.end_due()


@shared_task(ignore_result=True, soft_time_limit=300, time_limit=330)
def keep_tasters() -> None:
    """A few times a day, whoever asks first: taster meetings ask their pool, find their next date, or end."""
    if chores.claim("taster meetings are kept going", tasters.EVERY):
        tasters.keep_going()


@shared_task(ignore_result=True, soft_time_limit=300, time_limit=330)
def plan_ahead() -> None:
    """Twice an hour, whoever asks first: circles with fewer than three dates to come get what is missing."""
    if chores.claim("dates are planned ahead", planning.EVERY):
        planning.keep_ahead()


@shared_task(ignore_result=True, soft_time_limit=300, time_limit=330)
def recheck_zones() -> None:
    """Once a night, whoever asks first: dates whose instant is another one since the rules of a clock changed."""
    if chores.claim("instants are computed anew"):
        zones.recheck()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def remind() -> None:
    """Every five minutes: whoever should hear of a meeting now and has not."""
    reminding.remind()
