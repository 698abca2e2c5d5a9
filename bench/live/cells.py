"""The cells of the table: one system at one piece of work, with what it cost; and what outages do to ours."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis

from bench.live import measures, people, systems, trouble, work
from bench.live.browsers import Crowd
from bench.live.people import SEATS, Board
from roundtable.servers import connect


@dataclass
class Site:
    """The bench's own servers and people."""

    environment: dict[str, str]
    boards: list[Board]
    redis_url: str

    @property
    def postgres(self) -> int:
        """The process that all others of the database come from, as it says itself."""
        return int(Path(asked("SHOW data_directory"), "postmaster.pid").read_text().split()[0])

    @property
    def redis(self) -> int:
        with redis.Redis.from_url(self.redis_url) as client:
            return int(client.info()["process_id"])


@dataclass
class Cell:
    """A line of the table."""

    work: str
    system: str
    p50: float = float("nan")
    p95: float = float("nan")
    p99: float = float("nan")
    lost: int = 0
    app: float = float("nan")
    database: float = float("nan")
    stream_kb: float = float("nan")
    threads: float = float("nan")
    connections: float = float("nan")
    capacity: str = ""
    others: float = 0.0


def site(servers: dict[str, str], environment: dict[str, str], boards: int) -> Site:
    """With so many boards."""
    return Site(environment, people.boards(boards), servers["REDIS_URL"])


def asked(sql: str) -> Any:
    with contextlib.closing(connect(os.environ["DATABASE_URL"])) as line, line.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def connections() -> int:
    return int(asked("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"))


async def paced(site: Site, system: systems.System, *, boards: int, seconds: float) -> Cell:
    """Acts at an even pace on so many boards, all of whose members look on."""
    rate = pace(boards, system)
    cell = Cell(f"{boards} x {SEATS}, {rate:g}/s", system.name)
    with systems.running(system, site.environment):
        crowd = Crowd(system, site.boards[:boards])
        try:
            await warmed(crowd)
            await measured(site, crowd, cell, rate=rate, seconds=seconds)
        finally:
            crowd.close()
    return cell


def pace(boards: int, system: systems.System) -> float:
    """50 boards: 16 acts a second, 5 where pages poll; else one per board and ten seconds, or four on a single one."""
    if boards == 1:
        return 4.0
    if boards <= 50:
        return 5.0 if system.kind == "polling" else 16.0
    return boards / 10


async def warmed(crowd: Crowd) -> None:
    """Each worker has imported and compiled what an act needs, and each thread has its connection."""
    members = [board.members[number % SEATS] for number in range(3) for board in crowd.boards[:16]]
    presses = [work.raise_hand(crowd, work.Act(one, 0.0), up=False) for one in members]
    await asyncio.gather(*presses)


async def measured(site: Site, crowd: Crowd, cell: Cell, *, rate: float, seconds: float) -> None:
    """Memory, threads and connections before and after the pages open; then the acts."""
    before = held(crowd)
    await crowd.open()
    await asyncio.sleep(2 + crowd.system.every)
    streams = len(crowd.boards) * SEATS
    cell.stream_kb, cell.threads, cell.connections = (
        (late - early) / streams for early, late in zip(before, held(crowd), strict=True)
    )
    meter = measures.Meter(crowd.system.pids(), [site.postgres, site.redis])
    meter.start()
    told = await work.steady(crowd, rate=rate, seconds=seconds)
    meter.stop()
    cell.p50, cell.p95, cell.p99 = (work.at(part, told.seen) for part in (0.50, 0.95, 0.99))
    cell.lost = told.lost + told.refused
    cell.app, cell.database = (1000 * spent / told.acts for spent in (meter.app_seconds, meter.database_seconds))
    cell.others = meter.others


def held(crowd: Crowd) -> tuple[float, int, int]:
    """Kilobytes, threads, connections of the database."""
    pids = crowd.system.pids()
    return measures.memory(pids) / 1024, measures.threads(pids), connections()


async def most(site: Site, system: systems.System, *, boards: int, quick: bool) -> Cell:
    """The capacity of one system."""
    cell = Cell(f"{boards} x {SEATS}, capacity", system.name)
    with systems.running(system, site.environment):
        crowd = Crowd(system, site.boards[:boards])
        try:
            await warmed(crowd)
            await crowd.open()
            found = await work.capacity(crowd, first=10.0 if quick else 40.0, seconds=4.0 if quick else 10.0)
        finally:
            crowd.close()
    cell.capacity = f"{found:.0f}"
    return cell


async def with_pages(site: Site, system: systems.System, boards: int, do: Callable[[Crowd], Awaitable[str]]) -> str:
    """One line about something that is done while pages are open."""
    with systems.running(system, site.environment):
        crowd = Crowd(system, site.boards[:boards])
        try:
            await warmed(crowd)
            await crowd.open()
            return await do(crowd)
        finally:
            crowd.close()


async def bursts(site: Site, *, quick: bool) -> list[str]:
    """B5."""

    async def do(crowd: Crowd) -> str:
        told = await work.burst(crowd)
        dots, counts = work.at(0.95, told.answered), work.at(0.95, told.counted)
        return (
            f"B5 burst, {crowd.system.name}: dot p95 {dots:.0f} ms, count seen p95 {counts:.0f} ms, "
            f"lost {told.lost}, over budget {told.over_budget}, boards with wrong tallies {told.wrong_tallies}"
        )

    return [await with_pages(site, systems.apart(), 8 if quick else 50, do)]


async def restarts(site: Site, *, quick: bool) -> list[str]:
    """B6."""

    async def do(crowd: Crowd) -> str:
        told = await trouble.restart(crowd)
        return (
            f"B6 restart, {crowd.system.name}, {len(crowd.boards) * SEATS} streams: all current after "
            f"{told.current:.1f} s, first vote {told.first_vote:.2f} s, missing {told.missing}"
        )

    sizes = (8,) if quick else (50, 500)
    return [await with_pages(site, systems.apart(), boards, do) for boards in sizes]


async def renewed(site: Site, boards: int) -> Site:
    """The same servers, with boards on which nothing has happened."""
    return Site(site.environment, await asyncio.to_thread(people.boards, boards), site.redis_url)


async def rushes(site: Site, *, quick: bool) -> list[str]:
    """B7; each round is another person's budget, on boards on which nobody has begun to count."""

    async def do(crowd: Crowd) -> str:
        members = [(board, member) for board in crowd.boards for member in board.members]
        rounds = members[: 5 if quick else 200]
        stored = [await trouble.rush(crowd, board, member) for board, member in rounds]
        edits = [await trouble.two_edits(crowd, board) for board in crowd.boards[: 5 if quick else 50]]
        amounts, wrong = {dots for dots, _ in stored}, sum(answers for _, answers in stored)
        return (
            f"B7 rush, {crowd.system.name}: {len(stored)} rounds of {trouble.TRIES} tries stored {sorted(amounts)} "
            f"dots, {wrong} answers that were none; of {len(edits)} pairs of edits lost or doubled {sum(edits)}"
        )

    fresh = await renewed(site, 5 if quick else 50)
    return [await with_pages(fresh, systems.apart(), len(fresh.boards), do)]


async def outages(site: Site, *, quick: bool) -> list[str]:
    """B8."""

    async def do(crowd: Crowd) -> str:
        def taken_away() -> trouble.Trouble:
            return trouble.Trouble(site.redis, site.postgres, site.redis_url)

        told = await trouble.outage(crowd, taken_away(), rate=5.0 if quick else 10.0)
        return (
            f"B8 outages, {crowd.system.name}: {told.acts} acts, refused {told.refused}, answered wrongly "
            f"{told.wrong}, not seen {told.lost}, seen p95 {told.p95:.0f} ms, latest {told.latest:.0f} ms"
        )

    fresh = await renewed(site, 4 if quick else 20)
    return [await with_pages(fresh, systems.apart(), len(fresh.boards), do)]


TROUBLES: dict[str, Callable[..., Awaitable[list[str]]]] = {
    "B5": bursts,
    "B6": restarts,
    "B7": rushes,
    "B8": outages,
}
