"""A word in private to who leads: where a single sign is not as it was, they get a letter, and nobody else does.

What is in danger the organizer reads of in their brief instead. Lock order: group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from groups.models.group import Group
from groups.models.nudge import Answer, Nudge, Sign
from meetings import health, weekletters
from meetings.health import Health
from meetings.models.meeting import Meeting, State
from meetings.reminders import NINE, SLEEPS
from meetings.vitals import Signal
from members.models.person import Person
from roundtable import clock
from roundtable.outbox.models import Letter, Priority
from roundtable.outbox.post import post

EVERY = timedelta(hours=4)
NEAR = timedelta(days=14)  # before the next meeting: earlier there is nothing to do about it
A_DAY = timedelta(days=1)
BUDGET = 2  # letters in a day that nobody asked for
AT_ONCE = 200  # circles
KEPT = timedelta(days=90)
# Silence is not among them: who leads hears of it three days before anyway.
SIGNS = {Signal.PRESENCE: Sign.PRESENCE, Signal.STREAKS: Sign.STREAKS, Signal.TOPICS: Sign.TOPICS}


def nudge_due() -> int:
    """A letter to who leads a meeting in the next two weeks, once per circle, sign and meeting. How many. What is
    older than 90 days goes.
    """
    now = clock.database_now()
    Nudge.objects.filter(made_at__lt=now - KEPT).delete()
    soon = Meeting.objects.filter(state=State.PLANNED, starts_at__range=(now, now + NEAR))
    keys = sorted(set(soon.values_list("group", flat=True)))
    chunks = (keys[first : first + AT_ONCE] for first in range(0, len(keys), AT_ONCE))
    return sum(nudge_some(Group.objects.filter(pk__in=chunk), now) for chunk in chunks)


def nudge_some(groups: QuerySet[Group], now: datetime) -> int:
    wanted = [nudge for one in health.of_groups(groups) if (nudge := wish(one, now))]
    leaders = {person.pk: person for person in Person.objects.filter(pk__in=[one.person_id for one in wanted])}
    awake = [one for one in wanted if is_awake(leaders[one.person_id], now)]
    for one in awake:
        one.person = leaders[one.person_id]
    return write(within_budget(awake, now))


def wish(one: Health, now: datetime) -> Nudge | None:
    """What who leads the next meeting of this circle should hear, if a single sign that they can do something about is
    not well.
    """
    if (
        one.judged.amber
        or not one.judged.warnings
        or one.next is None
        or one.ahead is None
        or one.next.starts_at > now + NEAR
    ):
        return None
    sign = SIGNS.get(one.judged.warnings[0])
    if sign is None or one.ahead.led_by is None or one.next.starts_at <= now:
        return None
    return Nudge(group=one.group, on=one.next.occurrence_date, sign=sign, person_id=one.ahead.led_by, made_at=now)


def is_awake(person: Person, now: datetime) -> bool:
    """From nine to nine on their own clock, and still with us."""
    return person.is_active and NINE <= now.astimezone(ZoneInfo(person.zone)).time() < SLEEPS


def within_budget(wanted: Sequence[Nudge], now: datetime) -> list[Nudge]:
    """Nobody gets more than two letters in a day that they have not asked for: the others wait for the next sweep."""
    people = [one.person_id for one in wanted]
    unasked = Letter.objects.exclude(priority=Priority.CODE).filter(person__in=people, not_before__gt=now - A_DAY)
    count = Counter(unasked.values_list("person", flat=True))
    chosen = []
    for one in wanted:
        if count[one.person_id] < BUDGET:
            count[one.person_id] += 1
            chosen.append(one)
    return chosen


@transaction.atomic
def write(wanted: Sequence[Nudge]) -> int:
    """Those that are not written yet, with their letters; two sweeps at once write each of them once."""
    groups = [one.group_id for one in wanted]
    list(Group.objects.select_for_update().filter(pk__in=groups).order_by("pk").values_list("pk", flat=True))
    known = set(Nudge.objects.filter(group__in=groups).values_list("group", "on", "sign"))
    new = [one for one in wanted if (one.group_id, one.on, one.sign) not in known]
    Nudge.objects.bulk_create(new)
    meetings = meetings_of(new)
    post(*(weekletters.nudge(one, meetings[one.group_id, one.on]) for one in new))
    return len(new)


def meetings_of(nudges: Iterable[Nudge]) -> dict[tuple[int, date], Meeting]:
    """By circle and day, in one statement."""
    found = Meeting.objects.filter(
        group__in=[one.group_id for one in nudges], occurrence_date__in=[one.on for one in nudges]
    )
    return {(meeting.group_id, meeting.occurrence_date): meeting for meeting in found}


def meeting_of(nudge: Nudge) -> Meeting | None:
    """The meeting that it is about, while it is planned."""
    return meetings_of([nudge]).get((nudge.group_id, nudge.on))


def answer(nudge: Nudge, word: Answer) -> None:
    """Used or left: it is theirs to know, and the last word counts."""
    Nudge.objects.filter(pk=nudge.pk).update(answer=word)
