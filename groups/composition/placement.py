"""Who is placed: greedy first, then the integer program, and which locks stand in the way where nothing is possible."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from groups.composition import program as programs
from groups.composition.buckets import seats_by_company
from groups.composition.case import Case, Placement, Progress, open_locks
from groups.composition.greedy import Greedy, eject, insert, rebuild
from groups.composition.pace import Pace
from groups.composition.program import Infeasible, Program, Unsolved
from groups.composition.rules import LocksImpossible
from groups.composition.stages import Stages

log = logging.getLogger(__name__)

PROGRAM_LIMIT = 2000  # people after closure; above, greedy is within a few tenths of a percent and far faster


def place(case: Case, pace: Pace, progress: Progress) -> Placement:
    """As many people as can be placed, in the time there is. Raises LocksImpossible."""
    if len(case.units) > PROGRAM_LIMIT and not case.problem.locked and not pace.placement_left():
        return _nobody(case, pace)
    since = pace.spent
    for number in range(len(case.problem.locked)):
        if not any(bucket.lock == number for bucket in case.buckets):
            raise _single_lock(case, number)
    found = greedily(case, pace)
    pace.note("greedy", since)
    progress("greedy", found.placed, found.bound)
    incomplete = open_locks(case, found.tables)
    if case.closure.alive and (found.placed < found.bound or incomplete or _more_to_wish(case)):
        found = _exactly(case, pace, progress, found)
    if missing := open_locks(case, found.tables):
        sentence = f"locked[{missing[0]}] breaks the rule size: nobody was found to complete it in the time given."
        raise LocksImpossible("size", missing, sentence)
    found.stages.setdefault("placed", found.placed == found.bound)
    return found


def _nobody(case: Case, pace: Pace) -> Placement:
    """Of a large pool without any time: who could be struck is not asked, which alone takes longer than can be waited.

    The bound is then everybody who has an hour and a way to meet at all.
    """
    pace.late = pace.cut_short = True
    bound = sum(unit.size for unit in case.units if unit.starts and unit.places)
    return Placement([], bound, "hours", {"placed": not bound})


def frame_of(case: Case, lock: int) -> tuple[int, int]:
    """The window and the venues that a lock holds its group to, as bits."""
    held = case.problem.locked[lock]
    wanted = held.mode, held.metro
    return 1 << held.window, sum(1 << i for i, v in enumerate(case.roster.venues) if (v.mode, v.metro) == wanted)


def _more_to_wish(case: Case) -> bool:
    return bool(case.problem.draft) or any(unit.skipped for unit in case.units)


def greedily(case: Case, pace: Pace) -> Placement:
    """Hardest first, then whoever still fits; the bound is that of the closure."""
    tables = Greedy(case.units, case.rules, case.buckets, pace.each).run(pace)
    waiting = [number for number in insert(tables, case.waiting(tables), pace) if number in case.closure.alive]
    if len(case.closure.alive) <= PROGRAM_LIMIT:
        eject(tables, waiting, pace)
    return Placement(tables, case.closure.bound, "closure")


def _exactly(case: Case, pace: Pace, progress: Progress, greedy: Placement) -> Placement:
    """The program, unless the pool is too large or HiGHS is not there: then greedy stands."""
    if case.closure.free > PROGRAM_LIMIT:
        return greedy
    try:
        return Stages(case, pace, progress, greedy).run()
    except Infeasible as nothing:
        raise _impossible_locks(case, pace) from nothing
    except Unsolved:
        if programs.highspy is None:
            log.warning("HiGHS is not installed; people are placed greedily and nothing is proven")
            return _rebuilt(case, pace, greedy)
        return greedy


def _rebuilt(case: Case, pace: Pace, greedy: Placement) -> Placement:
    tables = rebuild(Greedy(case.units, case.rules, case.buckets, pace.each), greedy.tables, pace, case.problem.seed)
    return replace(greedy, tables=tables)


def _impossible_locks(case: Case, pace: Pace) -> LocksImpossible:
    """The smallest set of locks that cannot all be kept, found by leaving out one at a time."""
    kept = list(range(len(case.problem.locked)))
    for number in list(kept):
        fewer = [other for other in kept if other != number]
        if fewer and not pace.over() and not _possible(case, fewer, pace):
            kept = fewer
    if len(kept) == 1:
        return _single_lock(case, kept[0])
    named = " and ".join(f"locked[{number}]" for number in kept)
    return LocksImpossible("size", tuple(kept), f"{named} break the rule size: they need the same people.")


def _possible(case: Case, kept: Sequence[int], pace: Pace) -> bool:
    smaller = Case(replace(case.problem, locked=tuple(case.problem.locked[number] for number in kept)), pace.each)
    program = Program(smaller.units, smaller.rules, smaller.closure, smaller.buckets, pace.each)
    try:
        program.solve({}, max(0.5, pace.placement_left()), seed=case.problem.seed, cancelled=pace.cancelled)
    except Infeasible:
        return False
    except Unsolved:
        return True
    return True


def _single_lock(case: Case, number: int) -> LocksImpossible:
    """Which rule one lock cannot keep, whoever joins it."""
    buckets = [bucket for bucket in case.locks if bucket.lock == number]
    fixed = [unit for unit in case.units if unit.lock == number]
    have = sum(unit.size for unit in fixed)
    can = max((seats_by_company((case.units[n] for n in b.units), case.rules) for b in buckets), default=have) - have
    named = f"locked[{number}] breaks the rule"
    if have + can < case.rules.size_min:
        need = case.rules.size_min - have
        people = "person" if can == 1 else "people"
        sentence = f"{named} size: only {can} more {people} can join, {need} are needed."
        return LocksImpossible("size", (number,), sentence)
    willing = max((sum(case.units[n].willing for n in bucket.units) for bucket in buckets), default=0)
    if willing < case.rules.willing_min:
        return LocksImpossible("willing", (number,), f"{named} willing: too few who can join would facilitate.")
    sentence = f"{named} never_alone: nobody who can join would keep a personal rule of somebody in it."
    return LocksImpossible("never_alone", (number,), sentence)
