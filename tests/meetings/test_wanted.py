"""What a search looks for: words and phrases, whatever their case, accents and quotation marks."""

from __future__ import annotations

import pytest

from meetings.wanted import LONGEST, Wanted

TEXT = "Müller’s “career ladder” at 100 % — Straße, Łódź, Smørrebrød; naïve C++ & O'Brien"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", True),
        ("   ", True),
        ("LADDER career", True),
        ('"career ladder"', True),
        ("„career ladder“", True),
        ('"ladder career"', False),
        ('"career', True),
        ('"', True),
        ("%", True),
        ("100 %", True),
        ("_", False),
        ("muller's", True),
        ("O’BRIEN", True),
        ("strasse lodz smorrebrod naive", True),
        ("c++", True),
        ("c--", False),
        ("\\", False),
        ("' OR 1=1 --", False),
        ("ladder absent", False),
    ],
)
def test_every_part_is_found_as_it_was_meant(typed: str, *, found: bool) -> None:
    assert Wanted.read(typed).is_in(TEXT) == found


def test_a_phrase_does_not_reach_over_two_texts() -> None:
    assert not Wanted.read('"one two"').is_in("one", "two")
    assert Wanted.read("one two").is_in("one", "two")


def test_of_a_pasted_page_the_beginning_counts() -> None:
    assert Wanted.read("a" * LONGEST + "b" * 10_000) == Wanted(("a" * LONGEST,))
