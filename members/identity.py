"""Sensitive answers as the solver takes them: what a person is, where they do not want to be the only one.

A value is a dimension and what they said: "gender:woman", "first_language:polish", "carer:yes" where they gave none.
Own words are kept as they are until somebody says what they mean. Until then nobody is company but who wrote the
same, so a wish in own words leaves its person out of groups rather than alone in one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from members.folding import fold

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
GENDERS = ("gender:woman", "gender:man", "gender:non-binary")
STAFF = "role:staff"  # held by every staff engineer through their role, and by nobody through a wish
OWN, PRIVATE = "own", "private"
UNSAID = "yes"
LONGEST_MEANING = 60


@dataclass(frozen=True, slots=True)
class Told:
    """The answers of one application, and what an organizer made of own words: value to value."""

    dimensions: frozenset[str] = frozenset()
    never_alone: frozenset[str] = frozenset()
    means: Mapping[str, str] = field(default_factory=dict)

    @property
    def own_words(self) -> tuple[str, ...]:
        """The values in the person's own words."""
        return tuple(sorted(value for value in self.dimensions | self.never_alone if is_own(value)))

    @property
    def unread(self) -> tuple[str, ...]:
        """Own words to which nobody has given a meaning yet."""
        return tuple(value for value in self.own_words if value not in self.means)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Wishes among them: no group is composed against one."""
        return tuple(value for value in self.unread if value in self.never_alone)

    @property
    def listed(self) -> tuple[str, ...]:
        """Each answer once: that somebody minds at all is part of the value they gave."""
        valued = {dimension_of(value) for value in self.never_alone}
        shadows = {f"{dimension}:{UNSAID}" for dimension in valued} - self.never_alone
        return tuple(sorted((self.dimensions | self.never_alone) - shadows))

    def for_solver(self) -> tuple[frozenset[str], frozenset[str]]:
        """Dimensions and wishes, own words by their meaning where they have one."""
        held = {self.means[value] for value in self.own_words if value in self.means} - {STAFF}
        return self.dimensions | held, frozenset(self.means.get(value, value) for value in self.never_alone)

    def without(self, value: str) -> Told:
        """One answer taken back, with what was made of it."""
        dimension = dimension_of(value)
        shadow = {value} if dimension == "gender" else {value, f"{dimension}:{UNSAID}"}
        means = {said: meaning for said, meaning in self.means.items() if said != value}
        return Told(self.dimensions - shadow, self.never_alone - {value}, means)

    def with_meaning(self, value: str, meaning: str) -> Told:
        """An organizer's word on own words; an empty one takes it back."""
        means = {said: meant for said, meant in self.means.items() if said != value}
        return replace(self, means=means | ({value: meaning} if meaning else {}))

    def with_meanings_of(self, other: Told) -> Told:
        """What was made of words that are still there."""
        kept = {value: meaning for value, meaning in other.means.items() if value in self.own_words}
        return replace(self, means={**kept, **self.means})

    def joined(self, other: Told) -> Told:
        """The answers of both."""
        means = {**other.means, **self.means}
        return Told(self.dimensions | other.dimensions, self.never_alone | other.never_alone, means)

    def __bool__(self) -> bool:
        return bool(self.dimensions or self.never_alone)


def read(text: str) -> Told:
    """From the closed column."""
    told = json.loads(text) if text else {}
    means = told.get("means", {})
    return Told(frozenset(told.get("dimensions", ())), frozenset(told.get("never_alone", ())), means)


def written(told: Told) -> str:
    """For the closed column."""
    said: dict[str, object] = {"dimensions": sorted(told.dimensions), "never_alone": sorted(told.never_alone)}
    return json.dumps(said | ({"means": dict(sorted(told.means.items()))} if told.means else {}))


def is_own(value: str) -> bool:
    """Whether a value is in the person's own words: a wish of their own, or a gender that is no choice of the form."""
    dimension, _, said = value.partition(":")
    return said != UNSAID and (dimension == OWN or (dimension == "gender" and value not in GENDERS))


def dimension_of(value: str) -> str:
    return value.partition(":")[0]


def label_of(value: str) -> str:
    """A value in words: "first language: polish", "being a carer", “the only one without a degree”."""
    dimension, _, said = value.partition(":")
    if dimension in (OWN, PRIVATE):
        return f"“{said}”"
    name = DIMENSIONS.get(dimension, dimension.replace("_", " "))
    return name if said == UNSAID or value == STAFF else f"{name}: {said}"


def known_meanings() -> tuple[str, ...]:
    """The values that own words may mean without a new one: each choice of the form."""
    ticked = (f"{dimension}:{UNSAID}" for dimension in DIMENSIONS if dimension not in ("gender", "role"))
    return (*GENDERS, *ticked, STAFF)


def private_meaning(label: str) -> str:
    """A new value, for which there was no choice; whoever is given the same one is company."""
    words = fold(label)[:LONGEST_MEANING].strip()
    return f"{PRIVATE}:{words}" if words else ""
