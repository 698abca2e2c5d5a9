"""One bucket cut into groups: where the program is too generous the deal finds out, and the answer is still true."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groups.composition import stages
from groups.composition.case import Case
from groups.composition.deal import Dealer, Undealt
from groups.composition.pace import Pace
from groups.composition.people import Problem
from groups.composition.rules import Rules, check
from groups.composition.solver import compose
from tests.groups.composition.brute import NAMES, best, person

pytestmark = pytest.mark.usefixtures("few_passes")
RING = frozenset(frozenset(pair) for pair in ("ab", "bc", "cd", "de", "ea"))
WISH = frozenset({"v"})


def dealer(problem):
    case = Case(problem)
    return case, Dealer(case.units, case.rules, case.closure, Pace(10), 1)


def names(case, tables):
    return sorted("".join(case.names(table)) for table in tables)


def test_a_ring_of_pairs_apart_cannot_be_dealt_into_two_groups():
    case, hand = dealer(Problem(Rules(3, 3, 1, 1), tuple(person(name, 1) for name in "abcdef"), apart=RING))
    (bucket,) = case.buckets
    with pytest.raises(Undealt) as failure:
        hand.deal(bucket, bucket.units, 2)
    assert failure.value.proven
    assert [table.size for table in failure.value.tables] == [3]


def test_what_shuffling_misses_the_small_program_deals():
    people = tuple(person(name, 1) for name in "abcdef")
    case, hand = dealer(Problem(Rules(2, 2, 1, 1), people, apart=RING))
    (bucket,) = case.buckets
    tables = hand._exact(bucket, bucket.units, 3)
    assert sorted("".join(names(case, tables))) == list("abcdef")
    assert all(table.valid() for table in tables)


def test_wishes_are_seated_next_to_a_partner():
    holders = tuple(person(name, 1, dimensions=WISH, never_alone=WISH) for name in "abcd")
    case, hand = dealer(Problem(Rules(3, 3, 1, 1), (*holders, *(person(name, 1) for name in "ef"))))
    (bucket,) = case.buckets
    tables = hand.deal(bucket, bucket.units, 2)
    assert sorted(sum(name in "abcd" for name in case.names(table)) for table in tables) == [2, 2]


@pytest.mark.parametrize("refusals", [5, 0])
def test_what_cannot_be_dealt_is_forbidden_and_in_the_end_unfolded(monkeypatch, refusals):
    monkeypatch.setattr(stages, "REFUSALS", refusals)
    problem = Problem(Rules(3, 3, 1, 1), tuple(person(name, 1) for name in "abcdefg"), apart=RING)
    proposal = compose(problem, 20)
    assert check(problem, proposal.groups) == ()
    assert (proposal.certificate.placed, proposal.certificate.proven) == (best(problem)[0], True)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_one_crowded_bucket_is_dealt_as_well_as_trying_everything(data):
    values = st.just(frozenset()) | st.just(WISH)
    people = tuple(
        person(
            name,
            1,
            company=data.draw(st.sampled_from((None, "acme", "beta"))),
            dimensions=data.draw(values),
            never_alone=data.draw(values),
        )
        for name in NAMES[: data.draw(st.integers(6, 9))]
    )
    pairs = st.frozensets(st.sampled_from([p.id for p in people]), min_size=2, max_size=2)
    low = data.draw(st.integers(2, 3))
    rules = Rules(low, data.draw(st.integers(low, 3)), 1, data.draw(st.integers(1, 2)))
    problem = Problem(rules, people, apart=data.draw(st.frozensets(pairs, max_size=9)))
    certificate = compose(problem, 20).certificate
    assert (certificate.placed, certificate.proven) == (best(problem)[0], True)
