"""The private servers, for real: each test has a clone's folder of its own."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from roundtable import embedded, homes, servers
from roundtable.homes import NotAvailable
from roundtable.servers import Postgres, Redis, Server

HOLD_A_SERVER = """
import sys, time
from pathlib import Path
from roundtable import embedded, servers
with embedded.running(servers.Redis(Path(sys.argv[1]))):
    print("up", flush=True)
    time.sleep(60)
"""


def new_clone() -> Iterator[Path]:
    """A folder that the servers' account can enter; pytest's own are closed to others."""
    made = Path(tempfile.mkdtemp(prefix="clone-"))
    made.chmod(0o755)
    yield made
    for pointer in made.rglob("sockets"):
        shutil.rmtree(pointer.read_text(), ignore_errors=True)
    shutil.rmtree(made)


var = pytest.fixture(new_clone, name="var")
shared_var = pytest.fixture(new_clone, name="shared_var", scope="module")


@pytest.fixture
def cluster(shared_var: Path) -> Postgres:
    """One that is made once and started by each test; making it takes longest."""
    return Postgres(shared_var)


@pytest.fixture(params=servers.SERVERS, ids=lambda kind: kind.name)
def server(request: pytest.FixtureRequest, shared_var: Path) -> Server:
    kind: type[Server] = request.param
    return kind(shared_var)


def pid(server: Server) -> int:
    return int((server.folder / "pid").read_text())


def lives(number: int) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def soon(happens: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not happens() and time.monotonic() < deadline:
        time.sleep(0.02)
    return happens()


def answers(server: Server) -> bool:
    with contextlib.suppress(ConnectionError):
        server.ask()
        return True
    return False


def fetch(server: Postgres, query: str) -> object:
    with contextlib.closing(servers.connect(server.url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0] if cursor.description else None


def test_a_clone_without_addresses_gets_two_servers_and_leaves_none_behind(shared_var: Path) -> None:
    with embedded.services(shared_var, {}) as urls:
        running = [pid(kind(shared_var)) for kind in servers.SERVERS]
        assert [lives(number) for number in running] == [True, True]
        assert urls == {"DATABASE_URL": Postgres(shared_var).url, "REDIS_URL": Redis(shared_var).url}
    assert [lives(number) for number in running] == [False, False]


def test_an_address_that_is_given_is_used_and_nothing_is_started_for_it(cluster: Postgres, var: Path) -> None:
    with embedded.running(cluster) as address:
        given = {"DATABASE_URL": address, "REDIS_URL": "redis://there"}
        with embedded.services(var, given) as urls:
            assert urls == given
            assert list(var.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("nonsense", "DATABASE_URL must look like postgres://user:password@host:5432/name."),
        ("sqlite:///db", "DATABASE_URL must look like postgres://user:password@host:5432/name."),
        ("postgres://a@h/d?colour=red", "DATABASE_URL must look like postgres://user:password@host:5432/name."),
        (
            "postgres://a@:5432//nowhere/d",
            "The database in DATABASE_URL does not answer: connection to server on socket "
            '"/nowhere/.s.PGSQL.5432" failed: No such file or directory',
        ),
    ],
)
def test_a_wrong_database_address_is_told_in_one_sentence(url: str, sentence: str) -> None:
    with pytest.raises(NotAvailable) as refusal:
        embedded.check_database(url)
    assert str(refusal.value) == sentence


def test_what_was_written_is_there_after_the_next_start(cluster: Postgres) -> None:
    with embedded.running(cluster):
        fetch(cluster, "CREATE TABLE kept AS SELECT 7 AS n")
    with embedded.running(cluster):
        assert fetch(cluster, "SELECT n FROM kept") == 7


SETTINGS = {
    "listen_addresses": "",
    "fsync": "on",
    "synchronous_commit": "on",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "server_encoding": "UTF8",
    "TimeZone": "UTC",
}


def test_postgres_runs_with_the_settings_that_keep_data_and_secrets(cluster: Postgres) -> None:
    with embedded.running(cluster):
        assert {name: fetch(cluster, f"SHOW {name}") for name in SETTINGS} == SETTINGS


def test_the_log_holds_neither_statements_nor_values(cluster: Postgres) -> None:
    with embedded.running(cluster):
        fetch(cluster, "CREATE TABLE words (word text UNIQUE)")
        fetch(cluster, "INSERT INTO words VALUES ('canary')")
        with pytest.raises(servers.psycopg2.Error):
            fetch(cluster, "INSERT INTO words VALUES ('canary')")
    log = cluster.log.read_text()
    assert (log.count("duplicate key"), log.count("canary")) == (1, 0)


def test_two_users_share_one_server_until_the_last_has_left(var: Path) -> None:
    server = Redis(var)
    with embedded.running(server):
        first = pid(server)
        with embedded.running(Redis(var)):
            assert pid(server) == first
        assert answers(server)
    assert not lives(first)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_a_user_that_is_killed_leaves_no_server_behind(var: Path, ending: signal.Signals) -> None:
    command = [sys.executable, "-c", HOLD_A_SERVER, str(var)]
    with subprocess.Popen(command, cwd=embedded.ROOT, stdout=subprocess.PIPE) as user:
        assert user.stdout
        assert user.stdout.readline() == b"up\n"
        running = pid(Redis(var))
        user.send_signal(ending)
    assert soon(lambda: not embedded.is_kept(Redis(var)))
    assert not lives(running)


def test_a_server_that_is_killed_comes_back(server: Server) -> None:
    with embedded.running(server):
        killed = pid(server)
        os.kill(killed, signal.SIGKILL)
        assert soon(lambda: pid(server) != killed and answers(server))


def test_a_killed_keeper_takes_its_server_along_and_both_are_restored(server: Server) -> None:
    with embedded.running(server):
        orphan = pid(server)
        keeper = int(Path(f"/proc/{orphan}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(keeper, signal.SIGKILL)
        assert soon(lambda: not embedded.is_kept(server))
        embedded.restore()
        assert answers(server)
        assert (lives(orphan), pid(server) == orphan) == (False, False)


def test_a_lock_file_whose_number_now_belongs_to_somebody_else_is_no_obstacle(cluster: Postgres) -> None:
    with embedded.running(cluster):
        left = (cluster.data / "postmaster.pid").read_text()
    stranger = f"{os.getpid()}\n"
    (cluster.data / "postmaster.pid").write_text(stranger + left.partition("\n")[2])
    (cluster.folder / "pid").write_text(stranger)
    with embedded.running(cluster):
        assert answers(cluster)


def test_a_cluster_that_was_never_finished_is_made_anew(var: Path) -> None:
    server = Postgres(var)
    server.start_lock.parent.mkdir()
    homes.own_folder(server.folder / "unfinished").joinpath("PG_VERSION").write_text("18\n")
    with embedded.running(server):
        assert answers(server)


def test_clones_side_by_side_share_nothing(var: Path) -> None:
    one, other = Redis(var / "one"), Redis(var / "other")
    with embedded.running(one), embedded.running(other):
        assert (pid(one) != pid(other), one.sockets != other.sockets) == (True, True)


@pytest.mark.parametrize("name", ["with a space", "x" * 120, "größe", "100%+?#"])
def test_sockets_have_short_and_plain_paths_wherever_the_clone_lies(var: Path, name: str) -> None:
    server = Redis(var / name)
    with embedded.running(server) as url:
        assert answers(server)
        assert homes.fits(server.sockets / server.socket_name)
        assert url == f"unix://{server.sockets}/redis.sock?db=0"


def test_a_socket_folder_that_somebody_else_put_there_is_not_used(var: Path) -> None:
    folder = var / "with a space"
    folder.mkdir()
    first = homes.socket_folder(folder, "redis.sock")
    assert homes.socket_folder(folder, "redis.sock") == first
    first.chmod(0o777)  # ours is closed to all others
    second = homes.socket_folder(folder, "redis.sock")
    assert second != first
    first.rmdir()
    second.rmdir()


def test_a_folder_started_by_another_account_is_refused(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(NotAvailable) as refusal:
        embedded.enter(Redis(var))
    folder = var / "embedded"
    assert str(refusal.value) == f"{folder} belongs to another account: start as the same user as the first time."


# Below a folder that only root may enter

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run under another account")


@pytest.fixture
def closed(var: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(homes, "OUTSIDE", var / "outside")
    (var / "closed").mkdir(mode=0o700)
    (var / "closed" / "clone" / "embedded").mkdir(parents=True)
    return var / "closed" / "clone"


@only_root
def test_root_may_serve_from_a_folder_that_nobody_else_may_enter(closed: Path) -> None:
    home, server = homes.home(closed), Postgres(closed)
    with embedded.running(server):
        assert (server.folder.parent, home.parent) == (home, homes.OUTSIDE)
        assert (server.data.stat().st_uid, server.data.stat().st_mode & 0o777) == (homes.owner_id(), 0o700)
        assert Path(f"/proc/{pid(server)}").stat().st_uid == homes.owner_id()


@only_root
def test_a_moved_clone_keeps_its_data_and_a_copied_one_gets_its_own(closed: Path) -> None:
    home = homes.home(closed)
    moved = closed.rename(closed.with_name("moved"))
    copied = shutil.copytree(moved, moved.with_name("copied"))
    assert homes.home(moved) == home
    assert homes.home(copied) != home
    assert homes.home(moved) == home


@only_root
def test_a_new_clone_in_an_old_ones_place_starts_afresh(closed: Path) -> None:
    home = homes.home(closed)
    shutil.rmtree(closed)
    (closed / "embedded").mkdir(parents=True)
    assert homes.home(closed) != home
