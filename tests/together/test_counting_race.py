"""Topics are counted while somebody acts on a board: nobody waits for the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction

from meetings import counting, settling
from meetings.models.board import Board
from tests.conftest import START, Outcome, Stopped

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_board_that_somebody_holds_is_left_to_the_next_time(
    table: Board, clock: Stopped, at_once: Callable[..., Outcome]
) -> None:
    clock.to(START - timedelta(days=2))

    def counted() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        return counting.note_brought()

    with transaction.atomic():
        settling.take(table.meeting_id, raised=0)
        meanwhile = at_once(counted)
    assert (meanwhile.errors, meanwhile.results, counting.note_brought()) == ([], [0], 1)
