"""A whole meeting, as a silent member hears it: the same bytes whoever gave which dot and thumb, in what order."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from functools import partial
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from meetings import board, calls, reading, sitting, topics
from meetings.boxes import Phase
from meetings.models.board import Board, Topic
from meetings.models.meeting import Meeting
from meetings.voting import Thumb as Way
from members.models.person import Person
from tests.conftest import START, Stopped

pytestmark = pytest.mark.django_db

RANDOM = re.compile(rb'name="(csrfmiddlewaretoken|key)" value="[\w-]+"|"X-CSRFToken": "\w+"')
Script = Callable[[Person, Person], list[bytes]]


class Undone(Exception):
    """The meeting never was."""


class Listener:
    """What one member who says nothing receives: each frame of the stream, and each answer to a look."""

    def __init__(self, meeting: Meeting, person: Person) -> None:
        self.meeting, self.client = meeting, Client()
        self.client.force_login(person)
        self.heard: list[bytes] = []
        self.seen = -1

    def listen(self) -> None:
        rendered = reading.render(self.meeting.pk)
        if rendered.version != self.seen:
            self.seen = rendered.version
            self.heard.append(rendered.part.encode())
        for path in ("", "?view=room", "shared/", f"shared/?after={self.seen}", "own/"):
            answer = self.client.get(f"/meetings/{self.meeting.public_id}/board/{path}")
            self.heard.append(RANDOM.sub(b"", answer.content) + str(answer.status_code).encode())


@pytest.fixture
def hear(
    gathered: Board, ada: Person, grace: Person, hedy: Person, clock: Stopped, monkeypatch: pytest.MonkeyPatch
) -> Script:
    """Plays the meeting and takes it back; of the two people the first gives two dots here and a thumb up."""
    monkeypatch.setattr(secrets, "randbelow", lambda most: 7)
    for number in range(8):
        topics.propose(gathered, by=hedy, title=f"Topic {number}", note="", hidden=number == 0, key=uuid4())
    names = list(Topic.objects.order_by("pk").values_list("public_id", flat=True))

    def play(first: Person, second: Person) -> list[bytes]:
        clock.to(START)
        listener = Listener(gathered.meeting, hedy)
        try:
            with transaction.atomic():
                for _ in meeting(gathered, names, ada, (first, second), clock):
                    listener.listen()
                raise Undone
        except Undone:
            return listener.heard

    return play


def meeting(
    table: Board, names: list[str], ada: Person, voters: tuple[Person, Person], clock: Stopped
) -> Iterator[None]:
    """Dots, a count, a topic with thumbs, and the close; somebody listens after each step."""

    def press(act: Callable[..., object], **more: object) -> None:
        act(table, by=ada, step=Board.objects.get(pk=table.pk).step, **more)

    first, second = voters
    steps: list[Callable[[], object]] = [
        partial(press, board.begin),
        partial(press, board.go, phase=Phase.DOTS),
        *[
            partial(calls.dots, table, by=person, topic=topic, dots=number, key=uuid4())
            for person, topic, number in ((first, names[2], 2), (second, names[3], 1), (first, names[4], 1))
        ],
        partial(press, board.enough),
        partial(press, board.open_topic, topic=names[2]),
        partial(clock.forward, minutes=10),
        partial(sitting.advance, table),
        *[
            partial(calls.thumb, table, by=person, way=way, key=uuid4())
            for person, way in ((first, Way.UP), (second, Way.DOWN))
        ],
        partial(clock.forward, seconds=61),
        partial(sitting.advance, table),
        partial(press, board.close),
    ]
    for step in steps:
        step()
        yield


def test_a_silent_member_hears_the_same_meeting_whoever_voted_how(hear: Script, ada: Person, grace: Person) -> None:
    one, other = hear(ada, grace), hear(grace, ada)
    assert len(one) > 60
    assert one == other


def test_while_a_call_is_open_nothing_is_heard_of_it(hear: Script, ada: Person, grace: Person) -> None:
    heard = hear(ada, grace)
    at_dots = [frame for frame in heard if b"Where do we go?" in frame and b"data-version" in frame]
    looks = {frame for frame in heard if frame.startswith(b'{"version"')}
    assert len(set(at_dots)) == 4  # frame, page, wall, what is polled: alike before and after each dot
    others = [person.public_id.encode() for person in (ada, grace)]
    assert [name for name in others if name in b"".join(looks)] == []
