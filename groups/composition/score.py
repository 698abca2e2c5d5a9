"""How good a group is, from 0 to 1: the four terms and their weights. A guess until we know which groups still meet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np


@dataclass(frozen=True, slots=True)
class Weights:
    """What a program cares for; the four weights sum to 1. `span` says what it wants of years of experience."""

    windows: float = 0.35
    roles: float = 0.25
    years: float = 0.20
    interests: float = 0.20
    span: Literal["near", "spread", "ignore"] = "near"


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
    """The weighted sum of the terms, 0 to 1."""
    each = terms(weights, windows, roles, span, shared)
    return (
        weights.windows * each["windows"]
        + weights.roles * each["roles"]
        + weights.years * each["years"]
        + weights.interests * each["interests"]
    )
