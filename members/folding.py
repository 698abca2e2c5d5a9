"""Text made comparable: case, accents and punctuation no longer tell two spellings apart; dangerous characters go."""

from __future__ import annotations

import re
import unicodedata


class Letters(dict[int, int | str | None]):
    """What becomes of each letter: as given, an accent goes, any other stays. Remembered, so that it is asked once."""

    def __missing__(self, code: int) -> int | None:
        self[code] = found = None if unicodedata.combining(chr(code)) else code
        return found


# Letters that Unicode does not take apart into a base letter and an accent.
_WHOLE_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
_LETTERS = Letters()
_FOREIGN = re.compile(r"[^\x00-\x7f\u0300-\u034e\u0350-\u036f]")  # neither ASCII nor an accent on a letter
_APOSTROPHES = re.compile("['’‘`ʻʼ]")
_INITIALISM = re.compile(r"\b(\w)\.(?=\w\b)")
_APART = re.compile(r"[\W_]+")
_BREAKS = re.compile("[\t\n\r\u2028\u2029]+")
_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")  # but tab, line feed, carriage return; NUL is refused


def bare(text: str) -> str:
    """Lower case without accents; punctuation and spaces stay as they are."""
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    apart = unicodedata.normalize("NFKD", lowered)
    for letter, plain_one in _WHOLE_LETTERS.items():
        apart = apart.replace(letter, plain_one)
    if _FOREIGN.search(apart):
        return apart.translate(_LETTERS)
    return apart.encode("ascii", "ignore").decode()  # nothing but accents goes: four times as fast as letter by letter


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


def one_line(text: str) -> str:
    """As it was typed, on one line: breaks and tabs become a space, other control characters go."""
    return _CONTROLS.sub("", _BREAKS.sub(" ", text))


def lines(text: str) -> str:
    """As it was typed, on its lines: each ends in a line feed, and control characters but the tab go."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _is_visible(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
