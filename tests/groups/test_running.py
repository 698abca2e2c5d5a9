"""A run at work: shards that are claimed, killed, taken over and called off; and what is left of it afterwards."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from groups import composing, freezing, running
from groups.models.draft import Composition, DraftGroup, LeftOut, Progress
from groups.models.invitation import Invitation
from groups.models.shard import FrozenPool, Shard, ShardState, Step
from members.models.application import Application, IdentityAnswers
from members.models.hours import Hours
from members.models.program import Program
from members.weekhours import block_mask, to_hex
from roundtable.errors import NotAllowed
from roundtable.vault import DataKey
from tests.groups.conftest import applicant
from tests.groups.crowd import MANY, crowd

pytestmark = pytest.mark.django_db
LEASE = {"seconds": running.LEASE.total_seconds() + 1}


@pytest.fixture
def ordered(program, organizer, pooled):
    """A small run that waits."""
    pooled(5)
    return composing.start(program, by=organizer, seconds=5)


@pytest.fixture
def large(program, organizer, monkeypatch):
    """A run that waits and will be shared out, as one of more than 2,000 people is."""
    monkeypatch.setattr(running, "PROGRAM_LIMIT", MANY - 1)
    crowd(program)
    return composing.start(program, by=organizer, seconds=1)


def shards(composition):
    return list(composition.shards.order_by("pk").values_list("step", "number", "state", "tries"))


def left_behind():
    return FrozenPool.objects.count(), Shard.objects.count(), DataKey.objects.filter(owner__startswith="compos").count()


def work_until_the_end(composition):
    while composition.under_way:
        running.work_next()
        composition.refresh_from_db()
    return composition


def test_a_small_pool_is_one_shard_and_leaves_nothing_but_its_result(ordered):
    assert shards(ordered) == [("place", 0, "waiting", 0)]
    running.work_next()
    ordered.refresh_from_db()
    assert (ordered.progress, ordered.placed, ordered.differences) == ("done", 5, "")
    assert left_behind() == (0, 0, 0)


def test_a_large_pool_is_placed_shared_out_and_put_together(large):
    running.work_next()
    large.refresh_from_db()
    assert (large.progress, large.stage, large.placed, large.bound) == ("running", "improve", MANY, MANY)
    assert shards(large)[1:] == [("improve", 0, "waiting", 0), ("improve", 1, "waiting", 0)]
    running.work_next()
    assert "gather" not in {step for step, *_ in shards(large)}
    running.work_next()
    assert shards(large)[3:] == [("gather", 0, "waiting", 0)]
    running.work_next()
    large.refresh_from_db()
    assert (large.progress, large.placed, large.drafts.count()) == ("done", MANY, MANY // 3)
    assert Invitation.objects.values("application").distinct().count() == Invitation.objects.count() == MANY
    assert left_behind() == (0, 0, 0)


def test_shards_make_groups_better_and_nobody_loses_a_seat(large):
    Composition.objects.update(seconds=5)
    running.work_next()
    problem = freezing.read(large.frozen.content)
    before = running.finish(problem, running.seating_of(large.shards.get(step=Step.PLACE)))
    done = work_until_the_end(large)
    assert done.quality > before.quality
    assert done.certificate["placed"] == before.certificate.placed == MANY


def test_the_shard_of_a_killed_worker_is_claimed_again_when_its_lease_is_over(large, clock):
    running.work_next()
    killed = running.claim()
    clock.forward(seconds=running.LEASE.total_seconds() - 1)
    assert running.claim() is None
    clock.forward(seconds=2)
    again = running.claim()
    assert (again.pk, again.step, again.tries) == (killed.pk, "improve", 2)


def test_of_two_workers_at_one_shard_only_who_holds_it_writes(large, clock):
    running.work_next()
    slow = running.claim()
    clock.forward(**LEASE)
    quick = running.claim()
    running.work(slow)
    assert shards(large)[1] == ("improve", 0, "running", 2)
    running.work(quick)
    running.work(slow)
    assert shards(large)[1] == ("improve", 0, "done", 2)
    assert work_until_the_end(large).drafts.count() == MANY // 3


def test_a_result_is_written_once_by_two_workers(ordered, clock):
    slow = running.claim()
    clock.forward(**LEASE)
    quick = running.claim()
    running.work(quick)
    running.work(slow)
    ordered.refresh_from_db()
    assert (ordered.progress, Invitation.objects.count(), left_behind()) == ("done", 5, (0, 0, 0))


def test_a_shard_begun_again_after_its_copy_was_made_sees_the_same_people(ordered, program, clock):
    killed = running.claim()
    freezing.freeze(killed.composition)
    applicant(program, "Mae Carol Jemison")
    clock.forward(**LEASE)
    running.work_next()
    ordered.refresh_from_db()
    assert ordered.placed == 5
    assert ordered.differences == f"While this was composed, 1 joined the pool (MCJ). {freezing.COMPOSE_AGAIN}"


def test_who_is_cut_off_three_times_has_failed_and_may_order_again(ordered, program, organizer, clock):
    for _ in range(running.MOST_TRIES):
        assert running.claim() is not None
        clock.forward(**LEASE)
    running.work_next()
    ordered.refresh_from_db()
    assert (ordered.progress, ordered.failure) == (Progress.FAILED, running.CUT_OFF)
    assert left_behind() == (0, 0, 0)
    assert work_until_the_end(composing.start(program, by=organizer, seconds=5)).placed == 5


def test_groups_that_cannot_be_improved_stay_as_they_were(large, clock):
    running.work_next()
    for _ in range(running.MOST_TRIES):
        assert running.claim().number == 0
        clock.forward(**LEASE)
    running.work_next()
    assert shards(large)[1] == ("improve", 0, "done", 3)
    assert work_until_the_end(large).placed == MANY


def test_as_many_shards_are_at_work_as_the_site_allows(ordered, settings):
    other = Program.objects.create(slug="other", name="Other circles")
    Shard.objects.create(composition=Composition.objects.create(program=other))
    assert running.claim().composition == ordered
    assert running.claim() is None
    settings.COMPOSING_AT_ONCE = 2
    assert running.claim().composition.program == other


def test_a_small_run_does_not_wait_for_all_shards_of_a_large_one(large):
    running.work_next()
    assert running.claim().number == 0
    Shard.objects.update(state=ShardState.DONE, lease_until=None)
    Shard.objects.filter(step=Step.IMPROVE, number=1).update(state=ShardState.WAITING)
    other = Program.objects.create(slug="other", name="Other circles")
    Shard.objects.create(composition=Composition.objects.create(program=other))
    assert running.claim().composition.program == other


@pytest.mark.parametrize("begun", [False, True], ids=["waiting", "running"])
def test_a_cancelled_run_leaves_nothing_and_another_may_begin(ordered, program, organizer, begun):
    if begun:
        freezing.freeze(running.claim().composition)
    composing.cancel(ordered, by=organizer)
    ordered.refresh_from_db()
    assert (ordered.progress, left_behind(), DraftGroup.objects.count()) == ("cancelled", (0, 0, 0), 0)
    assert running.claim() is None
    composing.start(program, by=organizer)


def test_the_worker_of_a_cancelled_run_stops_and_writes_nothing(large, organizer):
    running.work_next()
    shard = running.claim()
    watch = running.Watch(shard)
    assert watch.cancelled() is False
    composing.cancel(large, by=organizer)
    watch.next = 0.0
    assert watch.cancelled() is True
    running.work(shard)
    assert left_behind() == (0, 0, 0)


def test_a_worker_that_begins_after_the_cancel_copies_nobody(ordered, organizer):
    shard = running.claim()
    composing.cancel(ordered, by=organizer)
    running.work(shard)
    assert left_behind() == (0, 0, 0)


def test_an_ended_run_is_not_cancelled(ordered, organizer):
    running.work_next()
    with pytest.raises(NotAllowed, match="has ended already"):
        composing.cancel(ordered, by=organizer)
    ordered.refresh_from_db()
    assert (ordered.progress, ordered.drafts.count()) == ("done", 1)


def test_how_far_a_run_is_stands_on_its_row_while_it_lasts(ordered):
    watch = running.Watch(running.claim())
    watch.tell("greedy", 3, 5)
    ordered.refresh_from_db()
    assert (ordered.stage, ordered.placed, ordered.bound) == ("place", 3, 5)
    watch.next = 0.0
    watch.tell("quality", 5, 5)
    ordered.refresh_from_db()
    assert (ordered.stage, ordered.placed, ordered.bound) == ("improve", 5, 5)


def joins(program):
    applicant(program, "Mae Jemison")


def leaves(program):
    Application.objects.filter(person__initials="AL").update(stage="withdrawn")


def is_erased(program):
    Application.objects.get(person__initials="AL").person.delete()


def moves(program):
    Hours.objects.filter(application__person__initials="AL").update(good=to_hex(block_mask(2, "evening")))


def answers(program):
    Application.objects.filter(person__initials="AL").update(company_key="elsewhere")


def rules(program):
    Program.objects.filter(pk=program.pk).update(size_min=2)


@pytest.mark.parametrize(
    ("change", "said", "seated"),
    [
        (joins, "1 joined the pool (MJ)", 5),
        (leaves, "1 left it (AL)", 4),
        (is_erased, "1 left it", 4),
        (moves, "1 changed their hours (AL)", 5),
        (answers, "1 changed other answers (AL)", 5),
        (rules, "the rules of the program changed", 5),
    ],
)
def test_a_pool_that_changed_meanwhile_is_told_in_a_sentence(ordered, program, change, said, seated):
    frozen = running.claim()
    freezing.freeze(frozen.composition)
    change(program)
    running.work(frozen)
    ordered.refresh_from_db()
    assert ordered.differences == f"While this was composed, {said}. {freezing.COMPOSE_AGAIN}"
    assert (ordered.progress, Invitation.objects.count()) == ("done", seated)


def test_many_changes_are_counted_and_some_named(ordered, program):
    shard = running.claim()
    freezing.freeze(shard.composition)
    for number in range(7):
        applicant(program, f"N{number} Late")
    running.work(shard)
    ordered.refresh_from_db()
    assert "7 joined the pool (NL, NL, NL, NL, NL and 2 more)" in ordered.differences


def test_a_personal_rule_that_somebody_adds_meanwhile_is_not_told(ordered):
    """It would say who has one; the group is checked again before anybody is asked."""
    shard = running.claim()
    freezing.freeze(shard.composition)
    wish = json.dumps({"dimensions": ["gender:woman"], "never_alone": ["gender:woman"]})
    IdentityAnswers.objects.create(application=Application.objects.order_by("pk")[0], answers=wish)
    running.work(shard)
    ordered.refresh_from_db()
    assert (ordered.progress, ordered.differences) == ("done", "")


def test_a_result_takes_the_same_number_of_statements_for_one_group_and_for_three(
    program, organizer, pooled, django_assert_num_queries
):
    Program.objects.filter(pk=program.pk).update(size_max=4)
    for names in (4, 12):
        Application.objects.all().delete()
        for number in range(names):
            applicant(program, f"A{names}-{number} B")
        composing.start(program, by=organizer, seconds=5)
        shard = running.claim()
        problem = freezing.read(freezing.freeze(shard.composition).content)
        proposal = running.compose(problem, 5)
        cards = list(running.keeping.cards(problem, proposal.groups))
        with django_assert_num_queries(13):
            running.keep(shard, problem, proposal, cards)
    assert DraftGroup.objects.filter(composition__pk=shard.composition_id).count() == 3
    assert LeftOut.objects.count() == 0


def raw(table, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608 -- our own names
        return b"".join(bytes(one or b"") for (one,) in cursor.fetchall())


def test_what_a_run_works_on_lies_encrypted(large):
    first = Application.objects.order_by("pk")[0]
    IdentityAnswers.objects.create(application=first, answers=json.dumps({"dimensions": ["Wexwillow"]}))
    running.work_next()
    content = FrozenPool.objects.get().content
    assert "Wexwillow" in str(freezing.read(content))
    assert content.encode() not in raw("groups_frozenpool", "content")
    room = large.shards.get(step=Step.IMPROVE, number=0).room
    assert running.Room.from_bytes(running.base64.b64decode(room)).number == 0
    assert room.encode() not in raw("groups_shard", "room")
