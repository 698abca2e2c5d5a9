"""Whether a text for outside names somebody: a first or last name of who belongs to the group, or a company. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from members.folding import fold

_WORD = re.compile(r"\w+")
SHORTEST = 3  # letters of a name that is looked for; shorter ones are words of every sentence


def names_somebody(text: str, *, people: Iterable[str], companies: Iterable[str]) -> bool:
    """Names as whole words with their capital, since "will" is no Will; companies as whole words in any case."""
    written = {word.casefold() for word in _WORD.findall(text) if not word.islower()}
    names = {part.casefold() for name in people for part in _WORD.findall(name) if len(part) >= SHORTEST}
    said = f" {fold(text)} "
    firms = (fold(firm) for firm in companies)
    return bool(written & names) or any(f" {firm} " in said for firm in firms if firm)
