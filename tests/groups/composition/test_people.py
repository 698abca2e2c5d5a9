"""Windows from hours, and rows that favour nobody."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.composition.people import Problem, encode, packed, slots_of, window_starts
from groups.composition.rules import Rules
from tests.groups.composition.brute import hours, person

weeks = st.sets(st.integers(0, 335))


@given(weeks, st.integers(1, 6))
def test_a_window_starts_where_all_its_slots_are_given(slots, length):
    expected = {t for t in range(336) if all((t + step) % 336 in slots for step in range(length))}
    assert set(slots_of(window_starts(hours(*slots), length))) == expected


@given(st.lists(weeks, min_size=1, max_size=4))
def test_packed_rows_count_like_the_masks(sets):
    rows = packed([hours(*slots) for slots in sets])
    assert np.bitwise_count(rows).sum(axis=1).tolist() == [len(slots) for slots in sets]


@given(st.randoms(use_true_random=False))
def test_rows_follow_the_seed_and_not_the_file(chance):
    people = [person(f"p{n}", n) for n in range(20)]
    shuffled = chance.sample(people, len(people))
    rules = Rules(2, 3, 1, 1)
    assert encode(Problem(rules, tuple(people))).ids == encode(Problem(rules, tuple(shuffled))).ids


def test_another_seed_is_another_order():
    problem = Problem(Rules(2, 3, 1, 1), tuple(person(f"p{n}", n) for n in range(20)))
    assert encode(problem).ids != encode(replace(problem, seed=2)).ids


@pytest.mark.parametrize(
    ("modes", "metro", "venues"),
    [
        ({"video"}, "msp", {("video", None)}),
        ({"in_person"}, "msp", {("in_person", "msp")}),
        ({"in_person"}, None, set()),
        ({"video", "in_person"}, "msp", {("video", None), ("in_person", "msp")}),
    ],
)
def test_in_person_counts_only_with_a_city(modes, metro, venues):
    everyone = (
        person("a", 1, modes=frozenset(modes), metro=metro),
        person("b", 1, modes=frozenset({"in_person"}), metro="sea"),
    )
    roster = encode(Problem(Rules(2, 3, 1, 1), everyone))
    open_to = [roster.venues[bit] for bit in slots_of(roster.places[roster.row["a"]])]
    assert {(venue.mode, venue.metro) for venue in open_to} == venues
