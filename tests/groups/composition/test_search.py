"""Quality: never less than before, never a rule broken, and the numbers of the search are those of the plain count."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings

from bench.generator import problem as generated
from groups.composition import program
from groups.composition.case import Case
from groups.composition.crowd import Crowd
from groups.composition.measures import mean_quality, quality_of
from groups.composition.pace import Pace
from groups.composition.placement import place
from groups.composition.rooms import whole_room
from groups.composition.rules import BadProblem, Group, Lock, Rules, check
from groups.composition.score import Weights, quality, terms
from groups.composition.search import improve
from groups.composition.solver import compose, finished
from tests.groups.composition.brute import person, problems


@pytest.fixture(scope="module")
def pool():
    """People as they apply, who are in groups: looked at by many, changed by nobody."""
    problem = generated(86, seed=6)
    return problem, compose(problem, 20)


def silent(stage, placed, bound):
    pass


def placed(problem):
    case = Case(problem)
    return case, place(case, Pace(20), silent)


@pytest.mark.parametrize("seed", [2, 5])
def test_the_search_only_gains_and_seats_as_many(seed):
    case, placement = placed(generated(86, seed=seed))
    before = finished(case, placement.tables)
    improve(case, placement, Pace(20), silent)
    after = finished(case, placement.tables)
    assert check(case.problem, after) == ()
    assert sum(len(group.members) for group in after) == sum(len(group.members) for group in before)
    assert mean_quality(after) >= mean_quality(before)


def test_the_sums_of_the_search_are_the_plain_count():
    case, placement = placed(generated(86, seed=6))
    tables = placement.tables
    crowd = Crowd(whole_room(case, tables))
    plain = [len(group.members) * group.quality for group in finished_in_order(case, tables)]
    assert crowd.worth == pytest.approx(plain)


def finished_in_order(case, tables):
    return [finished(case, [table])[0] for table in tables]


def test_a_swap_is_worth_what_the_plain_count_says():
    case, placement = placed(generated(86, seed=6))
    tables = placement.tables
    crowd = Crowd(whole_room(case, tables))
    people = case.roster.people
    for group, chairs in enumerate(crowd.members[:4]):
        rows = chairs[chairs != crowd.nobody]
        leaver, others = rows[0], rows[1:]
        joiners = np.arange(crowd.n)
        found = crowd.joined(np.array([leaver]), joiners, np.array([group]))
        for joiner in joiners[found > -np.inf]:
            if joiner not in rows:
                members = [people[row] for row in (*others, joiner)]
                assert found[joiner] == pytest.approx(quality_of(case.rules, members))


@pytest.mark.usefixtures("few_passes")
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(problems())
def test_without_highs_groups_are_valid_and_not_more(problem):
    try:
        full = compose(problem, 10)
    except BadProblem:
        reject()
    kept, program.highspy = program.highspy, None
    try:
        greedy = compose(problem, 10)
    finally:
        program.highspy = kept
    assert check(problem, greedy.groups) == ()
    assert greedy.certificate.placed <= full.certificate.placed <= greedy.certificate.bound


def test_without_highs_a_whole_pool_is_seated_nearly_as_well(pool, monkeypatch):
    problem, solved = pool
    monkeypatch.setattr(program, "highspy", None)
    proposal = compose(problem, 20)
    assert check(problem, proposal.groups) == ()
    assert proposal.certificate.placed >= 0.85 * solved.certificate.placed


def test_locked_people_stay_and_the_others_still_get_better(pool):
    problem, solved = pool
    first = solved.groups[0]
    lock = Lock(frozenset(first.members[:3]), first.window, first.mode, first.metro)
    proposal = compose(replace(problem, locked=(lock,)), 20)
    assert [set(first.members[:3]) <= set(group.members) for group in proposal.groups].count(True) == 1
    assert check(replace(problem, locked=(lock,)), proposal.groups) == ()


def test_composing_again_with_the_draft_keeps_people_where_they_are(pool):
    problem, solved = pool
    again = compose(replace(problem, draft=solved.groups, seed=7), 20)
    assert {group.members for group in again.groups} == {group.members for group in solved.groups}


def test_who_was_skipped_before_goes_first():
    people = tuple(person(name, 1, skipped_before=times) for name, times in zip("abcd", (0, 2, 0, 1), strict=True))
    proposal = compose(replace(generated(2), rules=Rules(3, 3, 1, 1), people=people, apart=frozenset()), 5)
    assert [reason.person for reason in proposal.unplaced] in (["a"], ["c"])


@pytest.mark.parametrize(
    ("windows", "roles", "span", "shared", "expected"),
    [(6, 4, 10, 3, 1.0), (9, 5, 0, 7, 1.0), (0, 0, 25, 0, 0.0), (3, 1, 25, 0, 0.175), (0, 2, 40, 0, 0.25 / 3)],
)
def test_quality_is_the_weighted_sum_of_its_terms(windows, roles, span, shared, expected):
    assert quality(Weights(), windows, roles, span, shared) == pytest.approx(expected)


@pytest.mark.parametrize(("span", "expected"), [("near", 1.0), ("spread", 0.0), ("ignore", 1.0)])
def test_a_program_says_what_it_wants_of_years(span, expected):
    assert terms(Weights(span=span), 6, 4, 5, 3)["years"] == expected


def test_unknown_years_and_roles_stay_out():
    rules = Rules(2, 3, 1, 1)
    known = [person("a", 1, role="cto", years=4), person("b", 1, role="vp", years=30)]
    assert quality_of(rules, known) == pytest.approx(0.35 / 6 + 0.25 / 3)
    unknown = [person("a", 1, role="cto", years=4), person("b", 1)]
    assert quality_of(rules, unknown) == pytest.approx(0.35 / 6 + 0.20)


def test_nobody_placed_has_quality_nothing():
    proposal = compose(replace(generated(3), apart=frozenset()), 5)
    assert (proposal.groups, proposal.quality) == ((), 0.0)
    assert mean_quality([Group((), 0, "video")]) == 0.0
