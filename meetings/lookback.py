"""What a quarter of a program was, read for its story: sums of dates, people and circles, in a few statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from groups.models.group import Group, Membership
from meetings import counting, health, lives, survival
from meetings.models.meeting import Meeting, MeetingRole, Role, State
from meetings.quarters import Quarter, quarter_of
from meetings.story import Came, Numbers
from members import milestones
from members.models.application import Application
from members.models.person import Person
from members.models.program import Program, Roster
from members.stages import Stage
from roundtable import clock, moments

STILL_HERE = (Stage.POOLED, Stage.PLACED)  # of those who left since, nobody counts as waiting
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """A quarter, as far as it is over."""

    quarter: Quarter
    now: datetime

    @property
    def running(self) -> bool:
        return self.now.date() in self.quarter

    @property
    def last(self) -> date:
        """Its last day, or today."""
        return min(self.quarter.end - A_DAY, self.now.date())

    @property
    def until(self) -> datetime:
        return min(datetime.combine(self.quarter.end, time(), UTC), self.now)

    def has(self, moment: datetime | None) -> bool:
        """Whether it was then; what is planned for later has not been."""
        return moment is not None and moment <= self.until and moment.date() in self.quarter


class Applied(NamedTuple):
    """One application: its person, where it stands, and since when it has been sent and in the pool."""

    key: int
    person: int
    stage: str
    submitted_at: datetime | None
    decided_at: datetime | None


class Belonged(NamedTuple):
    """Somebody in a circle of the program, from a day to a day."""

    group: int
    person: int
    joined_on: date
    left_on: date | None

    def on(self, day: date) -> bool:
        return self.joined_on <= day and (self.left_on is None or self.left_on > day)


class Lookback(NamedTuple):
    """The sums of a quarter, and the first quarter in which anything was."""

    numbers: Numbers
    earliest: Quarter | None


def look_back(person: Person, program: Program, quarter: Quarter) -> Lookback:
    """What this organizer looks after in a program, in one quarter."""
    span = Span(quarter, clock.now())
    circles = lives.circles(Group.objects.organized_by(person), program)
    applied = applications(person, program)
    belonged = memberships(program)
    days = [one.submitted_at.date() for one in applied if one.submitted_at]
    days += [group.sealed_at.date() for group in circles]
    numbers = Numbers(
        running=span.running,
        **people(span, program, applied, belonged),
        **alive(span, circles),
        **met(span, circles, belonged),
    )
    return Lookback(numbers, quarter_of(min(days)) if days else None)


def applications(person: Person, program: Program) -> list[Applied]:
    mine = Application.objects.organized_by(person).filter(program=program).exclude(stage=Stage.DRAFT)
    return [Applied(*row) for row in mine.values_list("pk", "person", "stage", "submitted_at", "decided_at")]


def memberships(program: Program) -> list[Belonged]:
    found = Membership.objects.filter(group__program=program, group__roster=Roster.FIXED)
    return [Belonged(*row) for row in found.values_list("group", "person", "joined_on", "left_on")]


def people(span: Span, program: Program, applied: Sequence[Applied], belonged: Iterable[Belonged]) -> dict[str, Any]:
    """Who applied, who came into a circle of the program for the first time, and who waited on the last day."""
    first: dict[int, date] = {}
    for one in belonged:
        first[one.person] = min(one.joined_on, first.get(one.person, one.joined_on))
    mine = {one.person for one in applied}
    seated = {one.person for one in belonged if one.on(span.last)}
    (accepted,) = milestones.pooled(program)
    pooled = [one for one in applied if one.stage in STILL_HERE and one.person not in seated]
    since = [accepted.get(one.key) or one.decided_at or one.submitted_at for one in pooled]
    return {
        "applied": sum(span.has(one.submitted_at) for one in applied),
        "found": sum(person in mine and day in span.quarter and day <= span.last for person, day in first.items()),
        "waiting": sum(at is not None and at <= span.until for at in since),
    }


def alive(span: Span, circles: Iterable[Group]) -> dict[str, Any]:
    """How many circles lived at the start, what began and ended, and how long all of them have lived."""
    start = datetime.combine(span.quarter.first, time(), UTC)
    born = [group for group in circles if group.sealed_at <= span.until]
    ends = [group for group in born if span.has(group.closed_at)]
    return {
        "lived": sum(one.sealed_at < start and (one.closed_at is None or one.closed_at >= start) for one in born),
        "sealed": sum(span.has(group.sealed_at) for group in born),
        "ended": sum(group.merged_into_id is None for group in ends),
        "merged": sum(group.merged_into_id is not None for group in ends),
        "survive": tuple(survival.marks([lives.life_of(group, span.until) for group in born])),
    }


def met(span: Span, circles: Sequence[Group], belonged: Iterable[Belonged]) -> dict[str, Any]:
    """What became of each date, what the held ones had in numbers, and how often members led them."""
    quarter, now = span.quarter, span.now
    dates = list(Meeting.objects.filter(group__in=circles, local_date__gte=quarter.first, local_date__lt=quarter.end))
    seats = health.seats_of([one.pk for one in dates if one.state != State.CANCELLED and one.ends_at <= now])
    came = {one.pk: came_of(one, bool(seats[one.pk].said), now) for one in dates}
    held = [one.pk for one in dates if came[one.pk] is Came.HELD]
    months = {moments.MONTHS[month - 1]: Counter[Came]() for month in quarter.months}
    for one in dates:
        months[moments.MONTHS[one.local_date.month - 1]][came[one.pk]] += 1
    own = {group.pk for group in circles}
    there = {one.person for one in belonged if one.group in own and overlaps(one, span)}
    return {"dates": months, **brought(held, seats), **led(held, there)}


def came_of(meeting: Meeting, said: bool, now: datetime) -> Came:  # noqa: FBT001 - what its seats say
    if meeting.state == State.CANCELLED:
        return Came.OFF
    if meeting.ends_at > now:
        return Came.AHEAD
    return Came.HELD if said or meeting.state == State.HELD else Came.UNSAID


def overlaps(one: Belonged, span: Span) -> bool:
    """Whether they belonged on any day of the quarter so far."""
    return one.joined_on <= span.last and (one.left_on is None or one.left_on > span.quarter.first)


def brought(held: Sequence[int], seats: dict[int, health.Seats]) -> dict[str, int]:
    """In two statements: answers in time, and what was talked about and kept, as counts."""
    asked = sum(seats[key].expected for key in held)
    talked = counting.talked(held).values()
    return {
        "seats": asked,
        "answered": asked - health.silent_at(held).total(),
        "came": sum(seats[key].present for key in held),
        "talked": sum(one.discussed for one in talked),
        "kept": sum(one.takeaways for one in talked),
    }


def led(held: Sequence[int], there: set[int]) -> dict[str, Any]:
    """How many members led how often. Who did is not kept."""
    roles = MeetingRole.objects.filter(meeting__in=held, role=Role.FACILITATOR)
    leaders = Counter(roles.values_list("person", flat=True))
    return {
        "members": len(there | leaders.keys()),
        "led": Counter(leaders.values()),
        "by_nobody": len(held) - leaders.total(),
    }
