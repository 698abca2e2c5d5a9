"""Who could take a chair: exactly those with whom the checker lets the group be, in the order that is promised."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, reject, settings

from groups.composition.chairs import Chairs, Seat, StandBy
from groups.composition.edits import AddHours, Move, edited, widened
from groups.composition.people import Problem
from groups.composition.pool import only
from groups.composition.rules import BadProblem, Group, Lock, Rules, check
from groups.composition.solver import compose
from tests.groups.composition.brute import person, problems

pytestmark = pytest.mark.usefixtures("few_passes")
slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
RULES = Rules(2, 4, 1, 1)


def composed(problem):
    try:
        return compose(problem, 10).groups
    except BadProblem:
        reject()


@settings(slow, max_examples=25)
@given(problems())
def test_a_chair_is_offered_to_exactly_those_whom_the_checker_lets_in(problem):
    problem = replace(problem, together=())
    groups = composed(problem)
    chairs = Chairs(problem, groups)
    for index, group in enumerate(groups):
        others = [p.id for p in problem.people if p.id not in group.members]
        right = {name for name in others if holds(problem, groups, name, index)}
        assert {seat.people for seat in chairs.ranked(index)} == {(name,) for name in right}
    for someone in problem.people:
        seats = {seat.group for seat in chairs.seats_for(someone.id)}
        waits = all(someone.id not in group.members for group in groups)
        assert seats == {i for i in range(len(groups)) if waits and holds(problem, groups, someone.id, i)}
        assert chairs.first_seat(chairs.unit_of[someone.id]) == next(iter(chairs.seats_for(someone.id)), None)


def holds(problem, groups, name, index):
    """Whether every group is valid, at the hours they have, once this person has gone over to that group."""
    after = edited(problem, groups, Move(name, index))
    hours = {(group.window, group.mode, group.metro) for group in groups}
    return not check(problem, after) and {(group.window, group.mode, group.metro) for group in after} <= hours


@settings(slow, max_examples=25)
@given(problems())
def test_whoever_stands_by_could_follow_as_many_members_as_they_are_told(problem):
    problem = replace(problem, together=())
    groups = composed(problem)
    for index, group in enumerate(groups):
        for stand in Chairs(problem, groups).standing_by(index, 9):
            assert stand.instead == sum(follows(problem, group, stand, member) for member in group.members) > 0
            assert (stand.kind == "asked") == bool(stand.slots)


def follows(problem, group, stand, member):
    names = frozenset(group.members) - {member} | {stand.person}
    people = [widened(p, AddHours(p.id, stand.slots)) if p.id == stand.person else p for p in problem.people]
    here = only(replace(problem, people=tuple(people)), names)
    return not check(here, [replace(group, members=tuple(sorted(names)))])


def test_who_waits_comes_before_whom_a_group_can_spare_and_the_skipped_before_both():
    people = tuple(person(name, 1) for name in "abcdefg")
    people += (person("y", 1), person("z", 1, skipped_before=2), person("x", 2))
    groups = [Group(("a", "b"), 1, "video"), Group(("c", "d", "e"), 1, "video"), Group(("f", "g"), 1, "video")]
    found = Chairs(Problem(RULES, people), groups, fixed=frozenset("c")).ranked(0)
    assert [(seat.people[0], seat.of) for seat in found[:2]] == [("z", None), ("y", None)]
    assert {(seat.people[0], seat.of) for seat in found[2:]} == {("d", 1), ("e", 1)}


def test_who_stays_together_takes_two_chairs_or_none():
    people = tuple(person(name, 1) for name in "abcyz")
    problem = Problem(RULES, people, together=(frozenset("yz"),))
    assert [seat.people for seat in Chairs(problem, [Group(("a", "b"), 1, "video")]).ranked(0)] == [("c",), ("y", "z")]
    assert [seat.people for seat in Chairs(problem, [Group(("a", "b", "c"), 1, "video")]).ranked(0)] == []


def test_a_late_applicant_sees_the_smallest_group_first_and_nobody_moves():
    people = (*(person(name, 1, 2, role="cto") for name in "abcdefghi"), person("z", 1, 2, 3))
    full = Group(("f", "g", "h", "i"), 2, "video")
    groups = [Group(("a", "b", "c"), 1, "video"), Group(("d", "e"), 2, "video"), full]
    chairs = Chairs(
        Problem(RULES, people, locked=(Lock(frozenset("a"), 1, "video"),)), groups, fixed=frozenset("abcde")
    )
    assert [(seat.group, seat.people, seat.of) for seat in chairs.seats_for("z")] == [
        (1, ("z",), None),
        (0, ("z",), None),
    ]
    assert chairs.seats_for("a") == chairs.seats_for("d") == ()
    with pytest.raises(BadProblem, match='There is no person "nobody"'):
        chairs.seats_for("nobody")


def test_stand_by_is_first_who_waits_then_whom_others_spare_then_who_gives_an_hour():
    people = (
        *(person(name, 1) for name in "abcd"),
        person("w", 1, company="acme"),
        person("q", 3),
        person("r", 3, 4),
        person("y", 1, 3),
    )
    people = tuple(replace(p, company="acme") if p.id == "a" else p for p in people)
    groups = [Group(("a", "b"), 1, "video"), Group(("q", "r", "y"), 3, "video")]
    chairs = Chairs(Problem(RULES, people), groups)
    assert chairs.standing_by(0) == (
        StandBy("d", "waiting", 2),
        StandBy("c", "waiting", 2),
        StandBy("w", "waiting", 1),
        StandBy("y", "spared", 2),
    )
    assert Chairs(Problem(RULES, people), groups, fixed=frozenset("q")).standing_by(0)[-1] == StandBy("w", "waiting", 1)
    assert chairs.standing_by(1, 5)[-1].slots == (3,)


def test_a_seat_says_how_good_the_group_is_with_them():
    people = (person("a", 1, role="cto"), person("b", 1, role="vp"), person("z", 1, role="lead"))
    (seat,) = Chairs(Problem(RULES, people), [Group(("a", "b"), 1, "video")]).ranked(0)
    (group,) = edited(Problem(RULES, people), [Group(("a", "b"), 1, "video")], Move("z", 0))
    assert seat == Seat(0, ("z",), group.quality)
