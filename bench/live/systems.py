"""The systems that are compared: how each is started, where it takes acts and streams, and which processes it is."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.live import measures

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
PAGE = "/meetings/{board}/board/"
QUIET = ["--log-level=critical", "--no-access-log"]
UVICORN = [*QUIET, "--lifespan=off", "--timeout-graceful-shutdown=3", "--backlog=4096"]


@dataclass
class Part:
    """One server of a system, which can be stopped and started again by itself."""

    command: list[str]
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self, environment: dict[str, str]) -> None:
        """In a process group of its own, so that its workers are found."""
        with Path(environment["VAR_DIR"], "servers.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=environment,
                cwd=ROOT,
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"{' '.join(self.command)} did not start")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """With all its workers."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def pids(self) -> list[int]:
        """The process and its workers."""
        return measures.group(self.process.pid) if self.process else []


@dataclass
class System:
    """What the bench knows of a system: its servers, and how a page hears of changes."""

    name: str
    acts: Part
    streams: Part
    kind: str = "event stream"  # or websocket, or polling every so many seconds
    act_path: str = "/meetings/{board}/board/people/"
    page: str = ""
    every: float = 0.0
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def parts(self) -> list[Part]:
        return [self.acts] if self.acts is self.streams else [self.acts, self.streams]

    def pids(self) -> list[int]:
        """All processes of the application."""
        return [pid for part in self.parts for pid in part.pids()]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def python(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", *arguments]


def uvicorn(application: str, *more: str) -> Part:
    port = free_port()
    return Part(python("uvicorn", application, "--host=127.0.0.1", f"--port={port}", *UVICORN, *more), port)


def gunicorn() -> Part:
    """As docker-compose.apart.yml starts it."""
    port = free_port()
    options = ["--worker-class=gthread", "--workers=2", "--threads=4", "--keep-alive=75", "--worker-tmp-dir=/dev/shm"]
    command = python("gunicorn", "roundtable.wsgi:application", f"--bind=127.0.0.1:{port}", "--log-level=error")
    return Part([*command, *options], port)


def apart() -> System:
    """Requests on gunicorn's threads, the streams in a process of their own."""
    return System("ours, apart", gunicorn(), uvicorn("roundtable.asgi:live"), page=PAGE)


def together() -> System:
    """Two processes that do both."""
    both = uvicorn("roundtable.asgi:application", "--workers=2")
    return System("ours, together", both, both, page=PAGE)


def bare() -> System:
    port = free_port()
    both = Part(python("bench.live.bare", str(port)), port)
    return System("bare asyncio", both, both)


def relay() -> System:
    both = uvicorn("bench.live.relay:application", "--workers=2")
    return System("uvicorn and Redis", both, both)


def channels() -> System:
    """As its documentation says: both through uvicorn."""
    both = uvicorn("bench.live.channels_app:application", "--workers=2", "--ws=websockets-sansio")
    return System("Channels", both, both, "websocket", "/channels/{board}/hand/")


def channels_acts_on_ours() -> System:
    """Its sockets, and its acts on our workers: what lasting connections alone bring."""
    sockets = uvicorn("bench.live.channels_app:application", "--ws=websockets-sansio")
    return System("Channels, acts on our threads", gunicorn(), sockets, "websocket", "/channels/{board}/hand/")


def polling(every: float) -> System:
    both = uvicorn("roundtable.asgi:application", "--workers=2")
    return System(f"polling every {every:.0f} s", both, both, "polling", page=PAGE, every=every)


@contextlib.contextmanager
def running(system: System, environment: dict[str, str]) -> Iterator[System]:
    """Started, and stopped whatever happens."""
    system.environment = environment
    try:
        for part in system.parts:
            part.start(environment)
        yield system
    finally:
        for part in system.parts:
            part.stop()
