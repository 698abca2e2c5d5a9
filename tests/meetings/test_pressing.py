"""One press is taken once: sent twice, copied by somebody else, or come too late, and its words are never lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from meetings import ballots, board, keeping, sitting, topics
from meetings.boxes import Phase
from meetings.models.ballot import Dot, Kind, Thumb
from meetings.models.board import OPEN_TOPICS, Board, Round, Topic
from meetings.models.takeaway import Agreement, Correction, Takeaway
from meetings.views import press as pages
from members.models.person import Person
from tests.conftest import Stopped

pytestmark = pytest.mark.django_db
Send = Callable[..., Any]


@pytest.fixture
def send(client: Client, gathered: Board) -> Send:
    """A press as a page without scripts sends it, or with `json` as the script does."""

    def post(person: Person, address: str, *, json: bool = False, **fields: object) -> Any:
        client.force_login(person)
        headers = {"accept": "application/json"} if json else {}
        return client.post(f"/meetings/{gathered.meeting.public_id}/board/{address}/", fields, headers=headers)

    return post


@pytest.fixture
def act(gathered: Board, ada: Person) -> Callable[..., object]:
    """Ada, who leads, presses."""

    def press(name: str, **details: object) -> object:
        return getattr(board, name)(gathered, by=ada, step=Board.objects.get(pk=gathered.pk).step, **details)

    return press


@pytest.fixture
def on(gathered: Board, ada: Person) -> list[Topic]:
    for number in range(2):
        topics.propose(gathered, by=ada, title=f"Topic {number}", note="", hidden=False, key=uuid4())
    return list(Topic.objects.order_by("pk"))


@pytest.fixture
def kept(gathered: Board, on: list[Topic], act: Callable[..., object], ada: Person) -> Takeaway:
    act("begin")
    act("open_topic", topic=on[0].public_id)
    return keeping.keep(Round.objects.get(), text="Write it.", by=ada, revision=0, now=gathered.starts_at)


def number(table: Board, kind: Kind) -> int:
    call = ballots.current(table, kind)
    assert call is not None
    return call.number


def test_one_page_gives_dots_to_two_topics(send: Send, gathered: Board, on: list[Topic], hedy: Person) -> None:
    page = {"key": uuid4(), "call": number(gathered, Kind.DOTS)}
    for topic in on:
        assert send(hedy, "dot", place=f"{topic.public_id}:1", **page).status_code == 302
    assert list(Dot.objects.order_by("topic").values_list("topic", flat=True)) == [topic.pk for topic in on]


def test_a_copied_request_is_a_press_of_who_sends_it(
    send: Send, gathered: Board, on: list[Topic], ada: Person, hedy: Person
) -> None:
    copied = {"place": f"{on[0].public_id}:1", "key": uuid4(), "call": number(gathered, Kind.DOTS)}
    told = [send(person, "dot", json=True, **copied).json() for person in (ada, hedy, hedy)]
    assert [(one["refused"], one["rest"]) for one in told] == [("", 2)] * 3
    assert Dot.objects.values("voter").distinct().count() == Dot.objects.count() == 2


def test_a_copied_topic_is_one_of_who_sends_it(send: Send, ada: Person, hedy: Person) -> None:
    page = {"key": uuid4()}
    for person, title in ((ada, "Ladders"), (hedy, "Ladders"), (hedy, "Ladders"), (hedy, "Snakes")):
        assert send(person, "topics", title=title, **page).status_code == 302
    kept = [(topic.title, topic.sponsor) for topic in Topic.objects.order_by("pk")]
    assert kept == [("Ladders", ada), ("Ladders", hedy), ("Snakes", hedy)]


def test_a_dot_of_a_question_that_is_over_does_not_land_in_the_next(
    send: Send, gathered: Board, on: list[Topic], act: Callable[..., object], hedy: Person
) -> None:
    late = {"place": f"{on[0].public_id}:2", "key": uuid4(), "call": number(gathered, Kind.DOTS)}
    assert send(hedy, "dot", json=True, **late).status_code == 200
    act("begin")
    act("go", phase=Phase.DOTS)
    act("enough")
    act("go", phase=Phase.DOTS)
    answer = send(hedy, "dot", json=True, **late)
    assert (answer.status_code, answer.json()["refused"], answer.json()["rest"]) == (
        409,
        "This was for a question that is over by now; look at the board, and press again.",
        3,
    )
    assert not Dot.objects.exists()
    assert send(hedy, "dot", json=True, **{**late, "call": number(gathered, Kind.DOTS)}).status_code == 200


def test_a_thumb_of_a_question_that_is_over_does_not_land_in_the_next(
    send: Send, gathered: Board, on: list[Topic], act: Callable[..., object], clock: Stopped, ada: Person, hedy: Person
) -> None:
    act("begin")
    act("open_topic", topic=on[0].public_id)
    clock.forward(minutes=10)
    sitting.advance(gathered)
    late = {"thumb": "up", "key": uuid4(), "call": number(gathered, Kind.THUMBS)}
    assert send(hedy, "thumb", json=True, **late).status_code == 200
    act("enough")
    assert Board.objects.get(pk=gathered.pk).box == "extension"
    act("enough")
    assert send(hedy, "thumb", json=True, **late).status_code == 409
    assert (number(gathered, Kind.THUMBS), Thumb.objects.count()) == (2, 0)


@pytest.mark.parametrize("call", ["", "many", "-1"])
def test_a_ballot_says_which_question_it_answers(
    send: Send, gathered: Board, on: list[Topic], hedy: Person, *, call: str
) -> None:
    answer = send(hedy, "dot", json=True, place=f"{on[0].public_id}:1", key=uuid4(), call=call)
    assert (answer.status_code, Dot.objects.count()) == (409, 0)
    assert answer.json()["refused"] == "This press did not arrive whole; press again."


def test_a_plus_one_sent_twice_stands_and_is_taken_back_by_its_own_button(
    send: Send, client: Client, gathered: Board, kept: Takeaway, act: Callable[..., object], ada: Person, hedy: Person
) -> None:
    act("close")
    Board.objects.filter(pk=gathered.pk).update(phase=Phase.CLOSING, box="", box_ends_at=None)
    for _ in range(2):
        send(hedy, "bring", act=f"agree:{kept.public_id}")
    assert Agreement.objects.get().person == hedy
    client.force_login(hedy)
    page = client.get(f"/meetings/{gathered.meeting.public_id}/board/").content.decode()
    assert f'value="agree_no:{kept.public_id}"' in page
    for _ in range(2):
        send(hedy, "bring", act=f"agree_no:{kept.public_id}")
    assert not Agreement.objects.exists()


def test_a_correction_sent_twice_is_added_once(kept: Takeaway, clock: Stopped, ada: Person) -> None:
    clock.forward(days=8)
    for words in ("It worked.", "It worked. ", "It did not.", "It worked."):
        keeping.reword(kept, text=words, by=ada, revision=1)
    assert [one.text for one in Correction.objects.order_by("pk")] == ["It worked.", "It did not.", "It worked."]


def shown(answer: HttpResponse) -> str:
    assert answer.status_code == 409
    return answer.content.decode()


def test_words_of_a_topic_that_was_not_taken_come_back(send: Send, gathered: Board, hedy: Person) -> None:
    sent = {"title": "Ladders that hold", "note": "What we tried", "links": "", "key": uuid4()}
    page = shown(send(hedy, "topics", **{**sent, "note": "What we tried " * 100}))
    assert ("Ladders that hold" in page, "What we tried What we tried" in page, "at most 1000" in page) == (True,) * 3
    page = shown(send(hedy, "topics", **{**sent, "links": "javascript:alert(1) Look"}))
    assert ("Ladders that hold" in page, "What we tried" in page, "alert(1)" in page) == (True,) * 3
    for place in range(OPEN_TOPICS):
        topics.propose(gathered, by=hedy, title=f"Topic {place}", note="", hidden=False, key=uuid4())
    page = shown(send(hedy, "topics", **sent))
    assert ("Ladders that hold" in page, "What we tried" in page, "The board is full" in page) == (True,) * 3
    Topic.objects.first().delete()  # type: ignore[union-attr] # they were made above
    assert send(hedy, "topics", **sent).status_code == 302
    assert Topic.objects.order_by("pk").last().title == "Ladders that hold"  # type: ignore[union-attr]


def test_words_of_a_promise_that_was_not_taken_come_back(send: Send, gathered: Board, ada: Person) -> None:
    page = shown(send(ada, "promise", text="I ask them all"))
    assert ("I ask them all" in page, "The meeting has not begun" in page) == (True, True)


def test_changing_a_topic_counts_as_a_press(
    send: Send, on: list[Topic], ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PRESSES_PER_MINUTE", pages.UNASKED)
    words = {"note": "", "links": ""}
    answers = [
        send(ada, f"topics/{on[0].public_id}", title=f"Title {turn}", revision=turn, **words).status_code
        for turn in range(1, pages.UNASKED + 2)
    ]
    assert (set(answers[:-1]), answers[-1]) == ({302}, 429)
