"""Reasons, cards and the effect of a change: true, complete, and silent about personal rules."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from bench.generator import problem as generated
from groups.composition.explain import AddHours, AddMode, ChangeRule, Move, Swap, explain, public, what_if
from groups.composition.people import Problem
from groups.composition.reasons import Fix
from groups.composition.rules import BadProblem, Breach, Group, Rules, check
from groups.composition.solver import compose
from tests.groups.composition.brute import person, problems

pytestmark = pytest.mark.usefixtures("few_passes")
slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
IN_PERSON = frozenset({"in_person"})


def reasons(people, **more):
    proposal = compose(Problem(Rules(3, 4, 2, 1), tuple(people), **more), 5)
    return {reason.person: (reason.code, reason.sentence) for reason in proposal.unplaced}


def five(*slots, names="abcde", **more):
    return [person(name, *slots, **more) for name in names]


@pytest.mark.parametrize(
    ("people", "more", "code", "sentence"),
    [
        ([person("z", 10, 12, 14)], {}, "no_window", "z gave no 60 minutes in a row."),
        ([person("z", 1, 2, modes=IN_PERSON)], {}, "no_metro", "z wants to meet in person, but has no city."),
        (
            [person("z", 1, 2), person("y", 5, 6)],
            {"together": (frozenset("yz"),)},
            "together",
            "y and z want to stay together and share no hour.",
        ),
        (
            [person("z", 1, 2, modes=IN_PERSON, metro="msp"), person("y", 1, 2)],
            {"together": (frozenset("yz"),)},
            "together",
            "y and z want to stay together and share no way to meet.",
        ),
        (
            [person("z", 1, 2), person("y", 1, 2)],
            {},
            "no_common_window",
            "At most 2 people can come at any of z's hours; 3 are needed.",
        ),
        ([person("z", 1, 2)], {}, "no_common_window", "At most 1 person can come at any of z's hours; 3 are needed."),
        (
            [*five(1, 2, names="xyz", company="acme"), person("w", 1, 2)],
            {},
            "company",
            "At z's hours there are people of only 2 companies.",
        ),
        (
            [*five(1, 2, names="wxy"), person("z", 1, 2, never_alone=frozenset({"v"}))],
            {},
            "personal_rule",
            "A personal rule of somebody cannot be kept at these hours.",
        ),
        (
            [person("x", 1, 2), *five(1, 2, names="yz")],
            {"apart": frozenset({frozenset("yz")})},
            "personal_rule",
            "A personal rule of somebody cannot be kept at these hours.",
        ),
        (
            [person("w", 1, 2, never_alone=frozenset({"v"})), *five(1, 2, names="yz")],
            {},
            "others_unplaced",
            "The others at z's hours cannot be placed themselves.",
        ),
        ([*five(1, 2, names="vwxyz")], {"seed": 1}, "full", "One group fits {0}; it is full."),
        (
            [*five(1, 2, names="wx"), person("y", 1, 2, 8, 9), *five(8, 9, names="uz")],
            {},
            "packing",
            "Seating {0} would cost at least one other person's place.",
        ),
    ],
)
def test_the_first_binding_reason_is_told(people, more, code, sentence):
    told = reasons(people, **more)
    someone = "z" if "z" in told else min(told)
    assert told[someone] == (code, sentence.format(someone))


@settings(slow, max_examples=30)
@given(problems())
def test_every_fix_applied_passes_the_check(problem):
    proposal = composed(problem)
    for reason in proposal.unplaced:
        if reason.fix is not None:
            effect = what_if(problem, proposal.groups, AddHours(reason.person, reason.fix.slots))
            assert (effect.breaches, effect.placed) == ((), 1)


def composed(problem):
    try:
        return compose(problem, 10)
    except BadProblem:
        reject()


def test_the_fix_takes_the_fewest_half_hours():
    people = [*five(1, 2, names="abc"), *five(8, 9, names="def"), person("z", 0, 1)]
    (reason,) = compose(Problem(Rules(3, 4, 2, 1), tuple(people)), 5).unplaced
    assert (reason.code, reason.fix) == ("no_common_window", Fix((2,), 0))


def test_no_window_is_asked_of_somebody_whom_a_rule_keeps_out():
    people = [*five(1, 2, names="abc"), person("z", 5, never_alone=frozenset({"v"}))]
    (reason,) = compose(Problem(Rules(3, 4, 2, 1), tuple(people)), 5).unplaced
    assert reason.fix is None


def test_nothing_told_betrays_a_wish_or_a_keep_apart_pair():
    problem = generated(86, seed=8)
    proposal = compose(problem, 20)
    cards, told = explain(problem, proposal.groups, proposal.certificate.bound)
    assert told == proposal.unplaced
    text = [reason.sentence for reason in told] + [warning for card in cards for warning in card.warnings]
    values = {value for p in problem.people for value in p.never_alone}
    assert values
    assert [line for line in text if any(value in line.split() for value in values)] == []
    assert [line for line in text for pair in problem.apart if all(name in line.split() for name in pair)] == []


@pytest.mark.parametrize("rule", ["apart", "never_alone"])
def test_a_page_does_not_learn_which_personal_rule_or_whose(rule):
    breach = Breach(rule, 2, ("ann", "ben"), "ann and ben are to be kept apart.")
    assert public(breach) == Breach("never_alone", 2, (), "A personal rule of somebody in this draft is broken.")


def test_other_breaches_are_shown_as_they_are():
    breach = Breach("company", 2, ("ann", "ben"), "ann and ben are both at acme.")
    assert public(breach) is breach


def test_a_card_names_the_tightest_and_says_what_is_fragile():
    people = (*five(1, 2, 3, 4, names="abc"), person("d", 1, 2))
    problem = Problem(Rules(3, 4, 2, 1), people, met={frozenset("ab"): 3})
    ((card,), told) = explain(problem, [Group(tuple("abcd"), 1, "video")])
    assert (card.windows, card.tightest, card.fragile) == ((1,), "d", False)
    assert card.warnings == ("2 of you have met.",)
    assert told == ()


def test_a_group_whose_wish_hangs_on_one_person_is_fragile():
    wish = frozenset({"v"})
    people = (*five(1, 2, names="abc"), person("d", 1, 2, dimensions=wish), person("e", 1, 2, never_alone=wish))
    ((card,), _) = explain(Problem(Rules(3, 5, 2, 1), people), [Group(tuple("abcde"), 1, "video")])
    assert card.fragile


PLACED = Problem(Rules(2, 4, 2, 1), (*five(1, 2, names="abc"), *five(8, 9, names="de"), person("z", 1, 2)))
GROUPS = (Group(("a", "b", "c"), 1, "video"), Group(("d", "e"), 8, "video"))


def effect(change):
    found = what_if(PLACED, GROUPS, change)
    return [(breach.rule, breach.group, breach.people) for breach in found.breaches], found.placed


@pytest.mark.parametrize(
    ("change", "breaches", "placed"),
    [
        (Move("z", 0), [], 1),
        (Move("a", None), [], -1),
        (Move("d", None), [("size", 1, ("e",))], -1),
        (Move("z", 1), [("window", 1, ("z",))], 1),
        (Swap("a", "z"), [], 0),
        (Swap("a", "d"), [("window", 0, ("d",)), ("window", 1, ("a",))], 0),
        (AddHours("z", (8, 9)), [], 1),
        (AddMode("z", "in_person"), [], 1),
    ],
)
def test_a_change_shows_what_it_breaks_and_gains(change, breaches, placed):
    assert effect(change) == (breaches, placed)


@settings(slow, max_examples=30)
@given(problems(8), st.data())
def test_what_if_equals_checking_the_changed_draft_afresh(problem, data):
    groups = composed(problem).groups
    name = data.draw(st.sampled_from([p.id for p in problem.people]))
    target = data.draw(st.sampled_from([None, *range(len(groups))]))
    sets = [set(group.members) - {name} | ({name} if index == target else set()) for index, group in enumerate(groups)]
    seated = sum(len(members) for members in sets)
    found = what_if(problem, groups, Move(name, target))
    assert found.placed == seated - sum(len(group.members) for group in groups)
    sizes = sum(not problem.rules.size_min <= len(members) <= problem.rules.size_max for members in sets if members)
    assert sum(breach.rule == "size" for breach in found.breaches) == sizes


def test_a_changed_rule_is_solved_again():
    found = what_if(PLACED, GROUPS, ChangeRule("size_min", 3))
    afresh = compose(replace(PLACED, rules=Rules(3, 4, 2, 1)), 5)
    assert found.proposal is not None
    assert (found.placed, found.proposal.groups) == (-1, afresh.groups)
    assert check(replace(PLACED, rules=Rules(3, 4, 2, 1)), found.proposal.groups) == ()


@pytest.mark.parametrize(
    "change",
    [
        Move("nobody", 0),
        Move("z", 7),
        Swap("z", "nobody"),
        AddHours("z", (336,)),
        AddMode("z", "letter"),
        ChangeRule("weights", 1),
        ChangeRule("size_min", 9),
    ],
)
def test_a_change_of_what_is_not_there_is_refused(change):
    with pytest.raises(BadProblem):
        what_if(PLACED, GROUPS, change)
