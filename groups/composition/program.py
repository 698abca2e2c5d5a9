"""The integer program of who meets in which bucket, solved by HiGHS where it is installed."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groups.composition.buckets import Bucket, Closure, people_in
from groups.composition.pace import Each, at_once
from groups.composition.people import NONE
from groups.composition.rules import Rules
from groups.composition.units import Unit


def _installed() -> Any:
    try:
        return import_module("highspy")
    except ImportError:  # the wheel does not exist for every machine; greedy then answers alone
        return None


highspy = _installed()
INFINITY = float("inf")
ASK_EVERY = 0.05  # seconds
PATIENCE = 0.5  # seconds that HiGHS has to stop when it is called off


@dataclass(frozen=True, slots=True)
class Solution:
    """Per bucket the chosen units and the number of groups; `bound` is proven, `best` says the solution meets it."""

    chosen: tuple[tuple[int, ...], ...]
    groups: tuple[int, ...]
    value: float
    bound: float
    best: bool


class Infeasible(Exception):
    """No point keeps all rows: the locks contradict each other or the rules."""


class Unsolved(Exception):
    """No point was found in the time given, or HiGHS failed."""


class Program:
    """Rows and columns as composition needs them: x says that a unit sits in a bucket, g how many groups open there."""

    def __init__(
        self,
        units: Sequence[Unit],
        rules: Rules,
        closure: Closure,
        buckets: Sequence[Bucket],
        each: Each = at_once,
    ) -> None:
        self.units, self.rules, self.closure, self.buckets = units, rules, closure, tuple(buckets)
        self.x: list[dict[int, int]] = []
        self.g: list[int] = []
        self.upper: list[float] = []
        self.rows: list[tuple[float, float, dict[int, float]]] = []
        for bucket in each(self.buckets):
            self._columns(bucket)
        self._once()
        for index in each(range(len(self.buckets))):
            self._bucket_rows(index)
        self._one_of_each()

    def _columns(self, bucket: Bucket) -> None:
        start = len(self.upper)
        self.x.append({number: start + offset for offset, number in enumerate(bucket.units)})
        self.g.append(start + len(bucket.units))
        most = people_in(self.units, bucket.units) // self.rules.size_min
        limit = most if bucket.most is None else min(most, bucket.most)
        self.upper += [1.0] * len(bucket.units) + [float(1 if bucket.lock != NONE else limit)]

    def row(self, low: float, high: float, entries: Mapping[int, float]) -> None:
        """One more row: low <= sum of entries <= high."""
        self.rows.append((low, high, dict(entries)))

    def _once(self) -> None:
        where: dict[int, list[int]] = {}
        for columns in self.x:
            for number, column in columns.items():
                where.setdefault(number, []).append(column)
        for number, columns_of in sorted(where.items()):
            must = 1.0 if self.units[number].lock != NONE else 0.0
            self.row(must, 1.0, dict.fromkeys(columns_of, 1.0))

    def _one_of_each(self) -> None:
        """A lock opens exactly one of its buckets, a draft group at most one of its private copies."""
        for kind, low in (("lock", 1.0), ("stays", 0.0)):
            opened: dict[int, list[int]] = {}
            for bucket, column in zip(self.buckets, self.g, strict=True):
                opened.setdefault(getattr(bucket, kind), []).append(column)
            for name, columns in opened.items():
                if name != NONE:
                    self.row(low, 1.0, dict.fromkeys(columns, 1.0))

    def _bucket_rows(self, index: int) -> None:
        columns, g = self.x[index], self.g[index]
        sizes = {column: float(self.units[number].size) for number, column in columns.items()}
        self.row(0, INFINITY, {**sizes, g: -float(self.rules.size_min)})
        self.row(-INFINITY, 0, {**sizes, g: -float(self.rules.size_max)})
        self._company_rows(columns, g)
        self._apart_rows(columns, g)
        self._wish_rows(columns)
        if self.rules.willing_min:
            willing = {column: float(self.units[number].willing) for number, column in columns.items()}
            self.row(0, INFINITY, {**willing, g: -float(self.rules.willing_min)})

    def _company_rows(self, columns: Mapping[int, int], g: int) -> None:
        """The company limit; and x <= g wherever that row does not already say it, which tightens the relaxation."""
        limit = self.rules.max_per_company
        staff: dict[int, dict[int, float]] = {}
        for number, column in columns.items():
            for code, n in self.units[number].companies.items():
                staff.setdefault(code, {})[column] = float(n)
        said: set[int] = set()
        for _, entries in sorted(staff.items()):
            if len(entries) > 1 and sum(entries.values()) > limit:
                self.row(-INFINITY, 0, {**entries, g: -float(limit)})
                said.update(column for column, n in entries.items() if n >= limit)
        for column in columns.values():
            if column not in said:
                self.row(-INFINITY, 0, {column: 1.0, g: -1.0})

    def _apart_rows(self, columns: Mapping[int, int], g: int) -> None:
        """Of a clique of keep-apart pairs at most one sits in each group."""
        left = {(one, other) for one in columns for other in self.units[one].apart if one < other and other in columns}
        for one, other in sorted(left):
            if (one, other) in left:
                clique = self._clique([one, other], columns)
                left.difference_update((a, b) for a in clique for b in clique)
                self.row(-INFINITY, 0, {**{columns[number]: 1.0 for number in clique}, g: -1.0})

    def _clique(self, members: list[int], columns: Mapping[int, int]) -> list[int]:
        for number in sorted(self.units[members[0]].apart):
            if number in columns and number not in members and self.units[number].apart.issuperset(members):
                members.append(number)
        return members

    def _wish_rows(self, columns: Mapping[int, int]) -> None:
        for number, column in columns.items():
            for value in sorted(self.units[number].needs):
                partners = self.closure.partners_of(number, value, columns)
                self.row(0, INFINITY, {**{columns[other]: 1.0 for other in partners}, column: -1.0})

    def forbid(self, index: int, chosen: Iterable[int]) -> None:
        """Exactly these units in this bucket never again: they cannot be dealt into groups."""
        inside = set(chosen)
        entries = {column: -1.0 if number in inside else 1.0 for number, column in self.x[index].items()}
        self.row(1.0 - len(inside), INFINITY, entries)

    def weights(self, worth: Callable[[Unit], float]) -> dict[int, float]:
        """An objective: what each unit is worth wherever it sits."""
        return {
            column: worth(self.units[number])
            for columns in self.x
            for number, column in columns.items()
            if worth(self.units[number])
        }

    def staying(self, homes: Mapping[int, Mapping[int, int]]) -> dict[int, float]:
        """An objective: members of a draft group (their number of people, per group and unit) who stay in its copy."""
        return {
            column: float(homes[bucket.stays][number])
            for bucket, columns in zip(self.buckets, self.x, strict=True)
            if bucket.stays != NONE
            for number, column in columns.items()
            if homes[bucket.stays].get(number)
        }

    def solve(
        self,
        objective: Mapping[int, float],
        seconds: float,
        *,
        seed: int,
        start: Solution | None = None,
        cancelled: Callable[[], bool] | None = None,
        gladly: Mapping[str, float] | None = None,
    ) -> Solution:
        """The best point found in the time, with its proven bound. Raises Infeasible, or Unsolved without any point.

        `gladly` are options of HiGHS with which a lesser point will do.
        """
        if highspy is None:
            raise Unsolved
        solver = self.loaded(objective, seconds, seed)
        for option, value in (gladly or {}).items():
            solver.setOptionValue(option, value)
        if start is not None:
            self._warm(solver, start)
        if cancelled is None:
            solver.run()
        else:
            run_watched(solver, cancelled)
        return self._read(solver)

    def loaded(self, objective: Mapping[int, float], seconds: float, seed: int) -> Any:
        """HiGHS with this program; the same seed, the same answer."""
        solver = highspy.Highs()
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", seed % 2**31),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.999),
            ("time_limit", max(seconds, 0.01)),
        ):
            solver.setOptionValue(option, value)
        solver.passModel(self._model(objective))
        return solver

    def _model(self, objective: Mapping[int, float]) -> Any:
        model = highspy.HighsLp()
        cost = np.zeros(len(self.upper))
        cost[list(objective)] = list(objective.values())
        model.num_col_, model.num_row_ = len(self.upper), len(self.rows)
        model.sense_ = highspy.ObjSense.kMaximize
        model.col_cost_ = cost
        model.col_lower_ = np.zeros(len(self.upper))
        model.col_upper_ = np.array(self.upper)
        model.row_lower_ = np.array([low if low > -INFINITY else -highspy.kHighsInf for low, _, _ in self.rows])
        model.row_upper_ = np.array([high if high < INFINITY else highspy.kHighsInf for _, high, _ in self.rows])
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(self.upper)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *(len(entries) for _, _, entries in self.rows)])
        model.a_matrix_.index_ = np.array([column for _, _, entries in self.rows for column in entries])
        model.a_matrix_.value_ = np.array([value for _, _, entries in self.rows for value in entries.values()])
        return model

    def _warm(self, solver: Any, start: Solution) -> None:
        point = highspy.HighsSolution()
        point.col_value = list(self.point(start))
        solver.setSolution(point)

    def point(self, solution: Solution) -> NDArray[np.float64]:
        """The value of each column."""
        values = np.zeros(len(self.upper))
        for columns, g, chosen, groups in zip(self.x, self.g, solution.chosen, solution.groups, strict=True):
            values[[columns[number] for number in chosen]] = 1.0
            values[g] = groups
        return values

    def solution(self, point: NDArray[np.float64], value: float, bound: float, *, best: bool) -> Solution:
        """What these values of the columns mean."""
        return Solution(
            chosen=tuple(
                tuple(number for number, column in columns.items() if point[column] > 0.5) for columns in self.x
            ),
            groups=tuple(round(point[g]) for g in self.g),
            value=value,
            bound=bound,
            best=best,
        )

    def _read(self, solver: Any) -> Solution:
        status = solver.getModelStatus()
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            raise Infeasible
        outcome = solver.getInfo()
        if outcome.primal_solution_status != 2:  # HiGHS: 2 is a feasible point
            raise Unsolved
        values = np.array(solver.getSolution().col_value)
        optimal = status == highspy.HighsModelStatus.kOptimal
        value = float(outcome.objective_function_value)
        return self.solution(values, value, value if optimal else float(outcome.mip_dual_bound), best=optimal)


def run_at_once(solver: Any) -> None:
    """HiGHS for some milliseconds. Raises Unsolved where it fails, whatever the reason."""
    try:
        solver.run()
    except Exception as failure:
        raise Unsolved from failure


def run_watched(solver: Any, cancelled: Callable[[], bool]) -> None:
    """HiGHS in a thread of its own, for it asks nobody for seconds on end. Raises Unsolved where it fails, or where it
    is called off and does not hear: it then ends unheeded at its time limit."""
    ended, off = threading.Event(), threading.Event()
    failures: list[Exception] = []

    def listen(event: Any) -> None:
        if off.is_set():
            event.interrupt()

    def run() -> None:
        try:
            solver.run()
        except Exception as failure:  # whatever it is, whoever waits must be told
            failures.append(failure)
        finally:
            ended.set()

    solver.cbMipInterrupt.subscribe(listen)
    solver.cbSimplexInterrupt.subscribe(listen)
    threading.Thread(target=run, daemon=True).start()
    while not ended.wait(ASK_EVERY):
        if cancelled():
            off.set()
            ended.wait(PATIENCE)
            break
    if failures or not ended.is_set():
        raise Unsolved
    solver.cbMipInterrupt.unsubscribe(listen)
    solver.cbSimplexInterrupt.unsubscribe(listen)
