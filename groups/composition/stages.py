"""The stages of the integer program: most people, the skipped first, fewest moves; then every bucket is dealt."""

import math
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from groups.composition import program as programs
from groups.composition.branching import most
from groups.composition.buckets import Bucket, copies_for_draft, people_in
from groups.composition.case import Case, Placement, Progress, open_locks
from groups.composition.deal import Dealer, Undealt
from groups.composition.greedy import insert
from groups.composition.pace import Pace
from groups.composition.people import NONE
from groups.composition.program import Infeasible, Program, Solution, Unsolved
from groups.composition.units import EVERYWHERE, Table, Unit

DEALT = 0.95  # share of the time left that a stage may take: what it found must still be dealt
REFUSALS = 5  # no-good rows before a bucket is unfolded into single groups
GLADLY = {"mip_rel_gap": 0.1, "mip_max_nodes": 200}  # a variant need not be the best of its kind
VARIANT_LIMIT = 300  # columns; above, another point as good takes as long as the first
DRAFT_LIMIT = 300  # people after closure; above, private copies make the program too large


class Stages:
    """Stage a places most people, b those skipped before, c keeps people where the draft has them; then the deal."""

    def __init__(self, case: Case, pace: Pace, progress: Progress, greedy: Placement) -> None:
        self.case, self.pace, self.progress, self.greedy = case, pace, progress, greedy
        self.bound, self.source = greedy.bound, greedy.source
        self.proven: dict[str, bool] = {}
        self.dealer = Dealer(case.units, case.rules, case.closure, pace, case.problem.seed)
        self.last: tuple[Program, Solution, Mapping[int, float]]
        self.load(case.buckets)

    def load(self, buckets: Sequence[Bucket]) -> None:
        """Build the program over these buckets; with a draft also the wide one that has the private copies."""
        case = self.case
        few = case.closure.free <= DRAFT_LIMIT
        copies = copies_for_draft(case.problem, case.roster, case.units, buckets) if few else []
        self.programs = [Program(case.units, case.rules, case.closure, buckets, self.pace.each)]
        if copies:
            self.programs.append(Program(case.units, case.rules, case.closure, [*buckets, *copies], self.pace.each))
        self.known = [len(program.rows) for program in self.programs]

    def run(self) -> Placement:
        """Solve and deal; what cannot be dealt is forbidden and solved again, and in the end unfolded."""
        start = self.seated(self.programs[0], self.greedy.tables)
        refused: Counter[tuple[int, int]] = Counter()
        while True:
            program, solution = self.solve(start)
            tables, failures = self.deal(program, solution)
            if not failures or self.pace.placement_left() <= 0:
                return self.finish(tables)
            if not all(failure.proven for failure in failures.values()):
                return self.finish(tables)
            self.learn(solution, failures, refused)
            start = self.seated(self.programs[0], tables)

    def variant(self, seed: int) -> list[Table] | None:
        """Other tables that reach as much in every stage, by a random preference for buckets; None if none is found."""
        chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
        program, solution, objective = self.last
        if len(program.upper) > VARIANT_LIMIT:
            return None
        rows = len(program.rows)
        program.row(round(solution.value), programs.INFINITY, objective)
        taste = {column: chance.random() for columns in program.x for column in columns.values()}
        try:
            left = self.pace.placement_left()
            other = program.solve(taste, left, seed=seed, cancelled=self.pace.cancelled, gladly=GLADLY)
        except (Infeasible, Unsolved):
            return None
        finally:
            del program.rows[rows:]
        tables, failures = self.deal(program, other)
        return None if failures else tables

    def solve(self, start: Solution | None) -> tuple[Program, Solution]:
        """The stages in their order, each keeping what the one before reached."""
        narrow, wide = self.programs[0], self.programs[-1]
        for program, known in zip(self.programs, self.known, strict=True):
            del program.rows[known:]
        solution = self.stage(narrow, "placed", narrow.weights(size_of), start)
        if solution is None:
            raise Unsolved
        reached = [(size_of, solution.value)]
        self.last = narrow, solution, narrow.weights(size_of)
        if any(unit.skipped for unit in self.case.units):
            narrow.row(round(solution.value), programs.INFINITY, narrow.weights(size_of))
            better = self.stage(narrow, "skipped", narrow.weights(skipped_of), solution)
            if better is None:
                return narrow, solution
            solution = better
            reached.append((skipped_of, solution.value))
            self.last = narrow, solution, narrow.weights(skipped_of)
        if wide is narrow:
            return narrow, solution
        for worth, value in reached:
            wide.row(round(value), programs.INFINITY, wide.weights(worth))
        stayed = self.stage(
            wide, "moves", wide.staying(self.homes()), self.at_home(wide, reached) or padded(wide, solution)
        )
        if stayed is None:
            return narrow, solution
        self.last = wide, stayed, wide.staying(self.homes())
        return wide, stayed

    def at_home(self, wide: Program, reached: Sequence[tuple[Callable[[Unit], float], float]]) -> Solution | None:
        """The draft itself as a point to start from, where it still is as good as what was reached.

        A group of it that breaks a rule, because somebody changed it by hand, is none to start from. Whose together set
        it parts sits in the first of its groups alone.
        """
        unit_of, units = self.case.unit_of, self.case.units
        tables, seated = [], set[int]()
        for stays, group in enumerate(self.case.problem.draft):
            members = dict.fromkeys(unit_of[name] for name in group.members if name in unit_of)
            table = Table(units, self.case.rules, EVERYWHERE, EVERYWHERE)
            if all(_sat_down(table, number) for number in members if number not in seated) and table.valid():
                tables.append((table, stays))
                seated.update(table.members)
        if any(sum(worth(units[number]) for number in seated) < value for worth, value in reached):
            return None
        return self.seated(wide, [table for table, _ in tables], [stays for _, stays in tables])

    def stage(
        self, program: Program, name: str, objective: Mapping[int, float], start: Solution | None
    ) -> Solution | None:
        """One solve; None if no time is left for it or it found nothing."""
        since = self.pace.spent
        try:
            left = self.pace.placement_left() * (0.5 if name == "moves" else DEALT)
            if left <= 0:
                raise Unsolved
            solution = most(program, objective, self.pace, left, seed=self.case.problem.seed, start=start)
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

    def seated(self, program: Program, tables: Sequence[Table], stays: Sequence[int] | None = None) -> Solution | None:
        """These tables as a point of the program, to start from; None if a table has no bucket that holds it."""
        chosen: list[list[int]] = [[] for _ in program.buckets]
        groups = [0] * len(chosen)
        inside = [frozenset(bucket.units) for bucket in program.buckets]
        for table, stay in zip(tables, stays or [NONE] * len(tables), strict=True):
            home = next(
                (
                    index
                    for index, bucket in enumerate(program.buckets)
                    if (bucket.lock, bucket.stays) == (table.lock, stay)
                    and (bucket.most is None or not groups[index])
                    and inside[index].issuperset(table.members)
                ),
                None,
            )
            if home is None:
                return None
            chosen[home].extend(table.members)
            groups[home] += 1
        if open_locks(self.case, tables):
            return None
        return Solution(tuple(map(tuple, chosen)), tuple(groups), 0.0, 0.0, best=False)

    def deal(self, program: Program, solution: Solution) -> tuple[list[Table], dict[int, Undealt]]:
        """Every bucket's people cut into groups, and the buckets where that failed."""
        since = self.pace.spent
        tables: list[Table] = []
        failures: dict[int, Undealt] = {}
        for index, bucket in enumerate(program.buckets):
            try:
                tables += self.dealer.deal(bucket, solution.chosen[index], solution.groups[index])
            except Undealt as failure:
                failures[index] = failure
                tables += [table for table in failure.tables if table.valid()]
        self.pace.note("deal", since)
        return tables, failures

    def learn(self, solution: Solution, failures: Mapping[int, Undealt], refused: Counter[tuple[int, int]]) -> None:
        """Forbid what cannot be dealt; a bucket that failed too often is unfolded into copies with one group each."""
        buckets = self.programs[0].buckets
        unfold = set()
        for index in failures:
            bucket = buckets[index]
            refused[bucket.venue, bucket.window] += 1
            if refused[bucket.venue, bucket.window] > REFUSALS:
                unfold.add(index)
        if unfold:
            self.load([copy for index, bucket in enumerate(buckets) for copy in self.unfolded(bucket, index in unfold)])
            return
        for place, program in enumerate(self.programs):
            del program.rows[self.known[place] :]
            for index in failures:
                program.forbid(index, solution.chosen[index])
            self.known[place] = len(program.rows)

    def unfolded(self, bucket: Bucket, copies: bool) -> list[Bucket]:  # noqa: FBT001 - the second word of the verb
        """The bucket itself, or as many single groups as its people could fill."""
        most = people_in(self.case.units, bucket.units) // self.case.rules.size_min
        return [replace(bucket, most=1)] * most if copies else [bucket]

    def finish(self, tables: list[Table]) -> Placement:
        """Whoever still fits sits down; greedy stands where it seated more."""
        insert(tables, [n for n in self.case.waiting(tables) if n in self.case.closure.alive], self.pace)
        seated = Placement(tables, self.bound, self.source, self.proven, self.variant)
        incomplete = bool(open_locks(self.case, tables))
        if not open_locks(self.case, self.greedy.tables) and (incomplete or seated.placed < self.greedy.placed):
            seated.tables, seated.variant = self.greedy.tables, None
        return seated


def _sat_down(table: Table, number: int) -> bool:
    """Whether this unit fits, and sits there now."""
    fits = table.fits(number)
    if fits:
        table.add(number)
    return fits


def size_of(unit: Unit) -> float:
    """What a unit is worth in stage a: its people."""
    return unit.size


def skipped_of(unit: Unit) -> float:
    """What a unit is worth in stage b: the rounds its people were left out."""
    return unit.skipped


def padded(wide: Program, solution: Solution) -> Solution:
    """A point of the narrow program as one of the wide program, every private copy closed."""
    more = len(wide.buckets) - len(solution.chosen)
    return replace(solution, chosen=(*solution.chosen, *[()] * more), groups=(*solution.groups, *[0] * more))
