"""When a large group becomes two: who moves, and whose word decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.parting import Outcome, Word, decide

YES, NO, NOTHING = Word.YES, Word.NO, None


@pytest.mark.parametrize(
    ("goes", "stays", "over", "outcome", "who"),
    [
        ("yy", "yy", False, Outcome.PART, "ab"),
        ("yy", "y-", False, Outcome.WAIT, ""),
        ("yn", "yy", False, Outcome.WAIT, ""),
        ("yy", "--", True, Outcome.PART, "ab"),
        ("y-", "yy", True, Outcome.PART, "a"),
        ("--", "yy", True, Outcome.STAY, ""),
        ("yy", "yn", True, Outcome.STAY, ""),
        ("yn", "yy", True, Outcome.STAY, ""),
        ("", "yy", False, Outcome.STAY, ""),
        ("", "", True, Outcome.STAY, ""),
        ("", "", False, Outcome.WAIT, ""),
    ],
)
def test_two_groups_come_of_it_when_everybody_said_yes_or_nobody_no(goes, stays, over, outcome, who):
    words = {"y": YES, "n": NO, "-": NOTHING}
    moving = {name: words[word] for name, word in zip("abcd", goes, strict=False)}
    staying = {name: words[word] for name, word in zip("wxyz", stays, strict=False)}
    assert decide(moving, staying, over=over) == (outcome, frozenset(who))


WORDS = st.sampled_from([YES, NO, NOTHING])


@given(st.dictionaries(st.integers(0, 9), WORDS), st.dictionaries(st.integers(10, 19), WORDS), st.booleans())
def test_nobody_moves_without_their_own_yes_and_never_against_a_no(goes, stays, over):
    parting = decide(goes, stays, over=over)
    assert all(goes.get(member) == YES for member in parting.goes)
    assert (parting.outcome == Outcome.PART) == bool(parting.goes)
    assert not (parting.goes and NO in [*goes.values(), *stays.values()])
    assert over <= (parting.outcome != Outcome.WAIT)
