"""Streams over a real server process: who hears what, when, and how they end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from groups.models.group import Membership
from meetings import attending, board, calls, topics
from meetings.models.board import Board, Topic
from meetings.models.meeting import Meeting
from members.models.person import Person
from tests.conftest import Stopped

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 8.0


@dataclass
class Server:
    port: int
    process: subprocess.Popen[bytes]
    opened: list[HTTPConnection | HTTPResponse] = field(default_factory=list)

    def ask(self, path: str, *, method: str = "GET", **headers: str) -> HTTPResponse:
        line = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        self.opened.append(line)
        line.request(method, path, headers=headers)
        answer = line.getresponse()
        self.opened.append(answer)
        return answer

    def hang_up(self) -> None:
        while self.opened:
            self.opened.pop().close()

    def stop(self) -> None:
        self.hang_up()
        self.process.kill()
        self.process.wait()


def database_url() -> str:
    """The test database's address for another process; a socket's folder stands where the path begins."""
    given = settings.DATABASES["default"]
    who = f"{given['USER']}:{given['PASSWORD']}" if given["PASSWORD"] else given["USER"]
    if given["HOST"].startswith("/"):
        return f"postgres://{who}@:{given['PORT']}/{given['HOST']}/{given['NAME']}"
    return f"postgres://{who}@{given['HOST']}:{given['PORT'] or 5432}/{given['NAME']}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(**environment: str) -> Server:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "roundtable.asgi:application", f"--port={port}", "--lifespan=off"]
    given = {**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings", **environment}
    server = Server(
        port, subprocess.Popen([*command, "--log-level=warning", "--timeout-graceful-shutdown=3"], env=given)
    )
    for _ in range(200):
        try:
            server.ask("/clock/")
        except ConnectionError:
            time.sleep(0.1)
        else:
            return server
    raise AssertionError("The server did not start.")


@pytest.fixture(scope="module")
def running(django_db_setup: None) -> Iterator[Server]:
    """One process for all tests here; each closes its own streams."""
    started = serve()
    yield started
    started.stop()


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    yield running
    running.hang_up()


@pytest.fixture
def soon(meeting: Meeting, clock: Stopped) -> Board:
    """The server process has a clock of its own: this board begins in an hour of real time."""
    clock.to(datetime.now(UTC))
    meeting.starts_at, meeting.ends_at = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=3)
    meeting.local_date = meeting.starts_at.date()
    meeting.save()
    return board.prepare(meeting)


def cookie(person: Person) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


class Page:
    """An open stream, event by event."""

    def __init__(self, server: Server, table: Board, person: Person, after: str = "") -> None:
        path = f"/meetings/{table.meeting.public_id}/board/live/?after={after}"
        self.answer = server.ask(path, Cookie=cookie(person))

    def event(self) -> tuple[str, str]:
        """The name and the data of the next one; empty at the end of the stream."""
        name, data = "", []
        while line := self.answer.readline().decode():
            key, _, value = line.rstrip("\n").partition(": ")
            if key == "event":
                name = value
            elif key == "data":
                data.append(value)
            elif not key and name:
                return name, "\n".join(data)
        return "", ""

    def until(self, name: str) -> str:
        """The data of the next event of that name."""
        while (found := self.event())[0] != name:
            assert found[0], f"The stream ended before {name}."
        return found[1]


def test_what_others_may_see_reaches_an_open_page_and_a_dot_does_not(
    server: Server, soon: Board, ada: Person, hedy: Person
) -> None:
    topics.propose(soon, by=ada, title="One", note="", hidden=False, key=uuid4())
    page = Page(server, soon, hedy)
    assert "One" in page.until("board")
    calls.dots(soon, by=ada, topic=Topic.objects.get().public_id, dots=1, key=uuid4())
    attending.hand(soon, by=ada, up=True)
    version = Board.objects.get(pk=soon.pk).version
    part = page.until("board")
    assert (f'data-version="{version}"' in part, "Hands: Ada" in part) == (True, True)


def test_a_page_that_knows_the_version_hears_a_beat_only(server: Server, soon: Board, hedy: Person) -> None:
    page = Page(server, soon, hedy, after=str(soon.version))
    beats = [page.event() for _ in range(2)]
    assert [name for name, _ in beats] == ["beat", "beat"]
    assert json.loads(beats[1][1])["version"] == soon.version


@pytest.mark.parametrize("after", ["1", "99999", "nonsense"])
def test_any_other_version_brings_the_present_state(server: Server, soon: Board, hedy: Person, after: str) -> None:
    attending.here(soon, by=hedy)
    assert f'data-version="{soon.version}"' in Page(server, soon, hedy, after=after).until("board")


@pytest.mark.parametrize("who", ["stranger", "organizer", "superuser", "other", "former"])
def test_others_find_no_stream(server: Server, soon: Board, who: str, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(who)
    assert Page(server, soon, person).answer.status == 404


def test_a_stream_is_for_one_s_own_pages_only(server: Server, soon: Board, hedy: Person) -> None:
    path = f"/meetings/{soon.meeting.public_id}/board/live/"
    signed_in = cookie(hedy)
    answers = [
        server.ask(path, Cookie=signed_in, **{"Sec-Fetch-Site": "cross-site"}).status,
        server.ask(path, method="POST", Cookie=signed_in).status,
        server.ask(path).status,
    ]
    assert answers == [403, 405, 404]


def test_who_is_removed_hears_nothing_more(server: Server, soon: Board, ada: Person, hedy: Person) -> None:
    page = Page(server, soon, hedy)
    page.until("board")
    Membership.objects.filter(person=hedy).update(left_on=datetime.now(UTC).date())
    attending.hand(soon, by=ada, up=True)
    assert page.event() == ("end", "no longer a reader")
    assert page.event() == ("", "")


def test_who_is_removed_without_a_word_is_gone_in_seconds(server: Server, soon: Board, hedy: Person) -> None:
    page = Page(server, soon, hedy)
    page.until("board")
    Membership.objects.filter(person=hedy).update(left_on=datetime.now(UTC).date())
    assert page.event() == ("end", "no longer a reader")


def test_a_lost_bell_costs_seconds_and_no_change(soon: Board, ada: Person, hedy: Person) -> None:
    deaf = serve(REDIS_URL="redis://127.0.0.1:1/0")
    try:
        page = Page(deaf, soon, hedy)
        page.until("board")
        attending.hand(soon, by=ada, up=True)
        assert "Hands: Ada" in page.until("board")
    finally:
        deaf.stop()


def test_the_server_moves_the_clock_while_somebody_watches(
    server: Server, soon: Board, clock: Stopped, ada: Person, hedy: Person
) -> None:
    attending.here(soon, by=ada)
    board.begin(soon, by=ada, step=0)
    page = Page(server, soon, hedy)
    page.until("board")
    Board.objects.filter(pk=soon.pk).update(box_ends_at=datetime.now(UTC) + timedelta(seconds=1))
    assert 'data-box=""' in page.until("board")


def test_the_clock_is_a_bare_number_near_the_real_time(server: Server) -> None:
    before = time.time() * 1000
    said = int(server.ask("/clock/").read())
    assert before - 1000 <= said <= time.time() * 1000 + 1000


def test_a_server_that_stops_ends_its_streams_first(soon: Board, hedy: Person) -> None:
    ending = serve()
    try:
        page = Page(ending, soon, hedy)
        page.until("board")
        ending.process.send_signal(signal.SIGTERM)
        assert page.until("end") == "restart"
        assert ending.process.wait(timeout=2) in (0, -signal.SIGTERM)
    finally:
        ending.stop()
