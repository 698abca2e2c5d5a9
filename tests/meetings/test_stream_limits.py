"""What a stream process refuses and lets go, asked of the application itself."""

from __future__ import annotations

import ast
import asyncio
import contextlib
from typing import Any

import pytest

from meetings.gathering import Distance
from meetings.views import live, neighbours, rooms, shown, threads, watch
from meetings.views.live import Streams
from meetings.views.rooms import DatabaseClock, Stream
from meetings.views.shown import Shown, event
from roundtable import asgi
from tests.conventions.source import modules

SCOPE = {"type": "http", "method": "GET", "query_string": b"", "headers": []}
BOARD = "/meetings/abc/board/live/"


def at(version: int, body: bytes) -> Shown:
    return Shown(version, body, frozenset({1}), None, Distance(0.0, 0.1))


async def silent() -> dict[str, Any]:
    await asyncio.sleep(60)
    return {"type": "http.disconnect"}


async def status(application: Any, path: str) -> int:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await application(SCOPE | {"path": path}, silent, send)
    return int(sent[0]["status"])


def test_a_full_process_sends_the_page_to_polling() -> None:
    async def ask() -> int:
        full = Streams()
        full.rooms.count = live.PER_PROCESS
        return await status(full, BOARD)

    assert asyncio.run(ask()) == 503


@pytest.mark.parametrize("path", ["/", "/meetings/abc/board/", "/meetings/abc/board/live/x", "/clock"])
def test_a_process_of_streams_alone_has_no_other_page(path: str) -> None:
    assert asyncio.run(status(asgi.live, path)) == 404


def test_a_page_that_takes_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "UNREAD", 0.2)

    async def send(message: Any) -> None:
        if message.get("body"):
            await asyncio.sleep(60)  # as a server does whose buffer is full

    async def serve() -> bool:
        streams, stream = Streams(), Stream(1, "key", "")
        streams.rooms.of[1] = room = rooms.Room(1, shown=at(1, event("board", "<p>", version=1)))
        room.streams[stream] = None
        beating = asyncio.ensure_future(streams.watch._beat())
        serving = asyncio.ensure_future(streams._tell(room, stream, silent, send))
        done, _ = await asyncio.wait([serving], timeout=5)
        beating.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beating
        return serving in done and serving.exception() is None

    assert asyncio.run(serve())


def test_a_page_that_is_too_far_behind_is_let_go_at_once() -> None:
    """Long before its silence would end it: what waits for it counts, and what is written past it."""

    async def send(message: Any) -> None:
        if message.get("body"):
            await asyncio.sleep(60)

    async def serve() -> list[bool]:
        streams, stream = Streams(), Stream(1, "key", "")
        streams.rooms.of[1] = room = rooms.Room(1, shown=at(1, event("board", "<p>", version=1)))
        room.streams[stream] = None
        serving = asyncio.ensure_future(streams._tell(room, stream, silent, send))
        await asyncio.sleep(0.05)
        gone = []
        for version in range(2, 5):
            streams.rooms._show(room, at(version, b"x" * 100_000))
            await asyncio.sleep(0.05)
            gone.append(serving.done() and serving.exception() is None)
        return gone

    assert asyncio.run(serve()) == [False, False, True]


def test_the_quickest_answer_says_what_time_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = DatabaseClock()
    monkeypatch.setattr(rooms.time, "time", lambda: 1000.0)
    assert clock.now() == 1000.0
    for seconds, trip in ((5.4, 0.9), (5.0, 0.01), (5.2, 0.4)):
        clock.hear(Distance(seconds, trip))
    assert clock.now() == 1005.0


def test_an_event_of_several_lines_is_one_event() -> None:
    assert event("board", "a\n\nb", version=7) == b"event: board\nid: 7\ndata: a\ndata: \ndata: b\n\n"


@pytest.mark.parametrize("module", [live, neighbours, rooms, shown, threads, watch])
def test_the_code_of_streams_knows_no_record(module: Any) -> None:
    """So nothing in the event loop can ask the database by a slip: Django refuses a query there besides."""
    tree = modules()[f"{module.__name__.replace('.', '/')}.py"]
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert [name for name in imported if name and ".models" in name] == []
