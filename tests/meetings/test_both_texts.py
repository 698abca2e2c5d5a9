"""A takeaway that two devices write: the second one gets both texts and may save again; no words are lost."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client

from meetings import board, topics
from meetings.models.board import Board, Topic
from meetings.models.takeaway import Takeaway
from members.models.person import Person

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture
def address(gathered: Board, client: Client, ada: Person, hedy: Person) -> str:
    """Hedy's topic is on, and somebody has kept a first text from another device of hers."""
    topics.propose(gathered, by=hedy, title="Hiring", note="", hidden=False, key=uuid4())
    board.begin(gathered, by=ada, step=0)
    board.open_topic(gathered, by=ada, step=1, topic=Topic.objects.get().public_id)
    board.sum_up(gathered, by=hedy, text="First\nline", revision=0)
    client.force_login(hedy)
    return f"/meetings/{gathered.meeting.public_id}/board/takeaway/"


def kept() -> list[tuple[str, int]]:
    return [(one.text, one.revision) for one in Takeaway.objects.all()]


def test_with_scripts_the_answer_brings_what_stands(address: str, client: Client) -> None:
    answer = client.post(address, {"text": "Second", "revision": 0}, headers=JSON)
    assert (answer.status_code, answer.json()["stands"]) == (409, {"text": "First\nline", "revision": 1})
    assert kept() == [("First\nline", 1)]
    again = client.post(address, {"text": "Both", "revision": answer.json()["stands"]["revision"]}, headers=JSON)
    assert (again.status_code, "stands" in again.json(), kept()) == (200, False, [("Both", 2)])


def test_without_scripts_the_page_brings_both_and_saves_again(address: str, client: Client) -> None:
    answer = client.post(address, {"text": "Second", "revision": 0})
    page = answer.content.decode()
    field = re.search(r"<textarea[^>]*>\s*([^<]*)</textarea>", page)
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert field is not None
    assert revision is not None
    assert (answer.status_code, "First<br>line" in page, field[1]) == (409, True, "Second")
    again = client.post(address, {"text": field[1], "revision": revision[1]})
    assert (again.status_code, kept()) == (302, [("Second", 2)])


def test_words_that_are_not_taken_for_another_reason_come_back_too(address: str, client: Client) -> None:
    page = client.post(address, {"text": "1\n2\n3\n4", "revision": 1}).content.decode()
    assert ("at most 3 lines" in page, "1\n2\n3\n4" in page, "As it stands" in page) == (True, True, False)
    empty = client.post(address, {"text": "", "revision": 1})
    assert (empty.status_code, kept()) == (409, [("First\nline", 1)])
