"""At which hours somebody who waits could host: for a circle as the engine finds them, for a taster meeting by count.

Hours are on the host's own clock: the group will keep it. Numbers below five are not told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from groups import candidates, times
from groups.candidates import Pool
from groups.composition.people import Candidate, Problem
from groups.composition.pool import host_hours
from groups.composition.rules import Group as PaperGroup
from groups.composition.rules import check
from groups.models.offer import Kind
from members import pools
from members.models.application import Application
from members.pools import Place
from members.weekhours import FULL, PER_DAY, SLOTS, slots_of
from roundtable import clock

OFFERED = 3  # on different days
EARLIEST, LATEST = 7, 21  # o'clock on the host's clock: nobody is asked to host at night


@dataclass(frozen=True, slots=True)
class HostHour:
    """One hour to choose: where it stands in the host's week, in words, and how many could come."""

    window: int
    hour: times.Hour
    people: int

    @property
    def told(self) -> str:
        """How many, the host included, where that many may be told."""
        enough = self.people >= pools.SHOWN_FROM
        return f"{self.people} people could come, you included" if enough else "enough people could come"


@dataclass(frozen=True, slots=True)
class Circle:
    """The people whom a host's hour brings together on paper, and of how many who could come."""

    members: tuple[Application, ...]
    quality: float
    people: int


@dataclass(frozen=True, slots=True)
class Round:
    """Who waits in one pool, seen from one of them who would host."""

    host: str
    pool: Pool
    problem: Problem


def around(host: Application, place: Place, *, now: datetime) -> Round:
    """The pool of a host on the host's own clock; everybody in it meets in the one way that the pool stands for."""
    waiting = pools.waiting_in(host.program, place, now=now)
    pool = candidates.pool(waiting, today=clock.today(), zone=host.person.zone)
    problem = candidates.problem(host.program, pool)
    mode = frozenset({"video" if place[1] else "in_person"})
    return Round(host.public_id, pool, replace(problem, people=tuple(replace(p, modes=mode) for p in problem.people)))


def choices(around: Round, kind: str) -> list[HostHour]:
    """Up to three hours on different days, the one that most could come to first. None for who is not in the pool."""
    if around.host not in around.pool.applications:
        return []
    by_day = _for_circle(around) if kind == Kind.CIRCLE else _for_taster(around)
    return [HostHour(window, _hour(around, window), people) for window, people in by_day]


def circle(around: Round, window: int) -> Circle | None:
    """A valid group with the host at this hour, filled up to the program's largest size; None where there is none."""
    if around.host not in around.pool.applications:
        return None
    problem = _only_at(around.problem, window)
    found = host_hours(problem, around.host, count=1)
    if not found:
        return None
    group = _filled(problem, found[0].group)
    members = tuple(around.pool.applications[key] for key in group.members)
    return Circle(members, group.quality, found[0].people)


def suits(around: Round, window: int) -> bool:
    """Whether the host could come then, at an hour at which people are awake."""
    return window in slots_of(_host_starts(around))


def _for_circle(around: Round) -> list[tuple[int, int]]:
    awake = replace(around.problem, people=tuple(_awake(p, around) for p in around.problem.people))
    return [(found.window, found.people) for found in host_hours(awake, around.host, count=OFFERED)]


def _for_taster(around: Round) -> list[tuple[int, int]]:
    """No group has to hold for ever: the hours of the host by how many others are free, one for each day."""
    slots, mine = around.problem.rules.window_slots, _host_starts(around)
    free = Counter(at for one in around.problem.people for at in slots_of(_starts(one.hours, slots) & mine))
    best: dict[int, tuple[int, int]] = {}
    for window, people in sorted(free.items(), key=lambda item: (-item[1], item[0])):
        best.setdefault(window // PER_DAY, (window, people))
    return list(best.values())[:OFFERED]


def _host_starts(around: Round) -> int:
    host = next(one for one in around.problem.people if one.id == around.host)
    return _starts(_awake(host, around).hours, around.problem.rules.window_slots)


def _starts(mask: int, slots: int) -> int:
    """The half hours from which so many in a row are free, also over the end of the week."""
    found = mask
    for step in range(1, slots):
        found &= (mask >> step | mask << (SLOTS - step)) & FULL
    return found


def _awake(person: Candidate, around: Round) -> Candidate:
    """The host without the hours of the night; everybody else as they are."""
    return replace(person, hours=person.hours & DAYTIME) if person.id == around.host else person


DAYTIME = sum(1 << day * PER_DAY + slot for day in range(7) for slot in range(2 * EARLIEST, 2 * LATEST + 1))


def _only_at(problem: Problem, window: int) -> Problem:
    """The same people, with no other hour than this one."""
    mask = sum(1 << (window + step) % (7 * PER_DAY) for step in range(problem.rules.window_slots))
    return replace(problem, people=tuple(replace(one, hours=one.hours & mask) for one in problem.people))


def _filled(problem: Problem, group: PaperGroup) -> PaperGroup:
    """Whoever was left out oftenest joins while there is a seat and every rule still holds."""
    for one in _waiting_longest(problem.people, group.members):
        if len(group.members) == problem.rules.size_max:
            break
        larger = replace(group, members=tuple(sorted((*group.members, one.id))))
        if not check(_of(problem, larger.members), [larger]):
            group = larger
    return group


def _waiting_longest(people: Iterable[Candidate], seated: Iterable[str]) -> Iterator[Candidate]:
    out = [one for one in people if one.id not in set(seated)]
    yield from sorted(out, key=lambda one: -one.skipped_before)  # stable: then who applied first


def _of(problem: Problem, members: tuple[str, ...]) -> Problem:
    return replace(
        problem,
        people=tuple(one for one in problem.people if one.id in members),
        apart=frozenset(pair for pair in problem.apart if pair <= frozenset(members)),
    )


def _hour(around: Round, window: int) -> times.Hour:
    zone, minutes = around.pool.zone, 30 * around.problem.rules.window_slots
    return times.on_clock(window, kept_in=zone, zone=zone, minutes=minutes, monday=around.pool.first_monday)
