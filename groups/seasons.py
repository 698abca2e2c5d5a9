"""A season of a circle is six meetings; at the fifth each member says privately whether they go on."""

from __future__ import annotations

from enum import StrEnum

MEETINGS = 6
ASKED_AFTER = 5


class Word(StrEnum):
    ON = "continue"
    CHANGES = "changes"
    OUT = "step_out"


def season_to_ask(held: int) -> int | None:
    """Which season ends next, once so many meetings were held and its fifth is over; None before that."""
    season, of_it = divmod(held, MEETINGS)
    return season + 1 if of_it >= ASKED_AFTER else None


def is_over(season: int, *, held: int) -> bool:
    """Whether all six meetings of this season, counted from 1, were held."""
    return held >= season * MEETINGS
