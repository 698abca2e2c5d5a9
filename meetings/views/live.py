"""Event streams of boards: the shared part, rendered once per version, to every reader's open page.

A bare ASGI application in front of Django: a stream holds no thread and no database connection. One Redis subscription
per process is the bell; behind it stands a look at all boards every two seconds, so a lost bell is late and never lost
(watch.py). Each reading says who may read, and streams of others end (rooms.py). Votes and all other acts are ordinary
POSTs to Django.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from meetings import access
from meetings.views.press import me
from meetings.views.rooms import DatabaseClock, Room, Rooms, Stream
from meetings.views.shown import event
from meetings.views.threads import THREADS, Threads
from meetings.views.watch import Watch

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

STREAM = re.compile(r"^/meetings/([^/]+)/board/live/$")
CLOCK = "/clock/"
PER_PROCESS = 5_000
RETURN_WITHIN = 4_000  # milliseconds over which pages spread their return after a restart
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
]
LATER = 503


@require_safe
def elsewhere(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where Django itself is asked for a stream, none can be given: the page polls."""
    access.board(me(request), public_id)
    return HttpResponse(status=LATER)


class Streams:
    """All streams of one process."""

    def __init__(self) -> None:
        self.threads, self.clock = Threads(), DatabaseClock()
        self.rooms = Rooms(self.threads, self.clock)
        self.checks = asyncio.Semaphore(THREADS)  # the rest of a storm waits here
        self.watch = Watch(self.rooms)

    def wants(self, scope: Scope) -> bool:
        """Whether this request is answered here and not by Django."""
        return scope["type"] == "http" and (scope["path"] == CLOCK or STREAM.match(scope["path"]) is not None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The clock, or a stream for who may read the board: as long as it lasts, nothing is kept of how it was asked
        for."""
        if scope["path"] == CLOCK:
            await self._tell_time(send)
        elif isinstance(admitted := await self._admit(scope), int):
            await say(send, admitted)
        else:
            await self._serve(*admitted, receive, send)

    async def _tell_time(self, send: Send) -> None:
        if not self.watch.looked.is_set():
            await self.watch.start()
        await say(send, 200, str(round(self.clock.now() * 1000)).encode())

    async def _admit(self, scope: Scope) -> tuple[int, Stream] | int:
        """The meeting, and the stream that may hear of its board; or the status of a refusal."""
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["method"] != "GET":
            return 405
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return 403
        if self.rooms.count >= PER_PROCESS:
            return LATER
        await self.watch.start()
        found = STREAM.match(scope["path"])
        assert found is not None  # noqa: S101 -- `wants` saw to it
        async with self.checks:
            admitted = await self.threads.read(lambda: access.stream(headers.get("cookie", ""), found[1]))
        if admitted is None:
            return 404
        after = parse_qs(scope["query_string"].decode("latin-1")).get("after", [""])[0]
        return admitted.meeting, Stream(admitted.person, admitted.session, headers.get("last-event-id", after))

    async def _serve(self, meeting: int, stream: Stream, receive: Receive, send: Send) -> None:
        room = self.rooms.enter(meeting, stream)
        try:
            await self._tell(room, stream, receive, send)
        finally:
            self.rooms.leave(room, stream)

    async def _tell(self, room: Room, stream: Stream, receive: Receive, send: Send) -> None:
        """What is new, whenever the board or the beat wakes this stream, until the page or the process goes."""
        stream.task = asyncio.current_task()
        gone = asyncio.ensure_future(until_closed(stream, receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            retry = f"retry: {500 + random.randrange(3000)}\n\n"  # noqa: S311 -- spreads reconnects, guards nothing
            await write(stream, send, retry.encode() + self.rooms.news(room, stream))
            while not stream.ended:
                await stream.wake.wait()
                stream.wake.clear()
                if not stream.ended:
                    await write(stream, send, self.rooms.news(room, stream))
            if stream.ended != "closed":
                await write(stream, send, farewell(stream.ended))
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except asyncio.CancelledError:
            if not stream.writing:  # else it was ours: nobody takes what is written here
                raise
        finally:
            gone.cancel()


def farewell(why: str) -> bytes:
    """The last event; after a restart all pages come back, and not at once."""
    later = random.randrange(RETURN_WITHIN)  # noqa: S311 -- spreads reconnects, guards nothing
    return (f"retry: {later}\n".encode() if why == "restart" else b"") + event("end", why)


async def write(stream: Stream, send: Send, body: bytes) -> None:
    """Waits while the page does not take what it has; the server's buffer (64 kB) and one event are all that waits.

    What comes meanwhile is counted as well: a page that is so far behind is let go at once.
    """
    stream.wrote, stream.writing = asyncio.get_running_loop().time(), True
    stream.owe(len(body))
    await send({"type": "http.response.body", "body": body, "more_body": True})
    stream.unread, stream.writing = 0, False


async def say(send: Send, status: int, body: bytes = b"") -> None:
    """A whole answer of a few bytes."""
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store"), *HEADERS[3:]]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def until_closed(stream: Stream, receive: Receive) -> None:
    """The page is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end("closed")


streams = Streams()
