"""A dot or a thumb that was pressed in time is a second on its way: until then it is taken, and later it is not."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from meetings import board, calls, sitting, topics
from meetings.boxes import Phase
from meetings.models.ballot import Call, Dot, Kind, Thumb
from meetings.models.board import Board, Topic
from meetings.voting import Thumb as Way
from members.models.person import Person
from roundtable import clock as clock_module
from roundtable.errors import NotAllowed
from tests.conftest import Stopped

pytestmark = pytest.mark.django_db
Give = Callable[[], None]
COUNTED = "The count has begun."


@pytest.fixture(params=["dots", "thumbs"])
def give(request: pytest.FixtureRequest, gathered: Board, ada: Person, hedy: Person, clock: Stopped) -> Give:
    """What Hedy presses in an open call; the clock stands at its end."""
    for number in range(8):
        topics.propose(gathered, by=ada, title=f"Topic {number}", note="", hidden=False, key=uuid4())
    topic = Topic.objects.order_by("pk")[0].public_id
    board.begin(gathered, by=ada, step=0)
    if request.param == "dots":
        board.go(gathered, by=ada, step=1, phase=Phase.DOTS)
    else:
        board.open_topic(gathered, by=ada, step=1, topic=topic)
        for step in (2, 3):
            board.enough(gathered, by=ada, step=step)
    call = Call.objects.get(closed_at=None, kind=request.param)
    assert call.closes_at is not None
    clock.to(call.closes_at)

    def press() -> None:
        table = Board.objects.select_related("meeting__group").get(pk=gathered.pk)
        if call.kind == Kind.DOTS:
            calls.dots(table, by=hedy, topic=topic, dots=1, key=uuid4())
        else:
            calls.thumb(table, by=hedy, way=Way.UP, key=uuid4())

    return press


def given() -> int:
    return Dot.objects.count() + Thumb.objects.count()


def test_what_comes_within_a_second_is_taken(give: Give, clock: Stopped) -> None:
    clock.forward(seconds=0.9)
    give()
    assert given() == 1


def test_the_clock_s_own_move_waits_for_what_is_on_its_way(give: Give, clock: Stopped, gathered: Board) -> None:
    clock.forward(seconds=0.02)
    assert not sitting.advance(gathered)
    clock.forward(seconds=0.88)
    give()
    assert given() == 1
    clock.forward(seconds=0.1)
    assert sitting.advance(gathered)
    assert given() == 0


def test_what_comes_later_is_refused_with_a_sentence(give: Give, clock: Stopped) -> None:
    clock.forward(seconds=1.1)
    with pytest.raises(NotAllowed) as refused:
        give()
    assert str(refused.value) in {COUNTED, *calls.NOT_ASKED.values()}
    assert given() == 0


def test_the_second_is_the_database_s_where_a_machine_s_clock_is_behind(
    give: Give, clock: Stopped, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind = clock.now()
    clock.forward(seconds=1.1)
    monkeypatch.setattr(clock_module, "now", lambda: behind)
    with pytest.raises(NotAllowed, match=COUNTED):
        give()
    assert given() == 0
