"""Branching against HiGHS itself, and what is known when it is broken off."""

import pytest

from bench.generator import problem as generated
from groups.composition import branching
from groups.composition.branching import most
from groups.composition.case import Case
from groups.composition.pace import Pace
from groups.composition.program import Infeasible, Program, Solution, Unsolved
from groups.composition.stages import size_of, skipped_of


def program_of(people: int, seed: int, blocks: int = 5) -> Program:
    case = Case(generated(people, seed=seed, blocks=blocks))
    return Program(case.units, case.rules, case.closure, case.buckets)


def found(program: Program, pace: Pace | None = None, start: Solution | None = None) -> Solution:
    return most(program, program.weights(size_of), pace or Pace(60), 60, seed=1, start=start)


def empty(program: Program) -> Solution:
    return Solution(((),) * len(program.buckets), (0,) * len(program.buckets), 0.0, 0.0, best=False)


@pytest.mark.parametrize("seed", range(1, 9))
def test_it_finds_and_proves_what_highs_finds_and_proves(seed):
    program = program_of(60, seed, blocks=8)
    mine, theirs = found(program), program.solve(program.weights(size_of), 60, seed=1)
    assert (mine.value, mine.bound, mine.best) == (round(theirs.value), round(theirs.value), True)


def test_its_point_keeps_every_row():
    program = program_of(86, 2)
    point = program.point(found(program))
    sums = [sum(n * point[column] for column, n in entries.items()) for _, _, entries in program.rows]
    assert all(low <= total <= high for total, (low, high, _) in zip(sums, program.rows, strict=True))
    assert (point <= program.upper).all()


def test_an_objective_without_any_weight_is_met_by_any_point():
    program = program_of(86, 2)
    solution = most(program, program.weights(skipped_of), Pace(60), 60, seed=1, start=empty(program))
    assert (solution.value, solution.best) == (0, True)


def test_what_highs_takes_over_is_proven_too(monkeypatch):
    program = program_of(60, 1, blocks=8)
    whole = found(program)
    monkeypatch.setattr(branching, "STEPS", 1)
    assert found(program).value == whole.value
    monkeypatch.setattr(branching, "BRANCHED", 0)
    large = found(program)
    assert (large.value, large.bound, large.best) == (whole.value, whole.value, True)


@pytest.mark.parametrize("limit", [0, 2500])
def test_called_off_it_returns_what_it_was_given(monkeypatch, limit):
    monkeypatch.setattr(branching, "BRANCHED", limit)
    program = program_of(86, 1)
    solution = found(program, Pace(60, lambda: True), empty(program))
    assert (solution.value, solution.best) == (0, False)
    with pytest.raises(Unsolved):
        found(program, Pace(60, lambda: True))


def test_called_off_at_any_step_the_bound_still_holds():
    program = program_of(86, 6, blocks=10)
    for patience in (1, 2, 5, 20, 60):
        asked = iter(range(patience))
        pace = Pace(60, lambda asked=asked: next(asked, None) is None)
        solution = found(program, pace, empty(program))
        assert solution.value <= 62 <= solution.bound + 1e-6


def test_rows_that_contradict_each_other_are_infeasible():
    program = program_of(86, 1)
    program.row(87, 1000, program.weights(size_of))
    with pytest.raises(Infeasible):
        found(program)
