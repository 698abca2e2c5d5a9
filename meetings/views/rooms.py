"""The open pages of one process, board by board: what was rendered last, who hears it, and when the board moves next.

Nothing here waits for the database in the event loop, and nothing here knows a record: readings and moves are made on
threads (threads.py) by meetings/reading.py and meetings/sitting.py.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import deque
from dataclasses import dataclass, field

import structlog

from meetings import reading, sitting
from meetings.gathering import Distance, Standing
from meetings.leading import Silence
from meetings.views.threads import Threads

PER_PERSON = 4
SAMPLES = 8
MOST_UNREAD = 256 * 1024  # bytes that wait for one page, or were written past it while it took nothing

log = structlog.get_logger(__name__)


def event(name: str, content: str, *, version: int | None = None) -> bytes:
    """One server-sent event; each line of the content, whichever of the three ends it has, becomes a line of data."""
    head = f"event: {name}\n" + (f"id: {version}\n" if version is not None else "")
    lines = content.replace("\r\n", "\n").replace("\r", "\n") if "\r" in content else content
    return (head + "data: " + lines.removesuffix("\n").replace("\n", "\ndata: ") + "\n\n").encode()


@dataclass(eq=False)
class Stream:
    """One open page."""

    person: int
    session: str
    seen: str
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    ended: str = ""
    wrote: float = 0.0
    writing: bool = False
    unread: int = 0
    task: asyncio.Task[None] | None = None

    def end(self, why: str) -> None:
        """The page hears why, if it still listens; the first reason counts."""
        self.ended = self.ended or why
        self.wake.set()

    def owe(self, size: int) -> None:
        """So many bytes more that this page does not take; of too many it will never see the end, and is let go."""
        self.unread += size
        if self.unread > MOST_UNREAD and self.task:
            self.task.cancel()


@dataclass(eq=False)
class Room:
    """The streams of one board in the order in which they came, and its last rendering, which goes with the last."""

    meeting: int
    streams: dict[Stream, None] = field(default_factory=dict)
    version: int = -1
    event: bytes = b""
    kept: reading.Kept = field(default_factory=dict)
    silence: Silence | None = None  # not looked yet
    stale: bool = False
    task: asyncio.Task[None] | None = None
    timer: asyncio.TimerHandle | None = None

    def wake(self) -> None:
        for stream in self.streams:
            stream.wake.set()

    def expel(self, readers: frozenset[int]) -> None:
        """Whoever may not read any more hears nothing that was written later."""
        for stream in self.streams:
            if stream.person not in readers:
                stream.end("no longer a reader")


class DatabaseClock:
    """The database's time, by the quickest of the last few answers: the slower one was, the less it says."""

    def __init__(self) -> None:
        self.samples: deque[Distance] = deque(maxlen=SAMPLES)

    def hear(self, distance: Distance) -> None:
        """One more sample, with a reading or with the look at all boards."""
        self.samples.append(distance)

    def now(self) -> float:
        """Seconds since the epoch."""
        best = min(self.samples, key=lambda one: one.trip, default=None)
        return time.time() + (best.seconds if best else 0.0)


class Rooms:
    """All boards that somebody watches here."""

    def __init__(self, threads: Threads, clock: DatabaseClock) -> None:
        self.threads, self.clock = threads, clock
        self.of: dict[int, Room] = {}
        self.count = 0
        self.moving: set[asyncio.Task[None]] = set()

    def enter(self, meeting: int, stream: Stream) -> Room:
        """First into the list, then the reading: what happens in between has a higher version and is read again."""
        room = self.of.setdefault(meeting, Room(meeting))
        mine = [one for one in room.streams if one.person == stream.person and not one.ended]
        if len(mine) >= PER_PERSON:
            mine[0].end("too many")
        room.streams[stream] = None
        self.count += 1
        if room.task is None:
            self.refresh(room)
        return room

    def leave(self, room: Room, stream: Stream) -> None:
        """With the last page goes what was rendered."""
        del room.streams[stream]
        self.count -= 1
        if not room.streams and self.of.get(room.meeting) is room:
            del self.of[room.meeting]
            if room.timer:
                room.timer.cancel()

    def streams(self) -> list[Stream]:
        """Every open page here."""
        return [stream for room in self.of.values() for stream in room.streams]

    def news(self, room: Room, stream: Stream) -> bytes:
        """The shared part, if this page has not seen it; else a sign of life."""
        if room.event and stream.seen != str(room.version):
            stream.seen = str(room.version)
            return room.event
        return self.beat(room)

    def beat(self, room: Room) -> bytes:
        """Version and time, who may take over, and which page goes with this process."""
        now = round(self.clock.now() * 1000)
        said = {"version": room.version, "now": now, "silence": room.silence, "edition": reading.edition()}
        return event("beat", json.dumps(said))

    def refresh(self, room: Room) -> None:
        """Read this board again. Readings of one board never overlap; several bells in a row become one reading."""
        room.stale = True
        if room.task is None or room.task.done():
            room.task = asyncio.ensure_future(self._read(room))

    async def _read(self, room: Room) -> None:
        while room.stale and room.streams:
            room.stale = False
            try:
                rendered = await self.threads.read(lambda: reading.render(room.meeting, room.kept))
            except Exception as error:  # whatever the database says: the board is read until it succeeds
                log.warning("board not read", failure=type(error).__name__)
                await asyncio.sleep(random.uniform(0.3, 0.7))  # noqa: S311 -- spreads load, guards nothing
                room.stale = True
                continue
            self._show(room, rendered)

    def _show(self, room: Room, rendered: reading.Rendered) -> None:
        self.clock.hear(rendered.distance)
        room.expel(rendered.readers)
        if rendered.version != room.version:
            room.version = rendered.version
            room.event = event("board", rendered.part, version=rendered.version)
            room.wake()
            for stream in room.streams:
                if stream.writing:
                    stream.owe(len(room.event))
        if room.timer:
            room.timer.cancel()
        if rendered.due_at is not None:
            wait = max(0.0, rendered.due_at - self.clock.now()) + 0.02
            room.timer = asyncio.get_running_loop().call_later(wait, lambda: self.move(room))

    def compare(self, room: Room, standing: Standing) -> None:
        """What the look at all boards found of this one."""
        room.expel(standing.readers)
        if room.silence != standing.silence:
            room.silence = standing.silence
            room.wake()
        if standing.version != room.version:
            self.refresh(room)
        if standing.due:
            self.move(room)

    def move(self, room: Room) -> None:
        """The board's clock owes something; of many processes that say so, one does it."""
        task = asyncio.ensure_future(self._advance(room))
        self.moving.add(task)
        task.add_done_callback(self.moving.discard)

    async def _advance(self, room: Room) -> None:
        try:
            await self.threads.act(lambda: sitting.advance(sitting.board_of(room.meeting)))
        except Exception as error:  # the backstop and the sweep come after it
            log.warning("clock not advanced", failure=type(error).__name__)
        self.refresh(room)
