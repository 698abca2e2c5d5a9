"""How good a group is, from 0 to 1: its terms and their weights. A guess until we know which groups still meet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

FADES = 12  # months after which having met counts half


@dataclass(frozen=True, slots=True)
class Weights:
    """What a program cares for; the weights sum to 1. `span` says what it wants of years of experience.

    The last five are nothing until a program wants them: people who have not met of late, of one band of scope, at
    hours good for all, in groups of the size they like, and those who share a wish gathered rather than spread.
    """

    windows: float = 0.35
    roles: float = 0.25
    years: float = 0.20
    interests: float = 0.20
    span: Literal["near", "spread", "ignore"] = "near"
    new: float = 0.0
    scope: float = 0.0
    good: float = 0.0
    size: float = 0.0
    gathered: float = 0.0

    def each(self) -> dict[str, float]:
        """The weight of each term."""
        return {"windows": self.windows, "roles": self.roles, "years": self.years, "interests": self.interests} | (
            self.more()
        )

    def more(self) -> dict[str, float]:
        """The weights that only some programs give."""
        return {
            "new": self.new,
            "scope": self.scope,
            "good": self.good,
            "size": self.size,
            "gathered": self.gathered,
        }


def terms(weights: Weights, windows: Any, roles: Any, span: Any, shared: Any) -> Mapping[str, Any]:
    """Each term from 0 to 1, for one group or for arrays of groups.

    Six common windows are plenty, four roles are full variety, three interests held by half the members are enough.
    Years are full up to 10 apart and nothing from 25; a program may want the reverse, or not care.
    """
    near = np.clip((25 - span) / 15, 0.0, 1.0)
    return {
        "windows": np.minimum(windows, 6) / 6,
        "roles": np.clip((roles - 1) / 3, 0.0, 1.0),
        "years": {"near": near, "spread": 1 - near, "ignore": np.ones_like(near)}[weights.span],
        "interests": np.minimum(shared, 3) / 3,
    }


def quality(weights: Weights, windows: Any, roles: Any, span: Any, shared: Any) -> Any:
    """The weighted sum of the terms that every program has, 0 to 1."""
    each = terms(weights, windows, roles, span, shared)
    return (
        weights.windows * each["windows"]
        + weights.roles * each["roles"]
        + weights.years * each["years"]
        + weights.interests * each["interests"]
    )


def faded(months: Any) -> Any:
    """How much having met so many months ago still counts: 1 now, half after a year."""
    return 0.5 ** (months / FADES)


def more_terms(size: Any, met: Any, band: Any, bands: Any, good: Any, windows: Any, liked: Any, likes: Any) -> Any:
    """The terms that only some programs want, all but the gathered one, each 0 to 1; what nobody said counts as full.

    `met` sums what pairs have faded to; `band` of the `bands` that are known are in the most common one; `good` of the
    common windows are good for everybody; `liked` of the `likes` that are known are for this size.
    """
    return {
        "new": 1 - np.minimum(met / np.maximum(size, 1), 1.0),
        "scope": np.where(bands, band / np.maximum(bands, 1), 1.0),
        "good": good / np.maximum(windows, 1),
        "size": np.where(likes, liked / np.maximum(likes, 1), 1.0),
    }


def gathered(holders: Any) -> Any:
    """How well those who share one wish are gathered: nothing for one alone, full from four."""
    return np.clip((holders - 1) / 3, 0.0, 1.0)
