"""The limit of the language: one process of asyncio that speaks just enough HTTP. `python -m bench.live.bare PORT`."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter, defaultdict

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
PART = b"data: " + b"x" * 4_000 + b"\n\n"
pages: dict[str, set[asyncio.Transport]] = defaultdict(set)
versions: Counter[str] = Counter()


class Page(asyncio.Protocol):
    """One connection: many acts, or one stream."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.board, self.rest = transport, "", b""

    def connection_lost(self, exc: Exception | None) -> None:
        pages[self.board].discard(self.transport)

    def data_received(self, data: bytes) -> None:
        """Bodies are few bytes and follow their head at once; a new head begins a new request."""
        self.rest += data
        while b"\r\n\r\n" in self.rest:
            head, _, self.rest = self.rest.partition(b"\r\n\r\n")
            if b" /" in head:
                line = head[head.index(b"POST ") if b"POST " in head else head.index(b"GET ") :]
                self.answer(line.split(b" ", 2)[0], line.split(b" ", 2)[1].decode().split("/")[2])

    def answer(self, method: bytes, board: str) -> None:
        if method == b"GET":
            self.board = board
            pages[board].add(self.transport)
            self.transport.write(HEAD + b"event: board\nid: 0\n" + PART)
            return
        versions[board] += 1
        version = str(versions[board]).encode()
        for page in pages[board]:
            page.write(b"event: board\nid: " + version + b"\n" + PART)
        self.transport.write(b"HTTP/1.1 200 OK\r\nX-Board-Version: " + version + b"\r\nContent-Length: 2\r\n\r\n{}")


async def main(port: int) -> None:
    """Serve until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Page, "127.0.0.1", port, backlog=4_096)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
