"""A large pool in pieces: every piece can be worked on elsewhere, twice, in any order, and the whole stays valid."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from bench.generator import problem as generated
from groups.composition import rooms, shards
from groups.composition.people import NONE
from groups.composition.rooms import Room
from groups.composition.rules import Lock, check

pytestmark = pytest.mark.usefixtures("few_passes")


@pytest.fixture
def small_rooms(monkeypatch):
    monkeypatch.setattr(rooms, "ROOM", 10)


@pytest.fixture(scope="module")
def pool():
    problem = generated(400, seed=3)
    return problem, shards.place_globally(problem, 20)


def seats_of(shard):
    return sorted(shard.seats[shard.seats != NONE].tolist())


def test_the_shards_share_out_every_table_and_everybody_who_sits(pool, small_rooms):
    problem, seating = pool
    parts = shards.split(problem, seating)
    assert len(parts) > 1
    assert sorted(np.concatenate([part.tables for part in parts])) == list(range(len(seating.locks)))
    assert sum(len(seats_of(part)) for part in parts) == seating.placed
    rows = np.concatenate([part.rows for part in parts])
    assert len(rows) == len(set(rows))


def test_a_shard_survives_the_road_to_another_machine(pool, small_rooms):
    shard = shards.split(*pool)[0]
    for copy in (Room.from_bytes(shard.to_bytes()), pickle.loads(pickle.dumps(shard))):  # noqa: S301 - our own
        assert (copy.rules, copy.seed, copy.number) == (shard.rules, shard.seed, shard.number)
        assert np.array_equal(shards.improve_shard(copy, 20), shards.improve_shard(shard, 20))


def test_a_shard_improved_twice_is_the_same_and_better(pool, small_rooms):
    problem, seating = pool
    parts = shards.split(problem, seating)
    found = [(part, shards.improve_shard(part, 20)) for part in parts]
    once = shards.gathered(seating, found)
    again = shards.gathered(shards.gathered(seating, reversed(found)), found[:1])
    assert np.array_equal(once.seats, again.seats)
    assert once.placed == seating.placed
    assert shards.finish(problem, once).quality > shards.finish(problem, seating).quality


def spare(problem, group):
    """Members without whom, one after the other, the group still holds."""
    gone: list[str] = []
    for name in group.members:
        rest = tuple(member for member in group.members if member not in (*gone, name))
        if check(problem, [replace(group, members=rest)]) == ():
            gone.append(name)
    return gone


def test_leftovers_sit_down_where_there_is_room(pool, small_rooms):
    problem, seating = pool
    group = max(shards.finish(problem, seating).groups, key=lambda one: len(one.members))
    seats, rows = seating.seats.copy(), {person.id: row for row, person in enumerate(problem.people)}
    seats[[rows[name] for name in spare(problem, group)]] = NONE
    fewer = replace(seating, seats=seats)
    pooled = shards.pool_leftovers(problem, fewer, 20)
    assert fewer.placed < pooled.placed <= pooled.bound
    assert check(problem, shards.finish(problem, pooled).groups) == ()


def test_a_locked_group_keeps_its_people_hour_and_place_in_its_shard(pool, small_rooms):
    problem, seating = pool
    first = shards.finish(problem, seating).groups[0]
    locked = replace(problem, locked=(Lock(frozenset(first.members), first.window, first.mode, first.metro),))
    again = shards.place_globally(locked, 20)
    found = [(part, shards.improve_shard(part, 20)) for part in shards.split(locked, again)]
    proposal = shards.finish(locked, shards.gathered(again, found))
    assert any(set(first.members) <= set(group.members) for group in proposal.groups)


def test_a_cancelled_run_is_valid_at_every_step(pool, small_rooms):
    problem, _ = pool
    seating = shards.place_globally(problem, 20, cancelled=lambda: True)
    parts = shards.split(problem, seating)
    found = [(part, shards.improve_shard(part, 20, cancelled=lambda: True)) for part in parts]
    left = shards.pool_leftovers(problem, shards.gathered(seating, found), 20, cancelled=lambda: True)
    proposal = shards.finish(problem, left)
    assert check(problem, proposal.groups) == ()
    assert proposal.certificate.cut_short
