"""Two ideas are taken, and a speaker says yes, at the same moment: one stands, and the meeting is of that one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from meetings import agreeing
from meetings.agreeing import Wish
from meetings.models.board import Board
from meetings.models.idea import Idea
from meetings.models.meeting import Format, Meeting
from members.models.person import Person


@pytest.mark.django_db(transaction=True)
def test_one_idea_stands(
    table: Board, meeting: Meeting, ada: Person, grace: Person, hedy: Person, at_once: Callable[..., Any]
) -> None:
    talk = agreeing.propose(meeting, Wish("A talk", Format.TALK, hedy), by=grace)
    coffee = agreeing.propose(meeting, Wish("A coffee", Format.LEAN_COFFEE), by=ada)
    outcome = at_once(
        partial(agreeing.answer, meeting, talk.public_id, by=hedy, yes=True),
        partial(agreeing.take, meeting, coffee.public_id, by=ada),
        partial(agreeing.take, meeting, talk.public_id, by=grace),
    )
    assert outcome.errors == []
    standing = Idea.objects.get(stands=True)
    meeting.refresh_from_db()
    spoken = hedy if standing == talk else None
    assert (meeting.format, meeting.presenter) == (standing.format, spoken)
