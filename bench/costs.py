"""What each person costs: cards, reasons and what-ifs of a whole composition, and how work grows with the pool."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from bench.generator import problem
from groups.composition.board import Board
from groups.composition.cards import Cards
from groups.composition.case import Case, Placement
from groups.composition.drafts import compared
from groups.composition.edits import Move
from groups.composition.pace import Pace
from groups.composition.people import Problem
from groups.composition.placement import greedily
from groups.composition.reasons import Reasons
from groups.composition.refill import refill
from groups.composition.rooms import parted, whole_room
from groups.composition.search import HOT, WHOLE, Bath
from groups.composition.solver import compose, finished

T = TypeVar("T")
ASKED = 300  # people asked about, if there are as many
FOREVER = 3600.0


def placed(given: Problem) -> tuple[Case, Placement]:
    """Everybody placed greedily."""
    case = Case(given)
    return case, greedily(case, Pace(FOREVER))


def explained(people: int) -> Mapping[str, float]:
    """Milliseconds of a card per group, of a reason and of a what-if per person, and what comes once before those."""
    given = problem(people)
    case, found = placed(given)
    groups = finished(case, found.tables)
    cards, board = Cards(given), Board(given, groups)
    seated = {name for group in groups for name in group.members}
    waiting = sorted(person.id for person in given.people if person.id not in seated)
    chance = random.Random(1)  # noqa: S311 - repeatable on purpose
    asked = chance.sample(waiting, min(ASKED, len(waiting)))
    moved = [Move(person.id, chance.randrange(len(groups))) for person in chance.choices(given.people, k=ASKED)]
    since = time.perf_counter()
    reasons = Reasons(case, groups, proven=False)
    reasons.of(asked[0])
    once = time.perf_counter() - since
    board.what_if(moved[0])
    return {
        "card": each(lambda pair: cards.of(*pair), list(enumerate(groups))),
        "why not": each(reasons.of, asked),
        "what if": each(board.what_if, moved),
        "once": once * 1000,
    }


def each(call: Callable[[T], object], things: Sequence[T]) -> float:
    """Milliseconds a call, on average."""
    since = time.perf_counter()
    for thing in things:
        call(thing)
    return (time.perf_counter() - since) / len(things) * 1000


def grown(people: int) -> Mapping[str, float]:
    """Processor seconds to place greedily, and of one pass of the search over everybody."""
    given = problem(people)
    since = time.process_time()
    case, found = placed(given)
    greedy = time.process_time() - since
    since = time.process_time()
    chance = np.random.default_rng(1)
    for part in parted(whole_room(case, found.tables), WHOLE, chance):
        Bath(part, chance).one_pass(HOT, Pace(FOREVER))
    return {"greedy": greedy, "quality pass": time.process_time() - since}


class Questions:
    """Whoever may call a run off and never does: the longest time in which nobody asked, by the clock and of work.

    Work is what this thread does; on a busy machine the clock runs on while others have the processor.
    """

    def __init__(self) -> None:
        self.asked = 0
        self.clock = self.work = 0.0
        self.last = time.monotonic(), time.thread_time()

    def __call__(self) -> bool:
        now = time.monotonic(), time.thread_time()
        self.clock, self.work = max(self.clock, now[0] - self.last[0]), max(self.work, now[1] - self.last[1])
        self.last, self.asked = now, self.asked + 1
        return False


def unasked(people: int, limit: float) -> Mapping[str, float]:
    """The longest gap between two questions of a whole run, from its start to its answer; and how many there were."""
    given, questions = problem(people), Questions()
    compose(given, limit, cancelled=questions)
    questions()
    return {"longest gap": questions.clock, "most work in one": questions.work, "questions": questions.asked}


def refilled(people: int) -> Mapping[str, float]:
    """Processor seconds to refill after 5 % of those seated have declined; who is seated of those who stay."""
    given = problem(people)
    case, first = placed(given)
    groups = finished(case, first.tables)
    seated = sorted(name for group in groups for name in group.members)
    gone = frozenset(random.Random(1).sample(seated, len(seated) // 20))  # noqa: S311 - repeatable on purpose
    since = time.process_time()
    found = refill(given, groups, gone, seconds=FOREVER).groups
    spent = time.process_time() - since
    stay = {name for group in found for name in group.members}.intersection(seated)
    return {
        "processor seconds": spent,
        "still seated": len(stay),
        "of those who stay": len(seated) - len(gone),
        "moved or added": sum(len(match.come) for match in compared(groups, found)),
    }


def exponent(sizes: list[int], seconds: list[float]) -> float:
    """The slope of the line through the logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])
