"""The program solved through its relaxation: rounded on a dive first, then branched on how many groups open where.

Once it is known how many groups open in each bucket, who sits where is a flow through a network, whole by itself but
for wishes and pairs kept apart. So few columns decide everything, and a proof takes some hundred small steps, no cuts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groups.composition import program as programs
from groups.composition.pace import Pace
from groups.composition.program import Infeasible, Program, Solution, Unsolved, run_watched

BRANCHED = 2500  # columns; of larger programs one step takes so long that HiGHS proves them sooner, with its cuts
STEPS = 4000  # relaxations solved before HiGHS takes over
LOOKED_AT = 4  # columns tried out before one is branched on
RELIABLE = 1  # trials after which what a column costs is known well enough
STRIDE = 0.2  # share of the open columns that the dive rounds up at once
WHOLE = 1e-6  # how near to a whole number is whole
LEAST = 1e-3  # what rounding a column costs at least, so that a product of two says something
Floats = NDArray[np.float64]


class Stopped(Exception):
    """The time is over, the run was called off, or HiGHS failed."""


@dataclass(frozen=True, slots=True)
class Node:
    """A part of the program: what its relaxation is worth at `point`, and between which bounds its columns lie."""

    worth: float
    low: Floats
    high: Floats
    point: Floats
    basis: Any

    def halves(self, column: int) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
        """The bounds of its two parts: this column rounded down or less, rounded up or more."""
        low, high = self.low.copy(), self.high.copy()
        high[column] = np.floor(self.point[column])
        low[column] = high[column] + 1
        return (self.low, high), (low, self.high)


class Branching:
    """One objective of a program, whose worth is a whole number at every point. `best` is the best point so far."""

    def __init__(self, program: Program, objective: Mapping[int, float], pace: Pace, seconds: float, seed: int) -> None:
        self.program, self.pace = program, pace
        self.until = pace.spent + seconds
        self.cost = np.zeros(len(program.upper))
        self.cost[list(objective)] = list(objective.values())
        self.small = len(self.cost) <= BRANCHED
        self.groups = np.zeros(len(self.cost), dtype=bool)
        self.groups[program.g] = True
        self.steps = 0
        self.best: Floats | None = None
        self.worth = -np.inf
        self.lost = np.zeros((2, len(self.cost)))  # by rounding a column down or up, per unit
        self.tried = np.zeros((2, len(self.cost)))
        self.solver = self._relaxed(objective, seed)

    def _relaxed(self, objective: Mapping[int, float], seed: int) -> Any:
        """HiGHS with the program, where any fraction will do; as a minimum, for which it can stop at a limit."""
        columns = len(self.cost)
        solver = self.program.loaded({column: -worth for column, worth in objective.items()}, programs.INFINITY, seed)
        solver.changeObjectiveSense(programs.highspy.ObjSense.kMinimize)
        self.every = np.arange(columns, dtype=np.int32)
        solver.changeColsIntegrality(columns, self.every, np.zeros(columns, dtype=np.uint8))
        if self.small:
            solver.setOptionValue("presolve", "off")
        return solver

    def offer(self, point: Floats | None) -> None:
        """A whole point, kept if it is the best so far."""
        if point is not None and (worth := round(float(self.cost @ point))) > self.worth:
            self.worth, self.best = worth, point

    def hopeful(self, worth: float) -> bool:
        """Whether a part worth so much could hold a better point than the best so far."""
        return worth >= self.worth + 1 - WHOLE

    @property
    def everything(self) -> tuple[Floats, Floats]:
        """The bounds of the whole program."""
        return np.zeros(len(self.cost)), np.array(self.program.upper)

    def step(self, low: Floats, high: Floats, basis: Any) -> Node | None:
        """The relaxation within these bounds; None if it holds nothing better than the best. Raises Stopped."""
        if self.pace.cancelled() or self.pace.spent >= self.until:
            raise Stopped
        solver, status = self.solver, programs.highspy.HighsModelStatus
        if basis is not None:
            solver.setBasis(basis)
        if self.best is not None:
            solver.setOptionValue("objective_bound", -(self.worth + 1) + WHOLE)
        solver.setOptionValue("time_limit", solver.getRunTime() + self.until - self.pace.spent)
        solver.changeColsBounds(len(low), self.every, low, high)
        self.steps += 1
        if self.small:  # without a thread, which would take longer than the step
            programs.run_at_once(solver)
        else:
            run_watched(solver, self.pace.cancelled)
        ended = solver.getModelStatus()
        if ended in (status.kInfeasible, status.kUnboundedOrInfeasible, status.kObjectiveBound):
            return None
        if ended != status.kOptimal:
            raise Stopped
        node = Node(
            -float(solver.getInfo().objective_function_value),
            low,
            high,
            np.array(solver.getSolution().col_value),
            solver.getBasis() if self.small else None,
        )
        return node if self.hopeful(node.worth) else None

    def open_columns(self, point: Floats) -> NDArray[np.int64]:
        """Those with a fraction: of groups, and only if there are none, of people."""
        broken = np.abs(point - point.round()) > WHOLE
        return np.flatnonzero(broken & self.groups if (broken & self.groups).any() else broken)

    def dive(self, node: Node) -> None:
        """Round up some of the largest fractions, solve, and again, until a point is whole. Raises Stopped."""
        stride = STRIDE
        while len(columns := self.open_columns(node.point)):
            fraction = node.point[columns] % 1
            order = columns[np.argsort(-fraction, kind="stable")]
            count = max(1, int(len(columns) * stride))
            first = [column for place, column in enumerate(order[:count]) if not place or node.point[column] % 1 >= 0.5]
            low = node.low.copy()
            low[first] = np.floor(node.point[first]) + 1
            deeper = self.step(low, node.high, None)
            if deeper is None and len(first) == 1:
                deeper = self.step(*node.halves(first[0])[0], None)
                if deeper is None:
                    return
            stride = STRIDE if deeper else 0.0
            node = deeper or node
        self.offer(node.point.round())

    def bound(self) -> float:
        """What no point can surpass, as far as it is known when the time or the steps are over. Raises Infeasible."""
        known = np.inf
        try:
            root = self.step(*self.everything, None)
            if root is None:
                if self.best is None:
                    raise Infeasible
                return self.worth
            self.solver.setOptionValue("presolve", "off")  # from here on each step goes on from the one before
            known = root.worth
            self.dive(root)
        except (Stopped, Unsolved):
            return known
        return self.branch(root) if self.small else known

    def branch(self, root: Node) -> float:
        """Look into every part that could hold something better. Returns the bound that is proven by then."""
        parts = [root]
        try:
            while parts and self.steps < STEPS:
                node = parts.pop()
                if self.hopeful(node.worth):
                    parts.append(node)  # counts as open until it is parted, if the time is over meanwhile
                    found = self.part(node)
                    parts.pop()
                    parts += found
        except Stopped:
            pass
        return max((node.worth for node in parts), default=self.worth)

    def part(self, node: Node) -> list[Node]:
        """The parts of a node that are worth looking into, the better one last; none if its point is whole."""
        columns = self.open_columns(node.point)
        if not len(columns):
            self.offer(node.point.round())
            return []
        chosen, halves = self._dearest(node, columns)
        if halves is None:
            halves = list(self._tried_out(node, chosen))
        return sorted(halves, key=lambda half: half.worth)

    def _dearest(self, node: Node, columns: NDArray[np.int64]) -> tuple[int, list[Node] | None]:
        """The column that both ways takes most from the bound, and its halves if they are known by now."""
        expected = self._expected(node.point, columns)
        best: tuple[float, int, list[Node] | None] = (-1.0, int(columns[0]), None)
        for place in np.argsort(-expected, kind="stable")[:LOOKED_AT]:
            column, score, halves = int(columns[place]), float(expected[place]), None
            if self.tried[:, column].min() < RELIABLE:
                halves = list(self._tried_out(node, column))
                if len(halves) < 2:
                    return column, halves
                score = float(np.prod([max(node.worth - half.worth, LEAST) for half in halves]))
            best = max(best, (score, column, halves), key=lambda found: found[0])
        return best[1], best[2]

    def _expected(self, point: Floats, columns: NDArray[np.int64]) -> Floats:
        """How much rounding each column is thought to cost: down times up, each as it was on average so far."""
        fraction = point[columns] % 1
        usual = self.lost.sum(axis=1) / np.maximum(self.tried.sum(axis=1), 1)
        lost, tried = self.lost[:, columns], self.tried[:, columns]
        each = np.where(tried > 0, lost / np.maximum(tried, 1), np.where(usual > 0, usual, 1.0)[:, None])
        return np.prod(np.maximum(each * np.array([fraction, 1 - fraction]), LEAST), axis=0)

    def _tried_out(self, node: Node, column: int) -> Iterator[Node]:
        """The halves of a node by this column that could hold something better; what it cost is remembered."""
        fraction = node.point[column] % 1
        for way, (low, high) in enumerate(node.halves(column)):
            half = self.step(low, high, node.basis)
            needed = 1.2 * (node.worth - self.worth) if self.best is not None else 1.0  # to rule a half out
            lost = node.worth - half.worth if half else needed
            self.lost[way, column] += lost / (1 - fraction if way else fraction)
            self.tried[way, column] += 1
            if half:
                yield half


def most(
    program: Program, objective: Mapping[int, float], pace: Pace, seconds: float, *, seed: int, start: Solution | None
) -> Solution:
    """The best point of the program for an objective whose weights are whole numbers, with its proven bound.

    Small programs are branched; of large ones HiGHS proves what the dive leaves open. The same seed gives the same
    answer, unless the time is over. Raises Infeasible, or Unsolved if no point was found.
    """
    if programs.highspy is None:
        raise Unsolved
    search = Branching(program, objective, pace, seconds, seed)
    if start is not None:
        search.offer(program.point(start))
    bound = search.bound()
    known = None if search.best is None else program.solution(search.best, search.worth, bound, best=False)
    if known is not None and not search.hopeful(bound):
        return replace(known, bound=known.value, best=True)
    try:
        found = _by_highs(program, objective, search, known, seed)
    except Unsolved:
        if known is None:
            raise
        return known
    return replace(found, bound=min(found.bound, bound))


def _by_highs(
    program: Program, objective: Mapping[int, float], search: Branching, known: Solution | None, seed: int
) -> Solution:
    """What is still open, for HiGHS to prove in the time left."""
    left = search.until - search.pace.spent
    if left <= 0 or search.pace.cancelled():
        raise Unsolved
    return program.solve(objective, left, seed=seed, start=known, cancelled=search.pace.cancelled)
