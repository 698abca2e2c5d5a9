"""The disclosure ladder: who sees what about whom, at each rung. One table; every page asks it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any


class Rung(IntEnum):
    """How far two people have come together."""

    NOTHING = 0  # on paper: nobody knows of anybody
    CARD = 1  # asked, or said yes: the others as a card without a name
    NAME = 2  # sealed: names, and what was on the card
    ADDRESS = 3  # sealed, and this person ticked that the group may have the address


CARD = frozenset(
    {
        *("initials", "role", "org_size", "still_coding", "company", "sector", "company_size"),
        *("metro", "pronouns", "topics"),
    }
)
WORDS = frozenset({"gives", "stuck_on"})  # after the seal, and only of who ticked that the group may read them
FIELDS: dict[Rung, frozenset[str]] = {
    Rung.NOTHING: frozenset(),
    Rung.CARD: CARD,
    Rung.NAME: CARD | WORDS | {"name", "replies"},
    Rung.ADDRESS: CARD | WORDS | {"name", "email", "replies"},
}


def rung(*, asked: bool, sealed: bool, shares_address: bool) -> Rung:
    """Where the viewer stands towards one other person of the same group."""
    if sealed:
        return Rung.ADDRESS if shares_address else Rung.NAME
    return Rung.CARD if asked else Rung.NOTHING


def seen(facts: Mapping[str, Any], at: Rung, *, shows_company: bool, shares_words: bool) -> dict[str, Any]:
    """What may be shown of these facts: company, or sector and size instead where the person chose so.

    What somebody could give and is stuck on belongs to the organizers, unless they ticked that their group may read it.
    """
    hidden = frozenset({"sector", "company_size"} if shows_company else {"company"})
    hidden |= frozenset() if shares_words else WORDS
    return {name: value for name, value in facts.items() if name in FIELDS[at] - hidden and value}
