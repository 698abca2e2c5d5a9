"""The few lasting threads on which a stream process reads the database, each with one connection that it keeps."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

T = TypeVar("T")
THREADS = 4


class Threads:
    """The bound on the connections of the streams, however many there are."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="stream-reader")

    async def read(self, work: Callable[[], T]) -> T:
        """A reading. A connection that broke since its last use shows only now: it is read once more on a new one."""
        return await self._run(lambda: _again(work))

    async def act(self, work: Callable[[], T]) -> T:
        """Something that writes, and so is done once."""
        return await self._run(work)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self.pool, lambda: _kept(work))


def _again(work: Callable[[], T]) -> T:
    try:
        return work()
    except (OperationalError, InterfaceError):
        connection.close()
        return work()


def _kept(work: Callable[[], T]) -> T:
    try:
        return work()
    finally:
        if connection.errors_occurred or (connection.close_at or time.monotonic() + 1) < time.monotonic():
            connection.close()
