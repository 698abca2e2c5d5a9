"""Where mail lies before it is ours: a Maildir, an mbox, single files, or a mailbox asked by IMAP.

Files are only read. Over IMAP a mail is marked as seen after it has been taken, so that one that a crash interrupts
comes again, and is found to be the same.
"""

from __future__ import annotations

import imaplib
import mailbox
import re
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from meetings.incoming import MAIL_BYTES

TIMEOUT = 30
ARRIVED = re.compile(rb'INTERNALDATE "([^"]+)"')


class NoMailbox(Exception):
    """There is nothing to read, in a sentence."""


@dataclass(frozen=True)
class Account:
    """A mailbox on a server."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    tls: bool


def account(url: str) -> Account:
    """From `imaps://user:password@host:993/folder`, what is special in them written as %40 and the like.

    Raises NoMailbox.
    """
    parts = urlsplit(url)
    try:
        port = parts.port or (993 if parts.scheme == "imaps" else 143)
    except ValueError:
        port = 0
    if parts.scheme not in ("imap", "imaps") or not (parts.hostname and parts.username and parts.password and port):
        raise NoMailbox("REPLIES_IMAP is written as imaps://user:password@host/folder.")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    user, password = unquote(parts.username), unquote(parts.password)
    return Account(parts.hostname, port, user, password, folder, tls=parts.scheme == "imaps")


@dataclass(frozen=True)
class Found:
    """One mail, when it arrived if that is known, and what to do once it is taken."""

    raw: bytes
    arrived_at: datetime | None = None
    taken: Callable[[], object] = lambda: None


def at(path: Path) -> Iterator[Found]:
    """The mails of a Maildir (in the order of their arrival), of an mbox, of one file, or of a folder of `.eml` files.

    Raises NoMailbox.
    """
    if (path / "cur").is_dir() and (path / "new").is_dir():
        return _maildir(path)
    if path.is_dir():
        return (Found(one.read_bytes()) for one in sorted(path.glob("*.eml")))
    if not path.is_file():
        raise NoMailbox(f"{path} is neither a Maildir nor a file with mail.")
    with path.open("rb") as file:
        is_mbox = file.read(5) == b"From "
    return _mbox(path) if is_mbox else iter([Found(path.read_bytes())])


def _maildir(path: Path) -> Iterator[Found]:
    files = [one for part in ("new", "cur") for one in (path / part).iterdir() if one.is_file()]
    for one in sorted(files, key=lambda one: (one.stat().st_mtime, one.name)):
        yield Found(one.read_bytes(), datetime.fromtimestamp(one.stat().st_mtime, UTC))


def _mbox(path: Path) -> Iterator[Found]:
    box = mailbox.mbox(path, create=False)
    try:
        for key in box.iterkeys():
            yield Found(box.get_bytes(key))
    finally:
        box.close()


def on_server(account: Account) -> Iterator[Found]:
    """Each mail that nobody has seen yet; of one that is larger than we read, its first bytes. Raises NoMailbox."""
    try:
        with _signed_in(account) as server:
            for number in _unseen(server):
                yield _fetched(server, number)
    except (imaplib.IMAP4.error, OSError) as error:
        raise NoMailbox(
            f"The mailbox at {account.host} does not answer as it should: {type(error).__name__}."
        ) from error


def _signed_in(account: Account) -> imaplib.IMAP4:
    if account.tls:
        secure = ssl.create_default_context()
        server: imaplib.IMAP4 = imaplib.IMAP4_SSL(account.host, account.port, ssl_context=secure, timeout=TIMEOUT)
    else:
        server = imaplib.IMAP4(account.host, account.port, timeout=TIMEOUT)
    try:
        server.login(account.user, account.password)
        answer, _ = server.select(f'"{account.folder}"')
        if answer != "OK":
            raise NoMailbox(f"The mailbox has no folder {account.folder}.")
    except BaseException:
        server.shutdown()
        raise
    return server


def _unseen(server: imaplib.IMAP4) -> list[str]:
    _, found = server.uid("SEARCH", "UNSEEN")
    return [number.decode() for number in (found[0] or b"").split()]


def _fetched(server: imaplib.IMAP4, number: str) -> Found:
    """PEEK leaves it unseen; one byte more than the limit says that it is too large."""
    part = f"(RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.{MAIL_BYTES + 1}>)"
    _, found = server.uid("FETCH", number, part)
    heads = [one[0] if isinstance(one, tuple) else one for one in found if one]
    raw = next((one[1] for one in found if isinstance(one, tuple)), b"")
    arrived = ARRIVED.search(b" ".join(heads))
    return Found(
        raw,
        parsedate_to_datetime(arrived[1].decode().strip().replace("-", " ")) if arrived else None,
        lambda: server.uid("STORE", number, "+FLAGS.SILENT", r"(\Seen)"),
    )
