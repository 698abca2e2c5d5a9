"""How a roundtable goes, from counts alone: who had a seat, who came, who came again. Pure.

Meetings are given oldest first; people are bare numbers that mean nothing outside. Shares run from 0 to 1, and are None
where nothing is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

RECENT = 6  # meetings that are looked at
FEW, TWICE = 5, 2  # fewer than so many coming, so many times running: better to stop than to fade


@dataclass(frozen=True)
class Held:
    """One meeting that is over. `came` is None where nobody has said who was there."""

    cap: int
    coming: frozenset[int]
    came: frozenset[int] | None = None
    sponsors: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Turnout:
    """A roundtable over its last meetings."""

    meetings: int
    filled: float | None  # of all seats, so many were taken
    missed: float | None  # of those who had a seat, so many did not come
    returning: float | None  # of those at the last meeting, so many had been at one before
    sponsors: int  # different people whose topic was talked about
    stop: bool  # two running with fewer than five coming

    @property
    def words(self) -> str:
        """What an organizer could do."""
        if not self.stop:
            return ""
        return (
            "Fewer than five came twice running. Better to stop for now: people stay in the pool and may join others."
        )


def of(held: Sequence[Held]) -> Turnout:
    """The last six; whether somebody had been there before is asked of all that are given."""
    recent = held[-RECENT:]
    known = [one for one in recent if one.came is not None]
    last = held[-TWICE:]
    return Turnout(
        meetings=len(held),
        filled=_share(sum(len(one.coming) for one in recent), sum(one.cap for one in recent)),
        missed=_share(sum(len(one.coming - _there(one)) for one in known), sum(len(one.coming) for one in known)),
        returning=_returning(held),
        sponsors=len(frozenset().union(*(one.sponsors for one in recent))),
        stop=len(last) == TWICE and all(len(one.coming) < FEW for one in last),
    )


def _returning(held: Sequence[Held]) -> float | None:
    """Of the last meeting of which it is known who came; None for the very first."""
    known = [_there(one) for one in held if one.came is not None]
    if len(known) < TWICE:
        return None
    before = frozenset().union(*known[:-1])
    return _share(len(known[-1] & before), len(known[-1]))


def _there(one: Held) -> frozenset[int]:
    return one.came or frozenset()


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
