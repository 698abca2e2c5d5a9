"""What only some programs want: counted alike by the search and plainly, worth nothing until a program says so."""

import random
from dataclasses import replace

import numpy as np
import pytest

from bench.generator import problem as generated
from groups.composition.cards import Cards
from groups.composition.case import Case
from groups.composition.crowd import Crowd
from groups.composition.measures import as_group, kindest, quality_of, terms_of
from groups.composition.people import Problem
from groups.composition.rooms import Room, whole_room
from groups.composition.rules import BadProblem, Group, Rules, check
from groups.composition.score import Weights
from groups.composition.solver import compose
from groups.composition.units import EVERYWHERE, Table
from tests.groups.composition.brute import hours, person

WANTED = Weights(0.1, 0.1, 0.1, 0.1, "near", new=0.2, scope=0.1, good=0.1, size=0.1, gathered=0.1)


def rich(seed):
    """People as they apply, who also say what they like and whom they have met."""
    problem = generated(86, blocks=10, seed=seed)
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    people = tuple(
        replace(
            p,
            good=p.hours & chance.getrandbits(336) | p.hours & -(chance.random() < 0.7),
            scope=chance.choice(("team", "house", None)),
            size_liked=chance.choice((6, 7, 8, None)),
        )
        for p in problem.people
    )
    names = [p.id for p in people]
    met = {frozenset(chance.sample(names, 2)): chance.randrange(40) for _ in range(400)}
    return replace(problem, people=people, met=met, rules=replace(problem.rules, weights=WANTED))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_search_adds_up_what_the_plain_count_does(seed):
    problem = rich(seed)
    case = Case(problem)
    groups = compose(problem, 5).groups
    assert check(problem, groups) == ()
    numbers = [[case.unit_of[name] for name in group.members] for group in groups]
    tables = [Table(case.units, case.rules, EVERYWHERE, EVERYWHERE, members) for members in numbers]
    crowd = Crowd(whole_room(case, tables))
    assert crowd.worth == pytest.approx([len(group.members) * group.quality for group in groups])
    for number, line in enumerate(crowd.members):
        rows = line[line != crowd.nobody]
        joiners = np.setdiff1d(np.arange(crowd.n), rows)
        for others, stay in ((rows[0], rows[1:]), (crowd.n + 1 + number, rows)):
            many = np.full(len(joiners), others), joiners, np.full(len(joiners), number)
            found = crowd.joined(*many)
            for joiner, worth in zip(joiners, found, strict=True):
                members = [case.roster.people[row] for row in (*stay, joiner)]
                if worth > -np.inf:
                    assert worth == pytest.approx(quality_of(problem.rules, members, problem.met))


ABC = tuple(person(name, 1, 2) for name in "abc")


@pytest.mark.parametrize(
    ("people", "met", "expected"),
    [
        (ABC, {}, {"new": 1, "scope": 1, "good": 0, "size": 1}),
        (ABC, {frozenset("ab"): 0}, {"new": 2 / 3, "scope": 1, "good": 0, "size": 1}),
        (ABC, {frozenset("ab"): 12, frozenset("bc"): 24}, {"new": 1 - 0.75 / 3, "scope": 1, "good": 0, "size": 1}),
        (
            tuple(
                replace(p, good=hours(1), scope=s, size_liked=n) for p, s, n in zip(ABC, "xxy", (3, 3, 9), strict=True)
            ),
            {},
            {"new": 1, "scope": 2 / 3, "good": 0.5, "size": 2 / 3},
        ),
    ],
)
def test_each_term_from_nothing_to_full(people, met, expected):
    rules = Rules(2, 3, 1, 1, weights=WANTED)
    found = terms_of(rules, people, met)
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    assert "gathered" not in found
    plain = Rules(2, 3, 1, 1)
    assert set(terms_of(plain, people, met)) == {"windows", "roles", "years", "interests"}
    assert quality_of(plain, people, met) == quality_of(plain, ABC)


def test_who_shares_a_wish_is_rather_gathered_than_spread():
    wish = frozenset({"v"})
    rules = Rules(2, 9, 1, 1, weights=replace(WANTED, gathered=0.3, new=0.0))
    worth = []
    for holders in range(2, 7):
        people = [
            person(
                str(n),
                1,
                dimensions=wish if n < holders else frozenset(),
                never_alone=wish if n < holders else frozenset(),
            )
            for n in range(6)
        ]
        worth.append(quality_of(rules, people))
    assert worth[0] < worth[1] < worth[2] == worth[3] == worth[4]
    assert worth[2] == quality_of(rules, [person(str(n), 1) for n in range(6)])


def test_who_has_met_is_seated_with_others_where_that_costs_nothing():
    people = tuple(person(name, 1) for name in "abcd")
    met = {frozenset("ab"): 1, frozenset("cd"): 1}
    problem = Problem(Rules(2, 2, 1, 1, weights=replace(WANTED)), people, met=met)
    groups = compose(problem, 5).groups
    assert len(groups) == 2
    assert [card.met for card in map(Cards(problem).of, range(2), groups)] == [0, 0]


def test_a_group_meets_at_the_window_good_for_most_and_else_at_the_first():
    rules = Rules(2, 3, 1, 1)
    people = [person("a", 1, 5, 9), person("b", 1, 5, 9), person("c", 1, 5, 9, good=hours(9))]
    assert as_group(rules, people).window == 9
    assert as_group(rules, people[:2]).window == 1
    assert kindest(rules, [*people, person("d", 1, 5, 9, good=hours(5, 9))], hours(1, 5)) == 5
    assert as_group(rules, people, like=Group(("a",), 5, "video")).window == 5


@pytest.mark.parametrize(
    ("weights", "field"),
    [
        (replace(WANTED, new=0.3), "weights"),
        (replace(WANTED, new=float("nan")), "weights.new"),
        (replace(WANTED, new=-0.2, scope=0.5), "weights.new"),
        (replace(WANTED, span="far"), "weights.span"),  # type: ignore[arg-type] # what a program may hold by mistake
    ],
)
def test_weights_that_do_not_sum_to_one_are_refused(weights, field):
    with pytest.raises(BadProblem) as refusal:
        compose(Problem(Rules(2, 3, 1, 1, weights=weights), ABC), 5)
    assert refusal.value.field == field


def test_what_more_is_weighed_survives_the_way_to_another_process_and_into_a_smaller_room():
    problem = rich(3)
    case = Case(problem)
    room = whole_room(case, [])
    again = Room.from_bytes(room.to_bytes())
    assert again.rules.weights == WANTED
    for name in ("good", "scope", "liked", "met", "faded"):
        assert (getattr(again, name) == getattr(room, name)).all()
    assert len(room.met) == len(room.faded) == len(problem.met)
