"""The ASGI application: event streams in front, Django behind them on a fixed number of lasting threads.

Django's own ASGI handler gives each request a thread of its own and so a new database connection. Here eight threads
stay, each with one connection; that is also the bound on connections, since psycopg2 cannot be awaited.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import IO, Any

import django
import structlog
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_started
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import set_script_prefix

from roundtable.loaded import keep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roundtable.settings")

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
THREADS = 8

log = structlog.get_logger(__name__)


class Lane:
    """One lasting thread, and how many requests are on it."""

    def __init__(self, number: int) -> None:
        self.executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"request-{number}")
        self.requests = 0


class FixedThreads(ASGIHandler):
    """Runs each request on the least busy of a few threads, from its first signal to its last in one hop: Django's own
    handler goes there and back three times where views and middleware are synchronous, as all of ours are.
    """

    def __init__(self, threads: int = THREADS) -> None:
        super().__init__()
        self.load_middleware(is_async=False)
        self.lanes = [Lane(number) for number in range(threads)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Who leaves before their request is there whole has asked nothing. Raises ValueError for other than HTTP."""
        if scope["type"] != "http":
            raise ValueError(f"Pages speak HTTP, not {scope['type']}.")
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        lane = min(self.lanes, key=lambda each: each.requests)
        lane.requests += 1
        try:
            response = await asyncio.get_running_loop().run_in_executor(lane.executor, self.answer, scope, body)
        finally:
            lane.requests -= 1
        await self.send_response(response, send)

    def answer(self, scope: Scope, body: IO[bytes]) -> HttpResponse | StreamingHttpResponse:
        """The whole chain. A file is read here: chunk by chunk in the event loop it would hold up the streams."""
        with closing(body):
            set_script_prefix(get_script_prefix(scope))
            request_started.send(sender=type(self), scope=scope)
            request, refusal = self.create_request(scope, body)
            response: Any = self.get_response(request) if request else refusal
            response._handler_class = type(self)
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = one_by_one(list(response))
        try:
            response.close()
        except Exception as error:  # what was done is done, and is answered
            log.warning("request not ended well", failure=type(error).__name__)
        return response


async def one_by_one(chunks: list[bytes]) -> AsyncIterator[bytes]:
    """What was read, for Django's sender."""
    for chunk in chunks:
        yield chunk


django.setup(set_prefix=False)
requests = FixedThreads()

from meetings.views.live import streams  # noqa: E402 -- records may be imported only when the apps are there


async def live(scope: Scope, receive: Receive, send: Send) -> None:
    """Streams and the clock alone, for a process beside those that answer requests; all else is not here."""
    await (streams if streams.wants(scope) else nothing)(scope, receive, send)


async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """No page of this process."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 404, "headers": [(b"cache-control", b"no-store")]})
        await send({"type": "http.response.body", "body": b""})


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Streams and the clock are answered in the event loop (meetings/views/live.py), all else by Django."""
    await (streams if streams.wants(scope) else requests)(scope, receive, send)


keep()
