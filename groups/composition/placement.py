"""Who is placed: greedy first, then the integer program in stages, each bucket dealt, and a bound that is proven."""

import logging
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from groups.composition import program as programs
from groups.composition.buckets import Bucket, copies_for_draft, people_in, seats_by_company
from groups.composition.case import Case
from groups.composition.deal import Dealer, Undealt
from groups.composition.greedy import Greedy, eject, insert
from groups.composition.pace import Pace
from groups.composition.people import NONE
from groups.composition.program import Infeasible, Program, Solution, Unsolved
from groups.composition.rules import LocksImpossible
from groups.composition.units import Table

log = logging.getLogger(__name__)

PROGRAM_LIMIT = 2000  # people after closure; above, greedy is within a few tenths of a percent and far faster
REFUSALS = 5  # no-good rows before a bucket is unfolded into single groups
Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Placement:
    """The tables, and what is known about how many could be seated at most."""

    tables: list[Table]
    bound: int
    source: str
    stages: dict[str, bool] = field(default_factory=dict)

    @property
    def placed(self) -> int:
        """How many people are seated."""
        return sum(table.size for table in self.tables)


def place(case: Case, pace: Pace, progress: Progress) -> Placement:
    """As many people as can be placed, in the time there is. Raises LocksImpossible."""
    since = pace.spent
    for number in range(len(case.problem.locked)):
        if not any(bucket.lock == number for bucket in case.buckets):
            raise _single_lock(case, number)
    found = _greedily(case, pace)
    pace.note("greedy", since)
    progress("greedy", found.placed, found.bound)
    open_locks = _open_locks(case, found.tables)
    if case.closure.alive and (found.placed < found.bound or open_locks or _more_to_wish(case)):
        found = _exactly(case, pace, progress, found)
    if missing := _open_locks(case, found.tables):
        sentence = f"locked[{missing[0]}] breaks the rule size: nobody was found to complete it in the time given."
        raise LocksImpossible("size", missing, sentence)
    found.stages.setdefault("placed", found.placed == found.bound)
    return found


def _more_to_wish(case: Case) -> bool:
    return bool(case.problem.draft) or any(unit.skipped for unit in case.units)


def _open_locks(case: Case, tables: Sequence[Table]) -> tuple[int, ...]:
    kept = {table.lock for table in tables}
    return tuple(number for number in range(len(case.problem.locked)) if number not in kept)


def _greedily(case: Case, pace: Pace) -> Placement:
    tables = Greedy(case.units, case.rules, case.buckets).run(pace)
    waiting = [number for number in insert(tables, case.waiting(tables), pace) if number in case.closure.alive]
    if len(case.closure.alive) <= PROGRAM_LIMIT:
        eject(tables, waiting, pace)
    return Placement(tables, case.closure.bound, "closure")


def _exactly(case: Case, pace: Pace, progress: Progress, greedy: Placement) -> Placement:
    """The program, unless the pool is too large or HiGHS is not there: then greedy stands."""
    if case.closure.bound > PROGRAM_LIMIT:
        return greedy
    try:
        return Stages(case, pace, progress, greedy).run()
    except Infeasible as nothing:
        raise _impossible_locks(case, pace) from nothing
    except Unsolved:
        if programs.highspy is None:
            log.warning("HiGHS is not installed; people are placed greedily and nothing is proven")
        return greedy


class Stages:
    """Stage a places most people, b those skipped before, c keeps people where the draft has them; then the deal."""

    def __init__(self, case: Case, pace: Pace, progress: Progress, greedy: Placement) -> None:
        self.case, self.pace, self.progress, self.greedy = case, pace, progress, greedy
        self.bound, self.source = greedy.bound, greedy.source
        self.proven: dict[str, bool] = {}
        self.dealer = Dealer(case.units, case.rules, case.closure, pace, case.problem.seed)
        shared = list(case.buckets)
        self.load([*shared, *copies_for_draft(case.problem, case.roster, case.units, shared)])

    def load(self, buckets: Sequence[Bucket]) -> None:
        """Build the program over these buckets."""
        self.program = Program(self.case.units, self.case.rules, self.case.closure, buckets)
        self.base = len(self.program.rows)

    def run(self) -> Placement:
        """Solve and deal; what cannot be dealt is forbidden and solved again, and in the end unfolded."""
        start = self.seated(self.greedy.tables)
        refused: Counter[tuple[int, int]] = Counter()
        while True:
            solution = self.solve(start)
            tables, failures = self.deal(solution)
            if not failures or self.pace.placement_left() <= 0:
                return self.finish(tables)
            if not all(failure.proven for failure in failures.values()):
                return self.finish(tables)
            self.learn(solution, failures, refused)
            start = self.seated(tables) if not _open_locks(self.case, tables) else None

    def solve(self, start: Solution | None) -> Solution:
        """The stages in their order, each keeping what the one before reached."""
        del self.program.rows[self.base :]
        objectives = [("placed", self.program.weights(lambda unit: unit.size))]
        if any(unit.skipped for unit in self.case.units):
            objectives.append(("skipped", self.program.weights(lambda unit: unit.skipped)))
        if self.case.problem.draft:
            objectives.append(("moves", self.program.staying(self.homes())))
        solution: Solution | None = None
        for stage, objective in objectives:
            better = self.stage(stage, objective, solution or start)
            if better is None:
                break
            solution = better
            self.program.row(round(solution.value), programs.INFINITY, objective)
        if solution is None:
            raise Unsolved
        return solution

    def stage(self, name: str, objective: Mapping[int, float], start: Solution | None) -> Solution | None:
        """One solve; None if no time is left for it or it found nothing."""
        since = self.pace.spent
        try:
            left = self.pace.placement_left()
            if left <= 0:
                raise Unsolved
            solution = self.program.solve(
                objective, left, seed=self.case.problem.seed, start=start, cancelled=self.pace.cancelled
            )
        except Unsolved:
            self.pace.cut_short = True
            self.proven[name] = False
            return None
        finally:
            self.pace.note(name, since)
        self.pace.cut_short |= not solution.best
        self.proven[name] = solution.best
        if name == "placed":
            self.tighten(solution)
        self.progress(name, people_in(self.case.units, [n for chosen in solution.chosen for n in chosen]), self.bound)
        return solution

    def tighten(self, solution: Solution) -> None:
        """The program's bound counts if it is below the closure's."""
        bound = math.floor(min(solution.bound, 1e9) + 1e-6)
        if bound < self.bound:
            self.bound, self.source = bound, "program" if solution.best else "dual"

    def homes(self) -> dict[int, Counter[int]]:
        """Per draft group how many people of each unit come from it."""
        unit_of = self.case.unit_of
        return {
            stays: Counter(unit_of[name] for name in group.members if name in unit_of)
            for stays, group in enumerate(self.case.problem.draft)
        }

    def seated(self, tables: Sequence[Table]) -> Solution | None:
        """These tables as a point of the program, to start from; None if a table has no bucket that holds it."""
        chosen: list[list[int]] = [[] for _ in self.program.buckets]
        groups = [0] * len(chosen)
        inside = [frozenset(bucket.units) for bucket in self.program.buckets]
        for table in tables:
            home = self.home(table, inside, groups)
            if home is None:
                return None
            chosen[home].extend(table.members)
            groups[home] += 1
        if _open_locks(self.case, tables):
            return None
        return Solution(tuple(map(tuple, chosen)), tuple(groups), 0.0, 0.0, best=False)

    def home(self, table: Table, inside: Sequence[frozenset[int]], groups: Sequence[int]) -> int | None:
        """A bucket that holds everybody at the table and may open one group more."""
        for index, bucket in enumerate(self.program.buckets):
            free = bucket.lock == table.lock and bucket.stays == NONE and (bucket.most is None or not groups[index])
            if free and inside[index].issuperset(table.members):
                return index
        return None

    def deal(self, solution: Solution) -> tuple[list[Table], dict[int, Undealt]]:
        """Every bucket's people cut into groups, and the buckets where that failed."""
        since = self.pace.spent
        tables: list[Table] = []
        failures: dict[int, Undealt] = {}
        for index, bucket in enumerate(self.program.buckets):
            try:
                tables += self.dealer.deal(bucket, solution.chosen[index], solution.groups[index])
            except Undealt as failure:
                failures[index] = failure
                tables += [table for table in failure.tables if table.valid()]
        self.pace.note("deal", since)
        return tables, failures

    def learn(self, solution: Solution, failures: Mapping[int, Undealt], refused: Counter[tuple[int, int]]) -> None:
        """Forbid what cannot be dealt; a bucket that failed too often is unfolded into copies with one group each."""
        del self.program.rows[self.base :]
        buckets = list(self.program.buckets)
        unfold = set()
        for index in failures:
            bucket = buckets[index]
            refused[bucket.venue, bucket.window] += 1
            if refused[bucket.venue, bucket.window] > REFUSALS:
                unfold.add(index)
            else:
                self.program.forbid(index, solution.chosen[index])
        self.base = len(self.program.rows)
        if unfold:
            self.load([copy for index, bucket in enumerate(buckets) for copy in self.unfolded(bucket, index in unfold)])

    def unfolded(self, bucket: Bucket, copies: bool) -> list[Bucket]:  # noqa: FBT001 - the second word of the verb
        """The bucket itself, or as many single groups as its people could fill."""
        most = people_in(self.case.units, bucket.units) // self.case.rules.size_min
        return [replace(bucket, most=1)] * most if copies else [bucket]

    def finish(self, tables: list[Table]) -> Placement:
        """Whoever still fits sits down; greedy stands where it seated more."""
        insert(tables, [n for n in self.case.waiting(tables) if n in self.case.closure.alive], self.pace)
        seated = Placement(tables, self.bound, self.source, self.proven)
        incomplete = bool(_open_locks(self.case, tables))
        if not _open_locks(self.case, self.greedy.tables) and (incomplete or seated.placed < self.greedy.placed):
            seated.tables = self.greedy.tables
        return seated


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
    smaller = Case(replace(case.problem, locked=tuple(case.problem.locked[number] for number in kept)))
    program = Program(smaller.units, smaller.rules, smaller.closure, smaller.buckets)
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
