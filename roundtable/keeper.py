"""The keeper: one process for each embedded server, which starts it, starts it again, and in the end stops it.

Whoever uses the server holds a shared lock on its `users` file. The kernel gives the lock back when a process ends,
however it ends: a keeper that gets it for itself alone knows that the last user has left. A keeper that is killed
takes its server with it. So nothing stays behind for ever.
"""

import contextlib
import ctypes
import fcntl
import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from roundtable.homes import NotAvailable
from roundtable.servers import SERVERS, Server, as_account

GOODBYE = 20.0
LOOK_EVERY = 0.2


def hold(path: Path, kind: int) -> int:
    """An open lock file; closing it gives the lock back."""
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as error:
        raise NotAvailable(f"{path} belongs to another account: start as the same user as the first time.") from error
    try:
        fcntl.flock(lock, kind)
    except BlockingIOError:
        os.close(lock)
        raise
    return lock


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    lock = hold(path, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(lock)


def alone(lock: int) -> bool:
    """Take an open lock file for ourselves alone, if nobody else holds it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def end_with_parent(signal_number: int) -> None:
    """Ask the kernel to send this process a signal when its parent ends, however it ends (Linux only)."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, int(signal_number))


def start(server: Server) -> subprocess.Popen[bytes]:
    """Start the server. The signal is asked for after the change of account, which would clear it."""
    server.prepare()
    with server.log.open("wb") as log:
        ending = functools.partial(end_with_parent, server.stop_signal)
        process = as_account(server.command(), cwd=server.data, stdout=log, stderr=log, preexec_fn=ending)
    note_pid(server, process.pid)
    return process


def note_pid(server: Server, pid: int) -> None:
    """In one step: whoever reads it, after a power cut too, finds a whole number or none."""
    noted = server.folder / "pid.new"
    noted.write_text(str(pid))
    noted.replace(server.folder / "pid")


def end_leftover(server: Server) -> None:
    """Wait for the server of a keeper that was killed; the kernel has told it to stop."""
    noted = server.folder / "pid"
    deadline = time.monotonic() + GOODBYE
    while noted.exists() and is_of(server, pid := int(noted.read_text())):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, server.stop_signal if time.monotonic() < deadline else signal.SIGKILL)
        time.sleep(LOOK_EVERY)


def is_of(server: Server, pid: int) -> bool:
    """Whether that process is ours, and not somebody else's of the same number."""
    try:
        return os.fsencode(server.sockets) in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def stop(server: Server, process: subprocess.Popen[bytes]) -> None:
    process.send_signal(server.stop_signal)
    try:
        process.wait(GOODBYE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    (server.folder / "pid").unlink(missing_ok=True)


def first_start(server: Server) -> subprocess.Popen[bytes]:
    """The server, which answers. Raises NotAvailable when it ends before it does."""
    end_leftover(server)
    deadline = time.monotonic() + GOODBYE
    while time.monotonic() < deadline:
        process = start(server)
        while process.poll() is None:
            with contextlib.suppress(ConnectionError):
                server.ask()
                server.settle()
                return process
            time.sleep(0.02)
        time.sleep(LOOK_EVERY)  # perhaps processes of a killed one are still about to end
    raise NotAvailable(f"The embedded {server.name} does not start; the reason is in {server.log}.")


def watch(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Start the server again whenever it dies, until nobody uses it; then stop it."""
    users = hold(server.lock("users"), fcntl.LOCK_UN)
    try:
        while not alone(users):
            if process.poll() is not None:
                process = start(server)
            time.sleep(LOOK_EVERY)
    finally:
        stop(server, process)


def keep(server: Server) -> None:
    """Be the keeper: silent once the server answers, otherwise one sentence on standard output."""
    keeper = hold(server.lock("keeper"), fcntl.LOCK_EX)
    try:
        process = first_start(server)
    except (NotAvailable, OSError) as error:
        sys.stdout.write(str(error))
        return
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(silence, stream)
    try:
        watch(server, process)
    finally:
        os.close(keeper)


def main() -> None:
    """Leave the terminal, so that Ctrl-C there ends the users and not the server below them."""
    var, name = sys.argv[1:]
    if os.fork():
        return
    os.setsid()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit())
    keep(next(kind(Path(var)) for kind in SERVERS if kind.name == name))


if __name__ == "__main__":
    main()
