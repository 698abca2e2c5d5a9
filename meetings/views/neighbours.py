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
import sys
from collections.abc import Callable, Coroutine
from dataclasses import fields
from functools import partial
from typing import Any

import structlog
from django.conf import settings

from meetings.gathering import Distance
from meetings.reading import edition
from meetings.views.shown import Shown

PATIENCE = 0.5  # seconds that a neighbour waits before it reads by itself
REST = 2.0  # seconds for which it then does not ask, or after a line that broke does not look for another
PAUSE = 0.2  # between two tries to be the first, or to find it
LONGEST = 16 * 1024 * 1024  # bytes of one board on the wire
CREDENTIALS = struct.Struct("3i")  # process, user, group, as the kernel says them: unix(7)

Tell = Callable[[int, int], Coroutine[Any, Any, Shown | None]]

log = structlog.get_logger(__name__)


class Neighbours:
    """The line of one process to the first of its server, or to all who follow it."""

    def __init__(self) -> None:
        self.numbers = itertools.count()
        self.waiting: dict[int, asyncio.Future[Shown | None]] = {}
        self.line: asyncio.StreamWriter | None = None
        self.asks_from = 0.0
        self.following: set[asyncio.StreamWriter] = set()
        self.answering: set[asyncio.Task[None]] = set()

    async def live(self, tell: Tell) -> None:
        """Follow whoever is the first, and be it where nobody is; `tell` gives one's own reading of a board."""
        while sys.platform == "linux":
            try:
                await self._follow()
            except ConnectionRefusedError:  # nobody is there
                with contextlib.suppress(OSError):  # a neighbour was quicker
                    await self._lead(tell)
            except Exception as error:  # whatever came: this process reads for itself, and tries again
                log.warning("no line between processes", failure=type(error).__name__)
                await asyncio.sleep(REST)
            await asyncio.sleep(PAUSE)

    async def ask(self, meeting: int, version: int) -> Shown | None:
        """The first one's reading of this board, at this version or a later one; None where there is none in time."""
        loop = asyncio.get_running_loop()
        if self.line is None or loop.time() < self.asks_from:
            return None
        number, waits = next(self.numbers), loop.create_future()
        self.waiting[number] = waits
        self.line.write(f"{number} {meeting} {version}\n".encode())
        try:
            async with asyncio.timeout(PATIENCE):
                return await waits
        except TimeoutError:
            self.asks_from = loop.time() + REST
            return None
        finally:
            self.waiting.pop(number, None)

    async def _follow(self) -> None:
        """Until the first is gone. Raises ConnectionRefusedError where there is none, PermissionError where somebody
        else has the name."""
        lines, line = await asyncio.open_unix_connection(name(), limit=LONGEST)
        try:
            if not is_ours(line):
                raise PermissionError
            self.line = line
            async for head in lines:
                said = json.loads(head)
                self._answered(said, await lines.readexactly(said.pop("size", 0)))
        finally:
            self.line = None
            line.close()
            for number in list(self.waiting):
                self._answered({"number": number})

    def _answered(self, said: dict[str, Any], event: bytes = b"") -> None:
        waits = self.waiting.get(said.pop("number"))
        if waits is not None and not waits.done():
            waits.set_result(unpacked(said, event) if said else None)

    async def _lead(self, tell: Tell) -> None:
        """As long as this process lives. Raises OSError where another one does."""
        server = await asyncio.start_unix_server(partial(self._serve, tell), name())
        try:
            await asyncio.Event().wait()
        finally:
            server.close()
            for line in self.following:
                line.close()

    async def _serve(self, tell: Tell, lines: asyncio.StreamReader, line: asyncio.StreamWriter) -> None:
        self.following.add(line)
        with contextlib.suppress(OSError, ValueError):
            while is_ours(line) and (asked := await lines.readline()):
                number, meeting, version = map(int, asked.split())
                task = asyncio.ensure_future(answer(line, number, tell(meeting, version)))
                self.answering.add(task)
                task.add_done_callback(self.answering.discard)
        self.following.discard(line)
        line.close()


async def answer(line: asyncio.StreamWriter, number: int, reading: Coroutine[Any, Any, Shown | None]) -> None:
    """In time, or never: whoever asked has read for themselves by then."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            found = await reading
        line.write(json.dumps({"number": number, **(packed(found) if found else {})}).encode() + b"\n")
        if found:
            line.write(found.event)


def name() -> str:
    """Where the processes of one server meet: in Linux's abstract namespace, where a name goes with its process. Who
    has another parent, database, secret, edition or kind of answer looks elsewhere."""
    database = {key: str(settings.DATABASES["default"].get(key, "")) for key in ("HOST", "PORT", "NAME", "USER")}
    kind = [field.name for one in (Shown, Distance) for field in fields(one)]
    said = json.dumps([os.getppid(), database, settings.SECRET_KEY, edition(), kind])
    return f"\0roundtable-{hashlib.sha256(said.encode()).hexdigest()}"


def is_ours(line: asyncio.StreamWriter) -> bool:
    """Whether the other end is a process of this account: the name alone keeps nobody out."""
    told = line.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
    return bool(CREDENTIALS.unpack(told)[1] == os.geteuid())


def packed(shown: Shown) -> dict[str, Any]:
    """As a line of JSON says it; the event follows, so many bytes of it as `size` says."""
    distance = [shown.distance.seconds, shown.distance.trip]
    said = {**vars(shown), "size": len(shown.event), "readers": list(shown.readers), "distance": distance}
    del said["event"]
    return said


def unpacked(said: dict[str, Any], event: bytes) -> Shown:
    """What `packed` has packed. Raises TypeError or KeyError for anything else."""
    readers, distance = frozenset(said["readers"]), Distance(*said["distance"])
    return Shown(**{**said, "event": event, "readers": readers, "distance": distance})
