"""Many workers at the shards of one run: each is claimed once, and whoever comes last lets the run go on, once."""

from functools import partial

import pytest

from groups import composing, freezing, running
from groups.models.draft import Composition, DraftGroup, Progress
from groups.models.shard import FrozenPool, Shard, ShardState, Step
from members.models.program import Program
from roundtable.errors import NotAllowed
from tests.groups.conftest import organizer, pooled, program  # noqa: F401 - the fixtures of these names

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shared_out(program, organizer, pooled):  # noqa: F811 - the same
    """A run with three shards of groups that wait."""
    pooled(5)
    composition = composing.start(program, by=organizer, seconds=5)
    freezing.freeze(composition)
    Shard.objects.update(state=ShardState.DONE, tries=1)
    Composition.objects.update(progress=Progress.RUNNING)
    Shard.objects.bulk_create(Shard(composition=composition, step=Step.IMPROVE, number=n) for n in range(3))
    return composition


@pytest.mark.parametrize(("allowed", "claimed"), [(1, 1), (2, 2), (5, 3)])
def test_each_shard_is_claimed_once_and_no_more_than_the_site_allows(
    shared_out,
    settings,
    at_once,
    allowed,
    claimed,
):
    settings.COMPOSING_AT_ONCE = allowed
    outcome = at_once(*[running.claim] * 5)
    assert outcome.errors == []
    got = [shard.number for shard in outcome.results if shard is not None]
    assert (len(got), len(set(got))) == (claimed, claimed)
    assert Shard.objects.filter(state=ShardState.RUNNING).count() == claimed


def done(shard):
    with running.transaction.atomic():
        composition = running.held(shard)
        running.settle(shard)
        running.go_on(composition)


def test_the_last_shards_at_once_let_the_run_go_on_once(shared_out, settings, at_once):
    settings.COMPOSING_AT_ONCE = 3
    claimed = [running.claim() for _ in range(3)]
    outcome = at_once(*[partial(done, shard) for shard in claimed])
    assert outcome.errors == []
    assert Shard.objects.filter(step=Step.GATHER).count() == 1


def test_cancelling_and_finishing_at_once_is_one_of_the_two(program, organizer, pooled, at_once):  # noqa: F811 - the same
    pooled(5)
    composition = composing.start(program, by=organizer, seconds=5)
    shard = running.claim()
    outcome = at_once(partial(running.work, shard), partial(composing.cancel, composition, by=organizer))
    assert {type(error) for error in outcome.errors} <= {NotAllowed}
    composition.refresh_from_db()
    ended = "done" if outcome.errors else "cancelled"
    assert (composition.progress, DraftGroup.objects.count()) == (ended, 1 if outcome.errors else 0)
    assert (Shard.objects.count(), FrozenPool.objects.count()) == (0, 0)


def test_cancelling_and_claiming_at_once_lock_each_other_never(shared_out, organizer, at_once):  # noqa: F811 - the same
    outcome = at_once(*[running.claim] * 3, partial(composing.cancel, shared_out, by=organizer))
    assert outcome.errors == []
    assert (Shard.objects.count(), Composition.objects.get().progress) == (0, Progress.CANCELLED)


def test_two_orders_at_once_are_one_run(program, organizer, pooled, at_once):  # noqa: F811 - the same
    pooled(3)
    outcome = at_once(*[partial(composing.start, Program.objects.get(), by=organizer) for _ in range(3)])
    assert (len(outcome.results), {type(error) for error in outcome.errors}) == (1, {NotAllowed})
    assert Shard.objects.count() == 1
