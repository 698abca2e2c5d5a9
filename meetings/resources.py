"""What a topic may link to: up to five https addresses, each with a title. Pure; nothing is fetched from anywhere.

Kept as it is typed: one a line, first the address, then its title.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from roundtable.errors import NotAllowed

MOST = 5
ADDRESS = 500  # characters
TITLE = 120
TYPED = MOST * (ADDRESS + TITLE + 4)
AT_HOME = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "test", "invalid", "arpa")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True)
class Resource:
    """One link; its host stands beside the title, so that whoever follows it sees where it leads."""

    address: str
    title: str

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""


def tidy(typed: str) -> str:
    """What is kept of these lines; the host in ASCII, so that no letter looks like another.

    Raises NotAllowed with what is wrong, in words of the line's own number where there are several.
    """
    lines = [" ".join(line.split()) for line in typed.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) > MOST:
        raise NotAllowed(f"A topic links at most {MOST} addresses, one a line.")
    return "\n".join(_line(line, f"Link {number}: " if len(lines) > 1 else "") for number, line in enumerate(lines, 1))


def read(kept: str) -> list[Resource]:
    """The links of a topic, in their order. One without a title is called by its host."""
    return [_resource(line) for line in kept.splitlines()]


def _resource(line: str) -> Resource:
    address, _, title = line.partition(" ")
    return Resource(address, title or urlsplit(address).hostname or address)


def _line(line: str, which: str) -> str:
    address, _, title = line.partition(" ")
    title = "".join(sign for sign in title if unicodedata.category(sign) not in ("Cc", "Cf"))
    problem = next(_wrong(address), "") or (len(title) > TITLE and f"a title has at most {TITLE} characters.")
    if problem:
        raise NotAllowed(which + problem if which else problem[0].upper() + problem[1:])
    return f"{_plain(address)} {title}".strip()


def _wrong(address: str) -> Iterator[str]:
    """What stands against this address, the first thing first."""
    if len(address) > ADDRESS:
        yield f"an address has at most {ADDRESS} characters."
    if "\\" in address or any(unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp") for sign in address):
        yield "the address holds a sign that none has."
    parts = _split(address)
    if parts is None or parts.scheme != "https" or not parts.hostname:
        yield "first the whole address, beginning with https://, then a space and the title."
    elif "@" in parts.netloc:
        yield "leave out the name or password before the @ in the address."
    elif not _is_public(_ascii(parts.hostname)):
        yield "this address is not one that everybody can reach by its name."
    elif len(_plain(address)) > ADDRESS:
        yield f"an address has at most {ADDRESS} characters."


def _split(address: str) -> SplitResult | None:
    """Its parts; None where it has none, or a port that cannot be."""
    try:
        parts = urlsplit(address)
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def _ascii(host: str) -> str:
    """The host as the network writes it; empty where it cannot be written so."""
    try:
        return host.encode("idna").decode().lower().rstrip(".")
    except UnicodeError:
        return ""


def _is_public(host: str) -> bool:
    """A name with a dot, of no private realm; no number, in whatever way that is written."""
    labels = host.split(".")
    whole = len(labels) > 1 and all(LABEL.fullmatch(label) for label in labels)
    return whole and labels[-1] not in AT_HOME and not labels[-1][0].isdigit()


def _plain(address: str) -> str:
    """The same address with its host in ASCII."""
    parts = urlsplit(address)
    host = _ascii(parts.hostname or "")
    return parts._replace(netloc=host if parts.port is None else f"{host}:{parts.port}").geturl()
