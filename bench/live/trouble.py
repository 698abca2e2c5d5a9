"""What is done to the site while people use it: streams restarted, budgets rushed, Redis and PostgreSQL taken away."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import time
from collections import defaultdict
from dataclasses import dataclass
from uuid import uuid4

from bench.live.browsers import RETURN, Crowd, Screen
from bench.live.people import Board, Member
from bench.live.work import FIRST, Act, outcome, raise_hand

TRIES = 50
BUDGET = 3
AGAIN = 1.0


@dataclass
class Return:
    """After a restart of the stream processes: seconds until the last page was current, and until the first vote."""

    current: float
    first_vote: float
    missing: int


async def restart(crowd: Crowd) -> Return:
    """The stream processes are killed and started again; pages come back as board.js brings them back."""
    part = crowd.system.streams
    gate, coming, back = asyncio.Semaphore(64), [], crowd.screens
    crowd.screens = []

    def lost(screen: Screen) -> None:
        coming.append(asyncio.ensure_future(come_back(crowd, screen.member, gate)))

    for screen in back:
        screen.lost = lost
    began = time.monotonic()
    await asyncio.to_thread(part.stop, signal.SIGKILL)
    await asyncio.to_thread(part.start, crowd.system.environment)
    vote = await raise_hand(crowd, Act(crowd.boards[0].members[1], time.monotonic()), up=True)
    while len(crowd.screens) < len(back) and time.monotonic() - began < 60:
        await asyncio.sleep(0.02)
    current = time.monotonic() - began
    await asyncio.gather(*coming, return_exceptions=True)
    return Return(current, vote.answered - vote.due, len(back) - len(crowd.screens))


async def come_back(crowd: Crowd, member: Member, gate: asyncio.Semaphore) -> None:
    await asyncio.sleep(random.uniform(*RETURN))  # noqa: S311 - spreads load
    await crowd.arrive(member, gate, patient=True)


async def rush(crowd: Crowd, board: Board, member: Member) -> tuple[int, int]:
    """All tries at once on one budget: how many dots are there, and how many answers were not true."""
    from meetings.models.ballot import Dot  # noqa: PLC0415 - wants the settings

    before = await asyncio.to_thread(Dot.objects.filter(call__board=board.pk).count)
    presses = [f"{board.topics[number % len(board.topics)]}:{1 + number % 2}" for number in range(TRIES)]
    path = "/meetings/{board}/board/dot/"
    answers = await asyncio.gather(
        *(crowd.press(member, path, place=each, key=str(uuid4()), call=FIRST) for each in presses)
    )
    after = await asyncio.to_thread(Dot.objects.filter(call__board=board.pk).count)
    return after - before, sum(not true(status, body) for status, _, body in answers)


def true(status: int, body: bytes) -> bool:
    """An answer that says what it did, and never of more dots than the budget has."""
    return status in (200, 409) and sum(json.loads(body)["dots"].values()) <= BUDGET


async def two_edits(crowd: Crowd, board: Board) -> int:
    """The same text changed in two tabs at once: updates that were lost or doubled."""
    from meetings.models.board import Topic  # noqa: PLC0415

    topic = await asyncio.to_thread(Topic.objects.filter(board=board.pk).order_by("pk").first)
    assert topic is not None
    path, member = f"/meetings/{{board}}/board/topics/{topic.public_id}/", board.members[0]
    forms = [{"title": f"Edited in tab {tab}", "note": "", "revision": str(topic.revision)} for tab in (1, 2)]
    answers = await asyncio.gather(*(crowd.press(member, path, **form) for form in forms))
    after = await asyncio.to_thread(Topic.objects.get, pk=topic.pk)
    taken = sum(status == 302 for status, _, _ in answers)
    return abs(taken - 1) + abs(after.revision - topic.revision - 1)


@dataclass
class Troubled:
    """What people noticed of an outage: acts whose answer was wrong, and how late the rest was seen."""

    refused: int
    wrong: int
    lost: int
    latest: float


async def outage(crowd: Crowd, trouble: Trouble, *, rate: float) -> Troubled:
    """Hands at an even pace; a press that gets no answer goes again after a second, as on the page."""
    asked: list[asyncio.Task[Act]] = []
    up: dict[Member, bool] = {}
    lines: dict[Member, asyncio.Lock] = defaultdict(asyncio.Lock)
    began, going = time.monotonic(), asyncio.ensure_future(trouble())
    while not going.done() or time.monotonic() < began + 6:
        member = crowd.boards[len(asked) % len(crowd.boards)].members[len(asked) // len(crowd.boards) % 8]
        up[member] = not up.get(member, False)
        asked.append(asyncio.ensure_future(until_answered(crowd, Act(member, time.monotonic()), lines, up=up[member])))
        await asyncio.sleep(1 / rate)
    await going
    acts = await asyncio.gather(*asked)
    await asyncio.sleep(4)
    told = outcome(crowd, acts)
    wrong = await asyncio.to_thread(not_as_answered, crowd.boards, up)
    return Troubled(told.refused, wrong, told.lost, 1000 * max(told.seen, default=float("nan")))


async def until_answered(crowd: Crowd, act: Act, lines: dict[Member, asyncio.Lock], *, up: bool) -> Act:
    """One person's presses go one after the other, as one page sends them."""
    async with lines[act.member]:
        while (await raise_hand(crowd, act, up=up)).status != 200 and time.monotonic() < act.due + 30:
            await asyncio.sleep(AGAIN)
    return act


def not_as_answered(boards: list[Board], up: dict[Member, bool]) -> int:
    """People whose last answered press is not what the database holds."""
    from django.db import connection  # noqa: PLC0415

    from meetings.models.board import Hand  # noqa: PLC0415

    connection.close()  # ours broke with all others
    raised = set(Hand.objects.filter(board__in=[one.pk for one in boards]).values_list("person", flat=True))
    return sum((member.person in raised) != wanted for member, wanted in up.items())


class Trouble:
    """The three of B8, each on the bench's own servers."""

    def __init__(self, redis_pid: int, postgres_pid: int, redis_url: str) -> None:
        self.redis_pid, self.postgres_pid, self.redis_url = redis_pid, postgres_pid, redis_url

    async def __call__(self) -> None:
        """Redis flushed; hung for ten seconds; PostgreSQL told to end at once, and started again by its keeper."""
        import redis  # noqa: PLC0415 - as the site does it

        await asyncio.sleep(2)
        with redis.Redis.from_url(self.redis_url) as client:
            await asyncio.to_thread(client.flushall)
        await asyncio.sleep(2)
        os.kill(self.redis_pid, signal.SIGSTOP)
        await asyncio.sleep(10)
        os.kill(self.redis_pid, signal.SIGCONT)
        await asyncio.sleep(3)
        os.kill(self.redis_pid, signal.SIGKILL)
        await asyncio.sleep(4)
        os.kill(self.postgres_pid, signal.SIGINT)
        await asyncio.sleep(10)
