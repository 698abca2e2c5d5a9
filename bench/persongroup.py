"""The usual model, x[person, group], where each group also finds its own venue and window: on CP-SAT where ortools is
installed (`requirements-bench.txt`), else on HiGHS."""

import json
import subprocess
import sys
import time
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

import highspy
import numpy as np

from bench.methods import Result, judged
from groups.composition.case import Case
from groups.composition.measures import as_group
from groups.composition.people import Problem

Row = tuple[int, int, dict[int, int]]  # least, most, coefficients by column
CP_SAT = find_spec("ortools") is not None
NAME = f"person x group, {'CP-SAT' if CP_SAT else 'HiGHS'}"
CORES = 2


class Model:
    """Whole numbers only, everything 0 or 1."""

    def __init__(self, given: Problem) -> None:
        self.given, self.case = given, Case(given)
        self.people = given.people
        self.groups = len(given.people) // given.rules.size_min
        self.columns = 0
        self.rows: list[Row] = []
        self.x = [[self.column() for _ in range(self.groups)] for _ in self.people]
        self.y = [[self.column() for _ in self.case.raw] for _ in range(self.groups)]
        row = {person.id: number for number, person in enumerate(self.people)}
        ids, units = self.case.roster.ids, self.case.units
        self.inside = [[row[ids[units[unit].rows[0]]] for unit in bucket.units] for bucket in self.case.raw]
        self.where: list[list[int]] = [[] for _ in self.people]
        for index, inside in enumerate(self.inside):
            for one in inside:
                self.where[one].append(index)
        for one in range(len(self.people)):
            self.row(0, 1, self.x[one])
        for group in range(self.groups):
            self.add_group(group)
        for pair in given.apart:
            one, other = (row[name] for name in pair)
            for group in range(self.groups):
                self.row(0, 1, (self.x[one][group], self.x[other][group]))

    def column(self) -> int:
        """One more column."""
        self.columns += 1
        return self.columns - 1

    def row(self, least: int, most: int, columns: Iterable[int], less: Iterable[int] = (), times: int = 1) -> None:
        """least <= sum of columns - times * sum of less <= most."""
        self.rows.append((least, most, {**dict.fromkeys(columns, 1), **dict.fromkeys(less, -times)}))

    def add_group(self, group: int) -> None:
        """One hour and venue if it opens, everybody in it can come, its size, one of a company, nobody alone."""
        rules, x, y = self.given.rules, [own[group] for own in self.x], self.y[group]
        self.row(0, 1, y)
        self.row(0, len(x), x, y, rules.size_min)
        self.row(-len(x), 0, x, y, rules.size_max)
        if group:  # groups are interchangeable: the larger ones come first
            self.row(0, len(x), (own[group - 1] for own in self.x), x)
        companies: dict[str, list[int]] = {}
        for one, person in enumerate(self.people):
            self.row(-1, 0, (x[one],), (y[index] for index in self.where[one]))
            if person.company:
                companies.setdefault(person.company, []).append(x[one])
            for value in person.never_alone:
                holders = [x[o] for o, other in enumerate(self.people) if o != one and value in other.dimensions]
                self.row(-len(x), 0, (x[one],), holders)
        for columns in companies.values():
            self.row(0, rules.max_per_company, columns)


def person_by_group(given: Problem, seconds: float) -> Result:
    """As many people as the model places in this time, and its bound."""
    since = time.monotonic()
    model = Model(given)
    seated = [column for own in model.x for column in own]
    left = max(1.0, seconds - (time.monotonic() - since))
    chosen, bound = (by_cp_sat if CP_SAT else by_highs)(model, seated, left)
    groups = []
    for group in range(model.groups):
        members = [given.people[one] for one, own in enumerate(model.x) if own[group] in chosen]
        if members:
            groups.append(as_group(given.rules, members))
    return judged(given, groups, time.monotonic() - since, bound)


def by_cp_sat(model: Model, seated: list[int], seconds: float) -> tuple[set[int], int]:
    """The columns chosen, and the bound."""
    plan = {
        "columns": model.columns,
        "rows": [(least, most, list(entries.items())) for least, most, entries in model.rows],
        "seated": seated,
        "seconds": seconds,
        "cores": CORES,
    }
    command = [sys.executable, "-c", "from bench import cpsat; cpsat.main()"]
    told = subprocess.run(command, input=json.dumps(plan), capture_output=True, text=True, check=True)
    found = json.loads(told.stdout)
    return set(found["chosen"]), found["bound"]


def by_highs(model: Model, seated: list[int], seconds: float) -> tuple[set[int], int]:
    """The columns chosen, and the bound."""
    linear: Any = highspy.HighsLp()
    linear.num_col_, linear.num_row_ = model.columns, len(model.rows)
    linear.sense_ = highspy.ObjSense.kMaximize
    cost = np.zeros(model.columns)
    cost[seated] = 1
    linear.col_cost_, linear.col_lower_ = cost, np.zeros(model.columns)
    linear.col_upper_ = np.ones(model.columns)
    linear.row_lower_ = np.array([float(least) for least, _, _ in model.rows])
    linear.row_upper_ = np.array([float(most) for _, most, _ in model.rows])
    linear.integrality_ = [highspy.HighsVarType.kInteger] * model.columns
    linear.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    linear.a_matrix_.start_ = np.cumsum([0, *(len(entries) for _, _, entries in model.rows)])
    linear.a_matrix_.index_ = np.array([column for _, _, entries in model.rows for column in entries])
    linear.a_matrix_.value_ = np.array([float(n) for _, _, entries in model.rows for n in entries.values()])
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", CORES), ("time_limit", seconds)):
        solver.setOptionValue(option, value)
    solver.passModel(linear)
    solver.run()
    outcome = solver.getInfo()
    values = np.array(solver.getSolution().col_value) if outcome.primal_solution_status == 2 else np.zeros(0)
    bound = min(outcome.mip_dual_bound, len(model.people))
    return set(np.flatnonzero(values > 0.5).tolist()), int(bound + 1e-6)
