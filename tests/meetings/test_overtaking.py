"""A press that comes a step late: what its sender hears of what somebody else has done meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from meetings import attending, board, sitting, topics
from meetings.models.board import Board, Topic
from meetings.models.meeting import MeetingRole, Role
from members.models.person import Person
from tests.conftest import Stopped

pytestmark = pytest.mark.django_db
Late = Callable[..., str]


@pytest.fixture
def talking(gathered: Board, ada: Person, hedy: Person) -> Board:
    """Hedy opens her topic; Ada leads, Grace keeps the time."""
    topics.propose(gathered, by=hedy, title="Hiring", note="", hidden=False, key=uuid4())
    board.begin(gathered, by=ada, step=0)
    board.open_topic(gathered, by=ada, step=1, topic=Topic.objects.get().public_id)
    return gathered


@pytest.fixture
def late(talking: Board) -> Late:
    """What this person hears who presses with the page of step 2, when the topic was just opened."""

    def press(person: Person) -> str:
        with pytest.raises(sitting.Outdated) as refused:
            board.pause(talking, by=person, step=2)
        return str(refused.value)

    return press


def test_of_two_who_keep_the_time_the_other_one_or_oneself_was_it(
    talking: Board, late: Late, ada: Person, grace: Person, hedy: Person
) -> None:
    board.enough(talking, by=grace, step=2)
    assert late(hedy) == "Ada or Grace has just moved on to the discussion."
    assert late(ada) == "You or Grace has just moved on to the discussion."


def test_what_one_person_alone_may_do_has_their_name(talking: Board, late: Late, ada: Person, grace: Person) -> None:
    MeetingRole.objects.filter(role=Role.TIMEKEEPER).delete()
    board.enough(talking, by=ada, step=2)
    assert late(grace) == "Ada has just moved on to the discussion."
    assert late(ada) == "You have just moved on to the discussion."
    board.put_off(talking, by=ada, step=3)
    assert late(grace) == "Ada has just set the end ten minutes later."


def test_who_asks_for_a_moment_is_never_named(talking: Board, late: Late, ada: Person, grace: Person) -> None:
    board.pause(talking, by=grace, step=2)
    assert late(ada) == "Somebody has just asked for a moment: the clock rests."


def test_the_sponsor_and_a_role_that_changed_hands_are_told_by_what_they_are(
    talking: Board, late: Late, clock: Stopped, ada: Person, grace: Person, hedy: Person
) -> None:
    board.over_to_you(talking, by=hedy, step=2)
    assert late(grace) == "The topic's sponsor has just moved on to the discussion."
    board.put_off(talking, by=ada, step=3)
    clock.forward(seconds=1)
    attending.hand_over(talking, by=ada, role=Role.FACILITATOR, to=hedy.public_id)
    assert late(grace) == "The facilitator has just set the end ten minutes later."


def test_what_the_clock_did_itself_or_what_was_taken_back_is_nobodys(
    talking: Board, late: Late, clock: Stopped, ada: Person, grace: Person
) -> None:
    clock.forward(minutes=2, seconds=1)
    assert late(grace) == "The board has just moved on to the discussion."
    board.undo(talking, by=ada, step=3)
    assert late(grace) == "The board has just moved on to “Welcome”."
