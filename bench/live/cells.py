"""The cells of the table: one system at one piece of work, with what it cost."""

from __future__ import annotations

import asyncio
import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis

from bench.live import measures, systems, work
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
    postgres: float = float("nan")
    redis: float = float("nan")
    stream_kb: float = float("nan")
    threads: float = float("nan")
    connections: float = float("nan")
    others: float = 0.0
    pace: float = 1.0


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
    """Each worker has imported and compiled what a page and an act need, and each thread has its connection: a page is
    loaded before it opens its stream.
    """
    members = [board.members[number % SEATS] for number in range(3) for board in crowd.boards[:16]]
    presses = [work.raise_hand(crowd, work.Act(one, 0.0), up=False) for one in members]
    await asyncio.gather(*presses)
    if page := crowd.system.page:
        await asyncio.gather(*(crowd.ask("GET", page.format(board=one.board), one) for one in members))


async def measured(site: Site, crowd: Crowd, cell: Cell, *, rate: float, seconds: float) -> None:
    """Memory, threads and connections before and after the pages open; then the acts."""
    before = held(crowd)
    await crowd.open()
    await asyncio.sleep(2 + crowd.system.every)
    streams = len(crowd.boards) * SEATS
    cell.stream_kb, cell.threads, cell.connections = (
        (late - early) / streams for early, late in zip(before, held(crowd), strict=True)
    )
    meter = measures.Meter(crowd.system.pids(), site.postgres, site.redis)
    with measures.Pace() as pace:
        meter.start()
        told = await work.steady(crowd, rate=rate, seconds=seconds)
        meter.stop()
    cell.p50, cell.p95, cell.p99 = (work.at(part, told.seen) for part in (0.50, 0.95, 0.99))
    cell.lost = told.lost + told.refused
    spent = (meter.app_seconds, meter.postgres_seconds, meter.redis_seconds)
    cell.app, cell.postgres, cell.redis = (1000 * seconds / told.acts for seconds in spent)
    cell.others, cell.pace = meter.others, pace.slow


def held(crowd: Crowd) -> tuple[float, int, int]:
    """Kilobytes, threads, connections of the database."""
    pids = crowd.system.pids()
    return measures.memory(pids) / 1024, measures.threads(pids), connections()
