"""Two valid groups of one that has grown large."""

from dataclasses import replace

import pytest

from groups.composition.halves import halves, holds
from groups.composition.people import Candidate, Problem
from groups.composition.rules import Group, Rules, check

AT = 30
HOURS = sum(1 << slot for slot in range(AT, AT + 6))
RULES = Rules(size_min=5, size_max=12, window_slots=3, max_per_company=1)


def problem(count, **fields):
    people = tuple(Candidate(id=f"p{n:02}", hours=HOURS, modes=frozenset({"video"}), **fields) for n in range(count))
    return Problem(rules=RULES, people=people)


def group(of):
    return Group(tuple(sorted(person.id for person in of.people)), AT, "video")


@pytest.mark.parametrize(("count", "sizes"), [(10, (5, 5)), (11, (6, 5)), (12, (6, 6))])
def test_everybody_sits_in_one_of_two_halves_as_equal_as_can_be(count, sizes):
    whole = problem(count)
    both = halves(whole, group(whole))
    assert tuple(len(half.members) for half in both) == sizes
    assert sorted(name for half in both for name in half.members) == list(group(whole).members)
    assert check(whole, both) == ()


def test_too_few_for_two_groups_stay_one():
    whole = problem(9)
    assert halves(whole, group(whole)) is None


def test_who_is_not_to_meet_is_parted_and_nobody_is_alone_against_their_wish():
    whole = problem(10)
    alone = {"p00", "p01", "p02", "p03"}
    people = tuple(
        replace(one, dimensions=frozenset({"x"}), never_alone=frozenset({"x"})) if one.id in alone else one
        for one in whole.people
    )
    whole = replace(whole, people=people, apart=frozenset({frozenset({"p00", "p01"}), frozenset({"p04", "p05"})}))
    both = halves(whole, group(whole))
    assert check(whole, both) == ()
    assert all(len(alone.intersection(half.members)) != 1 for half in both)


def test_where_equal_halves_break_a_rule_unequal_ones_are_found():
    whole = problem(11)
    rules = replace(RULES, size_min=4)
    together = (frozenset(f"p{n:02}" for n in range(7)),)
    whole = replace(whole, rules=rules, together=together)
    both = halves(whole, group(whole))
    assert [len(half.members) for half in both] == [7, 4]


def test_where_no_two_halves_hold_there_are_none():
    whole = problem(10)
    people = (replace(whole.people[0], hours=0), *whole.people[1:])
    assert halves(replace(whole, people=people), group(whole)) is None


def test_the_same_members_give_the_same_halves_in_whatever_order_they_come():
    whole = problem(12)
    turned = replace(whole, people=tuple(reversed(whole.people)))
    assert halves(whole, group(whole)) == halves(turned, group(whole))


def test_a_part_that_is_too_small_does_not_hold():
    whole = problem(10)
    names = list(group(whole).members)
    assert (holds(whole, group(whole), names[:5], names[5:]), holds(whole, group(whole), names[:4], names[4:])) == (
        True,
        False,
    )
