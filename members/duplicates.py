"""Who applied twice, and which companies are one under two spellings. It only points; an organizer decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from rapidfuzz import fuzz

from members.answers import company_roots
from members.folding import fold

NEARLY = 90  # of 100 in rapidfuzz's ratio: one letter wrong in ten
SHORTEST = 5  # letters; "abc" and "abd" are two companies


class Why(StrEnum):
    MAILBOX = "one mailbox"
    NAME = "same name and company"


@dataclass(frozen=True, slots=True)
class Applicant:
    """What tells two applications apart. `company` is the key that colleagues share, empty where none was named."""

    key: int
    name: str
    address: str
    company: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two applications, the lower key first, and what they have in common."""

    one: int
    other: int
    why: Why


def mailbox(address: str) -> str:
    """The address without a tag: ada+circles@example.org is read by ada@example.org."""
    local, _, domain = address.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def same_person(applicants: Iterable[Applicant]) -> list[Pair]:
    """Each pair that looks like one person, once: one mailbox, else one name at one company."""
    shared: dict[tuple[Why, str, str], list[int]] = defaultdict(list)
    for applicant in applicants:
        shared[Why.MAILBOX, mailbox(applicant.address), ""].append(applicant.key)
        if applicant.company and (name := fold(applicant.name)):
            shared[Why.NAME, name, applicant.company].append(applicant.key)
    found: dict[tuple[int, int], Why] = {}
    for why in Why:
        for keys in (keys for (kind, *_), keys in shared.items() if kind is why):
            for pair in combinations(sorted(keys), 2):
                found.setdefault(pair, why)
    return [Pair(one, other, why) for (one, other), why in sorted(found.items())]


def colleagues(applicants: Iterable[Applicant]) -> frozenset[int]:
    """Everybody whose company somebody else named, too."""
    staff: dict[str, list[int]] = defaultdict(list)
    for applicant in applicants:
        staff[applicant.company].append(applicant.key)
    return frozenset(key for company, keys in staff.items() if company and len(keys) > 1 for key in keys)


def companies(spellings: Iterable[str], said: Mapping[str, str]) -> dict[str, str]:
    """Which company each spelling counts as: what an organizer said first, then the shortest name it begins with."""
    guessed = company_roots(spellings)
    return {spelling: said.get(spelling, said.get(guess, guess)) for spelling, guess in guessed.items()}


def perhaps_one(spellings: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of names that differ by spaces or about one letter in ten, and begin with the same two letters."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for spelling in sorted(set(spellings)):
        squeezed = spelling.replace(" ", "")
        if len(squeezed) >= SHORTEST:
            blocks[squeezed[:2]].append(spelling)
    pairs = (pair for block in blocks.values() for pair in combinations(block, 2))
    return sorted((one, other) for one, other in pairs if _nearly(one.replace(" ", ""), other.replace(" ", "")))


def _nearly(one: str, other: str) -> bool:
    return fuzz.ratio(one, other, score_cutoff=NEARLY) > 0
