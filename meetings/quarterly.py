"""The quarter in pictures by letter: in the first weeks of a quarter, once, to who organizes and has the brief.

Readers of many programs are found in the same few statements; two sweeps at once write one letter, by its key.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from groups.models.group import Group
from meetings import briefing, weekletters
from meetings.quarters import Quarter, quarter_of
from members.models.application import Application
from members.models.person import Person
from members.models.program import Program, Roster
from members.stages import Stage
from roundtable import clock
from roundtable.outbox.post import known, post

WAKES, RESTS = time(8), time(18)
SETTLED = timedelta(days=2)  # by then somebody has said who came to the last meetings
NEWS = timedelta(days=21)  # later the quarter is old
SATURDAY = 5
Place = tuple[int, str]  # program, city


def write_due() -> int:
    """The letter of everybody whose day it is and who has not had it. How many were written."""
    now = clock.database_now()
    quarter = quarter_of(now.date()).before
    if not SETTLED - timedelta(days=1) <= now.date() - quarter.end <= NEWS + timedelta(days=1):
        return 0
    keys = {weekletters.quarter_key(one, quarter): one for one in briefing.organizers() if is_time(one, quarter, now)}
    written = known(keys) if keys else set()
    readers = [person for key, person in keys.items() if key not in written]
    if not readers:
        return 0
    places, until = lively(quarter), datetime.combine(quarter.end + NEWS, RESTS, UTC)
    told = [(person, program) for person in readers if (program := first_of(person, places))]
    post(*(weekletters.quarter(person, quarter, program, until=until) for person, program in told))
    return len(told)


def is_time(person: Person, quarter: Quarter, now: datetime) -> bool:
    """Between eight and six on a working day, where they are, from the third day of the next quarter on."""
    here = now.astimezone(ZoneInfo(person.zone))
    waking = here.weekday() < SATURDAY and WAKES <= here.time() < RESTS
    return waking and SETTLED <= here.date() - quarter.end < NEWS


def lively(quarter: Quarter) -> dict[Place, Program]:
    """Where a circle lived in this quarter or somebody applied, by the program's name; in three statements."""
    start, end = (at_midnight(day) for day in (quarter.first, quarter.end))
    lived = Q(closed_at=None) | Q(closed_at__gt=start)
    circles = Group.objects.filter(lived, roster=Roster.FIXED, sealed_at__lt=end)
    sent = Application.objects.filter(submitted_at__gte=start, submitted_at__lt=end).exclude(stage=Stage.DRAFT)
    found = {
        *circles.order_by().values_list("program", "metro").distinct(),
        *sent.order_by().values_list("program", "metro").distinct(),
    }
    programs = Program.objects.filter(pk__in={program for program, _ in found}).order_by("name", "pk")
    return {place: program for program in programs for place in sorted(found) if place[0] == program.pk}


def first_of(person: Person, places: dict[Place, Program]) -> Program | None:
    """The first by name of what they look after; its page leads to the others."""
    return next((program for place, program in places.items() if briefing.looks_after(person, *place)), None)


def at_midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
