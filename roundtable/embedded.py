"""The private PostgreSQL and Redis of a clone that was given no DATABASE_URL or REDIS_URL.

They run as long as somebody uses them: several commands at once share them, the last one out stops them.
How that is held to: keeper.py. What the servers are: servers.py. Where their files lie: homes.py.
"""

import atexit
import contextlib
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import environ

from roundtable import homes
from roundtable.homes import NotAvailable
from roundtable.keeper import alone, hold, locked
from roundtable.servers import SERVERS, Server, connect

ROOT = Path(__file__).resolve().parent.parent

# The lock files that this process holds, and the services that it keeps until its end.
_users: dict[int, Server] = {}
_kept = contextlib.ExitStack()


def surroundings() -> Mapping[str, str]:
    """The environment, completed by the file .env as the settings do it."""
    if (ROOT / ".env").exists():
        environ.Env.read_env(ROOT / ".env")
    return os.environ


def var_folder() -> Path:
    return Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()


def ensure() -> None:
    """Set both addresses in this process's own environment; what is not given runs until the process ends.

    An installation with a database of its own is a private one: unless told otherwise it runs as PRIVATE.
    """
    private = not surroundings().get("DATABASE_URL")
    os.environ.update(_kept.enter_context(services(var_folder(), os.environ)))
    if private:
        os.environ.setdefault("PRIVATE", "true")
    atexit.register(_kept.close)


def become(command: list[str]) -> NoReturn:
    """Turn this process into a Python program that has the servers until it ends: it inherits our locks."""
    ensure()
    for users in _users:
        os.set_inheritable(users, True)  # noqa: FBT003  # has no name
    os.execv(sys.executable, [sys.executable, *command])  # noqa: S606  # no shell is wanted


def restore() -> None:
    """Start the keepers again that were killed, with the servers that we use."""
    for server in _users.values():
        if not is_kept(server):
            with locked(server.start_lock):
                if not is_kept(server):
                    start_keeper(server)


@contextlib.contextmanager
def services(var: Path, given: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Both addresses, for the environment of child processes; what is not given runs while the block lasts.

    Raises NotAvailable with a sentence when a server cannot be started or the given database does not answer.
    """
    if given.get("DATABASE_URL"):
        check_database(given["DATABASE_URL"])
    with contextlib.ExitStack() as stack:
        yield {kind.variable: given.get(kind.variable) or stack.enter_context(running(kind(var))) for kind in SERVERS}


@contextlib.contextmanager
def running(server: Server) -> Iterator[str]:
    """The address of the server, which answers. The last user to leave waits until it has stopped."""
    users = enter(server)
    try:
        server.await_answer()
        yield server.url
    finally:
        leave(server, users)


def enter(server: Server) -> int:
    """Join the users of a server, starting it if nobody keeps it. One at a time for each clone."""
    homes.start_folder(server.start_lock.parent)
    with locked(server.start_lock):
        users = hold(server.lock("users"), fcntl.LOCK_SH)
        try:
            if not is_kept(server):
                start_keeper(server)
        except BaseException:
            os.close(users)
            raise
    _users[users] = server
    return users


def leave(server: Server, users: int) -> None:
    """Give the lock back, and if it was the last one, wait for the keeper. Newcomers wait for the start lock."""
    with locked(server.start_lock):
        last = alone(users)
        del _users[users]
        os.close(users)
        if last:
            os.close(hold(server.lock("keeper"), fcntl.LOCK_EX))


def is_kept(server: Server) -> bool:
    """Whether there is a keeper, which holds its lock alone; those who only look do not disturb each other."""
    try:
        os.close(hold(server.lock("keeper"), fcntl.LOCK_SH | fcntl.LOCK_NB))
    except BlockingIOError:
        return True
    return False


def start_keeper(server: Server) -> None:
    """Start a keeper. It says nothing once its server answers, or else what is wrong."""
    command = [sys.executable, "-m", "roundtable.keeper", str(server.var), server.name]
    told = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, cwd=ROOT, text=True, check=False)
    if told.stdout or told.returncode:
        raise NotAvailable(told.stdout or f"The keeper of the embedded {server.name} ended at once.")


def check_database(url: str) -> None:
    """Raise NotAvailable unless the database of this DATABASE_URL answers."""
    try:
        connect(url).close()
    except ValueError as error:
        raise NotAvailable("DATABASE_URL must look like postgres://user:password@host:5432/name.") from error
    except ConnectionError as error:
        raise NotAvailable(f"The database in DATABASE_URL does not answer: {error}") from error


def main() -> int:
    """Run `python -m roundtable.embedded program.py ...`; a refusal is one sentence and exit code 1."""
    try:
        become(sys.argv[1:])
    except NotAvailable as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
