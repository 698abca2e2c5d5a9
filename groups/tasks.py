"""What runs beside the requests: a composition that waits, what would help, and invitations whose time is over."""

from celery import shared_task

from groups import composing, hinting, inviting


@shared_task(ignore_result=True, soft_time_limit=330, time_limit=360)
def compose_waiting() -> None:
    """Run one waiting composition, if there is one. Several at once are harmless: each is claimed first."""
    composing.run_waiting()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def lapse_invitations() -> None:
    """Invitations past their deadline lapse; groups that are ready by then are sealed."""
    inviting.lapse_due()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def look_for_hints() -> None:
    """Once a night for each program, one program at a time: the one change that would seat who waits."""
    hinting.look_at_one()
