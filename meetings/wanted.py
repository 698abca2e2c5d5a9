"""What somebody looks for in a group's memory: words, and phrases in quotation marks. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from members.folding import Letters, bare

LONGEST = 200  # characters of a search; nobody types more, and a pasted page finds nothing
_QUOTES = Letters({**dict.fromkeys(map(ord, "“”„‟«»"), '"'), **dict.fromkeys(map(ord, "‘’‚‛ʼ`"), "'")})
_APART = "\0"  # so that no phrase reaches from one text into the next; nobody can type it
_PARTS = re.compile(r'"([^"]+)"|(\S+)')


def plain(text: str) -> str:
    """Text made comparable: no case or accents, one kind of quotation mark, single spaces: "Müller’s" is "muller's"."""
    found = bare(text)
    found = found.replace("`", "'") if found.isascii() else found.translate(_QUOTES)
    return " ".join(found.split())


@dataclass(frozen=True)
class Wanted:
    """What each find must hold; nothing finds everything."""

    parts: tuple[str, ...]

    @classmethod
    def read(cls, typed: str) -> Wanted:
        """Words in any order, and "words in quotation marks" as they stand; any other sign is looked for as itself."""
        found = _PARTS.findall(plain(typed[:LONGEST]))
        parts = (phrase.strip() or word.strip('"') or word for phrase, word in found if phrase.strip() or word)
        return cls(tuple(dict.fromkeys(parts)))  # the same word twice is one

    def is_in(self, *texts: str) -> bool:
        """Whether these texts together hold every part."""
        if not self.parts:
            return True
        whole = plain(_APART.join(texts))
        return all(part in whole for part in self.parts)
