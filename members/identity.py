"""Sensitive answers as they lie in their closed column: what a person is, where they do not want to be the only one.

A value is a dimension and what was said of it: "gender:woman", or "carer:yes" where nothing more was said.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

DIMENSIONS = {
    "gender": "gender",
    "race_or_ethnicity": "race or ethnicity",
    "lgbtq": "LGBTQ+",
    "disability_or_neurodivergence": "disability or neurodivergence",
    "age": "age",
    "carer": "being a carer",
    "first_language": "first language",
    "immigrant": "being an immigrant",
    "unusual_path": "an unusual path into the job",
    "role": "the only staff engineer among managers",
    "remote": "the only remote one",
}
STAFF = "role:staff"  # held by every staff engineer through their role
UNSAID = "yes"


@dataclass(frozen=True, slots=True)
class Told:
    """The answers of one application."""

    dimensions: frozenset[str] = frozenset()
    never_alone: frozenset[str] = frozenset()

    @property
    def listed(self) -> tuple[str, ...]:
        """Each answer once, whether it was told or wished."""
        return tuple(sorted(self.dimensions | self.never_alone))

    def without(self, value: str) -> Told:
        """One answer taken back."""
        return Told(self.dimensions - {value}, self.never_alone - {value})

    def __bool__(self) -> bool:
        return bool(self.dimensions or self.never_alone)


def read(text: str) -> Told:
    """From the closed column."""
    told = json.loads(text) if text else {}
    return Told(frozenset(told.get("dimensions", ())), frozenset(told.get("never_alone", ())))


def written(told: Told) -> str:
    """For the closed column."""
    return json.dumps({"dimensions": sorted(told.dimensions), "never_alone": sorted(told.never_alone)})


def label_of(value: str) -> str:
    """A value in words: "gender: woman", "being a carer"."""
    dimension, _, said = value.partition(":")
    name = DIMENSIONS.get(dimension, dimension.replace("_", " "))
    return name if said == UNSAID or value == STAFF else f"{name}: {said}"
