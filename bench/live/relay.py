"""The limit with the same server and bell and nothing else: uvicorn and Redis, no Django, no database.

An act raises a number and rings; every page of that board is sent four kilobytes.
"""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from typing import Any

import redis.asyncio

PART = b"data: " + b"x" * 4_000 + b"\n\n"
pages: dict[str, set[asyncio.Queue[bytes]]] = defaultdict(set)
client = redis.asyncio.Redis.from_url(os.environ["REDIS_URL"])
listening: list[asyncio.Task[None]] = []


async def listen() -> None:
    """One subscription for all pages."""
    async with client.pubsub() as bell:
        await bell.subscribe("relay")
        async for message in bell.listen():
            if message["type"] == "message":
                board, _, version = message["data"].partition(b":")
                for page in pages[board.decode()]:
                    page.put_nowait(b"event: board\nid: " + version + b"\n" + PART)


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """POST is an act, GET a page."""
    if not listening:
        listening.append(asyncio.ensure_future(listen()))
    board = scope["path"].split("/")[2]
    if scope["method"] == "POST":
        version = await client.incr(f"version:{board}")
        await client.publish("relay", f"{board}:{version}")
        headers = [(b"x-board-version", str(version).encode()), (b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{}"})
        return
    await serve(pages[board], send)


async def serve(board: set[asyncio.Queue[bytes]], send: Any) -> None:
    """Until the server cancels it: the bench counts no page that leaves."""
    page: asyncio.Queue[bytes] = asyncio.Queue()
    board.add(page)
    try:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        await send({"type": "http.response.body", "body": b"event: board\nid: 0\n" + PART, "more_body": True})
        while True:
            await send({"type": "http.response.body", "body": await page.get(), "more_body": True})
    finally:
        board.discard(page)
