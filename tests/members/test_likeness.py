"""Whom a line of a keep-apart list may mean."""

from __future__ import annotations

import pytest

from members.duplicates import Applicant
from members.likeness import Crowd, Why, company_of

JO, JOANNE, RAY, KIM = 1, 2, 3, 4
PEOPLE = [
    Applicant(JO, "Jo Doe", "jo@quarry.example", "quarry works"),
    Applicant(JOANNE, "Joanne Smith", "joanne+roundtable@rival.example", "rival"),
    Applicant(RAY, "Ray Núñez", "ray@rival.example", "rival"),
    Applicant(KIM, "Kim Park", "kim@example.org", ""),
]


def crowd(**counts_as: str) -> Crowd:
    return Crowd(PEOPLE, counts_as)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Jo Doe", {JO: Why.NAME}),
        ("doe, jo", {JO: Why.NAME}),
        ("Jo Doe (Quarry Works)", {JO: Why.NAME}),
        ("Jo Doe at Rival", {JO: Why.NAME}),
        ("Joe Doe", {JO: Why.LIKE}),
        ("Ray Nunez", {RAY: Why.NAME}),
        ("Nuñez", {RAY: Why.LIKE}),
        ("JOANNE@rival.example", {JOANNE: Why.ADDRESS}),
        ("somebody <kim@example.org>", {KIM: Why.ADDRESS}),
        ("Rival Inc", {JOANNE: Why.COMPANY, RAY: Why.COMPANY}),
        ("Quarri Works", {JO: Why.COMPANY}),
        ("Nobody We Know", {}),
        ("???", {}),
    ],
)
def test_a_line_fits_by_name_address_or_company(words, found):
    assert crowd().fits(words) == found


def test_the_stronger_sign_is_told():
    assert Crowd([Applicant(9, "Rival", "x@rival.example", "rival")], {}).fits("Rival") == {9: Why.NAME}


def test_a_spelling_that_an_organizer_joined_is_that_company():
    assert crowd(rivals="rival").fits("Rivals") == {JOANNE: Why.COMPANY, RAY: Why.COMPANY}
    assert crowd(rivals="rival").companies("Rivals") == ("rival",)


def test_a_company_with_nobody_here_can_be_meant_all_the_same():
    assert crowd().companies("Far Away Ltd") == ("far away",)
    assert crowd().companies("kim@example.org") == ()
    assert company_of("Far Away Ltd, the whole board") == "far away"
