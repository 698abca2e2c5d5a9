"""Pieces of work that are timed: acts at an even pace, more and more of them, and all dots at once."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from uuid import uuid4

from bench.live.browsers import Crowd, Screen
from bench.live.people import Board, Member

GIVEN_UP = 30.0
STEP = 1.25
FIRST = "1"  # the number of a board's first question for dots
CEILING = 0.250  # seconds; above it a system is beyond its capacity


@dataclass
class Act:
    """One press: when it was due, when it was answered, with what, and the version that it brought."""

    member: Member
    due: float
    answered: float = 0.0
    status: int = 0
    version: int = -1


@dataclass
class Outcome:
    """What some acts brought: seconds from when they were due until seen by each other screen, and until answered."""

    seen: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    lost: int = 0
    refused: int = 0
    acts: int = 0


def at(part: float, numbers: list[float]) -> float:
    """This quantile, in milliseconds."""
    return 1000 * sorted(numbers)[min(len(numbers) - 1, int(part * len(numbers)))] if numbers else float("nan")


async def steady(crowd: Crowd, *, rate: float, seconds: float) -> Outcome:
    """Hands go up and down at an even pace, board after board; counted from when each was due, not from sending."""
    hands: Counter[Member] = Counter()
    began, tasks = time.monotonic() + 0.1, []
    for number in range(round(rate * seconds)):
        due = began + number / rate
        member = random.choice(crowd.boards[number % len(crowd.boards)].members)  # noqa: S311 - a load, no secret
        hands[member] += 1
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        tasks.append(asyncio.ensure_future(raise_hand(crowd, Act(member, due), up=hands[member] % 2 == 1)))
    acts = await asyncio.gather(*tasks)
    await asyncio.sleep(1.5 + 1.5 * crowd.system.every)
    return outcome(crowd, acts)


async def raise_hand(crowd: Crowd, act: Act, *, up: bool) -> Act:
    """One act that others may see; without an answer in thirty seconds it is lost."""
    fields = {"act": "hand" if up else "lower"}
    try:
        answer = await asyncio.wait_for(crowd.press(act.member, crowd.system.act_path, **fields), GIVEN_UP)
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return act
    act.status, act.answered = answer[0], time.monotonic()
    act.version = int(answer[1].get("x-board-version", -1))
    return act


def outcome(crowd: Crowd, acts: list[Act]) -> Outcome:
    """Each act on each of the other screens of its board."""
    found, screens = Outcome(acts=len(acts)), by_board(crowd)
    for act in acts:
        if act.status != 200:
            found.refused += 1
            continue
        found.answered.append(act.answered - act.due)
        for screen in screens[act.member.board]:
            if screen.member is not act.member:
                when = crowd.reached(screen, act.version)
                found.lost += when is None
                found.seen += [] if when is None else [when - act.due]
    return found


def by_board(crowd: Crowd) -> dict[str, list[Screen]]:
    found: dict[str, list[Screen]] = {board.public_id: [] for board in crowd.boards}
    for screen in crowd.screens:
        found[screen.member.board].append(screen)
    return found


async def capacity(crowd: Crowd, *, first: float, seconds: float) -> float:
    """The most acts per second of which nineteen of twenty are seen within a quarter of a second, none lost."""
    held, rate = 0.0, first
    while True:
        found = await steady(crowd, rate=rate, seconds=seconds)
        if found.lost or found.refused or at(0.95, found.seen) > 1000 * CEILING:
            return held
        held, rate = rate, rate * STEP


@dataclass
class Burst:
    """All dots of all boards within a second, and then the counts."""

    answered: list[float]
    counted: list[float]
    lost: int
    over_budget: int
    wrong_tallies: int


async def burst(crowd: Crowd) -> Burst:
    """Everybody presses one dot, at a random moment of one second; in another second every board is counted."""
    for board in crowd.boards:
        await ask_dots(crowd, board)
    began = time.monotonic() + 0.2
    members = [member for board in crowd.boards for member in board.members]
    given = await asyncio.gather(*(dot(crowd, member, began + random.random()) for member in members))  # noqa: S311
    over = await asyncio.to_thread(over_budget)
    began = time.monotonic() + 0.2
    counts = await asyncio.gather(*(count(crowd, board, began + random.random()) for board in crowd.boards))  # noqa: S311
    wrong = await asyncio.to_thread(wrong_tallies, crowd.boards, [act for act, _ in given if act.status == 200])
    await asyncio.sleep(1.5)
    told = outcome(crowd, counts)
    lost = sum(act.status != 200 for act, _ in given) + told.lost + told.refused
    return Burst([act.answered - act.due for act, _ in given if act.status == 200], told.seen, lost, over, wrong)


async def ask_dots(crowd: Crowd, board: Board) -> None:
    """The facilitator begins and goes to the dots."""
    for press in ("begin", "go:dots"):
        step = await asyncio.to_thread(step_of, board)
        await crowd.press(board.members[0], "/meetings/{board}/board/turn/", act=press, step=str(step))


async def dot(crowd: Crowd, member: Member, due: float) -> tuple[Act, str]:
    board = next(one for one in crowd.boards if one.public_id == member.board)
    topic, act = random.choice(board.topics), Act(member, due)  # noqa: S311
    await asyncio.sleep(max(0.0, due - time.monotonic()))
    path, key = "/meetings/{board}/board/dot/", str(uuid4())
    act.status, _, _ = await crowd.press(member, path, place=f"{topic}:1", key=key, call=FIRST)
    act.answered = time.monotonic()
    return act, topic


async def count(crowd: Crowd, board: Board, due: float) -> Act:
    """The facilitator counts at `due`; everybody else sees the tallies with that version."""
    step = await asyncio.to_thread(step_of, board)
    await asyncio.sleep(max(0.0, due - time.monotonic()))
    act = Act(board.members[0], due)
    path = "/meetings/{board}/board/turn/"
    act.status, headers, _ = await crowd.press(act.member, path, act="enough", step=str(step))
    act.answered, act.version = time.monotonic(), int(headers.get("x-board-version", -1))
    return act


def step_of(board: Board) -> int:
    from meetings.models.board import Board as Row  # noqa: PLC0415 - wants the settings

    return Row.objects.values_list("step", flat=True).get(pk=board.pk)


def over_budget() -> int:
    """Ballots with more dots than their call allows; the database itself should hold none."""
    from django.db.models import Count, F  # noqa: PLC0415

    from meetings.models.ballot import Dot  # noqa: PLC0415

    return Dot.objects.values("call", "voter").annotate(n=Count("pk"), most=F("dots")).filter(n__gt=F("most")).count()


def wrong_tallies(boards: list[Board], given: list[Act]) -> int:
    """Boards whose tallies do not add up to the dots that were answered as given."""
    from django.db.models import Sum  # noqa: PLC0415

    from meetings.models.ballot import Tally  # noqa: PLC0415

    wanted = Counter(act.member.board for act in given)
    sums = Tally.objects.filter(call__board__in=[one.pk for one in boards], call__kind="dots").values_list(
        "call__board__meeting__public_id"
    )
    found = dict(sums.annotate(dots=Sum("number")))
    return sum(found.get(one.public_id, 0) != wanted[one.public_id] for one in boards)
