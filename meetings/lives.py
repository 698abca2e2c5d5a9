"""How the circles of a program live, read for pictures: how long, and who leads. In keys, days and counts alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery

from groups.models.group import Group, Membership
from meetings import load
from meetings.health import A_MONTH, PAST, every_days
from meetings.load import Load, Mark
from meetings.models.meeting import Meeting, MeetingRole, Role, State
from meetings.survival import Life
from members.models.program import Program, Roster
from roundtable import clock

ALL = "all circles"


class Lives(NamedTuple):
    """The whole program first, then what it is split by."""

    by_mode: dict[str, list[Life]]
    by_cadence: dict[str, list[Life]]


class Led(NamedTuple):
    """A living circle and how its meetings were led."""

    group: Group
    load: Load
    width: int
    marks: list[Mark]


def circles(groups: QuerySet[Group], program: Program) -> list[Group]:
    """All circles of a program that ever lived, in one statement."""
    found = groups.filter(program=program, roster=Roster.FIXED, sealed_at__lte=clock.now())
    return list(found.select_related("program", "cadence").order_by("name", "pk"))


def lives(found: Iterable[Group], now: datetime) -> Lives:
    """How long each has lived. One that went into another has not ended: it was watched up to that day."""
    by_mode: dict[str, list[Life]] = {ALL: []}
    by_cadence: dict[str, list[Life]] = {ALL: []}
    for group in found:
        life = life_of(group, now)
        for split, name in ((by_mode, mode(group)), (by_cadence, rhythm(group))):
            split[ALL].append(life)
            split.setdefault(name, []).append(life)
    return Lives(sorted_by_name(by_mode), sorted_by_name(by_cadence))


def sorted_by_name(split: Mapping[str, list[Life]]) -> dict[str, list[Life]]:
    """The whole first; where all are of one kind that kind says nothing more."""
    kinds = sorted(name for name in split if name != ALL)
    return {name: split[name] for name in ([ALL, *kinds] if len(kinds) > 1 else [ALL])}


def life_of(group: Group, now: datetime) -> Life:
    over = group.closed_at is not None and group.closed_at <= now
    until = group.closed_at if over and group.closed_at else now
    return Life(max(0, (until - group.sealed_at).days), ended=over and group.merged_into_id is None)


def mode(group: Group) -> str:
    return "by video" if group.mode == "video" else "in person"


def rhythm(group: Group) -> str:
    days = every_days(group)
    return "monthly" if days == A_MONTH else f"every {days // 7} weeks" if days > 7 else "every week"


def leading(found: Sequence[Group], now: datetime) -> list[Led]:
    """Who led the last eight meetings of each living circle, in two statements; where one carries it, first."""
    living = [group for group in found if group.closed_at is None]
    leader = MeetingRole.objects.filter(meeting=OuterRef("pk"), role=Role.FACILITATOR).values("person")[:1]
    held = Meeting.objects.filter(group__in=living, ends_at__lte=now, starts_at__gt=now - PAST)
    rows = held.exclude(state=State.CANCELLED).order_by("starts_at", "pk").annotate(leader=Subquery(leader))
    leaders: dict[int, list[int | None]] = defaultdict(list)
    for group, person in rows.values_list("group", "leader"):
        leaders[group].append(person)
    members: dict[int, list[int]] = defaultdict(list)
    for group, person in Membership.objects.on(now.date()).filter(group__in=living).values_list("group", "person"):
        members[group].append(person)
    counted = [led(group, load.load(leaders[group.pk], members[group.pk])) for group in living if leaders[group.pk]]
    return sorted(counted, key=lambda one: not one.load.alone)


def led(group: Group, counted: Load) -> Led:
    return Led(group, counted, load.width(counted), load.marks(counted))
