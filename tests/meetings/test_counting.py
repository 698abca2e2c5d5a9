"""What a board leaves in numbers: topics that stand two days before, noted once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from meetings import board, counting, topics
from meetings.models.board import Board, Topic
from meetings.models.meeting import Meeting
from members.models.person import Person
from tests.conftest import START, Stopped

pytestmark = pytest.mark.django_db
TWO_DAYS = timedelta(days=2)


def noted(table: Board) -> int | None:
    return Board.objects.get(pk=table.pk).topics_before


def propose(table: Board, by: Person) -> None:
    topics.propose(table, by=by, title="Ladders", note="", hidden=False, key=uuid4())


def test_what_stands_two_days_before_is_noted_once(table: Board, ada: Person, grace: Person, clock: Stopped) -> None:
    propose(table, ada)
    propose(table, grace)
    clock.to(START - TWO_DAYS - timedelta(minutes=1))
    assert (counting.note_brought(), noted(table)) == (0, None)
    clock.to(START - TWO_DAYS)
    assert (counting.note_brought(), noted(table)) == (1, 2)
    propose(table, grace)
    assert (counting.note_brought(), noted(table)) == (0, 2)


def test_what_nobody_brings_is_not_counted(table: Board, ada: Person, former: Person, clock: Stopped) -> None:
    propose(table, ada)
    Topic.objects.create(board=table, title="Left behind", sponsor=former)
    clock.to(START - TWO_DAYS)
    counting.note_brought()
    assert noted(table) == 1


def test_a_meeting_that_has_begun_or_is_over_is_not_counted_afterwards(table: Board, clock: Stopped) -> None:
    clock.to(START)
    assert (counting.note_brought(), noted(table)) == (0, None)


def test_a_date_that_moves_is_counted_anew(table: Board, meeting: Meeting, ada: Person, clock: Stopped) -> None:
    clock.to(START - TWO_DAYS)
    counting.note_brought()
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=START + TWO_DAYS, ends_at=START + TWO_DAYS * 2)
    meeting.refresh_from_db()
    board.prepare(meeting)
    assert (counting.note_brought(), noted(table)) == (0, None)
    propose(table, ada)
    clock.to(START)
    assert (counting.note_brought(), noted(table)) == (1, 1)
