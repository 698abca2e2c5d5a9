"""What a program tells everybody, page by page: its rules, who looks after it, and how full its pools are.

Counts only, from five up; hours that eight share; nothing about dimensions. The queries are as many for nobody as for
a thousand people, and for one city as for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from math import ceil

from django.utils.text import slugify

from members import commonhour
from members.commonhour import CommonHour
from members.gazetteer import metros
from members.models.conduct import CodeOfConduct
from members.models.hours import Hours
from members.models.program import Organizer, Program
from members.pools import SHOWN_FROM, WOULD_HOST, Place, Pool, places_of
from members.stages import Stage
from members.weekhours import WeekHours
from roundtable import moments

OF_HOURS = ("good", "possible", "zone", "application__metro", "application__mode")


@dataclass
class Waiting:
    """The people of one pool while they are counted."""

    people: int = 0
    hosts: int = 0
    weeks: list[WeekHours] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Thermometer:
    """One pool with all that may be told of it."""

    pool: Pool
    hour: CommonHour | None

    @property
    def slug(self) -> str:
        """Where the page of this city is; a band of zones has none."""
        return "" if self.pool.by_video else slug_of(self.pool.name)

    @property
    def hosts_in_words(self) -> str:
        if self.pool.hosts >= SHOWN_FROM:
            return f"{self.pool.hosts} would host."
        return "A few would host." if self.pool.hosts else "Nobody has offered to host yet."

    @property
    def hour_in_words(self) -> str:
        """The hour and whose clock it is on; empty where fewer than eight share one."""
        return f"{self.hour.words}, {moments.city(self.hour.zone)} time" if self.hour else ""


@dataclass(frozen=True, slots=True)
class Poster:
    """A program, or one city of it, for everybody to read."""

    program: Program
    city: str
    is_open: bool
    opens_later: bool
    organizers: tuple[str, ...]
    code: CodeOfConduct | None
    thermometers: tuple[Thermometer, ...]


def poster(program: Program, *, city: str = "", now: datetime) -> Poster:
    """Three queries: who looks after it, its code of conduct, and the hours of everybody who waits."""
    roles = Organizer.objects.filter(program=program, person__is_active=True)
    roles = roles.filter(metro__in=["", city]) if city else roles
    names = roles.order_by("person__name", "person").values_list("person__name", flat=True)
    return Poster(
        program,
        city,
        is_open=program.takes_applications(now),
        opens_later=program.opens_at is not None and program.opens_at > now,
        organizers=tuple(dict.fromkeys(name for name in names if name)),
        code=program.current_code(),
        thermometers=tuple(_thermometers(program, city, now)),
    )


def city_called(slug: str) -> str | None:
    """The metropolitan area that an address means; None for what is none."""
    return _cities().get(slug)


def slug_of(city: str) -> str:
    """How an address names a city; empty for a name that no address finds."""
    slug = slugify(city)
    return slug if _cities().get(slug) == city else ""


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    return {slugify(name): name for name in sorted(metros.names(), reverse=True) if slugify(name)}


def _thermometers(program: Program, city: str, now: datetime) -> Iterator[Thermometer]:
    """The fullest first. A city's own page has its thermometer even while nobody waits there."""
    waiting = _waiting(program, now)
    if city:
        waiting = {(city, False): waiting.get((city, False), Waiting())}
    slots, monday = ceil(program.minutes / 30), (now - timedelta(days=now.weekday())).date()
    for (name, by_video), one in sorted(waiting.items(), key=lambda item: (-item[1].people, item[0])):
        pool = Pool(name, by_video, one.people, one.hosts)
        yield Thermometer(pool, _hour(one.weeks, slots, monday))


def _waiting(program: Program, now: datetime) -> dict[Place, Waiting]:
    found: dict[Place, Waiting] = {}
    places = cache(lambda zone, metro, mode: places_of(zone, metro, mode, now))  # of thousands, a few hundred differ
    rows = Hours.objects.filter(application__program=program, application__stage=Stage.POOLED)
    for good, possible, zone, metro, mode, hosts in rows.values_list(*OF_HOURS, WOULD_HOST):
        week = WeekHours(int(good, 16), int(possible, 16), zone) if zone else None
        for place in places(zone, metro, mode):
            one = found.setdefault(place, Waiting())
            one.people += 1
            one.hosts += bool(hosts)
            one.weeks += [week] if week else []
    return found


def _hour(weeks: Iterable[WeekHours], slots: int, monday: date) -> CommonHour | None:
    return commonhour.best(list(weeks), slots=slots, monday=monday)
