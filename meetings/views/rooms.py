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
from math import inf

import structlog

from meetings import reading, sitting
from meetings.gathering import Distance, Standing
from meetings.leading import Silence
from meetings.views.neighbours import Neighbours
from meetings.views.shown import Shown, event, show
from meetings.views.threads import Threads

PER_PERSON = 4
SAMPLES = 8
NOTHING, NEWEST = -1, inf  # versions: none, and whichever it is now
MOST_UNREAD = 256 * 1024  # bytes that wait for one page, or were written past it while it took nothing

log = structlog.get_logger(__name__)


@dataclass(eq=False, slots=True)
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
    kept: reading.Kept = field(default_factory=dict)
    silence: Silence | None = None  # not looked yet
    shown: Shown | None = None
    wanted: float = NOTHING  # the version that is to be read
    coming: float = NOTHING  # the version that is being read, where it is known
    read: asyncio.Event = field(default_factory=asyncio.Event)  # one for each reading
    task: asyncio.Task[None] | None = None
    timer: asyncio.TimerHandle | None = None

    @property
    def version(self) -> int:
        return self.shown.version if self.shown else NOTHING

    def wake(self) -> None:
        for stream in self.streams:
            stream.wake.set()

    def was_read(self) -> None:
        """Whoever waits for a version looks whether it has come."""
        self.read.set()
        self.read = asyncio.Event()

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
        self.threads, self.clock, self.neighbours = threads, clock, Neighbours()
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
        if room.shown and stream.seen != str(room.version):
            stream.seen = str(room.version)
            return room.shown.event
        return self.beat(room)

    def beat(self, room: Room) -> bytes:
        """Version and time, who may take over, and which page goes with this process."""
        now = round(self.clock.now() * 1000)
        said = {"version": room.version, "now": now, "silence": room.silence, "edition": reading.edition()}
        return event("beat", json.dumps(said))

    def refresh(self, room: Room, version: float = NEWEST) -> None:
        """Read this board again, where it is not at this version yet. Readings of one board never overlap; several
        bells in a row become one reading."""
        if version <= max(room.version, room.coming):
            return
        room.wanted = max(room.wanted, version)
        if room.task is None or room.task.done():
            room.task = asyncio.ensure_future(self._read(room))

    async def _read(self, room: Room) -> None:
        while room.wanted > room.version and room.streams:
            wanted, room.wanted = room.wanted, NOTHING
            room.coming = wanted if wanted < NEWEST else NOTHING
            try:
                self._show(room, await self._newest(room))
            except Exception as error:  # whatever the database says: the board is read until it succeeds
                log.warning("board not read", failure=type(error).__name__)
                room.wanted = max(room.wanted, wanted)
                await asyncio.sleep(random.uniform(0.3, 0.7))  # noqa: S311 -- spreads load, guards nothing
            room.was_read()
        room.wanted = room.coming = NOTHING
        room.was_read()

    async def _newest(self, room: Room) -> Shown:
        """A neighbour's reading where it is known what to ask for, else one's own."""
        if room.coming != NOTHING and (told := await self.neighbours.ask(room.meeting, int(room.coming))):
            return told
        return await self.threads.read(lambda: show(room.meeting, room.kept))

    async def at(self, meeting: int, version: int) -> Shown | None:
        """This process's reading of a board, at this version or a later one; None where nobody here has it open."""
        room = self.of.get(meeting)
        if room:
            self.refresh(room, version)
        while room and room.version < version and room.task and not room.task.done():
            await room.read.wait()
        return room.shown if room and room.version >= version else None

    def _show(self, room: Room, shown: Shown) -> None:
        self.clock.hear(shown.distance)
        room.expel(shown.readers)
        if shown.version != room.version:
            room.shown = shown
            room.wake()
            for stream in room.streams:
                if stream.writing:
                    stream.owe(len(shown.event))
        if room.timer:
            room.timer.cancel()
        if shown.due_at is not None:
            wait = max(0.0, shown.due_at - self.clock.now()) + 0.02
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
