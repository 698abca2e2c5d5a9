"""Reading a board: whole, at one version, with those who may read it.

A reading is whole: one statement (gathering.py) sees one moment. What it shows is in showing.py, what is for one person
alone in ownpart.py.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from markupsafe import Markup

from meetings import boxes
from meetings.gathering import Distance, gather
from meetings.parts import OnTopics, Shared, Tools
from meetings.showing import Facts
from roundtable import clock, vault


@dataclass(frozen=True)
class Reading:
    """One board at one version, with those who may read it, and how far the database's clock is away."""

    shared: Shared
    readers: frozenset[int]
    due_at: datetime | None
    distance: Distance


def read(meeting_id: int) -> Reading:
    """The board as it stands, whole. Raises Board.DoesNotExist."""
    with vault.keys_held():
        found = gather(meeting_id, clock.today())
        due_at = boxes.due_at(found.table.clock, found.now)
        return Reading(Facts(found).shared(), frozenset(found.people), due_at, found.distance)


@cache
def edition() -> str:
    """Which templates and scripts this process serves: an open page with others asks to be loaded again."""
    templates = settings.BASE_DIR / "templates"
    folders = (templates / "meetings", templates / "jinja2" / "board", settings.BASE_DIR / "static" / "js")
    files = [path for folder in folders for path in sorted(folder.glob("*")) if path.is_file()]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


@dataclass(frozen=True)
class Rendered:
    """The shared part as it goes over the wire, who may have it, and when the clock moves next: in seconds since the
    epoch, on the database's clock."""

    version: int
    part: str
    readers: frozenset[int]
    due_at: float | None
    distance: Distance


PIECES: dict[str, Any] = {"topics": OnTopics, "tools": Tools}
Kept = dict[str, tuple[object, Markup]]  # pieces of a board's last rendering by template, with what they showed


def render(meeting_id: int, kept: Kept | None = None) -> Rendered:
    """A reading and its page part: once for all readers. Pieces that show what they showed are taken from `kept`."""
    seen = read(meeting_id)
    due_at = None if seen.due_at is None else seen.due_at.timestamp()
    return Rendered(seen.shared.version, part(seen.shared, kept), seen.readers, due_at, seen.distance)


def part(shared: Shared, kept: Kept | None = None) -> str:
    """The shared part as a piece of the page."""
    kept = {} if kept is None else kept
    pieces = {name: _piece(f"board/{name}.html", shared.piece(kind), kept) for name, kind in PIECES.items()}
    return render_to_string("board/shared.html", {"shared": shared, **pieces}, using="jinja2")


def _piece(template: str, shown: object, kept: Kept) -> Markup:
    """Rendered anew where anything of what it shows has changed."""
    before = kept.get(template)
    if before is not None and before[0] == shown:
        return before[1]
    made = Markup(render_to_string(template, {"shared": shown}, using="jinja2"))  # noqa: S704 -- Jinja has escaped it
    kept[template] = shown, made
    return made
