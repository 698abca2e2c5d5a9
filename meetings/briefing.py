"""The weekly brief: on Monday at eight on an organizer's own clock, one letter about everything that they look after.

Many organizers and circles are read in the same few statements. Two sweeps at once write it once: the letter by its
key, what was suggested by its constraint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Min
from django.db.models.functions import Coalesce

from groups.models.backfill import Backfill
from groups.models.brief import BriefOff, Suggestion
from groups.models.group import Group
from groups.models.question import Question
from meetings import health, telegram, weekletters
from meetings.health import Health
from meetings.models.poll import Poll
from meetings.telegram import Became, InDanger, News
from meetings.vitals import Action
from members.models.application import Application, ApplicationQuerySet
from members.models.person import Person
from members.models.program import Organizer
from roundtable import clock
from roundtable.outbox.post import known, post

OPENS, CLOSES = time(8), time(18)  # of Monday, and of Tuesday: later it is old news
LONG = timedelta(days=telegram.LONG)
A_WEEK = timedelta(days=7)
REMEMBERED = 4 * A_WEEK
Waits = tuple[int, str, int, datetime]  # program, city, people, since when the first of them


@dataclass(frozen=True)
class Reader:
    """One organizer, the Monday of the week, and until when its brief is news."""

    person: Person
    week: date
    until: datetime

    def looks_after(self, program: int, metro: str) -> bool:
        return looks_after(self.person, program, metro)


@dataclass(frozen=True)
class Before:
    """What was suggested in the weeks that these briefs look back on, and what is under way or closed by now."""

    suggested: dict[tuple[int, date], list[Group]]  # by organizer and week
    moving: set[int]  # groups


def write_due() -> int:
    """The brief of everybody whose Monday has come and who has not had it yet. How many were written."""
    now = clock.database_now()
    readers = unwritten(one for person in organizers() if (one := reader(person, now)))
    if not readers:
        return 0
    programs = {program for one in readers for program, _ in one.person.roles}
    circles = health.of_groups(Group.objects.filter(program__in=programs))
    waits, before = waiting(Application.objects.filter(program__in=programs), now), looked_back(readers)
    told = [(one, *news_for(one, circles, waits, before, now)) for one in readers]
    return write([one for one in told if not one[1].silent])


def organizers() -> list[Person]:
    """Everybody who organizes something and has not switched the brief off, with their roles, in two statements."""
    off = BriefOff.objects.values("person")
    staff = Person.objects.filter(is_active=True, is_staff=True, organizing__isnull=False).exclude(pk__in=off)
    found = list(staff.distinct().order_by("pk"))
    roles: dict[int, list[tuple[int, str]]] = {}
    for key, program, metro in Organizer.objects.filter(person__in=found).values_list("person", "program", "metro"):
        roles.setdefault(key, []).append((program, metro))
    for person in found:
        person.roles = tuple(roles.get(person.pk, ()))  # what it would ask for one by one
    return found


def looks_after(person: Person, program: int, metro: str) -> bool:
    """Whether what is in this place of this program is theirs to hear of."""
    return (program, "") in person.roles or (metro != "" and (program, metro) in person.roles)


def reader(person: Person, now: datetime) -> Reader | None:
    """This organizer, if it is between Monday at eight and Tuesday evening where they are."""
    zone = ZoneInfo(person.zone)
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    opens, until = (
        datetime.combine(monday, OPENS, zone),
        datetime.combine(monday + timedelta(days=1), CLOSES, zone),
    )
    return Reader(person, monday, until) if opens <= now < until else None


def unwritten(readers: Iterable[Reader]) -> list[Reader]:
    by_key = {weekletters.brief_key(one.person, one.week): one for one in readers}
    written = known(by_key)
    return [one for key, one in by_key.items() if key not in written]


def waiting(applications: ApplicationQuerySet, now: datetime) -> list[Waits]:
    """Who of these has been in a pool for longer than 90 days, as numbers, in one statement."""
    since = Coalesce("decided_at", "submitted_at")
    long = applications.pooled().annotate(since=since).filter(since__lte=now - LONG)
    counted = long.order_by().values("program", "metro").annotate(people=Count("pk"), first=Min("since"))
    return list(counted.values_list("program", "metro", "people", "first"))


def looked_back(readers: Sequence[Reader]) -> Before:
    """What these organizers were told a week ago, in four statements."""
    weeks = {one.week - A_WEEK for one in readers}
    told = Suggestion.objects.filter(person__in=[one.person for one in readers], week__in=weeks)
    suggested: dict[tuple[int, date], list[Group]] = {}
    for one in told.select_related("group"):
        suggested.setdefault((one.person_id, one.week), []).append(one.group)
    named = {group.pk for groups in suggested.values() for group in groups}
    return Before(suggested, under_way(named))


def under_way(groups: Collection[int]) -> set[int]:
    """Those in which something is asked at this moment: for another hour, for who joins, to merge or to split."""
    polls = Poll.objects.running().filter(group__in=groups).values_list("group", flat=True)
    cards = Backfill.objects.shown().filter(group__in=groups).values_list("group", flat=True)
    asked = Question.objects.open().changes().filter(group__in=groups).values_list("group", flat=True)
    return {*polls, *cards, *asked}


def news_for(
    one: Reader, circles: Sequence[Health], waits: Sequence[Waits], before: Before, now: datetime
) -> tuple[News, list[Health]]:
    """What this organizer hears, and the circles that get a line with something to do."""
    own = [circle for circle in circles if one.looks_after(circle.group.program_id, circle.group.metro)]
    long = [row for row in waits if one.looks_after(row[0], row[1])]
    last = before.suggested.get((one.person.pk, one.week - A_WEEK), [])
    warned = {circle.group.pk for circle in own if circle.judged.amber}
    news = written(own, long, Counter(became(group, warned, before.moving) for group in last), now)
    named = [circle for circle in own if circle.judged.amber][: len(telegram.named_in_danger(news))]
    return news, [circle for circle in named if circle.judged.action is not Action.NOTHING]


def became(group: Group, warned: Collection[int], moving: Collection[int]) -> Became:
    """How it stands with a circle that was in danger a week ago."""
    if group.closed_at is not None:
        return Became.CLOSED
    if group.pk not in warned:
        return Became.WELL
    return Became.UNDER_WAY if group.pk in moving else Became.SAME


def written(own: Sequence[Health], long: Sequence[Waits], turned: Counter[Became], now: datetime) -> News:
    """These circles and this waiting as news; names carry their program where there are several."""
    several = len({circle.group.program_id for circle in own}) > 1
    name = {circle.group.pk: called(circle.group, with_program=several) for circle in own}
    return News(
        circles=len(own),
        in_danger=tuple(
            InDanger(name[one.group.pk], one.judged.warnings, one.judged.action, one.judged.collapsed)
            for one in own
            if one.judged.amber
        ),
        without_date=tuple(name[one.group.pk] for one in own if one.next is None),
        without_leader=tuple(name[one.group.pk] for one in own if one.leaderless),
        waiting=sum(people for *_, people, _ in long),
        longest=max(((now - first).days for *_, first in long), default=0),
        became=turned,
    )


def called(group: Group, *, with_program: bool) -> str:
    return f"{group.name} ({group.program.name})" if with_program else group.name


@transaction.atomic
def write(told: Sequence[tuple[Reader, News, Sequence[Health]]]) -> int:
    """The letters with what they suggest, all or none; what is older than four weeks goes."""
    post(*(weekletters.brief(one.person, one.week, telegram.lines(news), until=one.until) for one, news, _ in told))
    rows = [
        Suggestion(person=one.person, group=circle.group, week=one.week) for one, _, named in told for circle in named
    ]
    Suggestion.objects.bulk_create(rows, ignore_conflicts=True)
    if told:
        Suggestion.objects.filter(week__lt=min(one.week for one, *_ in told) - REMEMBERED).delete()
    return len(told)


def today(person: Person) -> list[str]:
    """What the brief would say at this moment, but for what came of last week's; nothing is written down."""
    now, own = clock.now(), Application.objects.organized_by(person)
    return telegram.lines(written(health.of_organizer(person), waiting(own, now), Counter(), now))


def wants(person: Person) -> bool:
    """Whether this organizer gets the letter."""
    return not BriefOff.objects.filter(person=person).exists()


@transaction.atomic
def switch(person: Person, *, on: bool) -> None:
    """On or off; saying it twice changes nothing."""
    if on:
        BriefOff.objects.filter(person=person).delete()
    else:
        BriefOff.objects.get_or_create(person=person)
