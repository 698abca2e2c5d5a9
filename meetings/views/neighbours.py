"""Of the processes of one server the first reads a board that has changed, and its neighbours have the reading from it.

Each hears the bell for itself, and may read every board for itself: it does where there is no first, where the first
has no page of that board open, and where it does not answer. A reading goes over a socket of this machine without a
name in any folder, between processes of one account, one parent and one database, and is kept nowhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import itertools
import json
import os
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from django.conf import settings

from meetings.gathering import Distance
from meetings.reading import edition
from meetings.views.shown import Shown

PATIENCE = 0.5  # seconds that a neighbour waits before it reads by itself
PAUSE = 0.2  # between two tries to be the first, or to find it
LONGEST = 16 * 1024 * 1024  # bytes of one board on the wire
CREDENTIALS = struct.Struct("3i")  # process, user, group, as the kernel says them: unix(7)

Tell = Callable[[int, int], Awaitable[Shown | None]]

log = structlog.get_logger(__name__)


class Neighbours:
    """The line of one process to the first of its server, or to all who follow it."""

    def __init__(self) -> None:
        self.numbers = itertools.count()
        self.waiting: dict[int, asyncio.Future[Shown | None]] = {}
        self.line: asyncio.StreamWriter | None = None

    async def live(self, tell: Tell) -> None:
        """Follow whoever is the first, and be it where nobody is; `tell` gives one's own reading of a board."""
        while True:
            try:
                await self._follow()
            except ConnectionRefusedError:  # nobody is there
                with contextlib.suppress(OSError):  # a neighbour was quicker
                    await self._lead(tell)
            except (OSError, ValueError) as error:
                log.warning("line to the first process lost", failure=type(error).__name__)
            await asyncio.sleep(PAUSE)

    async def ask(self, meeting: int, version: int) -> Shown | None:
        """The first one's reading of this board, at this version or a later one; None where there is none in time."""
        if self.line is None:
            return None
        number, answer = next(self.numbers), asyncio.get_running_loop().create_future()
        self.waiting[number] = answer
        self.line.write(f"{number} {meeting} {version}\n".encode())
        try:
            return await asyncio.wait_for(answer, PATIENCE)
        except TimeoutError:
            return None
        finally:
            self.waiting.pop(number, None)

    async def _follow(self) -> None:
        """Until the first is gone. Raises ConnectionRefusedError where there is none."""
        lines, self.line = await asyncio.open_unix_connection(name(), limit=LONGEST)
        try:
            if is_ours(self.line):
                async for line in lines:
                    self._answered(json.loads(line))
        finally:
            self.line.close()
            self.line = None
            for number in list(self.waiting):
                self._answered({"number": number})

    def _answered(self, said: dict[str, Any]) -> None:
        answer = self.waiting.get(said.pop("number"))
        if answer is not None and not answer.done():
            answer.set_result(unpacked(said) if said else None)

    async def _lead(self, tell: Tell) -> None:
        """As long as this process lives. Raises OSError where another one does."""
        following: set[asyncio.Task[None]] = set()

        async def answer(line: asyncio.StreamWriter, number: int, meeting: int, version: int) -> None:
            found = await tell(meeting, version)
            line.write(json.dumps({"number": number, **(packed(found) if found else {})}).encode() + b"\n")

        async def serve(lines: asyncio.StreamReader, line: asyncio.StreamWriter) -> None:
            with contextlib.closing(line), contextlib.suppress(OSError, ValueError):
                while is_ours(line) and (asked := await lines.readline()):
                    task = asyncio.ensure_future(answer(line, *map(int, asked.split())))
                    following.add(task)
                    task.add_done_callback(following.discard)

        async with await asyncio.start_unix_server(serve, name()) as server:
            await server.serve_forever()


def name() -> str:
    """Where the processes of one server meet: in Linux's abstract namespace, where a name goes with its process. Who
    has another parent, database, secret or edition looks elsewhere."""
    database = {key: str(settings.DATABASES["default"].get(key, "")) for key in ("HOST", "PORT", "NAME", "USER")}
    said = json.dumps([os.getppid(), database, settings.SECRET_KEY, edition()])
    return f"\0roundtable-{hashlib.sha256(said.encode()).hexdigest()}"


def is_ours(line: asyncio.StreamWriter) -> bool:
    """Whether the other end is a process of this account: the name alone keeps nobody out."""
    told = line.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
    return bool(CREDENTIALS.unpack(told)[1] == os.getuid())


def packed(shown: Shown) -> dict[str, Any]:
    """As JSON says it."""
    distance = [shown.distance.seconds, shown.distance.trip]
    return {**vars(shown), "event": shown.event.decode(), "readers": list(shown.readers), "distance": distance}


def unpacked(said: dict[str, Any]) -> Shown:
    """What `packed` has packed. Raises TypeError or KeyError for anything else."""
    readers, distance = frozenset(said["readers"]), Distance(*said["distance"])
    return Shown(**{**said, "event": said["event"].encode(), "readers": readers, "distance": distance})
