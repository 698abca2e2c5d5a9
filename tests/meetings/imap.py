"""A mailbox on a server of its own: as much IMAP (RFC 3501) as a program needs that fetches what nobody has seen."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Server(socketserver.ThreadingTCPServer):
    """Mails by number, and which of them have been seen."""

    daemon_threads = True

    def __init__(self, mails: list[bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.mails = dict(enumerate(mails, 1))
        self.seen: set[int] = set()

    @property
    def url(self) -> str:
        return f"imap://calendar%40roundtable.example:p%40ss@127.0.0.1:{self.server_address[1]}/Answers"


class Session(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, _, rest = line.decode().strip().partition(" ")
            self.wfile.write(b"".join(self.answer(rest)) + f"{tag} {self.outcome(rest)}\r\n".encode())

    def outcome(self, rest: str) -> str:
        refused = rest.startswith("LOGIN") and '"p@ss"' not in rest
        return "NO wrong" if refused or (rest.startswith("SELECT") and "Answers" not in rest) else "OK done"

    def answer(self, rest: str) -> Iterator[bytes]:
        words = rest.upper()
        if words.startswith("CAPABILITY"):
            yield b"* CAPABILITY IMAP4rev1\r\n"
        elif words.startswith("SELECT"):
            yield f"* {len(self.server.mails)} EXISTS\r\n".encode()
        elif words.startswith("UID SEARCH"):
            numbers = sorted(set(self.server.mails) - self.server.seen)
            yield f"* SEARCH {' '.join(map(str, numbers))}\r\n".encode()
        elif found := re.match(r"UID (FETCH|STORE) (\d+)", words):
            yield from self.one(found[1], int(found[2]))

    def one(self, what: str, number: int) -> Iterator[bytes]:
        if what == "STORE":
            self.server.seen.add(number)
            return
        raw = self.server.mails[number][: 2 * 1024 * 1024 + 1]
        head = f'* {number} FETCH (UID {number} INTERNALDATE " 5-May-2026 18:05:00 +0000" BODY[]<0> {{{len(raw)}}}\r\n'
        yield head.encode() + raw + b")\r\n"


@contextmanager
def mailbox_of(*mails: bytes) -> Iterator[Server]:
    server = Server(list(mails))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
