"""Counts of answers that only who composes groups may read: that app registers itself here and hands over sums.

A sum is handed over from five people on, and never says whose answers it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from members.pictures import Shared


@dataclass
class Reader:
    """`shared`: on what people do not want to be alone. `minding`: per cent of each set of people who mind at all."""

    shared: Callable[[Collection[int]], list[Shared]] | None = None
    minding: Callable[[Mapping[int, Collection[int]]], dict[int, int]] | None = None


reader = Reader()


def shared(applications: Collection[int]) -> list[Shared]:
    return reader.shared(applications) if reader.shared else []


def minding(sets: Mapping[int, Collection[int]]) -> dict[int, int]:
    return reader.minding(sets) if reader.minding else {}
