"""Dots and thumbs from several devices at once, and against the count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest

from meetings import board, calls, topics
from meetings.boxes import Phase
from meetings.models.ballot import Dot, Tally, Thumb
from meetings.models.board import Board, Topic
from meetings.voting import Thumb as Way
from members.models.person import Person
from roundtable.errors import NotAllowed
from tests.conftest import Outcome, Stopped

pytestmark = pytest.mark.django_db(transaction=True)
Together = Callable[..., Outcome]


@pytest.fixture
def many(gathered: Board, ada: Person) -> list[Topic]:
    for number in range(8):
        topics.propose(gathered, by=ada, title=f"Topic {number}", note="", hidden=False, key=uuid4())
    return list(Topic.objects.order_by("pk"))


def fresh(table: Board) -> Board:
    """As each request loads its own."""
    return Board.objects.select_related("meeting__group").get(pk=table.pk)


def dot(table: Board, person: Person, topic: Topic, dots: int = 1) -> None:
    calls.dots(fresh(table), by=person, topic=topic.public_id, dots=dots, key=uuid4())


def test_eight_tries_at_once_on_three_dots_give_three_and_five_true_refusals(
    gathered: Board, many: list[Topic], ada: Person, at_once: Together
) -> None:
    outcome = at_once(*[partial(dot, gathered, ada, topic) for topic in many])
    refusals = Counter(str(error) for error in outcome.errors)
    assert (Dot.objects.count(), len(outcome.results)) == (3, 3)
    assert refusals == {"You have 3 dots, and 0 of them are free for this topic.": 5}


def test_the_same_dots_set_at_once_from_two_devices_are_the_same_dots(
    gathered: Board, many: list[Topic], ada: Person, at_once: Together
) -> None:
    outcome = at_once(*[partial(dot, gathered, ada, many[0], 2) for _ in range(4)])
    assert (Dot.objects.count(), outcome.errors) == (2, [])


def test_two_thumbs_at_once_are_one(
    gathered: Board, many: list[Topic], ada: Person, clock: Stopped, at_once: Together
) -> None:
    board.begin(gathered, by=ada, step=0)
    board.open_topic(gathered, by=ada, step=1, topic=many[0].public_id)
    clock.forward(minutes=2)
    board.enough(gathered, by=ada, step=3)
    outcome = at_once(
        *[partial(calls.thumb, fresh(gathered), by=ada, way=way, key=uuid4()) for way in (Way.UP, Way.DOWN, Way.UP)]
    )
    assert (Thumb.objects.count(), outcome.errors) == (1, [])


def test_a_dot_against_the_count_is_counted_or_refused_never_half(
    gathered: Board, many: list[Topic], ada: Person, grace: Person, at_once: Together
) -> None:
    board.begin(gathered, by=ada, step=0)
    board.go(gathered, by=ada, step=1, phase=Phase.DOTS)
    tables = fresh(gathered), fresh(gathered)
    outcome = at_once(
        partial(calls.dots, tables[0], by=grace, topic=many[3].public_id, dots=2, key=uuid4()),
        partial(board.enough, tables[1], by=ada, step=2),
    )
    counted = sum(Tally.objects.values_list("number", flat=True))
    refused = [str(error) for error in outcome.errors if isinstance(error, NotAllowed)]
    assert (counted, refused) in [(2, []), (0, ["Dots are not asked now."])]
    assert Dot.objects.count() == 0


def test_ten_presses_of_next_at_once_move_the_board_once(
    gathered: Board, ada: Person, grace: Person, at_once: Together
) -> None:
    board.begin(gathered, by=ada, step=0)
    people = [ada, grace] * 3
    outcome = at_once(*[partial(board.enough, fresh(gathered), by=person, step=1) for person in people])
    assert (len(outcome.results), len(outcome.errors)) == (1, 5)
    assert fresh(gathered).step == 2


def test_the_same_topic_sent_twice_at_once_is_one(gathered: Board, hedy: Person, at_once: Together) -> None:
    key = uuid4()
    send = partial(topics.propose, by=hedy, title="Twice", note="", hidden=False, key=key)
    outcome = at_once(*[partial(send, fresh(gathered)) for _ in range(3)])
    assert (Topic.objects.count(), outcome.errors) == (1, [])
