"""Board, stream and takeaways are closed to a member who has not accepted a change of the code of conduct."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from meetings import access, gathering
from meetings.models.board import Board
from members import publishing
from members.models.conduct import CodeOfConduct
from members.models.person import Person
from members.models.program import Program
from tests.conftest import START

pytestmark = pytest.mark.django_db
FIRST = "/conduct/cto/"


@pytest.fixture
def publish(program: Program, organizer: Person) -> Callable[..., CodeOfConduct]:
    """The second version of the code, of this kind."""
    CodeOfConduct.objects.create(program=program, number=1, text="Be kind.", published_on=START.date())
    return lambda kind: publishing.publish(program, text="Be very kind.", kind=kind, by=organizer)


@pytest.fixture
def paths(table: Board) -> list[str]:
    """Everything that shows or changes what a group says."""
    board, group = f"/meetings/{table.meeting.public_id}/board/", table.meeting.group.public_id
    return [board, f"{board}shared/", f"{board}own/", f"/groups/{group}/takeaways/"]


def led_away(client: Client, paths: list[str]) -> list[bool]:
    answers = [client.get(path) for path in paths]
    return [(answer.status_code, answer.headers.get("Location")) == (302, FIRST) for answer in answers]


def hears(client: Client, table: Board, settings: Settings) -> bool:
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"
    return access.stream(cookie, table.meeting.public_id) is not None


@pytest.mark.parametrize(("kind", "closed"), [("correction", False), ("change", True)])
def test_a_change_closes_until_the_yes_and_a_correction_does_not(
    kind: str,
    table: Board,
    hedy: Person,
    paths: list[str],
    publish: Callable[..., CodeOfConduct],
    settings: Settings,
    *,
    closed: bool,
) -> None:
    client = Client()
    client.force_login(hedy)
    publish(kind)
    assert (led_away(client, paths), hears(client, table, settings)) == ([closed] * len(paths), not closed)
    assert ("Board and takeaways are closed to you" in client.get(FIRST).content.decode()) == closed
    client.post(FIRST, {"version": "2"})
    assert (led_away(client, paths), hears(client, table, settings)) == ([False] * len(paths), True)


def test_an_open_stream_brings_nothing_more(
    table: Board, hedy: Person, ada: Person, program: Program, publish: Callable[..., CodeOfConduct]
) -> None:
    publish("change")
    publishing.accept(program, 2, by=ada)
    found = Board.objects.select_related("meeting__group").get()
    assert list(gathering.gather(found.meeting_id, START.date()).people) == [ada.pk]
    assert gathering.standing([found.meeting_id])[1][found.meeting_id].readers == {ada.pk}


def test_nothing_is_written_on_a_closed_board(
    gathered: Board, hedy: Person, publish: Callable[..., CodeOfConduct]
) -> None:
    client = Client()
    client.force_login(hedy)
    publish("change")
    path = f"/meetings/{gathered.meeting.public_id}/board/"
    answer = client.post(f"{path}topics/", {"title": "Pay", "key": "0" * 32})
    assert (answer.status_code, answer.headers.get("Location")) == (302, FIRST)
    assert Board.objects.get().version == gathered.version


def test_a_part_of_a_page_sends_the_whole_page_there(
    paths: list[str], hedy: Person, publish: Callable[..., CodeOfConduct]
) -> None:
    client = Client()
    client.force_login(hedy)
    publish("change")
    answer = client.get(paths[0], headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"], answer.content) == (200, FIRST, b"")


def test_the_seat_stays_and_others_learn_nothing(
    table: Board, hedy: Person, stranger: Person, paths: list[str], publish: Callable[..., CodeOfConduct]
) -> None:
    publish("change")
    client = Client()
    client.force_login(hedy)
    assert client.get(table.meeting.path).status_code == 200
    client.force_login(stranger)
    assert [client.get(path).status_code for path in paths] == [404] * len(paths)
