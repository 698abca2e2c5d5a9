"""What a program tells everybody, page by page: its rules, who looks after it, and how full its pools are.

Counts only, from five up; hours that eight share; nothing about dimensions. The queries are as many for nobody as for
a thousand people, and for one city as for all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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

OF_HOURS = ("application__program", "good", "possible", "zone", "application__metro", "application__mode")


@dataclass
class Elsewhere:
    """What other apps show of a program to everybody; they register themselves."""

    has_archive: Callable[[Program], bool] | None = None


elsewhere = Elsewhere()


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
class Front:
    """One program as the first page shows it, the fullest pools first."""

    program: Program
    thermometers: tuple[Thermometer, ...]


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
    has_archive: bool  # everybody may read what its roundtables were about

    @property
    def shown(self) -> list[Thermometer]:
        """What has a thermometer of its own: all with a number, and the one pool of a city's own page."""
        return [one for one in self.thermometers if self.city or not one.pool.few]

    @property
    def folded(self) -> list[Thermometer]:
        """Where a few wait: many, and alike."""
        return [one for one in self.thermometers if not self.city and one.pool.few]


def fronts(programs: Iterable[Program], *, now: datetime) -> list[Front]:
    """Each program with its pools, in two queries however many people wait."""
    programs = list(programs)
    waiting = _waiting(programs, now)
    return [Front(program, _thermometers(program, waiting.get(program.pk, {}), now)) for program in programs]


def poster(program: Program, *, city: str = "", now: datetime) -> Poster:
    """Four queries: who looks after it, its code of conduct, the hours of everybody who waits, and whether there is an
    archive."""
    roles = Organizer.objects.filter(program=program, person__is_active=True)
    roles = roles.filter(metro__in=["", city]) if city else roles
    names = roles.order_by("person__name", "person").values_list("person__name", flat=True)
    waiting = _waiting([program], now).get(program.pk, {})
    if city:  # its own page has its thermometer even while nobody waits there
        waiting = {(city, False): waiting.get((city, False), Waiting())}
    return Poster(
        program,
        city,
        is_open=program.takes_applications(now),
        opens_later=program.opens_at is not None and program.opens_at > now,
        organizers=tuple(dict.fromkeys(name for name in names if name)),
        code=program.current_code(),
        thermometers=_thermometers(program, waiting, now),
        has_archive=elsewhere.has_archive is not None and elsewhere.has_archive(program),
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


def _thermometers(program: Program, waiting: Mapping[Place, Waiting], now: datetime) -> tuple[Thermometer, ...]:
    """The fullest first."""
    slots, monday = ceil(program.minutes / 30), (now - timedelta(days=now.weekday())).date()
    ranked = sorted(waiting.items(), key=lambda item: (-item[1].people, item[0]))
    return tuple(
        Thermometer(Pool(*place, one.people, one.hosts), commonhour.best(one.weeks, slots=slots, monday=monday))
        for place, one in ranked
    )


def _waiting(programs: Iterable[Program], now: datetime) -> dict[int, dict[Place, Waiting]]:
    """By program and by pool, in one query."""
    found: defaultdict[int, defaultdict[Place, Waiting]] = defaultdict(lambda: defaultdict(Waiting))
    places = cache(lambda zone, metro, mode: places_of(zone, metro, mode, now))  # of thousands, a few hundred differ
    rows = Hours.objects.filter(application__program__in=programs, application__stage=Stage.POOLED)
    for program, good, possible, zone, metro, mode, hosts in rows.values_list(*OF_HOURS, WOULD_HOST):
        week = WeekHours(int(good, 16), int(possible, 16), zone) if zone else None
        for place in places(zone, metro, mode):
            one = found[program][place]
            one.people += 1
            one.hosts += bool(hosts)
            one.weeks += [week] if week else []
    return {program: dict(pools) for program, pools in found.items()}
