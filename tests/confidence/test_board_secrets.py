"""While a call is open nobody learns anything of it, and after the count nobody can."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from meetings import board, calls, ownpart, reading, sitting, topics
from meetings.boxes import Phase
from meetings.models.ballot import Call, Done, Dot, RequestKey, Tally, Thumb
from meetings.models.board import Board, Topic
from meetings.voting import Thumb as Way
from members.models.person import Person
from tests.conftest import Stopped

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(gathered: Board, ada: Person, hedy: Person) -> list[Topic]:
    """Eight topics, the first without a name, and dots are asked."""
    for number in range(8):
        topics.propose(gathered, by=hedy, title=f"Topic {number}", note="", hidden=number == 0, key=uuid4())
    board.begin(gathered, by=ada, step=0)
    board.go(gathered, by=ada, step=1, phase=Phase.DOTS)
    return list(Topic.objects.order_by("pk"))


def part(table: Board) -> str:
    return reading.render(table.meeting_id).part


def test_dots_leave_no_trace_on_the_shared_part(
    gathered: Board, asked: list[Topic], ada: Person, grace: Person
) -> None:
    before = part(gathered)
    calls.dots(gathered, by=ada, topic=asked[2].public_id, dots=2, key=uuid4())
    calls.dots(gathered, by=grace, topic=asked[4].public_id, dots=1, key=uuid4())
    assert part(gathered) == before


def test_thumbs_leave_no_trace_on_the_shared_part(
    gathered: Board, asked: list[Topic], ada: Person, grace: Person, clock: Stopped
) -> None:
    board.open_topic(gathered, by=ada, step=2, topic=asked[1].public_id)
    clock.forward(minutes=10)
    sitting.advance(gathered)
    before = part(gathered)
    calls.thumb(gathered, by=ada, way=Way.UP, key=uuid4())
    calls.thumb(gathered, by=grace, way=Way.DOWN, key=uuid4())
    assert part(gathered) == before


def test_a_hidden_author_stands_nowhere_on_the_shared_part(gathered: Board, asked: list[Topic], hedy: Person) -> None:
    card = next(card for card in reading.read(gathered.meeting_id).shared.waiting if card.id == asked[0].public_id)
    assert (card.sponsor, card.sponsor_id, card.without_name) == ("", "", True)


def test_the_own_part_shows_my_dots_to_me_alone(
    gathered: Board, asked: list[Topic], ada: Person, grace: Person
) -> None:
    calls.dots(gathered, by=ada, topic=asked[2].public_id, dots=2, key=uuid4())
    assert ownpart.own(gathered, ada)["dots"] == {asked[2].public_id: 2}
    assert ownpart.own(gathered, grace)["dots"] == {}


def left_over(call: Call) -> tuple[list[tuple[str, int, int | None]], int, bytes | None]:
    """All that the database still holds of a call: its tallies, ballots and marks, its secret."""
    tallies = list(Tally.objects.filter(call=call).order_by("topic").values_list("topic__public_id", "number", "place"))
    ballots = sum(kind.objects.filter(call=call).count() for kind in (Dot, Thumb, RequestKey, Done))
    secret = Call.objects.get(pk=call.pk).secret
    return tallies, ballots, bytes(secret) if secret is not None else None


def test_the_same_tallies_from_other_voters_leave_the_same_rows(
    gathered: Board, asked: list[Topic], ada: Person, grace: Person
) -> None:
    def vote(first: Person, second: Person) -> object:
        call = Call.objects.get(closed_at=None)
        Call.objects.filter(pk=call.pk).update(lot=7)
        calls.dots(gathered, by=first, topic=asked[2].public_id, dots=2, key=uuid4())
        calls.dots(gathered, by=second, topic=asked[3].public_id, dots=1, key=uuid4())
        calls.done(gathered, by=first)
        board.enough(gathered, by=ada, step=Board.objects.get(pk=gathered.pk).step)
        left = left_over(call)
        board.undo(gathered, by=ada, step=Board.objects.get(pk=gathered.pk).step)
        return left

    one, other = vote(ada, grace), vote(grace, ada)
    assert one == other
    assert one[1:] == (0, None)  # type: ignore[index] # tallies, ballots, secret


def test_a_silent_member_hears_nothing_of_others_in_any_answer(
    client: Client, gathered: Board, asked: list[Topic], ada: Person, grace: Person, hedy: Person
) -> None:
    client.force_login(hedy)
    pages = [f"/meetings/{gathered.meeting.public_id}/board/{page}" for page in ("shared/", "own/")]
    before = [client.get(page).content for page in pages]
    calls.dots(gathered, by=ada, topic=asked[2].public_id, dots=2, key=uuid4())
    assert [client.get(page).content for page in pages] == before


def test_the_shared_part_is_the_same_bytes_for_every_reader(
    client: Client, gathered: Board, asked: list[Topic], ada: Person, hedy: Person
) -> None:
    calls.dots(gathered, by=ada, topic=asked[2].public_id, dots=2, key=uuid4())
    answers: set[bytes] = set()
    for person in (ada, hedy):
        client.force_login(person)
        answers.add(client.get(f"/meetings/{gathered.meeting.public_id}/board/shared/").content)
    assert len(answers) == 1


@pytest.mark.parametrize("model", ["board", "topic", "round", "call", "dot", "thumb", "tally", "takeaway"])
def test_no_confidential_record_is_in_the_admin(client: Client, superuser: Person, model: str) -> None:
    client.force_login(superuser)
    assert client.get(f"/admin/meetings/{model}/").status_code == 404


def test_a_row_prints_as_kind_and_number(gathered: Board, asked: list[Topic]) -> None:
    assert str(asked[0]) == f"topic {asked[0].pk}"


def test_the_words_of_a_topic_lie_encrypted_in_the_database(asked: list[Topic]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT title FROM meetings_topic")
        stored = [bytes(row[0]) for row in cursor.fetchall()]
    assert [title for title in stored if b"Topic" in title] == []
