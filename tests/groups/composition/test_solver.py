"""The engine against the truth: brute force on a few people, and what must hold of every proposal."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from bench.generator import problem as generated
from groups.composition.case import Case
from groups.composition.people import Problem
from groups.composition.rules import BadProblem, Group, Lock, LocksImpossible, Rules, check
from groups.composition.solver import Proposal, compose
from tests.groups.composition.brute import best, compositions, person, problems, worth

pytestmark = pytest.mark.usefixtures("few_passes")
slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def composed(problem: Problem) -> Proposal:
    try:
        return compose(problem, 10)
    except BadProblem:
        reject()


def reached(problem: Problem, proposal: Proposal) -> tuple[int, int, int]:
    return worth(problem, tuple(frozenset(group.members) for group in proposal.groups))


@settings(slow, max_examples=60)
@given(problems())
def test_as_many_people_are_placed_as_trying_everything_finds(problem):
    proposal = composed(problem)
    truth = best(problem)
    assert truth is not None
    assert reached(problem, proposal)[:2] == truth[:2]
    assert proposal.certificate.bound == proposal.certificate.placed == truth[0]


@settings(slow, max_examples=35)
@given(problems(7, draft=True))
def test_as_few_people_move_as_trying_everything_finds(problem):
    assert reached(problem, composed(problem)) == best(problem)


@pytest.mark.parametrize("rules", [Rules(2, 2, 1, 1), Rules(2, 3, 1, 1)])
def test_a_draft_that_breaks_a_rule_is_nothing_to_start_from(rules):
    people = tuple(person(name, 0, company="one" if name < "c" else None) for name in "abc")
    draft = Group(("a", "b", "c"), 0, "video", None)
    problem = Problem(rules=rules, people=people, draft=(draft,))
    proposal = compose(problem, 10)
    assert (check(problem, proposal.groups), len(proposal.groups[0].members)) == ((), 2)


@pytest.mark.parametrize(
    ("names", "draft"), [("abc", ("ac", "b")), ("ab", ("a", "b")), ("abcd", ("ac", "bd")), ("abc", ("a", "b", "c"))]
)
def test_a_draft_that_parts_who_belongs_together_seats_nobody_twice(names, draft):
    groups = tuple(Group(tuple(group), 0, "video", None) for group in draft)
    people = tuple(person(name, 0, 1) for name in names)
    problem = Problem(rules=Rules(2, 3, 1, 1), people=people, together=(frozenset("ab"),), draft=groups)
    proposal = compose(problem, 10)
    assert check(problem, proposal.groups) == ()
    assert reached(problem, proposal) == best(problem)


def test_where_two_draft_groups_could_go_on_as_one_most_people_stay():
    both = frozenset("xy")
    people = (
        person("a", 0, 1, 2, 3, interests=frozenset("ij")),
        person("b", 2, 3, dimensions=both),
        person("c", 0, 1, 2, 3, interests=frozenset("ij")),
        person("d", 0, 2, 3),
        person("f", 0, 1, 2, 3, interests=frozenset("i"), never_alone=both),
    )
    draft = (Group(("a",), 0, "video"), Group(("b", "d"), 0, "video"))
    problem = Problem(Rules(3, 4, 2, 1), people, together=(frozenset("af"),), draft=draft)
    assert reached(problem, composed(problem)) == best(problem) == (4, 0, 2)


@settings(slow, max_examples=35)
@given(problems(8), st.data())
def test_locks_are_kept_or_refused_as_trying_everything_finds(problem, data):
    names = [p.id for p in problem.people]
    members = data.draw(st.lists(st.frozensets(st.sampled_from(names), min_size=1, max_size=2), min_size=1, max_size=2))
    locks = tuple(Lock(names, data.draw(st.sampled_from((335, 0, 1))), "video") for names in members)
    locked = replace(problem, locked=locks)
    truth = best(locked)
    if truth is None:
        with pytest.raises((LocksImpossible, BadProblem)):
            compose(locked, 10)
    else:
        assert reached(locked, composed(locked))[:2] == truth[:2]


@settings(slow, max_examples=35)
@given(problems(8))
def test_closure_strikes_nobody_whom_a_composition_could_place(problem):
    composed(problem)
    case = Case(problem)
    struck = {name for name, number in case.unit_of.items() if number not in case.closure.alive}
    placeable = frozenset().union(*(group for choice in compositions(problem) for group in choice))
    assert struck & placeable == set()


@settings(slow, max_examples=20)
@given(problems())
def test_everybody_is_in_one_group_or_has_a_reason(problem):
    proposal = composed(problem)
    names = [name for group in proposal.groups for name in group.members] + [r.person for r in proposal.unplaced]
    assert sorted(names) == sorted(p.id for p in problem.people)
    assert check(problem, proposal.groups) == ()


@settings(slow, max_examples=15)
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(problem, chance):
    people = list(problem.people)
    chance.shuffle(people)
    one, other = composed(problem), composed(replace(problem, people=tuple(people)))
    assert (one.groups, one.unplaced, one.quality) == (other.groups, other.unplaced, other.quality)


@pytest.mark.parametrize("seed", [1, 9])
def test_people_as_they_apply_are_placed_to_proof(seed):
    problem = generated(86, seed=seed)
    proposal = compose(problem, 20)
    assert check(problem, proposal.groups) == ()
    assert proposal.certificate.proven
    assert proposal.certificate.bound <= Case(problem).closure.bound


@pytest.mark.parametrize(
    "eased",
    [
        {"size_min": 5},
        {"size_max": 9},
        {"window_slots": 2},
        {"max_per_company": 2},
    ],
)
def test_an_easier_rule_never_places_fewer(eased):
    problem = generated(50, seed=4)
    before = compose(problem, 20).certificate
    after = compose(replace(problem, rules=replace(problem.rules, **eased)), 20).certificate
    assert before.proven
    assert after.proven
    assert after.placed >= before.placed


def test_people_who_share_an_hour_but_all_a_company_are_not_seated():
    rules = Rules(2, 3, 1, 1)
    people = tuple(person(name, 5, company="acme") for name in "abc")
    proposal = compose(Problem(rules, people), 5)
    assert proposal.groups == ()
    assert [reason.code for reason in proposal.unplaced] == ["company"] * 3


def test_a_window_runs_from_sunday_night_into_monday():
    people = tuple(person(name, 335, 0, 1) for name in "abc")
    (group,) = compose(Problem(Rules(3, 3, 3, 1), people), 5).groups
    assert (group.members, group.window, group.mode, group.metro) == (("a", "b", "c"), 335, "video", None)


def test_many_people_with_equal_hours_are_dealt_from_one_bucket():
    people = tuple(person(f"p{n}", 10, 11, 12) for n in range(100))
    proposal = compose(Problem(Rules(6, 8, 3, 1), people), 20)
    assert proposal.certificate.placed == 100
    assert proposal.certificate.proven


def test_two_locks_that_need_the_same_people_are_named_together():
    people = tuple(person(name, 4) for name in "abcde")
    locks = tuple(Lock(frozenset(pair), 4, "video") for pair in ("ab", "cd"))
    with pytest.raises(LocksImpossible) as refusal:
        compose(Problem(Rules(3, 3, 1, 1), people, locked=locks), 5)
    assert (refusal.value.rule, refusal.value.locks) == ("size", (0, 1))


def test_a_lock_that_nobody_can_complete_says_how_many_are_missing():
    people = (*(person(name, 4) for name in "abc"), person("z", 9))
    problem = Problem(Rules(6, 8, 1, 1), people, locked=(Lock(frozenset("a"), 4, "video"),))
    with pytest.raises(LocksImpossible) as refusal:
        compose(problem, 5)
    assert refusal.value.sentence == "locked[0] breaks the rule size: only 2 more people can join, 5 are needed."


@pytest.mark.parametrize("asked", [0, 1, 2, 5])
def test_a_cancelled_run_returns_a_valid_proposal(asked):
    calls = iter(range(1_000_000))
    problem = generated(86, seed=6)
    proposal = compose(problem, 20, cancelled=lambda: next(calls) >= asked)
    assert check(problem, proposal.groups) == ()
    assert proposal.certificate.cut_short


@pytest.mark.parametrize("seconds", [0.01, 0.1, 0.5])
def test_a_late_run_returns_a_valid_proposal(seconds):
    problem = generated(150, blocks=10, seed=3)
    proposal = compose(problem, seconds)
    assert check(problem, proposal.groups) == ()
    assert proposal.certificate.cut_short


def test_pairs_of_every_kind_hold_in_a_whole_pool():
    problem = generated(86, seed=5)
    ids = [p.id for p in problem.people]
    apart = problem.apart | {frozenset(pair) for pair in combinations(ids[:6], 2)}
    proposal = compose(replace(problem, apart=apart), 20)
    assert check(replace(problem, apart=apart), proposal.groups) == ()
