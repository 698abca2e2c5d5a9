"""What changed between two texts, word by word, for a page that marks it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

WORD = re.compile(r"\S+\s*|\s+")


class Mark(StrEnum):
    """What became of a piece."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


class Piece(NamedTuple):
    """Words in a row with one fate."""

    mark: Mark
    text: str


def pieces(before: str, after: str) -> list[Piece]:
    """Both texts in one, in reading order: the gone and the same make the old one, the new and the same the new one."""
    old, new = (text.replace("\r\n", "\n").splitlines(keepends=True) for text in (before, after))
    return list(_joined(_lines(old, new)))


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    """Lines first: the words of one line are not sought in all others."""
    for fate, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        if fate == "equal":
            yield Piece(Mark.SAME, gone)
        else:
            yield from _words(WORD.findall(gone), WORD.findall(come))


def _words(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for fate, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if fate == "equal":
            yield Piece(Mark.SAME, "".join(old[a:b]))
        else:
            yield Piece(Mark.GONE, "".join(old[a:b]))
            yield Piece(Mark.NEW, "".join(new[c:d]))


def _joined(found: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours of one fate as one piece; empty ones fall out."""
    for mark, run in groupby((piece for piece in found if piece.text), key=lambda piece: piece.mark):
        yield Piece(mark, "".join(piece.text for piece in run))
