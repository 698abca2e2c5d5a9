"""The checker itself: a valid group passes, and each planted fault is caught, and only that fault."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.composition.people import Problem
from groups.composition.rules import Group, Lock, Rules, check
from tests.groups.composition.brute import hours, person

ANN = person("ann", 10, 11, company="acme", dimensions=frozenset({"x"}), never_alone=frozenset({"x"}))
BEN = person("ben", 10, 11, company="beta", dimensions=frozenset({"x"}), cadences=frozenset({"monthly"}))
CAT = person("cat", 10, 11, 12, metro="msp", cadences=frozenset({"monthly", "weekly"}))
DAN = person("dan", 10, 11)
GROUP = Group(("ann", "ben", "cat"), 10, "video")
VALID = Problem(
    Rules(2, 3, 2, 1, willing_min=1),
    (ANN, BEN, CAT, DAN),
    apart=frozenset({frozenset({"ann", "dan"})}),
    together=(frozenset({"ann", "ben"}),),
    locked=(Lock(frozenset({"cat"}), 10, "video"),),
)


def with_person(changed):
    return replace(VALID, people=tuple(changed if p.id == changed.id else p for p in VALID.people))


def broken(problem, *groups):
    return [(breach.rule, breach.group, breach.people) for breach in check(problem, groups)]


def test_a_valid_group_has_no_breach():
    assert check(VALID, [GROUP]) == ()


@pytest.mark.parametrize(
    ("problem", "breach"),
    [
        (replace(VALID, rules=replace(VALID.rules, size_max=2)), ("size", 0, ("ann", "ben", "cat"))),
        (replace(VALID, rules=replace(VALID.rules, size_min=4, size_max=4)), ("size", 0, ("ann", "ben", "cat"))),
        (with_person(replace(BEN, hours=hours(10))), ("window", 0, ("ben",))),
        (with_person(replace(BEN, hours=hours(11, 12))), ("window", 0, ("ben",))),
        (with_person(replace(BEN, modes=frozenset({"in_person"}))), ("mode", 0, ("ben",))),
        (with_person(replace(BEN, company="acme")), ("company", 0, ("ann", "ben"))),
        (with_person(replace(BEN, dimensions=frozenset())), ("never_alone", 0, ("ann",))),
        (with_person(replace(CAT, never_alone=frozenset({"y"}))), ("never_alone", 0, ("cat",))),
        (with_person(replace(CAT, cadences=frozenset({"weekly"}))), ("cadence", 0, ("ann", "ben", "cat"))),
        (replace(VALID, rules=replace(VALID.rules, willing_min=4)), ("willing", 0, ("ann", "ben", "cat"))),
        (replace(VALID, apart=frozenset({frozenset({"ann", "cat"})})), ("apart", 0, ("ann", "cat"))),
        (replace(VALID, together=(frozenset({"ann", "dan"}),)), ("together", 0, ("ann", "dan"))),
        (replace(VALID, locked=(Lock(frozenset({"cat", "dan"}), 10, "video"),)), ("lock", None, ("cat", "dan"))),
        (replace(VALID, locked=(Lock(frozenset({"dan"}), 10, "video"),)), ("lock", None, ("dan",))),
        (replace(VALID, locked=(Lock(frozenset({"cat"}), 11, "video"),)), ("lock", 0, ("cat",))),
        (replace(VALID, locked=(Lock(frozenset({"cat"}), 10, "in_person", "msp"),)), ("lock", 0, ("cat",))),
    ],
)
def test_each_fault_is_caught_and_only_that_fault(problem, breach):
    assert broken(problem, GROUP) == [breach]


def test_two_locks_do_not_share_a_group():
    problem = replace(VALID, locked=(Lock(frozenset({"cat"}), 10, "video"), Lock(frozenset({"ann"}), 10, "video")))
    assert broken(problem, GROUP) == [("lock", 0, ("ann",))]


def test_somebody_seated_twice_and_somebody_unknown_are_named():
    problem = replace(VALID, together=(), locked=())
    groups = [Group(("ben", "cat"), 10, "video"), Group(("cat", "zoe"), 10, "video")]
    assert broken(problem, *groups) == [("cover", None, ("cat",)), ("cover", None, ("zoe",))]


def test_a_group_in_person_shares_one_known_city():
    people = tuple(person(n, 1, modes=frozenset({"in_person"}), metro=m) for n, m in (("a", "msp"), ("b", "sea")))
    problem = Problem(Rules(2, 3, 1, 1), people)
    assert broken(problem, Group(("a", "b"), 1, "in_person", "msp")) == [("mode", 0, ("b",))]
    assert broken(problem, Group(("a", "b"), 1, "in_person", None)) == [("mode", 0, ("a", "b"))]


def test_people_without_a_company_never_clash():
    people = tuple(person(n, 1) for n in "abc")
    assert broken(Problem(Rules(2, 3, 1, 1), people), Group(("a", "b", "c"), 1, "video")) == []


@given(st.integers(0, 335), st.integers(1, 48))
def test_a_window_wraps_the_end_of_the_week(start, length):
    slots = [start + step for step in range(length)]
    people = (person("a", *slots), person("b", *slots))
    problem = Problem(Rules(2, 2, length, 1), people)
    assert broken(problem, Group(("a", "b"), start, "video")) == []
    assert broken(problem, Group(("a", "b"), (start + 1) % 336, "video")) == [("window", 0, ("a", "b"))]
