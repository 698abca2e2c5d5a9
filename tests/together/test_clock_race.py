"""The clock moved by the streams, the sweep and a press at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest
from django.db import transaction

from meetings import attending, board, settling, sitting, topics
from meetings.models.ballot import Call, Kind
from meetings.models.board import Board, Here, Topic
from meetings.models.meeting import MeetingRole, Role
from members.models.person import Person
from tests.conftest import Outcome, Stopped
from tests.waiting import until_they_wait

pytestmark = pytest.mark.django_db(transaction=True)


def fresh(table: Board) -> Board:
    return Board.objects.select_related("meeting__group").get(pk=table.pk)


def test_ten_advances_at_once_open_one_call_for_thumbs(
    gathered: Board, ada: Person, clock: Stopped, at_once: Callable[..., Outcome]
) -> None:
    topics.propose(gathered, by=ada, title="One", note="", hidden=False, key=uuid4())
    board.begin(gathered, by=ada, step=0)
    board.open_topic(gathered, by=ada, step=1, topic=Topic.objects.get().public_id)
    clock.forward(minutes=10)
    before = fresh(gathered).version
    outcome = at_once(*[partial(sitting.advance, fresh(gathered)) for _ in range(10)])
    assert (outcome.errors, outcome.results.count(True), len(outcome.results)) == ([], 1, 10)
    assert Call.objects.filter(kind=Kind.THUMBS).count() == 1
    assert (fresh(gathered).box, fresh(gathered).version) == ("thumbs", before + 1)


def test_of_two_who_take_over_at_once_one_leads(
    gathered: Board, ada: Person, grace: Person, hedy: Person, clock: Stopped, at_once: Callable[..., Outcome]
) -> None:
    board.begin(gathered, by=ada, step=0)
    clock.forward(seconds=91)
    outcome = at_once(*[partial(attending.take_over, fresh(gathered), by=one) for one in (grace, hedy)])
    assert (len(outcome.results), [str(error) for error in outcome.errors]) == (
        1,
        ["Somebody leads: ask for the role."],
    )
    assert MeetingRole.objects.get(role=Role.FACILITATOR).acting is True


def test_who_waited_for_the_board_sees_what_was_written_meanwhile(
    gathered: Board, hedy: Person, at_once: Callable[..., Outcome]
) -> None:
    held, waits = threading.Event(), threading.Event()

    @transaction.atomic
    def first() -> None:
        settling.take(gathered.meeting_id)
        held.set()
        assert waits.wait(10)
        until_they_wait()
        Here.objects.filter(board=gathered, person=hedy).delete()

    @transaction.atomic
    def second() -> tuple[int, int]:
        assert held.wait(10)
        waits.set()
        act = settling.Settling(*settling.take(gathered.meeting_id))
        return act.found.people, act.board.version

    outcome = at_once(first, second)
    assert outcome.errors == []
    assert (2, fresh(gathered).version) in outcome.results
