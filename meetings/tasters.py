"""Open meetings of a pool: everybody who waits is asked three weeks before. Of a host's taster meetings the next date
follows, and thin ones end them; where an organizer sets the dates, both are theirs.

Lock order: group, meeting. A group that breaks keeps no other waiting.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import structlog
from django.db import transaction

from groups import hosting
from groups.models.group import Group
from meetings import calling, reminders
from meetings.models.meeting import Meeting, Role, State
from members import pools
from members.models.application import Application
from members.models.person import Person
from members.models.program import Roster
from members.stages import Stage
from members.thresholds import Reached
from roundtable import clock

log = structlog.get_logger(__name__)
EVERY = timedelta(minutes=15)  # so that eight in the morning is not long over
ASKED_AHEAD, HEAD_START = 21, 1  # days; the second for who was left waiting last time
EARLIEST = timedelta(days=ASKED_AHEAD + HEAD_START + 1)  # somewhere it is that morning
ASKED_UNTIL = timedelta(days=2)  # who comes into the pool later than that hears of the next date
THIN, THIN_ONES = 5, 2  # so few coming, so many times running: people would rather wait for a group


def keep_going() -> None:
    """Every pool's open meetings once: letters that are due; of a host's also the next date, or the end."""
    now = clock.database_now()
    for group in Group.objects.filter(roster=Roster.OPEN, closed_at=None).order_by("pk"):
        try:
            _keep(group, now)
        except Exception:
            log.exception("taster_meetings_failed", group=group.pk)


@transaction.atomic
def _keep(group: Group, now: datetime) -> None:
    groups = Group.objects.select_for_update(of=("self",)).select_related("program", "offer__application__person")
    group = groups.get(pk=group.pk)
    led = Meeting.objects.coming_up(now).filter(group=group, roles__role=Role.FACILITATOR)
    coming_up = list(led if hosting.offer_of(group) is None else Meeting.objects.coming_up(now).filter(group=group))
    for meeting in coming_up:
        ask(meeting, group, now=now)
    if coming_up or hosting.offer_of(group) is None:
        return
    if has_ended(group):
        group.closed_at = now
        group.save(update_fields=["closed_at"])
    elif len(people := everybody(group, now=now)) >= Reached.TASTER:
        host = group.offer.application.person
        ask(calling.open_date(group, on=next_date(group, today=now.date()), host=host), group, now=now, people=people)


def ask(meeting: Meeting, group: Group, *, now: datetime, people: list[Person] | None = None) -> int:
    """A letter to everybody who waits, once: from their own morning three weeks before, a day earlier for who was left
    in line, so that nobody has a head start by their clock. Whom one sweep has asked the next one leaves alone.
    """
    if not ASKED_UNTIL < meeting.starts_at - now <= EARLIEST:
        return 0
    waiting, before = everybody(group, now=now) if people is None else people, calling.left_in_line(meeting)
    due = [person for person in waiting if is_due(meeting, person, now, early=person.pk in before)]
    return calling.invite_pool(meeting, due) if due else 0


def is_due(meeting: Meeting, person: Person, now: datetime, *, early: bool) -> bool:
    days = ASKED_AHEAD + (HEAD_START if early else 0)
    return reminders.may_be_asked(meeting.starts_at, person.zone, now, days=days)


def everybody(group: Group, *, now: datetime) -> list[Person]:
    """Who waits in the pool of this group and is asked for no circle at this moment."""
    return [one.person for one in pools.waiting_in(group.program, hosting.pool_name(group, now=now), now=now)]


def has_ended(group: Group) -> bool:
    """Whether its host waits no more, or the last two meetings were thin."""
    if not Application.objects.filter(pk=group.offer.application_id, stage=Stage.POOLED).exists():
        return True
    held = group.meetings.exclude(state=State.CANCELLED).order_by("-starts_at", "-pk")[:THIN_ONES]
    return len(held) == THIN_ONES and all(one.seats.exclude(number=None).count() < THIN for one in held)


def next_date(group: Group, *, today: date) -> date:
    """As many weeks after the last date as the program has between two, and late enough to ask everybody in time."""
    first = hosting.first_date(group, today=today)
    last = group.meetings.order_by("-occurrence_date").first()
    if last is None:
        return first
    after = last.occurrence_date + timedelta(weeks=group.program.every_weeks)
    return first + timedelta(weeks=max(0, -((first - after).days // 7)))
