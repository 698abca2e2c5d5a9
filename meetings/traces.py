"""Whether a text for outside names somebody: a first or last name, a company, or the group itself. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from members.folding import bare, fold

_WORD = re.compile(r"\w+")
SHORTEST = 3  # letters of a name that is looked for; shorter ones are words of every sentence


def names_somebody(text: str, *, people: Iterable[str], phrases: Iterable[str]) -> bool:
    """Names as whole words with their capital, since "will" is no Will; names of companies and of the group as whole
    words in any case. An accent makes no other name."""
    written = {bare(word) for word in _words(text) if not word.islower()}
    names = {bare(part) for name in people for part in _words(name) if len(part) >= SHORTEST}
    said = f" {fold(text)} "
    folded = (fold(phrase) for phrase in phrases)
    return bool(written & names) or any(f" {phrase} " in said for phrase in folded if phrase)


def _words(text: str) -> list[str]:
    """Accents are put onto their letters first: one that follows its letter would end the word."""
    return _WORD.findall(unicodedata.normalize("NFC", text))
