"""Event streams of boards: the shared part, rendered once per version, to every reader's open page.

A bare ASGI application in front of Django: a stream holds no thread and no database connection. One Redis subscription
per process is the bell; behind it stands a look at all boards every two seconds, so a lost bell is late and never lost.
Each reading says who may read, and streams of others end. Votes and all other acts are ordinary POSTs to Django.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qs

import redis.asyncio
import structlog
from django.conf import settings
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from meetings import access, reading, sitting
from meetings.live import CHANNEL
from members.models.person import Person

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
T = TypeVar("T")

STREAM = re.compile(r"^/meetings/([^/]+)/board/live/$")
CLOCK = "/clock/"
BEAT = 10.0
BACKSTOP = 2.0
SESSIONS_ASKED = 15.0
READERS = 4  # threads that read the database, and checks at once; the rest wait
PER_PERSON = 4
PER_PROCESS = 5_000
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
]
LATER = 503

log = structlog.get_logger(__name__)


@require_safe
def elsewhere(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where Django itself is asked for a stream, none can be given: the page polls."""
    assert isinstance(request.user, Person)  # noqa: S101 -- the log-in middleware closed this page
    access.board(request.user, public_id)
    return HttpResponse(status=LATER)


@dataclass(eq=False)
class Stream:
    """One open page."""

    person: int
    session: str
    seen: str
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    ended: str = ""

    def end(self, why: str) -> None:
        self.ended = why
        self.wake.set()


@dataclass(eq=False)
class Room:
    """The streams of one board, and its last rendering, which goes with its last stream."""

    meeting: int
    streams: set[Stream] = field(default_factory=set)
    version: int = -1
    part: str = ""
    led: bool = True
    stale: bool = False
    task: asyncio.Task[None] | None = None
    timer: asyncio.TimerHandle | None = None


def event(name: str, content: str, *, version: int | None = None) -> bytes:
    """One server-sent event; each line of the content becomes a line of data."""
    head = f"event: {name}\n" + (f"id: {version}\n" if version is not None else "")
    return (head + "".join(f"data: {line}\n" for line in content.splitlines()) + "\n").encode()


class Streams:
    """All streams of one process."""

    def __init__(self) -> None:
        self.rooms: dict[int, Room] = {}
        self.threads = ThreadPoolExecutor(READERS, thread_name_prefix="stream-reader")
        self.checks: asyncio.Semaphore | None = None
        self.background: list[asyncio.Task[None]] = []
        self.moving: set[asyncio.Task[None]] = set()
        self.listening = asyncio.Event()
        self.skew = 0.0

    def wants(self, scope: Scope) -> bool:
        """Whether this request is answered here and not by Django."""
        return scope["type"] == "http" and (scope["path"] == CLOCK or STREAM.match(scope["path"]) is not None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The clock, or a stream for who may read the board."""
        if scope["path"] == CLOCK:
            await self._say(send, 200, str(round(self.now())).encode())
            return
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["method"] != "GET":
            await self._say(send, 405)
        elif headers.get("sec-fetch-site", "same-origin") != "same-origin":
            await self._say(send, 403)
        elif sum(len(room.streams) for room in self.rooms.values()) >= PER_PROCESS:
            await self._say(send, LATER)
        else:
            await self._admit(scope, headers, receive, send)

    def now(self) -> float:
        """Milliseconds of the database's clock, as far from this machine's as the last reading found."""
        return time.time() * 1000 + self.skew

    async def _say(self, send: Send, status: int, body: bytes = b"") -> None:
        headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store"), *HEADERS[3:]]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _admit(self, scope: Scope, headers: dict[str, str], receive: Receive, send: Send) -> None:
        await self._start()
        found = STREAM.match(scope["path"])
        assert found is not None and self.checks is not None  # noqa: S101, PT018 -- `wants` and `_start` saw to it
        async with self.checks:
            admitted = await self.in_thread(lambda: access.stream(headers.get("cookie", ""), found[1]))
        if admitted is None:
            await self._say(send, 404)
            return
        after = parse_qs(scope["query_string"].decode("latin-1")).get("after", [""])[0]
        stream = Stream(admitted.person, admitted.session, headers.get("last-event-id", after))
        room = self._enter(admitted.meeting, stream)
        try:
            await self._serve(room, stream, receive, send)
        finally:
            self._leave(room, stream)

    def _enter(self, meeting: int, stream: Stream) -> Room:
        """First into the list, then the reading: what happens in between has a higher version and is read again."""
        room = self.rooms.setdefault(meeting, Room(meeting))
        mine = [one for one in room.streams if one.person == stream.person]
        if len(mine) >= PER_PERSON:
            mine[0].end("too many")
        room.streams.add(stream)
        self.refresh(room)
        return room

    def _leave(self, room: Room, stream: Stream) -> None:
        room.streams.discard(stream)
        if not room.streams and self.rooms.get(room.meeting) is room:
            del self.rooms[room.meeting]
            if room.timer:
                room.timer.cancel()

    async def _serve(self, room: Room, stream: Stream, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        retry = f"retry: {500 + random.randrange(3000)}\n\n"  # noqa: S311 -- spreads reconnects, guards nothing
        await self._write(send, retry.encode() + self._beat(room))
        gone = asyncio.ensure_future(self._until_closed(stream, receive))
        try:
            while not stream.ended:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stream.wake.wait(), BEAT)
                stream.wake.clear()
                if not stream.ended:
                    await self._write(send, self._news(room, stream))
            if stream.ended != "closed":
                await self._write(send, event("end", stream.ended))
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()

    def _news(self, room: Room, stream: Stream) -> bytes:
        if room.part and stream.seen != str(room.version):
            stream.seen = str(room.version)
            return event("board", room.part, version=room.version)
        return self._beat(room)

    def _beat(self, room: Room) -> bytes:
        return event("beat", json.dumps({"version": room.version, "now": round(self.now()), "led": room.led}))

    async def _write(self, send: Send, body: bytes) -> None:
        await send({"type": "http.response.body", "body": body, "more_body": True})

    async def _until_closed(self, stream: Stream, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        stream.end("closed")

    def refresh(self, room: Room) -> None:
        """Read this board again. Readings of one board never overlap; several bells in a row become one reading."""
        room.stale = True
        if room.task is None or room.task.done():
            room.task = asyncio.ensure_future(self._read(room))

    async def _read(self, room: Room) -> None:
        while room.stale and room.streams:
            room.stale = False
            try:
                rendered = await self.in_thread(lambda: reading.render(room.meeting))
            except Exception as error:  # whatever the database says: the board is read until it succeeds
                log.warning("board not read", failure=type(error).__name__)
                await asyncio.sleep(random.uniform(0.3, 0.7))  # noqa: S311 -- spreads load, guards nothing
                room.stale = True
                continue
            self._show(room, rendered)

    def _show(self, room: Room, rendered: reading.Rendered) -> None:
        self.skew = rendered.now - time.time() * 1000
        room.version, room.part = rendered.version, rendered.part
        self._expel(room, rendered.readers)
        for stream in room.streams:
            stream.wake.set()
        if room.timer:
            room.timer.cancel()
        if rendered.due_in is not None:
            loop = asyncio.get_running_loop()
            room.timer = loop.call_later(rendered.due_in + 0.02, lambda: self._move(room))

    def _expel(self, room: Room, readers: frozenset[int]) -> None:
        for stream in room.streams:
            if stream.person not in readers:
                stream.end("no longer a reader")

    async def _advance(self, room: Room) -> None:
        try:
            await self.in_thread(lambda: sitting.advance(sitting.board_of(room.meeting)))
        except Exception as error:  # the backstop and the sweep come after it
            log.warning("clock not advanced", failure=type(error).__name__)
        self.refresh(room)

    async def in_thread(self, work: Callable[[], T]) -> T:
        """The database is read on four lasting threads; a connection that is sound is kept."""

        def run() -> T:
            close_old_connections()
            return work()

        return await asyncio.get_running_loop().run_in_executor(self.threads, run)

    async def _start(self) -> None:
        """With the first stream: the subscription, before any stream is accepted; without Redis after a moment."""
        if self.checks is None:
            self.checks = asyncio.Semaphore(READERS)
            self._end_with_process()
            for work in (self._listen, self._look, self._ask_sessions):
                self.background.append(asyncio.ensure_future(work()))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.listening.wait(), 0.5)

    async def _listen(self) -> None:
        while True:
            try:
                async with redis.asyncio.Redis.from_url(settings.REDIS_URL) as client, client.pubsub() as bell:
                    await bell.subscribe(CHANNEL)
                    self.listening.set()
                    for room in list(self.rooms.values()):
                        self.refresh(room)  # what rang while nobody listened
                    async for message in bell.listen():
                        self._rung(message)
            except (redis.RedisError, OSError) as error:
                log.warning("bell not heard", failure=type(error).__name__)
            await asyncio.sleep(1)

    def _rung(self, message: dict[str, Any]) -> None:
        if message["type"] != "message":
            return
        meeting, _, version = message["data"].decode().partition(":")
        room = self.rooms.get(int(meeting))
        if room is not None and int(version) != room.version:
            self.refresh(room)

    async def _look(self) -> None:
        """The backstop: versions, readers and due clocks of all boards here, in three statements."""
        while True:
            await asyncio.sleep(BACKSTOP)
            try:
                found = await self.in_thread(lambda: reading.standing(list(self.rooms)))
            except Exception as error:  # asked again in two seconds
                log.warning("boards not looked at", failure=type(error).__name__)
                continue
            for meeting, standing in found.items():
                if room := self.rooms.get(meeting):
                    self._compare(room, standing)

    def _compare(self, room: Room, standing: reading.Standing) -> None:
        self._expel(room, standing.readers)
        if room.led != standing.led:
            room.led = standing.led
            for stream in room.streams:
                stream.wake.set()
        if standing.version != room.version:
            self.refresh(room)
        if standing.due:
            self._move(room)

    def _move(self, room: Room) -> None:
        task = asyncio.ensure_future(self._advance(room))
        self.moving.add(task)
        task.add_done_callback(self.moving.discard)

    async def _ask_sessions(self) -> None:
        while True:
            await asyncio.sleep(SESSIONS_ASKED)
            streams = [stream for room in self.rooms.values() for stream in room.streams]
            with contextlib.suppress(Exception):  # asked again in fifteen seconds
                alive = await self.in_thread(partial(access.signed_in, {stream.session for stream in streams}))
                for stream in streams:
                    if stream.session not in alive:
                        stream.end("signed out")

    def _end_with_process(self) -> None:
        """A server that is asked to stop waits for open answers: streams end first, and pages come back later."""
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            before = signal.getsignal(number)

            def ending(caught: int, frame: Any, before: Any = before) -> None:
                loop.call_soon_threadsafe(self.end)
                if callable(before):
                    before(caught, frame)

            signal.signal(number, ending)

    def end(self) -> None:
        """All streams end; the pages spread their return over some seconds."""
        for room in self.rooms.values():
            for stream in room.streams:
                stream.end("restart")


streams = Streams()
