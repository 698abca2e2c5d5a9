"""After declines: whoever is fixed stays, groups that hold are left alone, broken ones are completed or dissolved."""

from dataclasses import replace

import pytest

from bench.generator import problem as generated
from groups.composition import refill as refilling
from groups.composition.people import Problem
from groups.composition.refill import refill, without
from groups.composition.rules import Group, LocksImpossible, Rules, check
from groups.composition.solver import compose
from tests.groups.composition.brute import person

RULES = Rules(3, 4, 1, 1)


def people(**hours):
    return tuple(person(name, *slots) for name, slots in hours.items())


def members(proposal):
    return [group.members for group in proposal.groups]


def test_a_broken_group_takes_who_waits():
    problem = Problem(RULES, people(a=[1], b=[1], c=[1], z=[1]))
    found = refill(problem, [Group(("a", "b", "c"), 1, "video")], frozenset("c"), frozenset("a"))
    assert members(found) == [("a", "b", "z")]


def test_a_broken_group_without_anybody_fixed_is_dissolved_into_the_others():
    problem = Problem(RULES, people(a=[1], b=[1], c=[1], d=[1, 2], e=[2], f=[2]))
    groups = [Group(("a", "b", "c"), 1, "video"), Group(("d", "e", "f"), 2, "video")]
    found = refill(problem, groups, frozenset("f"))
    assert members(found) == [("a", "b", "c", "d")]
    assert [reason.person for reason in found.unplaced] == ["e"]


def test_a_larger_group_lends_a_member_to_complete_a_fixed_one():
    problem = Problem(RULES, people(a=[1], b=[1], c=[1], d=[1, 2], e=[2], f=[2], g=[2]))
    groups = [Group(("a", "b", "c", "d"), 1, "video"), Group(("e", "f", "g"), 2, "video")]
    found = refill(problem, groups, frozenset("g"), frozenset("aef"))
    assert members(found) == [("a", "b", "c"), ("d", "e", "f")]


def test_a_fixed_group_that_nobody_can_complete_is_said_so():
    problem = Problem(RULES, people(a=[1], b=[1], c=[1], d=[2], e=[2], z=[2]))
    groups = [Group(("d", "e", "z"), 2, "video"), Group(("a", "b", "c"), 1, "video")]
    with pytest.raises(LocksImpossible) as refusal:
        refill(problem, groups, frozenset("c"), frozenset("ab"))
    sentence = "groups[1] breaks the rule size: only 0 more people can join, 1 are needed."
    assert (refusal.value.rule, refusal.value.locks, refusal.value.sentence) == ("size", (1,), sentence)


def test_the_hour_of_fixed_people_does_not_move():
    problem = Problem(RULES, people(a=[1, 2], b=[1, 2], c=[1], y=[2], z=[1]))
    found = refill(problem, [Group(("a", "b", "c"), 1, "video")], frozenset("c"), frozenset("ab"))
    assert [(group.members, group.window) for group in found.groups] == [(("a", "b", "z"), 1)]


def test_in_a_whole_pool_almost_everybody_stays_seated():
    problem = generated(86, seed=6)
    groups = compose(problem, 20).groups
    gone = frozenset(group.members[0] for group in groups[:2])
    fixed = frozenset(name for group in groups[2:] for name in group.members)
    found = refill(problem, groups, gone, fixed, seconds=10)
    assert check(without(problem, gone), found.groups) == ()
    home = {name: group.members for group in found.groups for name in group.members}
    assert all(set(group.members) <= set(home[group.members[0]]) for group in groups[2:])


ORDER = people(a=[1], b=[1], c=[1], stand=[1], wait=[1], late=[1], d=[1, 2], e=[2], f=[2], g=[2])
BROKEN, UNSENT = Group(("a", "b", "c"), 1, "video"), Group(("d", "e", "f", "g"), 2, "video")


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(
    ("here", "taken"),
    [
        ("stand wait late", "stand"),
        ("wait late", "wait"),
        ("late", "late"),
        ("d", "d"),
    ],
)
def test_a_chair_is_taken_in_the_order_that_is_promised(here, taken, whole, monkeypatch):
    monkeypatch.setattr(refilling, "WHOLE_LIMIT", 300 if whole else 0)
    here = set(here.split()) | set("abcefg")
    everybody = tuple(p for p in ORDER if p.id in here)
    problem = Problem(Rules(3, 3, 1, 1) if taken != "d" else RULES, everybody)
    groups = [BROKEN, UNSENT if taken == "d" else replace(UNSENT, members=("e", "f", "g"))]
    found = refill(problem, groups, frozenset("c"), frozenset("ab"), standby={0: ("stand",)}, late=frozenset({"late"}))
    assert members(found)[0] == tuple(sorted(("a", "b", taken)))
    assert ("e", "f", "g") in members(found)


def test_a_group_already_asked_lends_last():
    everybody = people(a=[1], b=[1], d=[1, 2], e=[2], f=[2], g=[2], k=[1, 3], l=[3], m=[3], n=[3])
    groups = [
        Group(("a", "b", "x"), 1, "video"),
        Group(("k", "l", "m", "n"), 3, "video"),
        Group(("d", "e", "f", "g"), 2, "video"),
    ]
    problem = Problem(RULES, (*everybody, person("x", 1)))
    found = refill(problem, groups, frozenset("x"), frozenset("abl"))
    assert members(found) == [("a", "b", "d"), ("e", "f", "g"), ("k", "l", "m", "n")]


def test_own_stand_by_takes_the_free_chair_of_a_group_that_still_holds():
    problem = Problem(RULES, people(a=[1], b=[1], c=[1], d=[1], y=[1], z=[1]))
    group = Group(("a", "b", "c", "d"), 1, "video")
    for name in "yz":
        assert members(refill(problem, [group], frozenset("d"), standby={0: (name,)})) == [tuple(sorted("abc" + name))]


def test_a_group_is_completed_by_two_where_a_wish_needs_both():
    wish = frozenset({"v"})
    alone = person("a", 1, never_alone=wish)
    others = (person("b", 1), person("y", 1), person("z", 1, dimensions=wish), person("c", 1, dimensions=wish))
    found = refill(
        Problem(RULES, (alone, *others)), [Group(("a", "b", "c"), 1, "video")], frozenset("c"), frozenset("ab")
    )
    assert "z" in members(found)[0]


def test_in_a_large_pool_nobody_leaves_a_group_that_holds(monkeypatch):
    problem = generated(120, seed=2)
    groups = compose(problem, 10).groups
    monkeypatch.setattr(refilling, "WHOLE_LIMIT", 0)
    gone = frozenset(name for group in groups[:3] for name in group.members[:2])
    found = refill(problem, groups, gone, seconds=5)
    assert check(without(problem, gone), found.groups) == ()
    home = {name: set(group.members) for group in found.groups for name in group.members}
    assert all(set(group.members) <= home[group.members[0]] for group in groups[3:])
    assert found.certificate.placed == sum(len(group.members) for group in found.groups) <= found.certificate.bound
    names = [*home, *(reason.person for reason in found.unplaced)]
    assert sorted(names) == sorted({p.id for p in problem.people} - gone)
