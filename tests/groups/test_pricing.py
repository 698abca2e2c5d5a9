"""What rules cost: ordered on a page, found by a worker, called off at any moment; the result beside it stays."""

from __future__ import annotations

import pytest
from django.urls import reverse

from groups import pricing, running
from groups.models.draft import Composition, Progress
from groups.models.shard import FrozenPool, Shard
from roundtable.errors import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(program, pooled):
    """Five who could all meet, of a program of groups of three to four: one has to wait."""
    program.size_max = 4
    program.save()
    pooled(5)
    return Composition.objects.create(program=program, progress=Progress.DONE, placed=4, bound=4)


def gained():
    return {one["easier"]: one["gained"] for one in pricing.lines(Composition.objects.get())}


def test_a_worker_finds_the_price_of_each_rule_and_keeps_no_copy(board, organizer):
    pricing.order(board, by=organizer)
    running.work_next()
    assert gained()["groups of up to 5"] == 1
    assert gained()["up to 2 of one company"] == 0
    after = Composition.objects.get()
    assert (after.progress, after.placed, Shard.objects.count(), FrozenPool.objects.count()) == ("done", 4, 0, 0)


def test_ordering_twice_and_cancelling_nothing_are_sentences(board, organizer):
    with pytest.raises(NotAllowed, match="were not asked for"):
        pricing.cancel(board, by=organizer)
    pricing.order(board, by=organizer)
    with pytest.raises(NotAllowed, match="being priced already"):
        pricing.order(board, by=organizer)


def test_a_cancelled_order_writes_nothing(board, organizer):
    pricing.order(board, by=organizer)
    shard = running.claim()
    pricing.cancel(board, by=organizer)
    running.work(shard)
    after = Composition.objects.get()
    assert (after.progress, after.prices, FrozenPool.objects.count()) == ("done", {}, 0)


def test_an_order_that_is_cut_off_three_times_leaves_the_result(board, organizer):
    pricing.order(board, by=organizer)
    Shard.objects.update(tries=running.MOST_TRIES)
    assert running.claim() is None
    after = Composition.objects.get()
    assert (after.progress, "cut off" in after.prices["failure"]) == ("done", True)


def test_the_page_orders_shows_a_bar_and_the_prices(client, board, organizer):
    client.force_login(organizer)
    page = reverse("admin:groups_composition_prices", args=[board.public_id])
    assert "<progress" in client.post(page, follow=True).content.decode()
    running.work_next()
    assert "groups of up to 5" in client.get(page).content.decode()
