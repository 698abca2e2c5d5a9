"""The smaller answers of an application: each choice in words, and what a spreadsheet's cell says of it.

A reader takes one cell and returns the choice, or None where the words say nothing that we know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from members.answers import number_of
from members.folding import fold

HEARD = {
    "": "—",
    "friend": "a friend or colleague",
    "member": "a member",
    "community": "a community or meet-up",
    "search": "a search",
    "post": "a post or newsletter",
    "other": "something else",
}
SIZES = {"": "any", "6-7": "6 or 7", "8-9": "8 or 9", "12": "up to 12"}
MINUTES = {"": "any", "60": "60 minutes", "75": "75 minutes", "90": "90 minutes", "120": "two hours"}
RIDES = {"": "—", "15": "15 minutes", "30": "half an hour", "45": "45 minutes", "60": "an hour"}
COMPANY_SIZES = {"": "—", **{band: band for band in ("1-9", "10-49", "50-249", "250-999", "1000+")}}

_LARGEST = {"1-9": 9, "10-49": 49, "50-249": 249, "250-999": 999}
_HEARD = (
    ("friend", r"\b(friends?|colleagues?|co ?workers?|boss|word of mouth)\b"),
    ("member", r"\bmembers?\b|\balumn"),
    ("community", r"\b(community|communities|meet ?ups?|slack|discord|conference|event|group)\b"),
    ("search", r"\b(search|google|bing|duckduckgo|internet)\b"),
    ("post", r"\b(post|newsletter|blog|article|linkedin|twitter|mastodon|podcast|mail)\b"),
)
_COULD = (
    ("not_now", r"\bnot now\b|^(no|none|nothing)\b"),
    ("turn", r"\bturn\b"),
    ("host", r"\bhost"),
    ("facilitate", r"\bfacilitat|\bmoderat|\blead\b"),
    ("start", r"\bstart\b|\bnew city\b"),
)
_ANY = frozenset({"", "any", "either", "no preference", "dont mind", "dont care", "whatever", "na", "n a"})


def in_words(extra: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Label and words of each smaller answer that was given, for who decides about the application."""
    spoken = (
        ("Where in town", extra.get("in_town", "")),
        ("Longest way", RIDES.get(extra.get("longest_ride", ""), "")),
        ("Length", MINUTES.get(extra.get("minutes", ""), "")),
        ("Size liked", SIZES.get(extra.get("size", ""), "")),
        ("Heard of us", HEARD.get(extra.get("heard", ""), "")),
    )
    return ((label, words) for label, words in spoken if words and words not in ("—", "any"))


def says_any(cell: str) -> bool:
    """Whether a cell leaves it open."""
    return fold(cell) in _ANY


def heard_of(cell: str) -> str | None:
    """How somebody heard of a program; what we do not know is something else."""
    return next((name for name, pattern in _HEARD if re.search(pattern, fold(cell))), "other") if fold(cell) else None


def minutes_of(cell: str) -> str | None:
    """The length of a meeting, from "75", "90 minutes", "1.5 hours" or "two hours"."""
    minutes = _minutes(cell)
    return str(minutes) if str(minutes) in MINUTES else None


def ride_of(cell: str) -> str | None:
    """The longest way, rounded down to what can be chosen: nobody is sent further than they said."""
    minutes = _minutes(cell) or 0
    return next((choice for choice in ("60", "45", "30", "15") if minutes >= int(choice)), None)


def _minutes(cell: str) -> int | None:
    words = cell.casefold().replace("half an hour", "30").replace("an hour", "60")
    words = re.sub(r"\btwo hours\b", "120", re.sub(r"\bone hour\b", "60", words))
    hours = re.fullmatch(r"\s*(\d)(?:[.,](\d{1,2}))?\s*h(?:ours?)?\s*", words)
    if hours:
        return round(60 * float(f"{hours[1]}.{hours[2] or 0}"))
    return number_of(words, most=600)


def size_of(cell: str) -> str | None:
    """The size of a group that somebody likes, by the largest number that they name."""
    largest = max((int(number) for number in re.findall(r"\d{1,2}", cell)), default=0)
    return next((choice for most, choice in ((5, None), (7, "6-7"), (9, "8-9"), (12, "12")) if largest <= most), None)


def company_size_of(cell: str) -> str | None:
    """The band of a company's size; a range counts with its lower end."""
    span = re.match(r"\s*(\d{1,7})\s*(?:-|–|to)\s*\d", cell)
    people = int(span[1]) if span else number_of(cell, most=9_999_999)
    if people is None:
        return None
    return next((band for band, largest in _LARGEST.items() if people <= largest), "1000+")


def could_of(cell: str) -> tuple[str, ...]:
    """What somebody offers to do, each once."""
    pieces = (fold(piece) for piece in re.split(r"[;,|\n]", cell))
    found = (next((name for name, pattern in _COULD if re.search(pattern, piece)), "") for piece in pieces)
    return tuple(dict.fromkeys(name for name in found if name))


def apart_of(cell: str) -> tuple[str, ...]:
    """People and companies to be kept apart from, one to a line or parted by semicolons; else by commas."""
    pieces = re.split(r"[;\n|]" if re.search(r"[;\n|]", cell) else r",", cell)
    return tuple(dict.fromkeys(piece.strip()[:80] for piece in pieces if fold(piece)))
