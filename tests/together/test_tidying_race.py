"""A merge against dots that are just being given, and two who take over at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest

from meetings import attending, board, calls, tidying, topics
from meetings.models.ballot import Dot
from meetings.models.board import Board, Topic
from meetings.models.meeting import MeetingRole, Role
from members.models.person import Person
from roundtable.errors import NotAllowed
from tests.conftest import Outcome, Stopped

pytestmark = pytest.mark.django_db(transaction=True)
Together = Callable[..., Outcome]


def fresh(table: Board) -> Board:
    """As each request loads its own."""
    return Board.objects.select_related("meeting__group").get(pk=table.pk)


def test_dots_on_a_topic_that_is_being_merged_lie_on_the_whole_or_are_free(
    gathered: Board, ada: Person, grace: Person, hedy: Person, at_once: Together
) -> None:
    for number in range(4):
        topics.propose(gathered, by=grace, title=f"Topic {number}", note="", hidden=False, key=uuid4())
    child, parent, other, _ = Topic.objects.order_by("pk")

    def dot(person: Person, topic: Topic, dots: int) -> None:
        calls.dots(fresh(gathered), by=person, topic=topic.public_id, dots=dots, key=uuid4())

    dot(ada, parent, 1)
    outcome = at_once(
        partial(tidying.merge, fresh(gathered), by=grace, child=child.public_id, parent=parent.public_id),
        *[partial(dot, person, child, 2) for person in (ada, grace, hedy)],
    )
    assert outcome.errors == []
    dot(ada, other, 1)  # two on the whole, whichever came first: her third is free
    lying = sorted(Dot.objects.values_list("topic", flat=True))
    assert lying == sorted([parent.pk] * 6 + [other.pk])


def test_of_two_who_take_over_at_once_one_leads(
    gathered: Board, clock: Stopped, ada: Person, grace: Person, hedy: Person, at_once: Together
) -> None:
    board.begin(gathered, by=ada, step=0)
    clock.forward(seconds=95)
    tables = {person.pk: fresh(gathered) for person in (grace, hedy)}
    outcome = at_once(*[partial(attending.take_over, tables[one.pk], by=one) for one in (grace, hedy)])
    role = MeetingRole.objects.get(role=Role.FACILITATOR)
    assert (len(outcome.results), [type(error) for error in outcome.errors]) == (1, [NotAllowed])
    assert (role.acting, role.by_right, role.person in (grace, hedy)) == (True, ada, True)
