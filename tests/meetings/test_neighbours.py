"""Two processes of one server, here in one: who reads a board, and what happens when one of them is gone or hangs."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import pytest
from django.db import connection

from meetings import attending
from meetings.models.board import Board
from meetings.reading import Kept
from meetings.views import neighbours, rooms
from meetings.views.rooms import DatabaseClock, Room, Rooms, Stream
from meetings.views.shown import Shown
from meetings.views.threads import Threads
from members.models.person import Person

pytestmark = pytest.mark.django_db(transaction=True)
NOBODY = 65534


class Process:
    """What a process of streams has of boards, and one open page."""

    def __init__(self, table: Board, person: Person) -> None:
        self.meeting, self.person = table.meeting_id, person.pk
        self.rooms = Rooms(Threads(), DatabaseClock())
        self.rooms.threads.pool = self.pool = ThreadPoolExecutor(1)  # so that we can close its connection
        self.living: asyncio.Task[None] | None = None

    @property
    def room(self) -> Room:
        return self.rooms.of[self.meeting]

    async def live(self, tell: Any = None) -> None:
        """It follows the first of its server, or is it."""
        self.living = asyncio.ensure_future(self.rooms.neighbours.live(tell or self.rooms.at))
        await asyncio.sleep(0.1)

    async def end(self) -> None:
        if self.living:
            self.living.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.living
        await asyncio.to_thread(lambda: self.pool.submit(lambda: connection.close()).result())

    async def open(self) -> None:
        await self.shown_by(self.rooms.enter(self.meeting, Stream(self.person, "key", "")))

    async def hears(self, version: int) -> Shown:
        """The bell rings here: what the page has then."""
        self.rooms.refresh(self.room, version)
        return await self.shown_by(self.room)

    async def shown_by(self, room: Room) -> Shown:
        assert room.task is not None
        await asyncio.wait_for(room.task, 10)
        assert room.shown is not None
        return room.shown


async def begin(*processes: Process) -> None:
    """The first of them leads; each has a page of the board open."""
    for one in processes:
        await one.live()
        await one.open()


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """By which process each reading is made: the id of what its room keeps. One takes a while, in which others come."""
    made, show = [], rooms.show

    def counted(meeting: int, kept: Kept) -> Shown:
        made.append(id(kept))
        time.sleep(0.05)
        return show(meeting, kept)

    monkeypatch.setattr(rooms, "show", counted)
    return made


Story = Callable[[Process, Process], Awaitable[None]]


@pytest.fixture
def play(gathered: Board, ada: Person, grace: Person) -> Callable[[Story], None]:
    """A story of two processes, each with one page of the board open unless it says otherwise."""

    @asynccontextmanager
    async def both() -> AsyncIterator[tuple[Process, Process]]:
        first, second = Process(gathered, ada), Process(gathered, grace)
        try:
            yield first, second
        finally:
            for one in (second, first):
                await one.end()
                one.pool.shutdown()

    async def played(story: Story) -> None:
        async with both() as (first, second):
            await story(first, second)

    return lambda story: asyncio.run(played(story))


@pytest.fixture
def raised(gathered: Board, ada: Person) -> Callable[[Process], Awaitable[int]]:
    """Ada's hand goes up, or down again; the board's version then."""

    async def change(at: Process) -> int:
        up = not getattr(change, "up", False)
        change.up = up  # type: ignore[attr-defined]
        await at.rooms.threads.act(lambda: attending.hand(gathered, by=ada, up=up))
        return gathered.version

    return change


def test_the_first_reads_and_its_neighbour_has_the_reading(play: Any, raised: Any, readings: list[int]) -> None:
    async def story(first: Process, second: Process) -> None:
        await begin(first, second)
        assert len(readings) == 2  # who comes sees what is there now
        for _ in range(3):
            version = await raised(first)
            told = await asyncio.gather(second.hears(version), first.hears(version))
            assert told[0] == told[1]
            assert told[0].version == version
        assert len(readings) == 5

    play(story)


def test_whoever_may_not_read_any_more_hears_nothing_of_a_neighbours_reading(play: Any, raised: Any) -> None:
    async def story(first: Process, second: Process) -> None:
        await begin(first, second)
        stranger = Stream(0, "key", "")
        second.room.streams[stream := stranger] = None
        await second.hears(await raised(first))
        assert stream.ended == "no longer a reader"
        assert [one.ended for one in second.room.streams if one is not stream] == [""]

    play(story)


def test_a_bell_and_a_neighbour_that_asks_are_one_reading(play: Any, raised: Any, readings: list[int]) -> None:
    async def story(first: Process, second: Process) -> None:
        await first.open()
        for asks_first in (True, False):
            version, before = await raised(first), len(readings)
            called = [first.rooms.at(first.meeting, version), first.hears(version)]
            begun = []
            for one in called if asks_first else reversed(called):
                begun.append(asyncio.ensure_future(one))
                await asyncio.sleep(0.02)
            told = await asyncio.gather(*begun)
            assert told[0] == told[1]
            assert len(readings) == before + 1

    play(story)


def test_nobody_waits_for_the_end_of_a_busy_minute(play: Any, raised: Any, readings: list[int]) -> None:
    """Bells come faster than readings: the neighbour has each as it is made, and makes none of its own."""

    async def story(first: Process, second: Process) -> None:
        await begin(first, second)
        shown = set()
        for _ in range(20):
            version = await raised(first)
            for one in (first, second):
                one.rooms.refresh(one.room, version)
            await asyncio.sleep(0.03)
            shown.add(second.room.version)
        assert (await second.hears(version)).version == version
        assert len(shown) >= 5
        assert readings.count(id(second.room.kept)) == 1

    play(story)


def test_an_answer_of_another_make_is_no_answer(
    play: Any, raised: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(neighbours, "packed", lambda shown: {"words": shown.event.decode()})

    async def story(first: Process, second: Process) -> None:
        await begin(first, second)
        version = await raised(first)
        told = await asyncio.gather(second.hears(version), first.hears(version))
        assert {one.version for one in told} == {version}
        assert second.rooms.neighbours.line is None
        assert second.living is not None
        assert not second.living.done()
        assert "no line between processes" in caplog.text
        assert told[0].event.decode() not in caplog.text

    play(story)


def test_the_next_one_leads_when_the_first_is_gone(play: Any, raised: Any, readings: list[int]) -> None:
    async def story(first: Process, second: Process) -> None:
        await begin(first, second)
        await first.end()
        version = await raised(second)
        assert (await second.hears(version)).version == version
        await asyncio.sleep(2 * neighbours.PAUSE)
        await first.live()
        assert (first.rooms.neighbours.line is None, second.rooms.neighbours.line is None) == (False, True)
        version, before = await raised(second), len(readings)
        assert (await first.hears(version)) == (await second.hears(version))
        assert len(readings) == before + 1

    play(story)


def test_where_the_first_has_no_page_of_the_board_its_neighbour_reads(play: Any, raised: Any) -> None:
    async def story(first: Process, second: Process) -> None:
        await first.live()
        await second.live()
        await second.open()
        version = await raised(second)
        assert (await second.hears(version)).version == version

    play(story)


@pytest.mark.parametrize("answer", ["hangs", "breaks"])
def test_a_first_that_does_not_answer_is_not_waited_for(
    play: Any, raised: Any, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setattr(neighbours, "PATIENCE", 0.1)

    async def silent(meeting: int, version: int) -> Shown | None:
        await asyncio.sleep(60 if answer == "hangs" else 0)
        raise RuntimeError

    async def story(first: Process, second: Process) -> None:
        await first.live(silent)
        await second.live()
        await second.open()
        version = await raised(second)
        assert (await second.hears(version)).version == version
        assert second.rooms.neighbours.waiting == {}

    play(story)


def test_a_version_that_never_was_is_read_once(play: Any, readings: list[int]) -> None:
    async def story(first: Process, second: Process) -> None:
        await first.open()
        assert await first.rooms.at(first.meeting, first.room.version + 1000) is None
        assert len(readings) == 2

    play(story)


def test_what_is_no_question_ends_one_line_and_no_other(play: Any, raised: Any, readings: list[int]) -> None:
    async def story(first: Process, second: Process) -> None:
        await begin(first, second)
        lines, line = await asyncio.open_unix_connection(neighbours.name())
        line.write(b"what is said?\n")
        assert await asyncio.wait_for(lines.read(), 5) == b""
        line.close()
        version, before = await raised(first), len(readings)
        assert (await second.hears(version)).version == version
        assert len(readings) == before + 1

    play(story)


@pytest.mark.parametrize("account", [os.getuid(), NOBODY])
def test_only_the_own_account_of_the_machine_is_told_anything(play: Any, account: int) -> None:
    if account != os.getuid() != 0:
        pytest.skip("Only root can try another account: that it is told nothing is NOT tested here.")

    address = neighbours.name()

    def ask() -> None:
        os.setuid(account)
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(address)
            told = b""
            with contextlib.suppress(ConnectionError):
                line.sendall(b"1 1 0\n")
                told = line.recv(100)
            os._exit(len(told))

    async def story(first: Process, second: Process) -> None:
        await first.live()
        other = multiprocessing.get_context("fork").Process(target=ask)
        other.start()
        await asyncio.to_thread(other.join, 10)
        assert other.exitcode == (0 if account == NOBODY else len('{"number": 1}\n'))

    play(story)


def test_another_database_secret_or_parent_meets_elsewhere(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {neighbours.name()}
    settings.SECRET_KEY = "another"
    names.add(neighbours.name())
    monkeypatch.setitem(settings.DATABASES["default"], "USER", "another")
    names.add(neighbours.name())
    monkeypatch.setattr(os, "getppid", lambda: 1)
    assert len(names | {neighbours.name()}) == 4
