"""Many open pages in one process: each hears its board as a browser would, and presses buttons when it is told to."""

from __future__ import annotations

import asyncio
import base64
import os
import random
import re
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from urllib.parse import urlencode

from bench.live.people import TOKEN, Board, Member
from bench.live.systems import System

VERSION = re.compile(rb"\nid: (\d+)\n")
TAIL = 64
OPENING = 64  # connections that are being opened at once
RETURN = (0.5, 2.5)  # seconds, as static/js/stream.js waits before it comes again
HOST = "127.0.0.1"


class Screen(asyncio.Protocol):
    """One open page: what versions it saw, and when."""

    def __init__(self, member: Member, saw: Callable[[Screen, int], None]) -> None:
        self.member, self.saw = member, saw
        self.version, self.rest, self.first = -1, b"", b""
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None
        self.lost: Callable[[Screen], None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Any version later than the last one that it saw; an answer that is no stream is a refusal."""
        if not self.first:
            self.first = data[:16]
            if b" 200" not in self.first and b" 101" not in self.first:
                self.fail(ConnectionError(self.first.decode(errors="replace")))
                return
        found = VERSION.findall(self.rest + data)
        self.rest = (self.rest + data)[-TAIL:]
        if found and (newest := max(map(int, found))) > self.version:
            self.version = newest
            if not self.ready.done():
                self.ready.set_result(None)
            self.saw(self, newest)

    def connection_lost(self, exc: Exception | None) -> None:
        self.fail(exc or ConnectionError("closed"))
        if self.lost:
            self.lost(self)

    def fail(self, error: Exception) -> None:
        if not self.ready.done():
            self.ready.set_exception(error)


class Crowd:
    """All pages of all boards of one run, with what each saw."""

    def __init__(self, system: System, boards: list[Board]) -> None:
        self.system, self.boards = system, boards
        self.screens: list[Screen] = []
        self.seen: dict[Screen, list[tuple[int, float]]] = defaultdict(list)
        self.pool: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.pollers: list[asyncio.Task[None]] = []

    def saw(self, screen: Screen, version: int) -> None:
        """Noted with the time at which it came."""
        self.seen[screen].append((version, time.monotonic()))

    def reached(self, screen: Screen, version: int) -> float | None:
        """When this page had that version or a later one."""
        seen = self.seen[screen]
        place = bisect_left(seen, (version, 0.0))
        return seen[place][1] if place < len(seen) else None

    async def open(self) -> None:
        """Every member's page, some at a time; returns when all have the present state."""
        if self.system.kind == "polling":
            self.pollers = [asyncio.ensure_future(self.poll(one)) for board in self.boards for one in board.members]
            return
        gate = asyncio.Semaphore(OPENING)
        await asyncio.gather(*(self.arrive(one, gate) for board in self.boards for one in board.members))

    async def arrive(self, member: Member, gate: asyncio.Semaphore, *, patient: bool = False) -> Screen:
        """One page; a patient one tries again as board.js does."""
        while True:
            try:
                async with gate:
                    screen = await self.connect(member)
                    await asyncio.wait_for(screen.ready, 30)
            except (OSError, TimeoutError):
                if not patient:
                    raise
                await asyncio.sleep(random.uniform(*RETURN))  # noqa: S311 - spreads load
                continue
            self.screens.append(screen)
            return screen

    async def connect(self, member: Member) -> Screen:
        loop, port = asyncio.get_running_loop(), self.system.streams.port
        _, screen = await loop.create_connection(lambda: Screen(member, self.saw), HOST, port)
        head = (
            f"GET /meetings/{member.board}/board/live/ HTTP/1.1\r\nHost: {HOST}:{port}\r\nCookie: {member.cookie}\r\n"
        )
        if self.system.kind == "websocket":
            key = base64.b64encode(os.urandom(16)).decode()
            head += f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            head += f"Sec-WebSocket-Version: 13\r\nOrigin: http://{HOST}:{port}\r\n"
        assert screen.transport is not None
        screen.transport.write(f"{head}\r\n".encode())
        return screen

    async def poll(self, member: Member) -> None:
        """Asks every so many seconds whether there is anything new."""
        screen = Screen(member, self.saw)
        self.screens.append(screen)
        await asyncio.sleep(random.uniform(0, self.system.every))  # noqa: S311 - pages were not opened together
        while True:
            began = time.monotonic()
            path = f"/meetings/{member.board}/board/shared/?after={screen.version}"
            _, headers, _ = await self.ask("GET", path, member)
            if (version := int(headers.get("x-board-version", -1))) > screen.version:
                screen.version = version
                self.saw(screen, version)
            await asyncio.sleep(max(0.0, self.system.every - (time.monotonic() - began)))

    async def press(self, member: Member, path: str, **fields: str) -> tuple[int, dict[str, str], bytes]:
        """A button, with its form."""
        return await self.ask("POST", path.format(board=member.board), member, urlencode(fields).encode())

    async def ask(self, method: str, path: str, member: Member, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
        """One request on a connection that is kept; if the server has closed it meanwhile, on a new one."""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {HOST}:{self.system.acts.port}\r\nCookie: {member.cookie}\r\n"
            f"X-CSRFToken: {TOKEN}\r\nAccept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode()
        while self.pool:
            line = self.pool.pop()
            try:
                return await self.exchange(line, head + body)
            except (OSError, asyncio.IncompleteReadError):
                line[1].close()
        return await self.exchange(await asyncio.open_connection(HOST, self.system.acts.port), head + body)

    async def exchange(
        self, line: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        reader, writer = line
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (each.partition(": ") for each in head[1:] if each)}
        body = await self.body(reader, headers)
        if headers.get("connection", "").lower() == "close":
            writer.close()
        else:
            self.pool.append(line)
        return int(head[0].split(" ")[1]), headers, body

    async def body(self, reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
        if "chunked" not in headers.get("transfer-encoding", ""):
            return await reader.readexactly(int(headers.get("content-length", 0)))
        parts = []
        while size := int(await reader.readline(), 16):
            parts.append(await reader.readexactly(size + 2))
        await reader.readline()
        return b"".join(part[:-2] for part in parts)

    def close(self) -> None:
        """All pages are shut."""
        for poller in self.pollers:
            poller.cancel()
        for screen in self.screens:
            screen.lost = None
            if screen.transport:
                screen.transport.abort()
        for _, writer in self.pool:
            writer.close()
