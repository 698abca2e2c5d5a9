"""What would help: each change is verified, in the fixed order, and touches nobody's personal rule."""

from dataclasses import replace
from itertools import combinations

import pytest

from bench.generator import problem as generated
from groups.composition.board import Board
from groups.composition.edits import AddHours, AddMode, OtherMetro, widened
from groups.composition.helping import NewGroup, new_groups, one_change
from groups.composition.people import Problem
from groups.composition.pool import only
from groups.composition.reasons import Fix, Reason
from groups.composition.rules import Group, Rules, check
from groups.composition.solver import compose
from tests.groups.composition.brute import person

RULES = Rules(3, 4, 2, 1)
HERE, BOTH = frozenset({"in_person"}), frozenset({"in_person", "video"})
MEETING = tuple(person(name, 8, 9) for name in "abc")
IN_SEA = tuple(person(name, 8, 9, modes=HERE, metro="sea") for name in "def")
GROUPS = (Group(("a", "b", "c"), 8, "video"), Group(("d", "e", "f"), 8, "in_person", "sea"))


@pytest.mark.parametrize(
    ("someone", "change"),
    [
        (person("z", 9), AddHours("z", (8,))),
        (person("z", 8, 9, modes=HERE, metro="msp"), AddMode("z", "video")),
        (person("z", 20, 21), AddHours("z", (8, 9))),
        (person("z", 9, never_alone=frozenset({"v"})), None),
    ],
)
def test_more_of_ones_own_time_comes_before_another_way_to_meet(someone, change):
    problem = Problem(RULES, (*MEETING, *IN_SEA, someone))
    (reason,) = compose(problem, 5).unplaced
    assert one_change(Board(problem, GROUPS), reason) == change


def test_a_neighbouring_metro_comes_after_another_mode():
    someone = person("z", 8, 9, modes=HERE, metro="pdx")
    problem = Problem(RULES, (*IN_SEA, someone))
    board = Board(problem, GROUPS[1:])
    reason = Reason("z", "no_common_window", "")
    assert one_change(board, reason, neighbours={"pdx": ("sfo", "sea")}) == OtherMetro("z", "sea")
    assert one_change(board, reason) is None


def test_nobody_is_asked_for_a_window_that_they_may_not_be_asked_for():
    problem = Problem(RULES, (*MEETING, person("z", 9)))
    reason = Reason("z", "no_common_window", "", Fix((8,), 0))
    assert one_change(Board(problem, GROUPS[:1]), reason, may=lambda person, window: window >= 14) is None


def test_if_any_of_these_take_the_hour_a_new_group_forms():
    people = (*MEETING, person("u", 30, 31), *(person(name, 31 + n, 60) for n, name in enumerate("vwxyzs")))
    problem = Problem(RULES, (*people, person("t", 30, 31, company="acme"), person("r", 31, company="acme")))
    new = new_groups(problem, GROUPS[:1])[0]
    assert (new.mode, new.metro, new.window, new.people, new.needed, new.size) == ("video", None, 30, ("t", "u"), 1, 3)
    assert len(new.asked) == 5
    assert "r" not in new.asked
    unplaced = Reason(new.asked[0], "no_common_window", "")
    assert one_change(Board(problem, GROUPS[:1]), unplaced, new=(new,)) == new


def test_every_choice_of_those_asked_is_a_valid_group():
    problem = generated(86, seed=3)
    groups = compose(problem, 10).groups
    found = new_groups(problem, groups, count=9)
    assert found
    for new in found:
        assert new.needed in (1, 2)
        for some in combinations(new.asked, new.needed):
            names = tuple(sorted((*new.people, *some)))
            slots = tuple((new.window + step) % 336 for step in range(3))
            wider = [widened(p, AddHours(p.id, slots)) if p.id in some else p for p in problem.people]
            here = only(replace(problem, people=tuple(wider)), frozenset(names))
            assert check(here, [Group(names, new.window, new.mode, new.metro)]) == ()


def test_who_may_not_be_asked_is_not_and_who_has_a_seat_is_left_alone():
    people = (*MEETING, person("t", 30, 31), person("u", 30, 31), person("z", 31))
    assert new_groups(Problem(RULES, people), GROUPS[:1]) == (NewGroup("video", None, 30, ("t", "u"), ("z",), 1),)
    assert new_groups(Problem(RULES, people), GROUPS[:1], may=lambda person, window: person.id != "z") == ()
