"""When a large group becomes two: what each member said to it, and whom that moves."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

Member = TypeVar("Member")


class Word(StrEnum):
    YES = "yes"
    NO = "no"


class Outcome(StrEnum):
    WAIT = "wait"
    PART = "part"
    STAY = "stay"


class Parting(NamedTuple, Generic[Member]):
    """What comes of it, and who goes."""

    outcome: Outcome
    goes: frozenset[Member] = frozenset()


def decide(goes: Mapping[Member, Word | None], stays: Mapping[Member, Word | None], *, over: bool) -> Parting[Member]:
    """Two groups at once when everybody said yes; at the end if nobody said no, of those who said that they go.

    Nobody moves without their own yes: who was to go and stayed silent stays. A no ends nothing before the time,
    because the moment would say whose it was.
    """
    said = [*goes.values(), *stays.values()]
    if said and all(word == Word.YES for word in said):
        return Parting(Outcome.PART, frozenset(goes)) if goes else Parting(Outcome.STAY)
    if not over:
        return Parting(Outcome.WAIT)
    willing = frozenset(member for member, word in goes.items() if word == Word.YES)
    if Word.NO in said or not willing:
        return Parting(Outcome.STAY)
    return Parting(Outcome.PART, willing)
