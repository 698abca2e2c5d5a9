"""What runs beside the requests: a composition that waits, what would help, and invitations whose time is over."""

from celery import shared_task

from groups import (
    backfilling,
    closing,
    colleagues,
    crossings,
    hinting,
    hosting,
    inviting,
    merging,
    renewing,
    running,
    splitting,
)
from roundtable import chores


@shared_task(ignore_result=True, soft_time_limit=900, time_limit=960)
def compose_waiting() -> None:
    """Work at one shard of a composition, if one is due. Several at once are harmless: each is claimed first."""
    running.work_next()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def lapse_invitations() -> None:
    """Who is silent is reminded once; past the deadline invitations lapse, and groups that are ready are sealed."""
    inviting.remind_due()
    inviting.lapse_due()
    inviting.speak_up_due()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def decide_cards() -> None:
    """Cards for free seats whose five days are over: the group's own rule decides."""
    backfilling.decide_due()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def decide_questions() -> None:
    """What living groups were asked and had their time for: their own answers decide. And who is at one company now."""
    merging.decide_due()
    splitting.decide_due()
    colleagues.decide_due()
    renewing.decide_due()
    colleagues.look()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def forget_closed() -> None:
    """Once a night, whoever asks first: what groups kept that closed three months ago."""
    if chores.claim("closed groups are forgotten"):
        closing.forget_due()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def look_for_hints() -> None:
    """Once a night for each program, one program at a time: the one change that would seat who waits."""
    hinting.look_at_one()


@shared_task(ignore_result=True, soft_time_limit=300, time_limit=330)
def look_at_pools() -> None:
    """A few times a day, whoever asks first: lines that pools have passed, and offers whose host waits no more."""
    if chores.claim("pools are looked at", crossings.EVERY):
        hosting.take_back_orphans()
        crossings.look()
