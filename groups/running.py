"""A run at work, shard by shard: claimed, watched, written. Tasks only wake; what there is to do stands in rows.

Placing everybody is one shard; a small pool ends with it. Of a larger one shards of groups are improved side by side,
and when the last of them is done one more seats those left over and writes the result. Whoever claims a shard has it
for the time of a lease; a worker that was killed loses it then, and the shard begins again: two may work at one, but
only who still holds it writes. Lock order: composition, shard.
"""

from __future__ import annotations

import base64
import math
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any, cast

import numpy as np
import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet

from groups import around, composing, freezing, keeping
from groups.composition.case import Case
from groups.composition.explain import Card
from groups.composition.pace import Pace
from groups.composition.people import Problem
from groups.composition.placement import PROGRAM_LIMIT
from groups.composition.prices import prices
from groups.composition.refill import refill
from groups.composition.rooms import Room, Rows
from groups.composition.rules import LocksImpossible
from groups.composition.shards import Seating, finish, gathered, improve_shard, place_globally, pool_leftovers, split
from groups.composition.solver import Proposal, compose
from groups.composition.stages import DRAFT_LIMIT
from groups.models.draft import Composition, Progress
from groups.models.shard import Shard, ShardState, Step
from roundtable import clock, vault

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=5)  # renewed while its worker lives: far above the longest time in which it asks nothing
MOST_TRIES = 3
BEAT = 1.0  # seconds between two looks at whether the work is still wanted
PLACING = 120.0  # seconds that a large pool has at least for placing everybody
PRICING = 40.0  # seconds in which all rules of a program are priced
CLAIMING = 2026_0001  # of the lock under which claims are made one after the other
BROKEN = "The composition stopped with an error of ours; nothing was changed. Please start it again."
CUT_OFF = (
    "The composition was cut off three times, as by restarts of the site; nothing was changed. Please start it again."
)
TOO_LONG = "The composition took too long; nothing was changed. Please start it again with less time to search."


class Overtaken(Exception):
    """The run has ended, or somebody else has this shard: nothing of it is ours to write."""


def work_next() -> None:
    """Take up the shard that is due first, if any, and wake somebody for the next one."""
    shard = claim()
    if shard is not None:
        work(shard)
        transaction.on_commit(composing.nudge, robust=True)  # robust: without a broker the schedule goes on


@transaction.atomic
def claim() -> Shard | None:
    """A shard that waits, or whose worker is dead, ours for the time of the lease; none while enough are at work.

    By number, so that a small run has not to wait for all shards of a large one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIMING])  # else two could count the same free place
    now = clock.database_now()
    if Shard.objects.filter(state=ShardState.RUNNING, lease_until__gte=now).count() >= settings.COMPOSING_AT_ONCE:
        return None
    due = Q(state=ShardState.WAITING) | Q(state=ShardState.RUNNING, lease_until__lt=now)
    free = Shard.objects.select_for_update(skip_locked=True, of=("self", "composition")).filter(due)
    shard = free.select_related("composition__program").order_by("number", "pk").first()
    if shard is None:
        return None
    if shard.tries >= MOST_TRIES:
        give_up(shard)
        return None
    shard.state, shard.tries, shard.lease_until = ShardState.RUNNING, shard.tries + 1, now + LEASE
    shard.save(update_fields=["state", "tries", "lease_until"])
    if shard.step != Step.PRICE:  # the run itself has ended
        Composition.objects.filter(pk=shard.composition_id).update(progress=Progress.RUNNING, stage=shard.step)
    return shard


def give_up(shard: Shard) -> None:
    """Cut off too often: groups that could not be improved stay as they were; without any groups the run has failed."""
    if shard.step == Step.IMPROVE:
        settle(shard)
        go_on(shard.composition)
    elif shard.step == Step.PRICE:
        priced(shard, {"failure": CUT_OFF})
    else:
        composing.end(shard.composition, Progress.FAILED, CUT_OFF)


def work(shard: Shard) -> None:
    """One try. Whatever goes wrong ends as a sentence on the composition, never as one that runs for ever."""
    try:
        STEPS[Step(shard.step)](shard, Watch(shard))
    except Overtaken:
        log.info("shard_overtaken", shard=shard.pk, step=shard.step)
    except IntegrityError:
        put_back(shard)  # somebody was erased in this very moment; the next try does not find them
    except SoftTimeLimitExceeded:
        fail(shard, TOO_LONG)
    except LocksImpossible as refusal:
        fail(shard, why_not(shard, refusal))
    except Exception:
        log.exception("composition_failed", composition=shard.composition_id)
        fail(shard, BROKEN)


def why_not(shard: Shard, refusal: LocksImpossible) -> str:
    """In the words of the board whose locks they are."""
    composition = shard.composition
    if composition.base is None:
        return BROKEN
    return around.in_words(refusal, freezing.read(composition.frozen.content), composition.base)


@transaction.atomic
def put_back(shard: Shard) -> None:
    """Whoever comes next begins again."""
    owned(shard).update(state=ShardState.WAITING, lease_until=None)


def fail(shard: Shard, sentence: str) -> None:
    """The whole run has failed, unless it has ended otherwise; or the prices have, and the result stays."""
    if shard.step == Step.PRICE:
        with suppress(Overtaken):
            priced(shard, {"failure": sentence})
        return
    try:
        with transaction.atomic():
            composing.end(held(shard), Progress.FAILED, sentence)
    except Overtaken:
        log.info("shard_overtaken", shard=shard.pk, step=shard.step)


def owned(shard: Shard) -> QuerySet[Shard]:
    """The row, if this very try still has it. With the run's end it is gone."""
    return Shard.objects.filter(pk=shard.pk, state=ShardState.RUNNING, tries=shard.tries)


def held(shard: Shard) -> Composition:
    """The composition, locked as its shard is. Raises Overtaken if this try no longer has it."""
    runs = Composition.objects.select_for_update(of=("self",)).select_related("program")
    composition = runs.filter(pk=shard.composition_id, progress=Progress.RUNNING).first()
    if composition is None or owned(shard).select_for_update().first() is None:
        raise Overtaken
    return composition


class Watch:
    """What a worker does beside its work, once a second: renew the lease, say how far it is, see whether to stop."""

    def __init__(self, shard: Shard) -> None:
        self.shard, self.gone, self.next = shard, False, 0.0
        self.told: dict[str, object] = {}
        self.each = Pace(math.inf, self.cancelled).each  # goes over what is long, and looks on the way

    def tell(self, stage: str, placed: int, bound: int) -> None:
        """The engine says how far it is; it is written down with the next look."""
        step = Step.IMPROVE if stage == "quality" else Step.PLACE
        self.told = {"stage": step, "placed": placed, "bound": bound}
        self.cancelled()

    def cancelled(self) -> bool:
        """Whether this work is no longer wanted; once so, always so."""
        if not self.gone and time.monotonic() >= self.next:
            self.gone = not self._renewed()
            self.next = time.monotonic() + BEAT
        return self.gone

    def look(self) -> None:
        """Raises Overtaken if it is not."""
        if self.cancelled():
            raise Overtaken

    def _renewed(self) -> bool:
        if not owned(self.shard).update(lease_until=clock.database_now() + LEASE):
            return False
        if self.told:
            Composition.objects.filter(pk=self.shard.composition_id, progress=Progress.RUNNING).update(**self.told)
        return True


def _place(shard: Shard, watch: Watch) -> None:
    """Everybody at once. A small pool is composed whole; of a larger one the groups are shared out."""
    with transaction.atomic():
        frozen = freezing.freeze(held(shard))
    problem = freezing.read(frozen.content)
    seconds = shard.composition.seconds
    if shard.composition.base_id is not None:
        write(shard, watch, problem, solved_again(shard, watch, problem))
    elif is_small(problem, watch):
        write(shard, watch, problem, compose(problem, seconds, progress=watch.tell, cancelled=watch.cancelled))
    else:
        place_everybody(shard, watch, problem)


def place_everybody(shard: Shard, watch: Watch, problem: Problem) -> None:
    """A large pool: seated at once, then shared out."""
    seconds = shard.composition.seconds
    seating = place_globally(problem, max(PLACING, seconds), progress=watch.tell, cancelled=watch.cancelled)
    watch.look()
    share_out(shard, seating, split(problem, seating, cancelled=watch.cancelled))


def solved_again(shard: Shard, watch: Watch, problem: Problem) -> Proposal:
    """Around the locks of a board. Up to a few hundred people exactly, with the fewest moves of the best solutions; of
    more, groups that hold stay whole, the others are completed, and who waits is seated."""
    seconds = shard.composition.seconds
    if Case(replace(problem, draft=()), watch.each).closure.free <= DRAFT_LIMIT:
        exact = around.without_locked(problem)
        return compose(exact, seconds, progress=watch.tell, cancelled=watch.cancelled)
    fixed = frozenset().union(*(lock.members for lock in problem.locked))
    return refill(replace(problem, draft=()), problem.draft, frozenset(), fixed, seconds, cancelled=watch.cancelled)


def is_small(problem: Problem, watch: Watch) -> bool:
    """Few enough people, not counting who provably fits nowhere, to be composed exactly and in one go."""
    return len(problem.people) <= PROGRAM_LIMIT or Case(problem, watch.each).closure.free <= PROGRAM_LIMIT


@transaction.atomic
def share_out(shard: Shard, seating: Seating, rooms: Sequence[Room]) -> None:
    """The placing is done, and each of its rooms is a shard."""
    composition = held(shard)
    key = vault.key_to_write(shard.key_owner())
    Shard.objects.bulk_create(shard_of(composition, room, key) for room in rooms)
    about = {
        "locks": seating.locks.tolist(),
        "bound": seating.bound,
        "source": seating.source,
        "stages": dict(seating.stages),
        "cut_short": seating.cut_short,
        "seconds": dict(seating.seconds),
    }
    settle(shard, seats=packed(seating.seats), about=about)
    composition.placed, composition.bound, composition.stage = seating.placed, seating.bound, Step.IMPROVE
    composition.save(update_fields=["placed", "bound", "stage"])


def shard_of(composition: Composition, room: Room, key: vault.DataKey) -> Shard:
    """A room as a row that waits, closed with the key of the run."""
    row: Any = Shard(composition=composition, step=Step.IMPROVE, number=room.number)
    row.room = vault.sealed(row, "room", base64.b64encode(room.to_bytes()).decode(), key=key)
    return cast(Shard, row)


def _improve(shard: Shard, watch: Watch) -> None:
    """Better groups of the same people; the last shard to be done lets the run go on."""
    room, seconds = room_of(shard), shard.composition.seconds
    seats = improve_shard(room, seconds, progress=watch.look, cancelled=watch.cancelled)
    with transaction.atomic():
        composition = held(shard)
        settle(shard, seats=packed(seats))
        go_on(composition)


def settle(shard: Shard, **came_of_it: object) -> None:
    """The shard is done; the composition is locked by the caller."""
    owned(shard).update(state=ShardState.DONE, lease_until=None, **came_of_it)


def go_on(composition: Composition) -> None:
    """When all shards are done, and not before, those left over get their turn; the composition is locked."""
    if not composition.shards.exclude(state=ShardState.DONE).exists():
        Shard.objects.create(composition=composition, step=Step.GATHER)


def _gather(shard: Shard, watch: Watch) -> None:
    """All shards together again, those left over seated where there now is room, and everything on paper."""
    composition = shard.composition
    problem = freezing.read(composition.frozen.content)
    watch.look()
    placed, *improved = composition.shards.filter(state=ShardState.DONE).order_by("-step", "number")
    parts = [(room_of(one), unpacked(one.seats)) for one in improved if one.seats]
    seating = pool_leftovers(
        problem, gathered(seating_of(placed), parts), composition.seconds, cancelled=watch.cancelled
    )
    watch.look()
    write(shard, watch, problem, finish(problem, seating, cancelled=watch.cancelled))


def write(shard: Shard, watch: Watch, problem: Problem, proposal: Proposal) -> None:
    """The result goes on paper, unless the run has ended or another worker has it."""
    cards = []
    for card in keeping.cards(problem, proposal.groups):
        watch.look()
        cards.append(card)
    keep(shard, problem, proposal, cards)


@transaction.atomic
def keep(shard: Shard, problem: Problem, proposal: Proposal, cards: Sequence[Card]) -> None:
    """All of the result and the end of the run, or nothing."""
    composition = held(shard)
    keeping.keep(composition, composition.frozen, problem, proposal, cards)
    composing.end(composition, Progress.DONE)


def _price(shard: Shard, watch: Watch) -> None:
    """What each rule costs those who are in the pool now. The copy of the pool goes when it is known, or called off."""
    try:
        priced(shard, _prices(shard, watch))
    except Overtaken:
        if not Shard.objects.filter(pk=shard.pk).exists():
            freezing.forget(shard.composition)
        raise


def _prices(shard: Shard, watch: Watch) -> dict[str, object]:
    problem = replace(freezing.read(freezing.freeze(shard.composition).content), locked=(), draft=())
    now = compose(problem, PRICING / 4, cancelled=watch.cancelled).certificate.placed
    watch.look()

    def tell(done: int, rules: int) -> None:
        owned(shard).update(about={"done": done, "rules": rules})

    found = prices(problem, now, PRICING, cancelled=watch.cancelled, progress=tell)
    watch.look()
    return {"placed": now, "rules": [asdict(price) for price in found]}


@transaction.atomic
def priced(shard: Shard, found: dict[str, object]) -> None:
    """Written, unless somebody else is at them or nobody wants them any more; the copy of the pool goes."""
    composition = Composition.objects.select_for_update().get(pk=shard.composition_id)
    if not Shard.objects.filter(pk=shard.pk, tries=shard.tries).delete()[0]:
        raise Overtaken
    composition.prices = found
    composition.save(update_fields=["prices"])
    freezing.forget(composition)


def seating_of(shard: Shard) -> Seating:
    """Who was placed where, and what is known of it."""
    locks = np.array(shard.about["locks"], dtype=np.int64)
    return Seating(seats=unpacked(shard.seats), **shard.about | {"locks": locks})


def room_of(shard: Shard) -> Room:
    """What a shard works on."""
    return Room.from_bytes(base64.b64decode(shard.room))


def packed(seats: Rows) -> bytes:
    """Four bytes for a table."""
    return np.asarray(seats, dtype="<i4").tobytes()


def unpacked(seats: bytes | memoryview) -> Rows:
    """What `packed` packed."""
    return np.frombuffer(bytes(seats), dtype="<i4").astype(np.int64)


STEPS: dict[Step, Callable[[Shard, Watch], None]] = {
    Step.PLACE: _place,
    Step.IMPROVE: _improve,
    Step.GATHER: _gather,
    Step.PRICE: _price,
}
