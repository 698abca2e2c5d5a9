"""Who waits where: for each program its cities and bands of time zones, and for each person where they stand.

Nothing here counts anything about dimensions, and no number below five leaves this module for a public page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from members.models.application import Application, Mode
from members.models.hours import Hours
from members.models.person import Person
from members.models.program import Program
from members.models.questions import asked, with_questions
from members.stages import Stage
from members.thresholds import Reached, reached

SHOWN_FROM = 5
BANDS = ("Americas, west", "Americas, east", "Europe and Africa", "West and South Asia", "East Asia and Pacific")
STEPS = ("Applied", "Reviewed", "In the pool", "In a group")
AT_STEP = {
    Stage.DRAFT: 0,
    Stage.SUBMITTED: 1,
    Stage.POOLED: 2,
    Stage.DORMANT: 2,
    Stage.PLACED: 4,
}
HOSTING = frozenset({"host", "start"})  # of what people say they could do
HOSTS = Q(application__extra__could__contains=["host"]) | Q(application__extra__could__contains=["start"])
WOULD_HOST = ExpressionWrapper(HOSTS, BooleanField())  # null where nothing was said
Place = tuple[str, bool]  # the name of a city, or of a band of zones and by video


@dataclass(frozen=True, slots=True)
class Pool:
    """Everybody pooled for one city or one band of time zones of a program."""

    name: str
    by_video: bool
    waiting: int
    hosts: int = 0

    @property
    def few(self) -> bool:
        return self.waiting < SHOWN_FROM

    @property
    def hosted(self) -> bool:
        """Whether somebody here would host."""
        return self.hosts > 0

    @property
    def way(self) -> str:
        """How an address names what kind of pool this is."""
        return "video" if self.by_video else "room"

    def reached(self) -> Reached:
        """What so many people, and those of them who would host, can do."""
        return reached(self.waiting, hosts=self.hosts)

    @property
    def could_start(self) -> bool:
        """Whether somebody who offers to host now may start a circle here."""
        return reached(self.waiting, hosts=self.hosts + 1) >= Reached.START

    @property
    def could_meet(self) -> bool:
        """Whether there are enough people for a taster meeting, once somebody hosts it."""
        return self.waiting >= Reached.TASTER

    @property
    def missing(self) -> str:
        """How far the next thing is, in words; silent where the number itself is not shown."""
        if self.few:
            return "A few more, and people can meet while they wait."
        if self.waiting < Reached.START:
            return f"{Reached.START - self.waiting} more, and somebody can start a circle."
        if self.waiting < Reached.COMPOSED:
            return f"{Reached.COMPOSED - self.waiting} more, and a circle is composed."
        return "Enough for a circle."


@dataclass(frozen=True, slots=True)
class Standing:
    """One application of a person: how far it is, what is asked, and the pools it waits in."""

    application: Application
    steps: tuple[tuple[str, str], ...]
    asked: tuple[str, ...]
    pools: tuple[Pool, ...]


def band_of(zone: str, now: datetime) -> str:
    """The band of a zone by how far its clock is from UTC; Asia begins at Istanbul's east, not at its hour."""
    ahead = now.astimezone(ZoneInfo(zone)).utcoffset()
    hours = ahead.total_seconds() / 3600 if ahead else 0.0
    if hours <= -6.5:
        return BANDS[0]
    if hours <= -2:
        return BANDS[1]
    if hours < 3.5 and not zone.startswith("Asia/"):
        return BANDS[2]
    return BANDS[3] if hours < 6.5 else BANDS[4]


def pools_of(programs: Iterable[Program], *, now: datetime) -> dict[int, tuple[Pool, ...]]:
    """By program: who would meet in a room counts in their city, who would use video in the band of their zone."""
    waiting: dict[int, Counter[Place]] = {}
    hosts: Counter[tuple[int, Place]] = Counter()
    rows = Hours.objects.filter(application__program__in=list(programs), application__stage=Stage.POOLED)
    alike = rows.values_list("application__program", "zone", "application__metro", "application__mode").order_by()
    for program, zone, metro, mode, people, hosting in alike.annotate(
        people=Count("pk"), hosting=Count("pk", filter=HOSTS)
    ):
        for place in places_of(zone, metro, mode, now):
            waiting.setdefault(program, Counter())[place] += people
            hosts[program, place] += hosting
    return {
        program: tuple(
            Pool(*place, count, hosts[program, place])
            for place, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        )
        for program, counted in waiting.items()
    }


def would_host(extra: Mapping[str, Any]) -> bool:
    """Who offered a room, or to help a city start."""
    return not HOSTING.isdisjoint(extra.get("could", ()))


def waiting_in(program: Program, place: Place, *, now: datetime) -> list[Application]:
    """Who waits in this pool and is not asked for a group at this moment, with their people. Two queries."""
    return [one for one, _ in waiting_by_place(program, now=now).get(place, ())]


def waiting_by_place(program: Program, *, now: datetime) -> dict[Place, list[tuple[Application, str]]]:
    """Each pool of a program with who waits there and is not asked for a group, and the zone of each. Two queries."""
    rows = Application.objects.filter(program=program).pooled().without_group().filter(person__is_active=True)
    zones = dict(Hours.objects.filter(application__in=rows.values("pk")).values_list("application_id", "zone"))
    found: dict[Place, list[tuple[Application, str]]] = {}
    for one in rows.select_related("person").order_by("submitted_at", "pk"):
        zone = zones.get(one.pk, "")
        for place in places_of(zone, one.metro, one.mode, now):
            found.setdefault(place, []).append((one, zone))
    return found


def standings(person: Person, *, now: datetime) -> list[Standing]:
    """All applications of a person, the newest first, with the pools they wait in; the same queries for any number."""
    mine = with_questions(person.applications.select_related("program")).order_by("-submitted_at", "-pk")
    applications = list(mine)
    zones = dict(Hours.objects.filter(application__in=applications).values_list("application_id", "zone"))
    pools = pools_of({application.program for application in applications}, now=now)
    return [_standing(application, zones.get(application.pk, ""), pools, now) for application in applications]


def told_to(application: Application, *, now: datetime) -> list[str]:
    """Each pool that somebody waits in, in a sentence for their letter: a number from five on, below that a few."""
    zone = Hours.objects.filter(application=application).values_list("zone", flat=True).first() or ""
    mine = places_of(zone, application.metro, application.mode, now)
    found = pools_of([application.program], now=now).get(application.program_id, ())
    return [_told(pool) for pool in found if (pool.name, pool.by_video) in mine]


def _told(pool: Pool) -> str:
    people = "a few people wait" if pool.few else f"{pool.waiting} people wait, you among them"
    return f"{pool.name}, {'by video' if pool.by_video else 'in person'}: {people}. {pool.missing}"


def _standing(application: Application, zone: str, pools: dict[int, tuple[Pool, ...]], now: datetime) -> Standing:
    mine = (
        set(places_of(zone, application.metro, application.mode, now)) if application.stage == Stage.POOLED else set()
    )
    waiting_in = tuple(pool for pool in pools.get(application.program_id, ()) if (pool.name, pool.by_video) in mine)
    is_open = application.stage in (Stage.SUBMITTED, Stage.POOLED)
    return Standing(application, _steps(application), tuple(asked(application)) if is_open else (), waiting_in)


def _steps(application: Application) -> tuple[tuple[str, str], ...]:
    here = AT_STEP.get(Stage(application.stage))
    if here is None:
        return ()
    return tuple(
        (name, "done" if number < here else "now" if number == here else "") for number, name in enumerate(STEPS)
    )


def places_of(zone: str, metro: str, mode: str, now: datetime) -> list[Place]:
    """The pools that somebody waits in: their city for a room, their band of zones for video."""
    places = []
    if metro and mode != Mode.VIDEO:
        places.append((metro, False))
    if zone and mode != Mode.IN_PERSON:
        places.append((band_of(zone, now), True))
    return places
