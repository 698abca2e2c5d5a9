"""The people of a problem, and their rows of numbers: no name reaches the arithmetic, and no order favours anybody."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from groups.composition.pace import Each, at_once
from groups.composition.rules import WEEK, Group, Lock, Rules

MASK = (1 << WEEK) - 1
NONE = -1  # a company, role or number of years that is not known


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person who wants a group. `hours` has bit s set for each half hour s of the week that they can give.

    `good` are those that suit them well; `scope` is the band of what they are responsible for.
    """

    id: str
    hours: int
    modes: frozenset[str]
    metro: str | None = None
    company: str | None = None
    role: str | None = None
    years: int | None = None
    interests: frozenset[str] = frozenset()
    dimensions: frozenset[str] = frozenset()
    never_alone: frozenset[str] = frozenset()
    skipped_before: int = 0
    willing: bool = True
    cadences: frozenset[str] = frozenset()
    good: int = 0
    scope: str | None = None
    size_liked: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a composition depends on: the same problem and seed give the same proposal."""

    rules: Rules
    people: tuple[Candidate, ...]
    apart: frozenset[frozenset[str]] = frozenset()
    together: tuple[frozenset[str], ...] = ()
    locked: tuple[Lock, ...] = ()
    met: Mapping[frozenset[str], int] = field(default_factory=lambda: MappingProxyType({}))
    draft: tuple[Group, ...] = ()
    seed: int = 1


class Venue(NamedTuple):
    """How, where and how often: what all members of a group must share besides the hour."""

    mode: str
    metro: str | None
    cadence: str


@dataclass(frozen=True, slots=True)
class Roster:
    """One row per person. -1 is unknown; `places` has a bit per venue, `starts` one per window."""

    ids: tuple[str, ...]
    row: Mapping[str, int]
    people: tuple[Candidate, ...]
    venues: tuple[Venue, ...]
    starts: tuple[int, ...]
    places: tuple[int, ...]
    windows: NDArray[np.uint64]
    company: NDArray[np.int32]
    role: NDArray[np.int32]
    years: NDArray[np.int16]
    skipped: NDArray[np.int8]
    willing: NDArray[np.bool_]
    has: NDArray[np.bool_]
    wish: NDArray[np.bool_]
    interests: NDArray[np.bool_]
    good: NDArray[np.uint64]
    scope: NDArray[np.int32]
    liked: NDArray[np.int16]
    holds: tuple[tuple[int, ...], ...]  # the same as `has` and `wish`, by person: quicker one at a time
    wishes: tuple[tuple[int, ...], ...]
    apart: Mapping[int, frozenset[int]]


def window_starts(hours: int, window_slots: int) -> int:
    """The windows in these hours: bit t is set if slots t to t + window_slots - 1 all are; Sunday runs into Monday."""
    week = hours & MASK
    starts = two_weeks = week | week << WEEK
    for step in range(1, window_slots):
        starts &= two_weeks >> step
    return starts & MASK


def slots_of(bits: int) -> tuple[int, ...]:
    """The numbers of the bits that are set, ascending."""
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return tuple(found)


def packed(masks: Sequence[int]) -> NDArray[np.uint64]:
    """Week masks as rows of six 64-bit words."""
    raw = b"".join(mask.to_bytes(48, "little") for mask in masks)
    return np.frombuffer(raw, dtype="<u8").reshape(len(masks), 6).astype(np.uint64)


def unpacked(words: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """The last axis as single bits, the lowest first."""
    return np.unpackbits(np.ascontiguousarray(words).astype("<u8").view(np.uint8), axis=-1, bitorder="little")


def encode(problem: Problem, each: Each = at_once) -> Roster:
    """The people as rows, shuffled by the seed over their sorted ids, so that no order favours anybody."""
    people = sorted(problem.people, key=attrgetter("id"))
    random.Random(problem.seed).shuffle(people)  # noqa: S311 - a fair order, not a secret
    venues = _venues(people)
    starts = tuple(window_starts(person.hours, problem.rules.window_slots) for person in each(people))
    values = sorted(set().union(*map(attrgetter("never_alone"), people)))
    interests = sorted(set().union(*map(attrgetter("interests"), people)))
    holds = _columns(each(people), values, attrgetter("dimensions"))
    wishes = _columns(each(people), values, attrgetter("never_alone"))
    row = {person.id: index for index, person in enumerate(people)}
    return Roster(
        ids=tuple(row),
        row=row,
        people=tuple(people),
        venues=venues,
        starts=starts,
        places=_places(each(people), venues),
        windows=packed(starts),
        company=_numbered(people, attrgetter("company")).astype(np.int32),
        role=_numbered(people, attrgetter("role")).astype(np.int32),
        years=np.array([NONE if p.years is None else p.years for p in people], dtype=np.int16),
        skipped=np.array([min(p.skipped_before, 100) for p in people], dtype=np.int8),
        willing=np.array([p.willing for p in people], dtype=bool),
        has=_table(holds, len(values)),
        wish=_table(wishes, len(values)),
        interests=_table(_columns(each(people), interests, attrgetter("interests")), len(interests)),
        good=packed([window_starts(person.good, problem.rules.window_slots) for person in each(people)]),
        scope=_numbered(people, attrgetter("scope")).astype(np.int32),
        liked=np.array([NONE if p.size_liked is None else p.size_liked for p in people], dtype=np.int16),
        holds=holds,
        wishes=wishes,
        apart=_apart(problem, row),
    )


def _venues(people: Sequence[Candidate]) -> tuple[Venue, ...]:
    cadences = sorted({cadence for person in people for cadence in person.cadences}) or [""]
    metros = sorted({p.metro for p in people if p.metro is not None and "in_person" in p.modes})
    settings: list[tuple[str, str | None]] = [*(("in_person", metro) for metro in metros), ("video", None)]
    return tuple(Venue(mode, metro, cadence) for mode, metro in settings for cadence in cadences)


def _places(people: Iterable[Candidate], venues: Sequence[Venue]) -> tuple[int, ...]:
    here: dict[tuple[str, str | None], list[tuple[int, str]]] = {}
    for index, venue in enumerate(venues):
        here.setdefault((venue.mode, venue.metro), []).append((1 << index, venue.cadence))

    def mask(modes: frozenset[str], metro: str | None, cadences: frozenset[str]) -> int:
        settings = [(mode, metro if mode == "in_person" else None) for mode in modes]
        open_to = [entry for setting in settings for entry in here.get(setting, ())]
        return sum(bit for bit, cadence in open_to if not cadences or cadence in cadences)

    ways = [(person.modes, person.metro, person.cadences) for person in people]
    known = {way: mask(*way) for way in dict.fromkeys(ways)}  # far fewer ways than people
    return tuple(known[way] for way in ways)


def _numbered(people: Sequence[Candidate], of: Callable[[Candidate], str | None]) -> NDArray[Any]:
    own = [of(person) for person in people]
    number = {name: index for index, name in enumerate(sorted({name for name in own if name is not None}))}
    return np.array([NONE if name is None else number[name] for name in own])


def _columns(
    people: Iterable[Candidate], values: Sequence[str], of: Callable[[Candidate], frozenset[str]]
) -> tuple[tuple[int, ...], ...]:
    column = {value: index for index, value in enumerate(values)}
    sets = [of(person) for person in people]
    known = {own: tuple(sorted(column[v] for v in own if v in column)) for own in dict.fromkeys(sets)}
    return tuple(known[own] for own in sets)


def _table(columns: Sequence[Sequence[int]], width: int) -> NDArray[np.bool_]:
    table = np.zeros((len(columns), width), dtype=bool)
    lines = np.repeat(np.arange(len(columns)), [len(own) for own in columns])
    table[lines, np.fromiter(chain.from_iterable(columns), dtype=np.int64)] = True
    return table


def _apart(problem: Problem, row: Mapping[str, int]) -> Mapping[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for pair in problem.apart:
        one, other = (row[name] for name in pair)
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {index: frozenset(others) for index, others in found.items()}
