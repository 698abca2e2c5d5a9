"""What the answer to a press says of the board's version, for a page that may be behind."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from meetings import board, topics
from meetings.boxes import Phase
from meetings.models.board import Board, Topic
from members.models.person import Person
from tests.conftest import Stopped

pytestmark = pytest.mark.django_db
Press = Callable[..., HttpResponse]


@pytest.fixture
def asked(gathered: Board, ada: Person) -> str:
    """Dots are asked on a board; one of its topics."""
    for number in range(8):
        topics.propose(gathered, by=ada, title=f"Topic {number}", note="", hidden=False, key=uuid4())
    board.begin(gathered, by=ada, step=0)
    board.go(gathered, by=ada, step=1, phase=Phase.DOTS)
    return Topic.objects.order_by("pk")[0].public_id


@pytest.fixture
def press(client: Client, gathered: Board, hedy: Person) -> Press:
    """Hedy presses something, and her page's script hears the answer."""
    client.force_login(hedy)

    def one(page: str, **fields: object) -> HttpResponse:
        path = f"/meetings/{gathered.meeting.public_id}/board/{page}/"
        return client.post(path, fields, headers={"accept": "application/json"})  # type: ignore[return-value] # as it is

    return one


@pytest.mark.parametrize(
    ("page", "fields", "minutes", "status", "risen"),
    [
        ("people", {"act": "hand"}, 0, 200, 1),
        ("dot", {"place": "{topic}:1", "call": 1, "key": uuid4()}, 0, 200, 0),
        ("dot", {"place": "{topic}:1", "call": 1, "key": uuid4()}, 3, 409, 1),  # the clock has counted: seen
        ("dot", {"place": "{topic}:3", "call": 1, "key": uuid4()}, 0, 409, 0),
        ("people", {"act": "nonsense"}, 0, 409, 0),
        ("people", {"act": "done"}, 3, 409, 1),
        ("turn", {"act": "pause", "step": 1}, 0, 409, 0),
    ],
)
def test_every_answer_to_a_press_has_the_version_of_the_board(
    gathered: Board,
    asked: str,
    press: Press,
    clock: Stopped,
    page: str,
    fields: dict[str, object],
    minutes: int,
    status: int,
    risen: int,
) -> None:
    before = Board.objects.get(pk=gathered.pk).version
    clock.forward(minutes=minutes)
    sent = {name: str(value).format(topic=asked) for name, value in fields.items()}
    answer = press(page, **sent)
    version = Board.objects.get(pk=gathered.pk).version
    assert (answer.status_code, version - before) == (status, risen)
    assert answer["X-Board-Version"] == str(version)
