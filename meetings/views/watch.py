"""What keeps the open pages of one process current: the bell, the look at all boards, sessions, beats, and the end.

The bell is Redis, and may be away: behind it stands a look at all boards every two seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Coroutine
from functools import partial
from typing import Any

import redis.asyncio
import structlog
from django.conf import settings

from meetings import access, gathering
from meetings.live import CHANNEL
from meetings.views.rooms import Rooms

BEAT = 10.0
BACKSTOP = 2.0
SESSIONS_ASKED = 15.0
UNREAD = 30.0  # what a page has not taken after so long, nobody will read

log = structlog.get_logger(__name__)


class Watch:
    """Runs from the first stream on, until the process ends."""

    def __init__(self, rooms: Rooms) -> None:
        self.rooms = rooms
        self.listening, self.looked = asyncio.Event(), asyncio.Event()
        self.background: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """The subscription, before any stream is accepted, and the database's time; where there is no Redis or no
        database, after a moment without."""
        if not self.background:
            self._end_with_process()
            works: list[Coroutine[Any, Any, None]] = [self._listen(), self._look(), self._ask_sessions(), self._beat()]
            works.append(self.rooms.neighbours.live(self.rooms.at))
            self.background = [asyncio.ensure_future(work) for work in works]
        for ready in (self.listening, self.looked):
            if not ready.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(ready.wait(), 0.5)

    async def _listen(self) -> None:
        while True:
            try:
                async with redis.asyncio.Redis.from_url(settings.REDIS_URL) as client, client.pubsub() as bell:
                    await bell.subscribe(CHANNEL)
                    self.listening.set()
                    for room in list(self.rooms.of.values()):
                        self.rooms.refresh(room)  # what rang while nobody listened
                    async for message in bell.listen():
                        self._rung(message)
            except (redis.RedisError, OSError) as error:
                log.warning("bell not heard", failure=type(error).__name__)
            await asyncio.sleep(1)

    def _rung(self, message: dict[str, Any]) -> None:
        if message["type"] != "message":
            return
        with contextlib.suppress(ValueError):  # somebody else's word
            meeting, version = map(int, message["data"].split(b":"))
            if room := self.rooms.of.get(meeting):
                self.rooms.refresh(room, version)

    async def _look(self) -> None:
        """The backstop: versions, readers and due clocks of all boards here, in one statement."""
        while True:
            try:
                distance, found = await self.rooms.threads.read(partial(gathering.standing, list(self.rooms.of)))
            except Exception as error:  # asked again in two seconds
                log.warning("boards not looked at", failure=type(error).__name__)
            else:
                self.rooms.clock.hear(distance)
                self.looked.set()
                for meeting, standing in found.items():
                    if room := self.rooms.of.get(meeting):
                        self.rooms.compare(room, standing)
            await asyncio.sleep(BACKSTOP)

    async def _ask_sessions(self) -> None:
        while True:
            await asyncio.sleep(SESSIONS_ASKED)
            streams = self.rooms.streams()
            with contextlib.suppress(Exception):  # asked again in fifteen seconds
                named = {stream.session for stream in streams}
                alive = await self.rooms.threads.read(partial(access.signed_in, named))
                for stream in streams:
                    if stream.session not in alive:
                        stream.end("signed out")

    async def _beat(self) -> None:
        """A sign of life for each page that has heard nothing for a while; an end for one that takes nothing."""
        while True:
            await asyncio.sleep(1)
            now = asyncio.get_running_loop().time()
            for stream in self.rooms.streams():
                if stream.writing and now - stream.wrote > UNREAD and stream.task:
                    stream.task.cancel()
                elif not stream.writing and now - stream.wrote >= BEAT:
                    stream.wake.set()

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
        for stream in self.rooms.streams():
            stream.end("restart")
