"""Who leads and who keeps the time press different buttons of one step at the same moment: one of them goes, the other
hears what has just been done, and nothing is skipped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import transaction

from meetings import board, topics
from meetings.boxes import Phase
from meetings.models.board import Board, Move, Topic
from meetings.sitting import Outdated
from members.models.person import Person
from tests.conftest import Outcome
from tests.together.test_dots_race import fresh
from tests.waiting import until_they_wait

pytestmark = pytest.mark.django_db(transaction=True)
Press = Callable[..., object]
MOMENT = "Somebody has just asked for a moment: the clock rests."


@pytest.fixture
def talking(gathered: Board, ada: Person, hedy: Person) -> Board:
    """Hedy opens her topic, and another one waits."""
    for title in ("Hiring", "Pay"):
        topics.propose(gathered, by=hedy, title=title, note="", hidden=False, key=uuid4())
    board.begin(gathered, by=ada, step=0)
    board.open_topic(gathered, by=ada, step=1, topic=Topic.objects.order_by("pk")[0].public_id)
    return fresh(gathered)


@pytest.fixture
def choosing(gathered: Board, ada: Person, hedy: Person) -> Board:
    """Dots are counted, and the next topic is waited for."""
    topics.propose(gathered, by=hedy, title="Hiring", note="", hidden=False, key=uuid4())
    board.begin(gathered, by=ada, step=0)
    board.go(gathered, by=ada, step=1, phase=Phase.DOTS)
    board.enough(gathered, by=ada, step=2)
    return fresh(gathered)


@pytest.mark.parametrize(
    ("scene", "one", "other", "heard", "box"),
    [
        ("talking", ("ada", board.pause), ("grace", board.enough), MOMENT, ("sponsor", False)),
        (
            "talking",
            ("grace", board.enough),
            ("ada", board.pause),
            "You or Grace has just moved on to the discussion.",
            ("discussion", True),
        ),
        (
            "talking",
            ("ada", board.plus_minute),
            ("grace", board.enough),
            "You or Ada has just given one minute more.",
            ("sponsor", True),
        ),
        (
            "talking",
            ("grace", board.enough),
            ("ada", board.plus_minute),
            "You or Grace has just moved on to the discussion.",
            ("discussion", True),
        ),
        (
            "choosing",
            ("ada", board.next_topic),
            ("grace", board.pause),
            "Ada has just moved on to the next topic.",
            ("sponsor", True),
        ),
        ("choosing", ("grace", board.pause), ("ada", board.next_topic), MOMENT, ("next", False)),
    ],
)
def test_of_two_different_buttons_at_once_one_goes_and_the_other_hears_why(
    scene: str,
    one: tuple[str, Press],
    other: tuple[str, Press],
    heard: str,
    box: tuple[str, bool],
    request: pytest.FixtureRequest,
    ada: Person,
    grace: Person,
    at_once: Callable[..., Outcome],
) -> None:
    table: Board = request.getfixturevalue(scene)
    people, held = {"ada": ada, "grace": grace}, threading.Event()

    def press(who: str, act: Press, *, after: int) -> None:
        pressed = fresh(table)
        assert held.wait(10)
        until_they_wait(after)
        act(pressed, by=people[who], step=table.step)

    @transaction.atomic
    def busy() -> None:
        """Somebody else's act, until both wait behind it in the order in which they came."""
        Board.objects.select_for_update().get(pk=table.pk)
        held.set()
        until_they_wait(2)

    outcome = at_once(busy, lambda: press(*one, after=0), lambda: press(*other, after=1))
    assert [(type(error), str(error)) for error in outcome.errors] == [(Outdated, heard)]
    now = fresh(table)
    assert (now.step, now.box, now.box_ends_at is not None) == (table.step + 1, *box)
    assert list(Move.objects.filter(step__gte=table.step).values_list("step", flat=True)) == [table.step]
