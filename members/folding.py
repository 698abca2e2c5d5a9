"""Text made comparable: case, accents and punctuation no longer tell two spellings apart; dangerous characters go."""

from __future__ import annotations

import re
import unicodedata

# Letters that Unicode does not take apart into a base letter and an accent.
_WHOLE_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_APOSTROPHES = re.compile("['’‘`ʻʼ]")
_INITIALISM = re.compile(r"\b(\w)\.(?=\w\b)")
_APART = re.compile(r"[\W_]+")


def bare(text: str) -> str:
    """Lower case without accents; punctuation and spaces stay as they are."""
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    apart = unicodedata.normalize("NFKD", lowered)
    return "".join(char for char in apart if not unicodedata.combining(char)).translate(_WHOLE_LETTERS)


def fold(text: str) -> str:
    """Lower case, no accents, single spaces between words: "St. Paul" and "st paul", "D.C." and "dc" are one."""
    joined = _INITIALISM.sub(r"\1", _APOSTROPHES.sub("", bare(text)))
    return _APART.sub(" ", joined).strip()


def plain(text: str) -> str:
    """One line of visible text: no control, direction or zero-width characters, and single spaces."""
    if text.isprintable():  # nearly always, and a file has a million cells
        return " ".join(text.split())
    visible = "".join(" " if char.isspace() else char for char in text if char.isspace() or _is_visible(char))
    return " ".join(visible.split())


def _is_visible(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
