"""CP-SAT by itself: reads a model on its standard input, writes what it found.

In a process of its own, because ortools and highspy each bring a libhighs, and the first one loaded serves both.
"""

import json
import sys
from importlib import import_module
from typing import Any


def solved(model: Any) -> dict[str, Any]:
    """The columns chosen, and the bound."""
    cp_model = import_module("ortools.sat.python.cp_model")
    plan = cp_model.CpModel()
    columns = [plan.new_bool_var("") for _ in range(model["columns"])]
    for least, most, entries in model["rows"]:
        plan.add_linear_constraint(sum(n * columns[column] for column, n in entries), least, most)
    plan.maximize(sum(columns[column] for column in model["seated"]))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = model["seconds"]
    solver.parameters.num_workers = model["cores"]
    found = solver.solve(plan) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    chosen = [c for c in range(model["columns"]) if found and solver.value(columns[c])]
    return {"chosen": chosen, "bound": int(solver.best_objective_bound)}


def main() -> None:
    """One model in, one answer out."""
    json.dump(solved(json.load(sys.stdin)), sys.stdout)
