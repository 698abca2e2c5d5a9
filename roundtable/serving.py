"""Everything that makes a running site on one machine: web, worker and beat, started and stopped together.

A child that dies is started again after a pause that grows. Each has a process group of its own, so that stopping it
also stops what it started; if this process is killed, the kernel tells the children to stop.
"""

import contextlib
import functools
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import NoReturn

from roundtable import embedded
from roundtable.homes import NotAvailable
from roundtable.keeper import end_with_parent

HOST = "127.0.0.1"
PYTHON = [sys.executable, "-P"]
# Celery warns of root because of pickled messages; ours are JSON, and this site is private.
CELERY = [*PYTHON, "-W", "ignore:You're running the worker", "-m", "celery", "--quiet", "--app=roundtable"]
QUICK_START = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
LONG_LIFE = 30.0
HEAD_START = 2.0  # of the web process, for whose first page a person is waiting
GOODBYE = 15.0
LOOK_EVERY = 0.5


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@dataclass
class Child:
    """One program that is meant to run all the time, and the lines that it writes."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    pause: float = FIRST_PAUSE
    rest: bytes = b""

    def start(self) -> int:
        """Start it, in a process group of its own; returns the pipe that its lines come through."""
        self.started = time.monotonic()
        ours, theirs = os.pipe()
        self.process = subprocess.Popen(
            self.command,
            cwd=embedded.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=functools.partial(end_with_parent, signal.SIGTERM),
        )
        os.close(theirs)
        return ours

    def pass_on(self, pipe: int) -> bool:
        """Print whole lines under the child's name. False: nobody writes any more."""
        read = os.read(pipe, 65536)
        *lines, self.rest = (self.rest + read).split(b"\n")
        for line in lines:
            say(f"{self.name:<6} | {line.decode(errors='replace')}")
        return bool(read)

    def look_after(self) -> None:
        """After its end: a pause before the next start, longer each time that it did not live long."""
        if self.process is None or self.process.poll() is None:
            return
        self.signal(signal.SIGKILL)  # what it started must not outlive it
        if time.monotonic() - self.started > LONG_LIFE:
            self.pause = FIRST_PAUSE
        say(f"{self.name:<6} | ended with code {self.process.returncode}; starts again in {self.pause:.0f} s")
        self.process = None
        self.due = time.monotonic() + self.pause
        self.pause = min(2 * self.pause, LONGEST_PAUSE)

    def signal(self, number: signal.Signals) -> None:
        """To the child and all that it started."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    @property
    def is_due(self) -> bool:
        return self.process is None and time.monotonic() >= self.due

    @property
    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None


def children(port: int) -> list[Child]:
    web = [*PYTHON, "-m", "uvicorn", "roundtable.asgi:application", f"--host={HOST}", f"--port={port}"]
    web += ["--no-access-log", "--log-level=warning", "--lifespan=off", "--timeout-graceful-shutdown=3"]
    worker = [*CELERY, "worker", "--concurrency=2", "--loglevel=warning", *QUICK_START]
    beat = [*CELERY, "beat", "--loglevel=warning", f"--schedule={embedded.var_folder() / 'beat-schedule'}"]
    later = time.monotonic() + HEAD_START
    return [Child("web", web), Child("worker", worker, due=later), Child("beat", beat, due=later)]


def run_together(together: list[Child], port: int) -> NoReturn:
    """Keep all children running and their lines flowing, until a signal ends this process."""
    pipes = selectors.DefaultSelector()
    silent = True
    while True:
        for child in together:
            if child.is_due:
                pipes.register(child.start(), selectors.EVENT_READ, child)
        for key, _ in pipes.select(LOOK_EVERY):
            if not key.data.pass_on(key.fd):
                pipes.unregister(key.fd)
                os.close(key.fd)
        for child in together:
            child.look_after()
        embedded.restore()
        if silent and answers(port):
            silent = False
            say(f"Roundtable is at http://{HOST}:{port}/ (Ctrl-C stops it).")


def stop_together(together: list[Child]) -> None:
    """Ask all children to stop; after a while, kill those that have not, and whatever they left behind."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for child in together:
        child.signal(signal.SIGTERM)
    deadline = time.monotonic() + GOODBYE
    while time.monotonic() < deadline and not all(child.has_ended for child in together):
        time.sleep(0.05)
    for child in together:
        child.signal(signal.SIGKILL)


def answers(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex((HOST, port)) == 0


def chosen_port() -> int:
    """PORT, if a server can have it. Raises NotAvailable otherwise."""
    wanted = os.environ.get("PORT") or "8000"
    if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
        raise NotAvailable(f"PORT is {wanted!r}, but must be a number from 1 to 65535.")
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, int(wanted)))
        except OSError as error:
            raise NotAvailable(f"Port {wanted} cannot be used ({error.strerror}): try PORT=8001 bin/serve.") from error
    return int(wanted)


def prepare(*, demo: bool) -> None:
    """Migrate; the demo goes into a private database only, never into one that was given."""
    command = [*PYTHON, "bin/prepare.py", *(["--demo"] if demo else [])]
    if subprocess.run(command, cwd=embedded.ROOT, check=False).returncode:
        raise NotAvailable("The database could not be made ready; the reason stands above.")


def serve() -> None:
    port = chosen_port()
    private = not embedded.surroundings().get("DATABASE_URL")
    embedded.ensure()
    prepare(demo=private)
    together = children(port)
    try:
        run_together(together, port)
    finally:
        stop_together(together)


def main() -> int:
    """Serve until a signal; a refusal is one sentence and exit code 1."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: sys.exit())
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup asks to live on without the terminal
        signal.signal(signal.SIGHUP, lambda number, frame: sys.exit())
    os.environ |= {"PYTHONPATH": str(embedded.ROOT), "PYTHONUNBUFFERED": "1", "MALLOC_ARENA_MAX": "1"}
    try:
        serve()
    except NotAvailable as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
