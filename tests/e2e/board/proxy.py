"""A proxy as companies have them between their people and a board: it passes event streams on when it has the whole."""

from __future__ import annotations

import contextlib
import re
import socket
import socketserver
import threading

STREAM = re.compile(rb"GET \S+/board/live/")
CHUNK = 65536


class Proxy(socketserver.ThreadingTCPServer):
    """Of streams it passes nothing on until it `passes`, not even that they were accepted; of all else everything."""

    daemon_threads = True

    def __init__(self, behind: int) -> None:
        super().__init__(("127.0.0.1", 0), Passage)
        self.behind, self.passes = behind, threading.Event()
        self.port = int(self.server_address[1])
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.passes.set()
        self.shutdown()
        self.server_close()


class Passage(socketserver.BaseRequestHandler):
    """One connection of a browser, and one to the server behind."""

    server: Proxy
    stream = False

    def handle(self) -> None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.server.behind)) as origin:
            threading.Thread(target=self.answer, args=(origin,), daemon=True).start()
            while asked := self.request.recv(CHUNK):
                self.stream = self.stream or STREAM.match(asked) is not None
                origin.sendall(asked)

    def answer(self, origin: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while came := origin.recv(CHUNK):
                if self.stream:
                    self.server.passes.wait()
                self.request.sendall(came)
            self.request.shutdown(socket.SHUT_RDWR)
