"""What changed between two texts, word by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.differences import Mark, Piece, pieces

SAME, GONE, NEW = Mark.SAME, Mark.GONE, Mark.NEW
TEXTS = st.text(alphabet="ab \n", max_size=40)


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("", "", []),
        ("Be kind.", "Be kind.", [(SAME, "Be kind.")]),
        ("Be kind.", "Be very kind.", [(SAME, "Be "), (NEW, "very "), (SAME, "kind.")]),
        ("Be kind today.", "Be just today.", [(SAME, "Be "), (GONE, "kind "), (NEW, "just "), (SAME, "today.")]),
        ("One.\nTwo.\n", "Two.\n", [(GONE, "One.\n"), (SAME, "Two.\n")]),
        ("One.\r\n", "One.\n", [(SAME, "One.\n")]),
    ],
)
def test_words_are_marked(before: str, after: str, marked: list[tuple[Mark, str]]) -> None:
    assert pieces(before, after) == [Piece(*one) for one in marked]


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_the_pieces(before: str, after: str) -> None:
    found = pieces(before, after)
    assert "".join(one.text for one in found if one.mark != NEW) == before
    assert "".join(one.text for one in found if one.mark != GONE) == after
