"""Reading a board: whole, at one version, with those who may read it; and how many boards stand.

A reading is whole: when the version has risen meanwhile, it is read again. What it shows is in showing.py, what is for
one person alone in ownpart.py.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string

from meetings import boxes
from meetings.models.board import Board
from meetings.parts import Shared
from meetings.showing import Facts
from roundtable import clock, vault


@dataclass(frozen=True)
class Reading:
    """One board at one version, with those who may read it."""

    shared: Shared
    readers: frozenset[int]
    due_at: datetime | None


def read(meeting_id: int) -> Reading:
    """The board as it stands, whole: read again while others change it."""
    with vault.keys_held():
        while True:
            table = Board.objects.select_related("meeting__group").get(meeting=meeting_id)
            reading = _read(table)
            if Board.objects.filter(pk=table.pk).values_list("version", flat=True)[0] == table.version:
                return reading


def _read(table: Board) -> Reading:
    now = clock.database_now()
    people = {person.pk: person for person in table.readers(now.date())}
    shared = Facts(table, people, now).shared()
    return Reading(shared, frozenset(people), boxes.due_at(table.clock, now))


@dataclass(frozen=True)
class Standing:
    """What the backstop of the streams asks of many boards at once."""

    version: int
    readers: frozenset[int]
    led: bool
    due: bool


def standing(meeting_ids: Collection[int]) -> dict[int, Standing]:
    """Version, readers, whether somebody leads and whether the clock owes something, in three statements for all."""
    now = clock.database_now()
    boards = list(Board.objects.filter(meeting__in=meeting_ids).select_related("meeting__group"))
    due = set(Board.objects.due(now).filter(meeting__in=meeting_ids).values_list("pk", flat=True))
    readers = Board.objects.readers_of(boards, now.date())
    return {
        table.meeting_id: Standing(
            table.version,
            frozenset(readers[table.meeting_id]),
            led=table.led_until is not None and table.led_until >= now,
            due=table.pk in due,
        )
        for table in boards
    }


@dataclass(frozen=True)
class Rendered:
    """The shared part as it goes over the wire, who may have it, and when the clock moves next, in seconds."""

    version: int
    part: str
    readers: frozenset[int]
    now: int
    due_in: float | None


def render(meeting_id: int) -> Rendered:
    """A reading and its page part: once for all readers."""
    seen = read(meeting_id)
    part = render_to_string("meetings/board.html#shared", {"shared": seen.shared})
    now = seen.shared.clock["now"]
    due_in = None if seen.due_at is None else max(0.0, seen.due_at.timestamp() - now / 1000)
    return Rendered(seen.shared.version, part, seen.readers, now, due_in)
