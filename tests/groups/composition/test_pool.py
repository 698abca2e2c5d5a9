"""What a pool could do: hours for a host, each with a group that holds; none where there is none."""

import pytest
from hypothesis import HealthCheck, given, settings

from bench.generator import problem as generated
from groups.composition import program
from groups.composition.people import Problem
from groups.composition.pool import Crowded, Limiter, best_hour, density, host_hours, limiters, only
from groups.composition.rules import BadProblem, Lock, Rules, check
from tests.groups.composition.brute import NAMES, person, problems, valid_groups

RULES = Rules(3, 4, 2, 1)
slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
MONDAY, TUESDAY, FRIDAY = 16, 48 + 16, 4 * 48 + 16


def at(*starts):
    return [slot for start in starts for slot in (start, start + 1)]


def told(problem, host, **more):
    return [(hour.mode, hour.metro, hour.window, hour.people) for hour in host_hours(problem, host, **more)]


def test_a_host_gets_one_hour_on_each_of_the_best_days_most_people_first():
    people = (
        person("a", *at(MONDAY, MONDAY + 4, TUESDAY, FRIDAY)),
        person("b", *at(MONDAY, TUESDAY, FRIDAY)),
        person("c", *at(MONDAY, MONDAY + 4, TUESDAY)),
        person("d", *at(TUESDAY, FRIDAY, MONDAY + 4)),
        person("e", *at(TUESDAY)),
    )
    problem = Problem(RULES, people)
    best = [("video", None, TUESDAY, 5), ("video", None, MONDAY, 3), ("video", None, FRIDAY, 3)]
    assert told(problem, "a") == best
    assert told(problem, "a", count=1) == best[:1]
    assert told(problem, "e") == best[:1]


@pytest.mark.parametrize("engine", ["HiGHS", "greedy"])
def test_each_hour_comes_with_a_valid_group_of_the_host(engine, monkeypatch):
    if engine == "greedy":
        monkeypatch.setattr(program, "highspy", None)
    problem = generated(86, blocks=10)
    hours = host_hours(problem, "p1")
    assert len(hours) == 3
    assert len({hour.window // 48 for hour in hours}) == 3
    for hour in hours:
        assert "p1" in hour.group.members
        assert (hour.group.mode, hour.group.metro, hour.group.window) == (hour.mode, hour.metro, hour.window)
        assert check(only(problem, frozenset(hour.group.members)), [hour.group]) == ()


@settings(slow, max_examples=40)
@given(problems())
def test_a_host_has_an_hour_exactly_where_trying_everything_finds_a_group(problem):
    groups = valid_groups(problem)
    for someone in problem.people:
        possible = any(someone.id in members for members in groups)
        assert bool(host_hours(problem, someone.id)) == possible


def test_who_is_kept_in_a_group_already_is_offered_nothing_and_joins_no_other_host():
    people = tuple(person(name, *at(MONDAY)) for name in NAMES[:6])
    problem = Problem(RULES, people, locked=(Lock(frozenset("abc"), MONDAY, "video"),))
    assert told(problem, "a") == []
    assert told(problem, "d") == [("video", None, MONDAY, 3)]


def test_a_host_whom_nobody_knows_is_refused():
    with pytest.raises(BadProblem, match='There is no person "z"'):
        host_hours(Problem(RULES, (person("a", *at(MONDAY)),)), "z")


def test_density_counts_by_place_and_window_and_the_best_hour_is_shared_by_enough():
    both, monthly = frozenset({"video", "in_person"}), frozenset({"monthly"})
    people = (
        person("a", *at(MONDAY), modes=both, metro="msp", cadences=monthly),
        person("b", *at(MONDAY, TUESDAY), cadences=frozenset({"weekly"})),
        person("c", *at(MONDAY)),
        person("d", *at(TUESDAY), modes=frozenset({"in_person"}), metro="msp"),
        person("e", TUESDAY),
    )
    problem = Problem(RULES, people)
    best = Crowded("video", None, MONDAY, 3)
    assert density(problem) == (
        best,
        Crowded("in_person", "msp", MONDAY, 1),
        Crowded("in_person", "msp", TUESDAY, 1),
        Crowded("video", None, TUESDAY, 1),
    )
    assert (best_hour(problem, 3), best_hour(problem, 4), best_hour(problem)) == (best, None, None)


@pytest.mark.parametrize(("mind", "do_not_mind", "groups"), [(9, 0, 4), (8, 0, 4), (5, 1, 3), (5, 20, 5)])
def test_nine_who_do_not_want_to_be_alone_fill_four_groups(mind, do_not_mind, groups):
    value = frozenset({"v"})
    people = [person(f"m{n}", MONDAY, dimensions=value, never_alone=value) for n in range(mind)]
    people += [person(f"o{n}", MONDAY, dimensions=value) for n in range(do_not_mind)]
    people += [person("x", MONDAY, never_alone=frozenset({"rare"}), dimensions=frozenset({"rare"}))]
    assert limiters(Problem(RULES, tuple(people))) == (Limiter("v", mind, groups),)
