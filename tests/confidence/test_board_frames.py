"""A whole meeting, as a silent member hears it: the same bytes whoever gave which dot and thumb, in what order."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from meetings import board, calls, gathering, sitting, topics
from meetings.boxes import Phase
from meetings.models.board import Board, Topic
from meetings.models.meeting import Meeting
from meetings.views.rooms import DatabaseClock, Room, Rooms, Stream
from meetings.views.shown import Shown, show
from meetings.views.threads import Threads
from meetings.voting import Thumb as Way
from members.models.person import Person
from tests.conftest import START, Stopped

pytestmark = pytest.mark.django_db

RANDOM = re.compile(rb'name="(csrfmiddlewaretoken|key)" value="[\w-]+"|"X-CSRFToken": "\w+"')
REAL_TIME = re.compile(rb'"now": \d+')  # of a beat: no test stops the stream's own clock
Heard = list[list[bytes]]  # after each step of the meeting
Script = Callable[..., Heard]
STEPS, DOTS, THUMBS = 14, slice(1, 5), slice(8, 11)  # of the meeting below; a call is asked, then each answers


class Undone(Exception):
    """The meeting never was."""


class Listener:
    """What one member who says nothing receives: each frame and each beat of the stream, and each answer to a look and
    to a sign of life."""

    def __init__(self, meeting: Meeting, person: Person) -> None:
        self.meeting, self.client = meeting, Client()
        self.client.force_login(person)
        self.rooms = Rooms(Threads(), DatabaseClock())
        self.heard: Heard = []
        self.seen = -1

    def listen(self) -> None:
        shown = show(self.meeting.pk)
        fresh, self.seen = shown.version != self.seen, shown.version
        self.heard.append([shown.event] if fresh else [])
        self.heard[-1].append(self.beat(shown))
        for path in ("", "?view=room", "shared/", f"shared/?after={self.seen}", "own/"):
            self.keep(self.client.get(self.address(path)))
        self.press("alive")

    def beat(self, shown: Shown) -> bytes:
        """The sign of life of a stream whose page knows this version."""
        silence = gathering.standing([self.meeting.pk])[1][self.meeting.pk].silence
        room = Room(self.meeting.pk, shown=shown, silence=silence)
        return REAL_TIME.sub(b"", self.rooms.news(room, Stream(0, "", seen=str(shown.version))))

    def press(self, act: str) -> None:
        """As the page's script does, which has its own part with the answer."""
        self.keep(self.client.post(self.address("people/"), {"act": act}, headers={"accept": "application/json"}))

    def keep(self, answer: Any) -> None:
        told = str((answer.status_code, sorted(answer.headers.items())))
        self.heard[-1].append(RANDOM.sub(b"", answer.content) + told.encode())

    def address(self, path: str) -> str:
        return f"/meetings/{self.meeting.public_id}/board/{path}"


class Waver(Listener):
    """The same for one who is here, raises a hand and lowers it after each step: each answer has their own part."""

    def listen(self) -> None:
        super().listen()
        for act in ("here", "hand", "lower"):
            self.press(act)


@pytest.fixture
def hear(
    gathered: Board, ada: Person, grace: Person, hedy: Person, clock: Stopped, monkeypatch: pytest.MonkeyPatch
) -> Script:
    """Plays the meeting and takes it back; of the two people the first gives two dots here and a thumb up."""
    monkeypatch.setattr(secrets, "randbelow", lambda most: 7)
    for number in range(8):
        topics.propose(gathered, by=hedy, title=f"Topic {number}", note="", hidden=number == 0, key=uuid4())
    names = list(Topic.objects.order_by("pk").values_list("public_id", flat=True))

    def play(first: Person, second: Person, kind: type[Listener] = Listener) -> Heard:
        clock.to(START)
        cache.clear()  # nobody meets a limit
        listener = kind(gathered.meeting, hedy)
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


@pytest.mark.parametrize("kind", [Listener, Waver])
def test_a_silent_member_hears_the_same_meeting_whoever_voted_how(
    hear: Script, ada: Person, grace: Person, kind: type[Listener]
) -> None:
    one, other = hear(ada, grace, kind), hear(grace, ada, kind)
    assert (len(one), one) == (STEPS, other)


def test_while_a_call_is_open_nothing_is_heard_of_it(hear: Script, ada: Person, grace: Person) -> None:
    heard = hear(ada, grace)
    for asked, *answered in (heard[DOTS], heard[THUMBS]):
        assert answered == [asked[1:]] * len(answered)  # all that came with the question, but for the frame that asked
    mine = [frame for step in heard for frame in step if frame.startswith((b'{"version"', b"event: beat"))]
    others = [person.public_id.encode() for person in (ada, grace)]
    assert [name for name in others if name in b"".join(mine)] == []
