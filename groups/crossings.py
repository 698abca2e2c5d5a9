"""When a pool passes a line, what it makes possible happens: hosts hear of it, or a composition is put on paper.

Lock order: crossing. A pool that breaks keeps no other waiting.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from groups import composing, letters
from groups.models.offer import Crossing
from members import pools
from members.models.application import Application
from members.models.program import Program, Roster
from members.pools import Pool
from members.thresholds import Reached
from roundtable import clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import post

EVERY = timedelta(hours=4)
log = structlog.get_logger(__name__)


def look() -> int:
    """Every pool of every program once; how many passed a line upwards. Safe to repeat."""
    now = clock.database_now()
    programs = list(Program.objects.order_by("pk"))
    waiting = pools.pools_of(programs, now=now)
    risen = sum(_seen(program, pool, now) for program in programs for pool in waiting.get(program.pk, ()))
    _emptied({(program.pk, pool.name, pool.by_video) for program in programs for pool in waiting.get(program.pk, ())})
    return risen


def _seen(program: Program, pool: Pool, now: datetime) -> bool:
    try:
        return _cross(program, pool, now)
    except NotAllowed:  # a composition runs just now: the next look finds the line not passed yet
        return False
    except Exception:
        log.exception("pool_not_looked_at", program=program.pk)
        return False


@transaction.atomic
def _cross(program: Program, pool: Pool, now: datetime) -> bool:
    """Falling below a line is noted in silence; passing it again is news again."""
    crossing, _ = Crossing.objects.select_for_update().get_or_create(
        program=program, place=pool.name, by_video=pool.by_video
    )
    line = pool.reached()
    risen = line > crossing.line
    if line == crossing.line:
        return False
    crossing.line = line
    if risen:
        crossing.times, crossing.crossed_at = crossing.times + 1, now
    crossing.save()
    if risen and program.roster == Roster.FIXED:
        _follow(program, pool, crossing, now)
    return risen


def _follow(program: Program, pool: Pool, crossing: Crossing, now: datetime) -> None:
    """From eight on, who would host may start a circle; from twelve on, the whole pool is put on paper as well."""
    if crossing.line == Reached.COMPOSED:
        composing.start(program, by=None)
    if crossing.line >= Reached.START:
        post(*[letters.start_here(one, pool, crossing) for one in hosts(program, pool, now=now)])


def hosts(program: Program, pool: Pool, *, now: datetime) -> list[Application]:
    """Who waits in this pool and said that they would host."""
    waiting = pools.waiting_in(program, (pool.name, pool.by_video), now=now)
    return [one for one in waiting if pools.would_host(one.extra)]


def _emptied(still: set[tuple[int, str, bool]]) -> None:
    """Pools in which nobody waits any more start from nothing."""
    for crossing in Crossing.objects.exclude(line=Reached.NOTHING):
        if (crossing.program_id, crossing.place, crossing.by_video) not in still:
            Crossing.objects.filter(pk=crossing.pk).update(line=Reached.NOTHING)
