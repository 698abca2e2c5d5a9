"""A board as it goes to its open pages: a server-sent event, with those who may have it and when the clock moves."""

from __future__ import annotations

from dataclasses import dataclass

from meetings.gathering import Distance
from meetings.reading import Kept, render


def event(name: str, content: str, *, version: int | None = None) -> bytes:
    """One server-sent event; each line of the content, whichever of the three ends it has, becomes a line of data."""
    head = f"event: {name}\n" + (f"id: {version}\n" if version is not None else "")
    lines = content.replace("\r\n", "\n").replace("\r", "\n") if "\r" in content else content
    return (head + "data: " + lines.removesuffix("\n").replace("\n", "\ndata: ") + "\n\n").encode()


@dataclass(frozen=True)
class Shown:
    """One version of a board; `due_at` in seconds since the epoch, on the database's clock."""

    version: int
    event: bytes
    readers: frozenset[int]
    due_at: float | None
    distance: Distance


def show(meeting: int, kept: Kept | None = None) -> Shown:
    """The board as it stands, read and rendered. Raises Board.DoesNotExist."""
    made = render(meeting, kept)
    body = event("board", made.part, version=made.version)
    return Shown(made.version, body, made.readers, made.due_at, made.distance)
