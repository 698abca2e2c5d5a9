"""What comes next after a no, as a table: people are letters, and a breach is one of the two kinds that matter here."""

import pytest

from groups.composition.rules import Breach
from groups.reaching import Outlook, Step, outlook


def broken(people):
    """At least three; x and y never together; w only with v."""
    found = []
    if len(people) < 3:
        found.append(Breach("size", 0, tuple(sorted(people)), "too few"))
    if {"x", "y"} <= people:
        found.append(Breach("apart", 0, ("x", "y"), "apart"))
    if "w" in people and "v" not in people:
        found.append(Breach("never_alone", 0, ("w",), "alone"))
    return found


def seen(live, line, settled=""):
    return outlook(frozenset(live), line, broken, size_target=4, size_max=5, settled=frozenset(settled))


@pytest.mark.parametrize(
    ("live", "line", "expected"),
    [
        ("abcd", "ef", Outlook(Step.WAIT)),  # the target is reached: nobody more is asked
        ("abc", "", Outlook(Step.WAIT)),
        ("abc", "ef", Outlook(Step.STAND_BY, ("e",))),
        ("abx", "yf", Outlook(Step.STAND_BY, ("f",))),  # the order alone does not decide
        ("abx", "y", Outlook(Step.WAIT)),
        ("a", "ef", Outlook(Step.STAND_BY, ("e", "f"))),  # two chairs, two people
        ("ab", "yx", Outlook(Step.STAND_BY, ("y",))),
        ("a", "e", Outlook(Step.STUCK)),
        ("abw", "ev", Outlook(Step.STAND_BY, ("v",))),  # who makes it valid goes before who stands first
        ("abw", "e", Outlook(Step.ALONE, ("w",))),
        ("aw", "ev", Outlook(Step.STAND_BY, ("v",))),
        ("abcdw", "v", Outlook(Step.ALONE, ("w",))),  # no chair: a circle asks at most its maximum
    ],
)
def test_what_comes_next(live, line, expected):
    assert seen(live, line) == expected


def test_who_has_heard_it_is_not_told_again():
    assert seen("abw", "e", settled="w") == Outlook(Step.STUCK)
