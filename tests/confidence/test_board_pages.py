"""Who may open a board and a group's memory: its members, from their first day on, and nobody else."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from meetings import board, topics
from meetings.models.board import Board
from members.models.person import Person

pytestmark = pytest.mark.django_db

GET = ["board/", "board/shared/", "board/own/"]
POST = [
    "board/turn/",
    "board/dot/",
    "board/thumb/",
    "board/people/",
    "board/topics/",
    "board/bring/",
    "board/takeaway/",
    "board/promise/",
    "board/pulse/",
    "board/by-hand/",
]
OUTSIDE = ["stranger", "organizer", "superuser", "other", "former", "later"]


@pytest.fixture
def visit(client: Client, table: Board) -> object:
    def go(person: Person, page: str, method: str = "get") -> int:
        client.force_login(person)
        return getattr(client, method)(f"/meetings/{table.meeting.public_id}/{page}").status_code

    return go


@pytest.mark.parametrize("page", GET)
@pytest.mark.parametrize("who", OUTSIDE)
def test_a_board_is_not_there_for_who_is_no_reader(
    who: str, page: str, visit: object, request: pytest.FixtureRequest
) -> None:
    assert visit(request.getfixturevalue(who), page) == 404  # type: ignore[operator]


@pytest.mark.parametrize("page", POST)
@pytest.mark.parametrize("who", OUTSIDE)
def test_nobody_else_presses_a_button(who: str, page: str, visit: object, request: pytest.FixtureRequest) -> None:
    assert visit(request.getfixturevalue(who), page, "post") == 404  # type: ignore[operator]


@pytest.mark.parametrize("page", GET)
@pytest.mark.parametrize("who", ["ada", "hedy", "both"])
def test_members_read_it_and_an_organizer_who_is_one_too(
    who: str, page: str, visit: object, request: pytest.FixtureRequest
) -> None:
    assert visit(request.getfixturevalue(who), page) == 200  # type: ignore[operator]


@pytest.mark.parametrize("who", ["stranger", "organizer", "superuser", "other", "former"])
def test_takeaways_are_not_there_for_others(
    who: str, client: Client, table: Board, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(f"/groups/{table.meeting.group.public_id}/takeaways/").status_code == 404


def test_who_is_not_signed_in_is_asked_to(client: Client, table: Board) -> None:
    answer = client.get(f"/meetings/{table.meeting.public_id}/board/")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/code/")


def test_a_page_with_hostile_words_shows_them_as_typed(client: Client, table: Board, ada: Person) -> None:
    topics.propose(table, by=ada, title="<script>alert(1)</script>", note="", hidden=False, key=uuid4())
    client.force_login(ada)
    page = client.get(f"/meetings/{table.meeting.public_id}/board/").content.decode()
    assert (page.count("<script>alert"), page.count("&lt;script&gt;alert")) == (0, 3)


@pytest.mark.parametrize(("query", "refreshes"), [("", False), ("?every=10", True), ("?every=1", False)])
def test_a_page_without_scripts_is_renewed_by_choice(
    client: Client, gathered: Board, ada: Person, *, query: str, refreshes: bool
) -> None:
    board.begin(gathered, by=ada, step=0)
    client.force_login(ada)
    page = client.get(f"/meetings/{gathered.meeting.public_id}/board/{query}").content.decode()
    assert ('<meta http-equiv="refresh" content="10">' in page) == refreshes
