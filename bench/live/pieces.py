"""What is done once to a whole site in each run: as many acts as it takes, dots all at once, restarts and outages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bench.live import people, systems, trouble, work
from bench.live.browsers import Crowd
from bench.live.cells import Site, warmed
from bench.live.figures import Figure
from bench.live.people import SEATS


@asynccontextmanager
async def pages(site: Site, system: systems.System, boards: int) -> AsyncIterator[Crowd]:
    """Everybody's page of so many boards on which nothing has happened."""
    fresh = await asyncio.to_thread(people.boards, boards)
    with systems.running(system, site.environment):
        crowd = Crowd(system, fresh)
        try:
            await warmed(crowd)
            await crowd.open()
            yield crowd
        finally:
            crowd.close()


async def capacities(site: Site, *, quick: bool) -> list[Figure]:
    """B3."""
    found = []
    for system, bar in ((systems.apart(), 150), (systems.together(), 100)):
        async with pages(site, system, 8 if quick else 50) as crowd:
            most = await work.capacity(crowd, first=10.0 if quick else 100.0, seconds=4.0 if quick else 10.0)
        found.append(Figure("B3", system.name, "acts/s, p95 within 250 ms, none lost", bar, (most,), least=True))
    return found


async def bursts(site: Site, *, quick: bool) -> list[Figure]:
    """B5."""
    system = systems.apart()
    async with pages(site, system, 8 if quick else 50) as crowd:
        told = await work.burst(crowd)
    dots, counts = work.at(0.95, told.answered), work.at(0.95, told.counted)
    return [
        Figure("B5", system.name, "a dot answered, p95, ms", 500, (dots,)),
        Figure("B5", system.name, "a count seen, p95, ms", 500, (counts,)),
        Figure("B5", system.name, "dots lost", 0, (told.lost,)),
        Figure("B5", system.name, "ballots over budget", 0, (told.over_budget,)),
        Figure("B5", system.name, "boards with wrong tallies", 0, (told.wrong_tallies,)),
    ]


async def restarts(site: Site, *, quick: bool) -> list[Figure]:
    """B6."""
    found = []
    for boards, bar in ((8, 5),) if quick else ((50, 5), (500, 10)):
        system, streams = systems.apart(), boards * SEATS
        async with pages(site, system, boards) as crowd:
            told = await trouble.restart(crowd)
        found += [
            Figure("B6", system.name, f"{streams:,} streams: all current, s", bar, (told.current,)),
            Figure("B6", system.name, f"{streams:,} streams: first act, s", 0.5, (told.first_vote,)),
            Figure("B6", system.name, f"{streams:,} streams: missing", 0, (told.missing,)),
        ]
    return found


async def rushes(site: Site, *, quick: bool) -> list[Figure]:
    """B7; each round is another person's budget, on boards on which nobody has begun to count."""
    system, boards = systems.apart(), 5 if quick else 50
    async with pages(site, system, boards) as crowd:
        members = [(board, member) for board in crowd.boards for member in board.members]
        rounds = members[: 5 if quick else 200]
        stored = [await trouble.rush(crowd, board, member) for board, member in rounds]
        edits = [await trouble.two_edits(crowd, board) for board in crowd.boards]
    wrong = sum(dots != trouble.BUDGET for dots, _ in stored)
    return [
        Figure("B7", system.name, f"{len(rounds)} x {trouble.TRIES} tries: not exactly 3 dots", 0, (wrong,)),
        Figure("B7", system.name, "answers that were not true", 0, (sum(untrue for _, untrue in stored),)),
        Figure("B7", system.name, f"{boards} pairs of edits: lost or doubled", 0, (sum(edits),)),
    ]


async def outages(site: Site, *, quick: bool) -> list[Figure]:
    """B8."""
    system = systems.apart()
    async with pages(site, system, 4 if quick else 20) as crowd:
        taken_away = trouble.Trouble(site.redis, site.postgres, site.redis_url)
        told = await trouble.outage(crowd, taken_away, rate=5.0 if quick else 10.0)
    return [
        Figure("B8", system.name, "acts refused", 0, (told.refused,)),
        Figure("B8", system.name, "acts answered wrongly", 0, (told.wrong,)),
        Figure("B8", system.name, "acts that a page did not see", 0, (told.lost,)),
        Figure("B8", system.name, "the latest seen, ms", 5000, (told.latest,)),
    ]


PIECES: dict[str, Callable[..., Awaitable[list[Figure]]]] = {
    "B3": capacities,
    "B5": bursts,
    "B6": restarts,
    "B7": rushes,
    "B8": outages,
}
