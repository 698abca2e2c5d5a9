"""Sensitive answers as values: what the solver gets, what is own words, what goes when one is taken back."""

from __future__ import annotations

import pytest

from members import identity
from members.identity import Told

OWN = "own:the only one without a degree"


def told(*never_alone: str, also: tuple[str, ...] = (), **means: str) -> Told:
    return Told(frozenset({*never_alone, *also}), frozenset(never_alone), {OWN: means["own"]} if means else {})


@pytest.mark.parametrize(
    ("value", "own"),
    [
        ("gender:woman", False),
        ("gender:yes", False),
        ("gender:agender", True),
        (OWN, True),
        ("own:yes", False),
        ("first_language:polish", False),
    ],
)
def test_own_words_are_what_was_no_choice_of_the_form(value, own):
    assert identity.is_own(value) is own


def test_the_solver_goes_by_the_meaning_once_there_is_one():
    assert told(OWN).for_solver() == ({OWN}, {OWN})
    assert told(OWN, own="unusual_path:yes").for_solver() == ({OWN, "unusual_path:yes"}, {"unusual_path:yes"})


def test_nobody_becomes_a_staff_engineer_by_a_wish():
    assert told(OWN, own=identity.STAFF).for_solver() == ({OWN}, {identity.STAFF})


def test_a_gender_in_own_words_counts_for_others_by_its_meaning():
    said = Told(frozenset({"gender:agender"}), frozenset(), {"gender:agender": "gender:non-binary"})
    assert said.for_solver() == ({"gender:agender", "gender:non-binary"}, frozenset())
    assert (said.unread, said.waiting) == ((), ())


def test_what_goes_takes_its_meaning_and_its_shadow_along():
    said = told("first_language:polish", OWN, also=("first_language:yes", "gender:woman"), own="private:no degree")
    assert said.listed == ("first_language:polish", "gender:woman", OWN)
    assert said.without("first_language:polish") == Told(frozenset({OWN, "gender:woman"}), frozenset({OWN}), said.means)
    assert said.without(OWN).means == {}
    assert said.without("gender:woman").listed == ("first_language:polish", OWN)


def test_a_meaning_outlives_a_new_application_with_the_same_words():
    assert told(OWN).with_meanings_of(told(OWN, own="private:x")).means == {OWN: "private:x"}
    assert told("carer:yes").with_meanings_of(told(OWN, own="private:x")).means == {}


@pytest.mark.parametrize("said", [Told(), told(OWN, own="private:x"), told("carer:yes", also=("gender:man",))])
def test_written_and_read_is_the_same(said):
    assert identity.read(identity.written(said)) == said


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("first_language:polish", "first language: polish"),
        ("carer:yes", "being a carer"),
        ("role:staff", "the only staff engineer among managers"),
        (OWN, "“the only one without a degree”"),
        ("private:no degree", "“no degree”"),
        ("culture:x", "culture: x"),
    ],
)
def test_a_value_in_words(value, words):
    assert identity.label_of(value) == words


def test_two_spellings_of_a_new_meaning_are_one():
    assert identity.private_meaning(" No  Degree! ") == identity.private_meaning("no degree") == "private:no degree"
    assert identity.private_meaning("…") == ""
