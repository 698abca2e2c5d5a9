"""Whom a few words may mean among the people of a program. It only proposes; an organizer says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum

from rapidfuzz import fuzz, process

from members.answers import company_key
from members.duplicates import Applicant, mailbox
from members.folding import fold

ALIKE = 88  # of 100 in rapidfuzz's token_set_ratio: a letter wrong in a short name, or a name within a longer one
NEARLY = 90  # of 100 in its ratio: one letter wrong in ten, for companies
SHORTEST = 5  # letters of a company's name that may be nearly another's
LONGEST = 120
_ADDRESS = re.compile(r"[^\s<>()\[\],;:]+@[^\s<>()\[\],;:]+")
_REST = re.compile(r"[,;(<\[/|]| at | from | – | - |\S+@\S+")


class Why(StrEnum):
    """The weakest first: where two hold, the stronger is told."""

    COMPANY = "of this company"
    LIKE = "a name like this"
    NAME = "this name"
    ADDRESS = "this address"


def company_of(words: str) -> str:
    """The company that a line would mean if it meant one; empty where it cannot."""
    return (company_key(_first_words(words)) or "")[:LONGEST]


class Crowd:
    """The people of one program. `counts_as` says which company each spelling is, those of the lines among them."""

    def __init__(self, people: Iterable[Applicant], counts_as: Mapping[str, str]) -> None:
        self.counts_as = counts_as
        self.names: dict[int, str] = {}
        self.boxes: dict[str, list[int]] = defaultdict(list)
        self.staff: dict[str, list[int]] = defaultdict(list)
        for one in people:
            self.names[one.key] = fold(one.name)
            self.boxes[mailbox(one.address)].append(one.key)
            if one.company:
                self.staff[counts_as.get(one.company, one.company)].append(one.key)

    def fits(self, words: str) -> dict[int, Why]:
        """Everybody whom these words may mean, and why."""
        found = {key: Why.COMPANY for company in self._known(words) for key in self.staff[company]}
        found |= self._named(words)
        boxes = {mailbox(address) for address in _ADDRESS.findall(words)}
        return found | {key: Why.ADDRESS for box in boxes for key in self.boxes.get(box, ())}

    def companies(self, words: str) -> tuple[str, ...]:
        """The companies that these words may mean: those with somebody here, and the one they spell."""
        own = company_of(words)
        spelled = (self.counts_as.get(own, own),) if own else ()
        return tuple(dict.fromkeys((*self._known(words), *spelled)))

    def _named(self, words: str) -> dict[int, Why]:
        found: dict[int, Why] = {}
        for said in {fold(_ADDRESS.sub(" ", words)), fold(_first_words(words))} - {""}:
            for name, _, key in process.extract(
                said, self.names, scorer=fuzz.token_set_ratio, score_cutoff=ALIKE, limit=None
            ):
                same = sorted(name.split()) == sorted(said.split())
                found[key] = Why.NAME if same else found.get(key, Why.LIKE)
        return found

    def _known(self, words: str) -> tuple[str, ...]:
        own = company_of(words)
        if not own:
            return ()
        near = process.extract(own, list(self.staff), scorer=fuzz.ratio, score_cutoff=NEARLY, limit=None)
        spelled = [company for company, *_ in near if len(own) >= SHORTEST]
        counted = self.counts_as.get(own, own)
        return tuple(dict.fromkeys([counted] * (counted in self.staff) + spelled))


def _first_words(words: str) -> str:
    """What comes before "at", a comma, a bracket or an address: "Jo Doe" of "Jo Doe (Rival Corp)"."""
    first = _REST.split(words, maxsplit=1)[0].strip()
    return first or _ADDRESS.sub(" ", words)
