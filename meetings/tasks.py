"""What falls due at meetings, found by a query on the database's clock; many at once do it once."""

from celery import shared_task

from meetings import (
    briefing,
    counting,
    daysoff,
    following,
    mailbox,
    midcycle,
    nudging,
    pausing,
    planning,
    polling,
    quarterly,
    reminding,
    rotating,
    seasons,
    seating,
    sharing,
    sitting,
    tasters,
    zones,
)
from roundtable import chores, clock


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def sweep_boards() -> None:
    """Move the clocks of boards that nobody watches: the streams see to all the others."""
    sitting.advance_all()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def note_topics() -> None:
    """Every ten minutes: how many topics stand on boards two days before they are needed."""
    counting.note_brought()


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
    """Every quarter of an hour, whoever asks first: open meetings ask their pool, find their next date, or end."""
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
def keep_seasons() -> None:
    """Circles after the fifth meeting of a season are asked how it goes on; after the sixth who steps out goes."""
    seasons.keep()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def remind() -> None:
    """Every five minutes: whoever should hear of a meeting now and has not."""
    reminding.remind()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def write_between() -> None:
    """Every ten minutes: half way between two dates, members of circles that meet seldom hear what waits."""
    midcycle.write_due()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def keep_rota() -> None:
    """Every five minutes: whose turn it is hears so; a date that nobody has said yes to finds somebody."""
    rotating.keep()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def write_briefs() -> None:
    """Every ten minutes: organizers whose Monday has come hear how their circles are."""
    briefing.write_due()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def write_quarters() -> None:
    """Every ten minutes: in the first weeks of a quarter organizers hear that the last one is drawn."""
    quarterly.write_due()


@shared_task(ignore_result=True, soft_time_limit=300, time_limit=330)
def nudge_leaders() -> None:
    """A few times a day, whoever asks first: who leads hears in private of a single sign that is not well."""
    if chores.claim("signs are looked at", nudging.EVERY):
        nudging.nudge_due()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def tend_polls() -> None:
    """Every five minutes: polls whose deadline has passed are settled, and the silent of the others are reminded."""
    polling.settle_due()
    polling.remind()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def note_hours() -> None:
    """What the hours of meetings that are over have cost; once a night also who has a holiday at the dates to come."""
    sharing.note_tolls()
    if chores.claim("holidays are looked at"):
        daysoff.look_again()


@shared_task(ignore_result=True, soft_time_limit=10, time_limit=15)
def judge_reply(key: int) -> None:
    """One mail that came in. What takes longer than this was made to."""
    mailbox.judge(key)


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def judge_replies() -> None:
    """Mail whose worker was never woken, or died."""
    mailbox.judge_waiting()


@shared_task(ignore_result=True, soft_time_limit=60, time_limit=90)
def follow_calendars() -> None:
    """Answers, addresses and silence that calendars have not heard of yet."""
    following.follow()


@shared_task(ignore_result=True)
def forget_replies() -> None:
    """Once a day: mail that nothing could judge, and what belonged to nobody's seat."""
    if chores.claim("old mail is forgotten"):
        mailbox.forget(clock.database_now())
