"""Where the embedded servers keep their files, their sockets and, for root, a copy of their programs.

PostgreSQL refuses to run as root, so for root the servers run as `nobody`. That account must reach programs and data
even where the clone lies below a folder that only root may enter.
"""

import contextlib
import importlib.util
import os
import pwd
import re
import shutil
import stat
import tempfile
from pathlib import Path

OUTSIDE = Path("/var/lib/roundtable")
SOCKET_PATH_BYTES = 107
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


class NotAvailable(Exception):
    """A server that cannot be used, in one sentence for the person at the terminal."""


def account() -> pwd.struct_passwd | None:
    """The account that the servers run under; None: our own."""
    if os.geteuid():
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError as error:
        raise NotAvailable("PostgreSQL does not run as root, and there is no account nobody to run it as.") from error


def owner_id() -> int:
    other = account()
    return other.pw_uid if other else os.geteuid()


def start_folder(path: Path) -> None:
    """The clone's folder for locks. Its owner is the one account that may start servers here.

    Otherwise root, whose servers run as somebody else and perhaps elsewhere, would share locks with an ordinary user.
    """
    path.mkdir(parents=True, exist_ok=True)
    if path.stat().st_uid != os.geteuid():
        raise NotAvailable(f"{path} belongs to another account: start as the same user as the first time.")


def own_folder(path: Path) -> Path:
    """This folder, which the servers' account owns and alone may enter."""
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
        os.chown(path, owner_id(), -1)
    if path.stat().st_uid != owner_id():
        raise NotAvailable(
            f"{path} belongs to another account: start as the same user as the first time, or remove it."
        )
    return path


def open_to_all(path: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


def home(var: Path) -> Path:
    """The folder of this clone's servers: under var/, unless their account cannot get there.

    Then var/embedded/home names a folder elsewhere that belongs to this clone alone. Its name is random: a new clone
    in an old one's place starts afresh, a moved clone keeps its data, and a copied one gets a folder of its own.
    """
    inside = var / "embedded"
    pointer = inside / "home"
    if pointer.exists() and keeps_place(Path(pointer.read_text()), pointer):
        return Path(pointer.read_text())
    if owner_id() == os.geteuid() or open_to_all(inside):
        return inside
    return new_home(pointer)


def keeps_place(named: Path, pointer: Path) -> bool:
    """Whether that folder is there and ours: no other clone that still exists points to it."""
    noted = named / "pointer"
    if not noted.exists():
        return False
    other = Path(noted.read_text())
    if other != pointer and other.exists() and other.read_text() == str(named):
        return False
    noted.write_text(str(pointer))
    return True


def new_home(pointer: Path) -> Path:
    try:
        OUTSIDE.mkdir(mode=0o711, parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=OUTSIDE))
    except OSError as error:
        raise NotAvailable(f"The servers need a folder in {OUTSIDE}: {error.strerror}.") from error
    made.chmod(0o711)
    (made / "pointer").write_text(str(pointer))
    pointer.write_text(str(made))
    return made


def socket_folder(folder: Path, socket_name: str) -> Path:
    """A folder for a socket whose path is short enough for the kernel and plain enough for every kind of URL."""
    if fits(folder / "run" / socket_name):
        return own_folder(folder / "run")
    pointer = folder / "sockets"
    if pointer.exists() and is_ours(Path(pointer.read_text())):
        return Path(pointer.read_text())
    made = Path(tempfile.mkdtemp(prefix="roundtable-", dir=short_folder(socket_name)))
    os.chown(made, owner_id(), -1)
    pointer.write_text(str(made))
    return made


def fits(path: Path) -> bool:
    return len(os.fsencode(path)) <= SOCKET_PATH_BYTES and PLAIN_PATH.fullmatch(str(path)) is not None


def short_folder(socket_name: str) -> Path:
    chosen = Path(tempfile.gettempdir())
    if fits(chosen / "roundtable-12345678" / socket_name) and (owner_id() == os.geteuid() or open_to_all(chosen)):
        return chosen
    return Path("/tmp")  # noqa: S108  # a new folder in it is made by mkdtemp


def is_ours(folder: Path) -> bool:
    """Whether this is still the folder we made: in /tmp somebody else may have put another in its place."""
    with contextlib.suppress(FileNotFoundError):
        found = folder.lstat()
        return (found.st_mode, found.st_uid) == (stat.S_IFDIR | 0o700, owner_id())
    return False


def programs(wheel: str, folder: Path) -> Path:
    """The installed wheel's folder, or for root a copy of it that the servers' account can read.

    The wheel is found, not imported: the manager in it keeps one lock for all users of the machine.
    """
    spec = importlib.util.find_spec(wheel)
    if spec is None or spec.origin is None:
        raise NotAvailable(f"The package {wheel} is not installed; bin/serve installs it.")
    installed = Path(spec.origin).parent
    if account() is None:
        return installed
    copy = folder / f"programs-{installed.stat().st_mtime_ns}"
    if not copy.exists():
        copy_programs(installed, copy)
    return copy / wheel


def copy_programs(installed: Path, copy: Path) -> None:
    """Copy the wheel and the libraries beside it, which it finds by their relative place."""
    for old in copy.parent.glob("programs-*"):
        shutil.rmtree(old)
    unfinished = copy.with_name("unfinished-programs")
    shutil.rmtree(unfinished, ignore_errors=True)
    skip = shutil.ignore_patterns("include", "pginstall", "__pycache__", "*.a")
    for part in (installed, installed.with_name(f"{installed.name}.libs")):
        if part.exists():
            shutil.copytree(part, unfinished / part.name, symlinks=True, ignore=skip)
    for path in (unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    unfinished.rename(copy)
