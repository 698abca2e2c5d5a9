"""What is promised of every proposal: easier rules never place fewer, two engines agree, whoever stops it gets groups
that hold, and nobody's personal rule can be read out of anything."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from bench.generator import problem as generated
from groups.composition import program
from groups.composition.board import Board
from groups.composition.case import Case
from groups.composition.edits import Move
from groups.composition.explain import explain, public
from groups.composition.helping import new_groups
from groups.composition.people import Problem
from groups.composition.rules import BadProblem, Group, Rules, check
from groups.composition.solver import compose
from tests.groups.composition.brute import person, problems

pytestmark = pytest.mark.usefixtures("few_passes")
slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def bound(problem: Problem) -> int:
    try:
        certificate = compose(problem, 10).certificate
    except BadProblem:
        reject()
    assert certificate.placed <= certificate.bound <= Case(problem).closure.bound <= len(problem.people)
    if not certificate.proven:
        reject()
    return certificate.bound


def with_rules(problem: Problem, **numbers: Any) -> Problem:
    return replace(problem, rules=replace(problem.rules, **numbers))


def with_first(problem: Problem, **more: Any) -> Problem:
    first, *others = problem.people
    return replace(problem, people=(replace(first, **more), *others))


EASIER = {
    "a smaller least size": lambda p: with_rules(p, size_min=max(2, p.rules.size_min - 1)),
    "a larger largest size": lambda p: with_rules(p, size_max=p.rules.size_max + 1),
    "a shorter window": lambda p: with_rules(p, window_slots=1),
    "more of one company": lambda p: with_rules(p, max_per_company=p.rules.max_per_company + 1),
    "nobody who must facilitate": lambda p: with_rules(p, willing_min=0),
    "no pair apart": lambda p: replace(p, apart=frozenset()),
    "nobody who must stay together": lambda p: replace(p, together=()),
    "a wish less": lambda p: with_first(p, never_alone=frozenset()),
    "more hours": lambda p: with_first(p, hours=p.people[0].hours | 0b11111),
    "another mode": lambda p: with_first(p, modes=frozenset({"video", "in_person"})),
    "one person more": lambda p: replace(p, people=(*p.people, person("new", 0, 1, 2))),
}


@pytest.mark.parametrize("eased", EASIER)
@settings(slow, max_examples=6)
@given(problem=problems(8))
def test_what_is_easier_never_lowers_the_bound(eased, problem):
    assert bound(EASIER[eased](problem)) >= bound(problem)


@settings(slow, max_examples=6)
@given(problems(8))
def test_people_who_stay_together_are_seated_as_a_whole_or_not_at_all(problem):
    try:
        groups = compose(problem, 10).groups
    except BadProblem:
        reject()
    for whole in problem.together:
        assert {len(whole & set(group.members)) for group in groups} <= {0, len(whole)}


class ByPersonAndGroup:
    """The usual model, every person in every group at every window: slow, but of another make."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.highs = problem, program.highspy.Highs()
        self.highs.setOptionValue("output_flag", False)  # noqa: FBT003 - the library's own signature
        groups = range(len(problem.people) // problem.rules.size_min)
        self.opened: dict[tuple[int, int], Any] = {(g, t): self.yes_or_no() for g in groups for t in range(6)}
        self.seats: dict[tuple[int, int], dict[str, Any]] = {
            (g, t): {p.id: self.yes_or_no() for p in problem.people if p.hours >> t & 1} for g, t in self.opened
        }
        for g in groups:
            self.at_most(1, [self.opened[g, t] for t in range(6)])
        for p in problem.people:
            self.at_most(1, [here[p.id] for here in self.seats.values() if p.id in here])
        for key in self.opened:
            self.one_group(key)

    def yes_or_no(self) -> object:
        return self.highs.addVariable(0, 1, type=program.highspy.HighsVarType.kInteger)

    def at_most(self, most: int, columns: list) -> None:
        if columns:
            self.highs.addConstr(sum(columns) <= most)

    def one_group(self, key: tuple[int, int]) -> None:
        here, opened, rules = self.seats[key], self.opened[key], self.problem.rules
        if not here:
            return
        self.highs.addConstr(sum(here.values()) - rules.size_min * opened >= 0)
        self.highs.addConstr(sum(here.values()) - rules.size_max * opened <= 0)
        for company in {p.company for p in self.problem.people} - {None}:
            staff = [here[p.id] for p in self.problem.people if p.company == company and p.id in here]
            self.at_most(rules.max_per_company, staff)
        for pair in self.problem.apart:
            self.at_most(1, [here[name] for name in pair if name in here])

    def most(self) -> int:
        self.highs.maximize(sum(column for here in self.seats.values() for column in here.values()))
        return round(self.highs.getInfo().objective_function_value)


@pytest.mark.parametrize("seed", range(3))
def test_the_usual_model_of_person_by_group_finds_the_same_number(seed):
    draw = iter(range(seed * 7, 10_000))
    people = tuple(
        person(f"p{n:02}", *{next(draw) * 5 % 6, next(draw) * 7 % 6}, company=("a", "b", "c", None)[next(draw) % 4])
        for n in range(12 + seed)
    )
    apart = frozenset({frozenset({"p00", "p03"}), frozenset({"p04", "p09"})})
    problem = Problem(Rules(3, 4, 1, 1), people, apart=apart)
    certificate = compose(problem, 20).certificate
    assert certificate.proven
    assert certificate.placed == ByPersonAndGroup(problem).most()


@pytest.mark.parametrize("stage", ["greedy", "placed", "quality"])
def test_a_run_called_off_at_any_stage_returns_groups_that_hold(stage):
    problem, seen = generated(86, seed=6), []
    proposal = compose(
        problem, 20, progress=lambda name, placed, most: seen.append(name), cancelled=lambda: stage in seen
    )
    assert stage in seen
    assert check(problem, proposal.groups) == ()
    assert proposal.certificate.cut_short
    names = [name for group in proposal.groups for name in group.members] + [r.person for r in proposal.unplaced]
    assert sorted(names) == sorted(p.id for p in problem.people)


def test_a_highs_that_fails_counts_as_none(monkeypatch):
    def fails(solver):
        raise RuntimeError

    monkeypatch.setattr(program.highspy.Highs, "run", fails)
    problem = generated(86, blocks=10, seed=4)
    proposal = compose(problem, 10)
    assert check(problem, proposal.groups) == ()
    assert proposal.groups


def test_somebody_is_asked_whether_to_stop_again_and_again():
    problem, asked = generated(86, blocks=10, seed=2), []
    compose(problem, 3, cancelled=lambda: bool(asked.append(1)))
    assert len(asked) > 3 / 0.2


def test_no_sentence_tells_a_value_or_the_two_of_a_pair():
    problem = generated(86, blocks=10, seed=8)
    wishes = frozenset({"secret:value"})
    people = tuple(
        replace(p, dimensions=wishes, never_alone=wishes) if index % 5 == 0 else p
        for index, p in enumerate(problem.people)
    )
    apart = problem.apart | {frozenset({"p1", "p2"}), frozenset({"p3", "p4"}), frozenset({"p1", "p9"})}
    problem = replace(problem, people=people, apart=apart)
    proposal = compose(problem, 10)
    cards, reasons = explain(problem, proposal.groups, proposal.certificate.bound)
    board = Board(problem, proposal.groups)
    effects = [board.what_if(Move(p.id, index)) for p in people[:20] for index in range(len(proposal.groups))]
    shown = {public(breach) for effect in effects for breach in effect.breaches}
    assert any(b.rule in ("apart", "never_alone") for effect in effects for b in effect.breaches)
    told = [breach.sentence for breach in shown] + [reason.sentence for reason in reasons]
    told += [str(card) for card in cards] + [str(new.asked) for new in new_groups(problem, proposal.groups)]
    assert not any("secret" in line for line in told)
    sentences = [line for line in told if "Card(" not in line]
    for one, other in (sorted(pair) for pair in apart):
        assert not any({one, other} <= set(re.findall(r"\w+", line)) for line in sentences if "(" not in line)
    assert {breach.people for breach in shown if breach.rule == "never_alone"} <= {()}


def test_a_certificate_names_everything_that_the_groups_depend_on():
    problem = Problem(Rules(2, 3, 1, 1), tuple(person(name, 1) for name in "abcd"))
    hashes = {compose(changed, 5).certificate.people_sha256 for changed in changes(problem)}
    assert len(hashes) == len(list(changes(problem)))
    again = [compose(problem, 5).certificate for _ in range(2)]
    assert again[0].people_sha256 == again[1].people_sha256


def changes(problem: Problem):
    yield problem
    yield replace(problem, apart=frozenset({frozenset("ab")}))
    yield replace(problem, together=(frozenset("ab"),))
    yield replace(problem, met={frozenset("ab"): 3})
    yield replace(problem, draft=(Group(("a", "b"), 1, "video"),))
    yield with_first(problem, hours=0b110)


@given(st.sampled_from([0, -1, float("nan")]))
def test_no_time_at_all_is_refused(seconds):
    with pytest.raises(BadProblem, match="must be a number above 0"):
        compose(Problem(Rules(2, 3, 1, 1), (person("a", 1),)), seconds)
