"""Prices of rules: what one step of each would gain, never less than nothing, and proven where the time was enough."""

from dataclasses import replace

import pytest

from bench.generator import problem as generated
from groups.composition.people import Problem
from groups.composition.prices import VIDEO, Price, prices
from groups.composition.rules import Rules
from groups.composition.solver import compose
from tests.groups.composition.brute import best, person

HERE = frozenset({"in_person"})


def test_each_rule_is_eased_by_one_step_alone():
    people = (
        *(person(name, 1, 2) for name in "ab"),
        person("c", 1, 2, company="acme"),
        person("d", 1, 2, company="acme"),
        person("e", 1),
        person("f", 1, 2, modes=HERE, metro="msp"),
        *(person(name, 8, 9) for name in "gh"),
    )
    problem = Problem(Rules(3, 3, 2, 1), people)
    placed = compose(problem, 5).certificate.placed
    assert placed == 3
    assert prices(problem, placed) == (
        Price("size_min", 2, 3, 3),
        Price("size_max", 4, 0, 0),
        Price("window_slots", 1, 0, 0),
        Price("max_per_company", 2, 0, 0),
        Price(VIDEO, None, 0, 0),
    )


def test_a_price_is_what_trying_everything_finds():
    rules = Rules(3, 4, 2, 1)
    people = tuple(person(name, n % 2, 1, 2, company="ab"[n % 2]) for n, name in enumerate("abcdefg"))
    problem = Problem(rules, people)
    placed = best(problem)[0]
    for price in prices(problem, placed)[:4]:
        eased = replace(problem, rules=replace(rules, **{price.rule: price.value}))
        assert (price.gained, price.proven) == (best(eased)[0] - placed, True)


def test_a_rule_without_an_easier_step_has_no_price():
    problem = Problem(Rules(2, 50, 1, 1), (person("a", 1), person("b", 1)))
    assert [price.rule for price in prices(problem, 2)] == ["max_per_company"]


@pytest.mark.parametrize("cancel", [True, False])
def test_a_price_without_time_says_what_it_may_be_at_most(cancel):
    problem = generated(86, blocks=10, seed=3)
    found = prices(problem, 60, 0.05 if not cancel else 10, cancelled=lambda: cancel)
    assert len(found) == 5
    assert all(0 <= price.gained <= price.at_most for price in found)
