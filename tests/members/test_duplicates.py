"""Who seems to have applied twice, and which companies are one: pointed at, never decided."""

from __future__ import annotations

import pytest

from members.duplicates import Applicant, Pair, Why, colleagues, companies, mailbox, perhaps_one, same_person

ADA = Applicant(1, "Ada Lovelace", "ada@example.org", "engines")


@pytest.mark.parametrize(
    ("address", "box"),
    [
        ("ada@example.org", "ada@example.org"),
        ("Ada+Circles@Example.org", "ada@example.org"),
        ("ada+a+b@example.org", "ada@example.org"),
        ("a.d.a@example.org", "a.d.a@example.org"),
    ],
)
def test_a_tag_makes_no_other_mailbox(address, box):
    assert mailbox(address) == box


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (Applicant(2, "A. L.", "ada+x@example.org"), Why.MAILBOX),
        (Applicant(2, "ADA LOVELACE", "al@example.net", "engines"), Why.NAME),
        (Applicant(2, "Ada Lovelace", "ada+x@example.org", "engines"), Why.MAILBOX),
        (Applicant(2, "Ada Lovelace", "al@example.net", "looms"), None),
        (Applicant(2, "Ada Lovelace", "al@example.net"), None),
        (Applicant(2, "Grace", "grace@example.org", "engines"), None),
    ],
)
def test_two_are_one_person_by_mailbox_or_by_name_and_company(other, why):
    assert same_person([other, ADA]) == ([Pair(1, 2, why)] if why else [])


def test_a_name_without_company_is_nobody_else():
    namesakes = [Applicant(key, "Ada", f"ada{key}@example.org") for key in (1, 2)]
    assert same_person(namesakes) == []


def test_three_applications_of_one_person_are_three_pairs():
    thrice = [Applicant(key, "Ada", f"ada+{key}@example.org") for key in (3, 1, 2)]
    assert [(pair.one, pair.other) for pair in same_person(thrice)] == [(1, 2), (1, 3), (2, 3)]


def test_colleagues_share_a_named_company():
    people = [ADA, Applicant(2, "B", "b@x.org", "engines"), Applicant(3, "C", "c@x.org"), Applicant(4, "D", "d@x.org")]
    assert colleagues(people) == {1, 2}


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ({}, {"acme": "acme", "acme labs": "acme", "zeta": "zeta"}),
        ({"acme labs": "acme labs"}, {"acme": "acme", "acme labs": "acme labs", "zeta": "zeta"}),
        ({"zeta": "acme"}, {"acme": "acme", "acme labs": "acme", "zeta": "acme"}),
        ({"acme": "zeta"}, {"acme": "zeta", "acme labs": "zeta", "zeta": "zeta"}),
    ],
)
def test_an_organizers_word_stands_above_the_guess(said, counted):
    assert companies(["acme", "acme labs", "zeta"], said) == counted


@pytest.mark.parametrize(
    ("spellings", "pairs"),
    [
        (["rapid payments", "rapidpayments"], [("rapid payments", "rapidpayments")]),
        (["rapid payments", "rapid paymets"], [("rapid payments", "rapid paymets")]),
        (["rapid payments", "rapid printing"], []),
        (["abc", "abd"], []),
        (["mapid payments", "rapid payments"], []),
    ],
)
def test_names_that_are_nearly_alike_are_shown(spellings, pairs):
    assert perhaps_one(spellings) == pairs
