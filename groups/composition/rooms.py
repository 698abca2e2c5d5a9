"""A room: tables and the people who sit or wait there, as rows of numbers alone. What the search for quality works on;
a large pool is parted into many rooms, each small enough to be handed to another process."""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groups.composition.case import Case
from groups.composition.pace import Each, at_once
from groups.composition.people import NONE, Roster, packed
from groups.composition.rules import Rules
from groups.composition.score import Weights, faded
from groups.composition.units import EVERYWHERE, Table

ALL = np.uint64(2**64 - 1)
ROOM = 140  # tables of a shard
HOURS = 4  # neighbouring windows that stay in one room
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Room:
    """One line per person: `rows` says who in the roster, `seats` at which table of this room, -1 is waiting.

    One line per table: `tables` says which of the whole pool, `needed_...` which windows and venues must stay common.
    """

    rules: Rules
    seed: int
    number: int
    rows: Rows
    seats: Rows
    tables: Rows
    movable: NDArray[np.bool_]
    windows: NDArray[np.uint64]
    places: NDArray[np.uint64]
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
    apart: Rows
    met: Rows
    faded: NDArray[np.float64]
    needed_windows: NDArray[np.uint64]
    needed_places: NDArray[np.uint64]

    def to_bytes(self) -> bytes:
        """For a store or another machine: nobody's id or name, no value of a dimension, only numbers."""
        header = {"rules": asdict(self.rules), "seed": self.seed, "number": self.number}
        file = io.BytesIO()
        arrays = {name: getattr(self, name) for name in ARRAYS}
        np.savez_compressed(file, header=np.frombuffer(json.dumps(header).encode(), dtype=np.uint8), **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Room":
        """The room that `to_bytes` wrote."""
        with np.load(io.BytesIO(raw), allow_pickle=False) as file:
            header = json.loads(file["header"].tobytes())
            weights = Weights(**header["rules"].pop("weights"))
            arrays = {name: file[name] for name in ARRAYS}
        rules = Rules(**header["rules"], weights=weights)
        return cls(rules=rules, seed=header["seed"], number=header["number"], **arrays)


ARRAYS = tuple(field.name for field in fields(Room) if field.name not in ("rules", "seed", "number"))


def whole_room(case: Case, tables: Sequence[Table]) -> Room:
    """Everybody and every table in one room."""
    roster, words = case.roster, max(1, -(-len(case.roster.venues) // 64))
    free = [table.frame if table.lock != NONE else (EVERYWHERE, EVERYWHERE) for table in tables]
    pairs = [(one, other) for one, others in sorted(roster.apart.items()) for other in sorted(others) if one < other]
    met = sorted((pair for pair in case.problem.met if pair <= roster.row.keys()), key=sorted)
    seats = np.full(len(roster.ids), NONE, dtype=np.int64)
    for number, table in enumerate(case.each(tables)):
        seats[[row for unit in table.members for row in case.units[unit].rows]] = number
    return Room(
        rules=case.rules,
        seed=case.problem.seed,
        number=0,
        rows=np.arange(len(roster.ids)),
        seats=seats,
        tables=np.arange(len(tables)),
        movable=_movable(case, seats),
        windows=roster.windows,
        places=_words(roster.places, words),
        apart=np.array(pairs, dtype=np.int64).reshape(len(pairs), 2),
        met=np.array([[roster.row[name] for name in pair] for pair in met], dtype=np.int64).reshape(len(met), 2),
        faded=np.array([faded(case.problem.met[pair]) for pair in met], dtype=np.float64),
        needed_windows=packed([starts & (1 << 384) - 1 for starts, _ in free]),
        needed_places=_words([places & (1 << 64 * words) - 1 for _, places in free], words),
        **_columns(roster),
    )


def _columns(roster: Roster) -> dict[str, Any]:
    told = ("company", "role", "years", "skipped", "willing", "has", "wish", "interests", "good", "scope", "liked")
    return {name: getattr(roster, name) for name in told}


def _words(masks: Sequence[int], words: int) -> NDArray[np.uint64]:
    raw = b"".join(mask.to_bytes(words * 8, "little") for mask in masks)
    return np.frombuffer(raw, dtype="<u8").reshape(len(masks), words).astype(np.uint64)


def _movable(case: Case, seats: Rows) -> NDArray[np.bool_]:
    """Neither locked, nor in a together set, nor at home in a draft group; and placed or placeable at all."""
    movable = np.zeros(len(seats), dtype=bool)
    for number, unit in enumerate(case.each(case.units)):
        if unit.size == 1 and unit.lock == NONE and number in case.closure.alive:
            movable[unit.rows[0]] = True
    movable[list(_at_home(case, seats))] = False
    return movable


def _at_home(case: Case, seats: Rows) -> Iterator[int]:
    """Each draft group goes on as the table with most of its people; those do not move again.

    Where two would go on as the same table, nobody who has a seat and was in a draft group moves: that keeps as many at
    home as there are, whichever of the two it is.
    """
    row = case.roster.row
    heirs: list[int] = []
    drafts = [np.array([row[name] for name in draft.members if name in row]) for draft in case.problem.draft]
    drafts = [seated for old in drafts if len(old) and len(seated := old[seats[old] != NONE])]
    for old in drafts:
        tables, common = np.unique(seats[old], return_counts=True)
        heirs.append(int(tables[common.argmax()]))
    alone = len(set(heirs)) == len(heirs)
    for old, heir in zip(drafts, heirs, strict=True):
        yield from (old[seats[old] == heir] if alone else old).tolist()


def common(values: NDArray[np.uint64], seats: Rows, tables: int) -> NDArray[np.uint64]:
    """Per table the AND of the lines of those who sit there."""
    found = np.full((tables, values.shape[1]), ALL)
    seated = np.flatnonzero(seats != NONE)
    np.bitwise_and.at(found, seats[seated], values[seated])
    return found


def parted(
    room: Room, most: int = 0, chance: np.random.Generator | None = None, each: Each = at_once
) -> tuple[Room, ...]:
    """Rooms of at most so many tables (140), neighbours by venue and hour, the waiting where most tables suit them.

    With chance, neighbours by an hour that a table could take, and some hours at a time: other rooms each time.
    """
    most = most or ROOM
    count = len(room.needed_windows)
    if count <= most:
        return (room,)
    windows, places = common(room.windows, room.seats, count), common(room.places, room.seats, count)
    order = np.lexsort((_first(windows), _first(places)) if chance is None else (_any(windows, chance),))
    home = np.empty(count, dtype=np.int64)
    home[order] = np.arange(count) * -(-count // most) // count
    where = np.where(room.seats == NONE, NONE, home[room.seats])
    waiting = np.flatnonzero((room.seats == NONE) & room.movable)
    for row in each(waiting):
        fits = (windows & room.windows[row]).any(axis=1) & (places & room.places[row]).any(axis=1)
        where[row] = np.bincount(home[fits], minlength=1).argmax() if fits.any() else NONE
    return tuple(_part(room, number, where == number, home == number) for number in range(home.max() + 1))


def _first(words: NDArray[np.uint64]) -> Rows:
    """The number of the lowest bit of each line."""
    bits = np.unpackbits(words.astype("<u8").view(np.uint8), axis=1, bitorder="little")
    return bits.argmax(axis=1)


def _any(words: NDArray[np.uint64], chance: np.random.Generator) -> Rows:
    """One bit of each line, drawn by lot, and the same number for all who drew neighbouring bits."""
    bits = np.unpackbits(words.astype("<u8").view(np.uint8), axis=1, bitorder="little")
    drawn = (bits * chance.random(bits.shape, dtype=np.float32)).argmax(axis=1)
    return chance.permutation(bits.shape[1])[drawn // HOURS]


def _part(room: Room, number: int, here: NDArray[np.bool_], tables: NDArray[np.bool_]) -> Room:
    renumbered = np.append(np.where(tables, np.cumsum(tables) - 1, NONE), NONE)
    row = np.where(here, np.cumsum(here) - 1, NONE)
    apart, met = row[room.apart], row[room.met]
    both = (met != NONE).all(axis=1)
    columns = {name: getattr(room, name)[here] for name in PER_PERSON}
    return replace(
        room,
        number=number,
        **columns,
        **{name: getattr(room, name)[tables] for name in PER_TABLE},
        seats=renumbered[room.seats[here]],
        apart=apart[(apart != NONE).all(axis=1)],
        met=met[both],
        faded=room.faded[both],
    )


PER_TABLE = ("tables", "needed_windows", "needed_places")
PER_PERSON = tuple(name for name in ARRAYS if name not in ("seats", "apart", "met", "faded", *PER_TABLE))


def rejoined(seats: Rows, found: Iterable[tuple[Room, Rows]]) -> Rows:
    """The seats of the whole room, once these parts of it have other seats."""
    seats = seats.copy()
    for part, inside in found:
        seats[part.rows] = np.append(part.tables, NONE)[inside]
    return seats


def seated(case: Case, seats: Rows, tables: Sequence[Table]) -> list[Table]:
    """Tables like these, with the people of the roster where `seats` says."""
    members: list[set[int]] = [set() for _ in tables]
    unit_of = {row: number for number, unit in enumerate(case.units) for row in unit.rows}
    for row in case.each(np.flatnonzero(seats != NONE).tolist()):
        members[seats[row]].add(unit_of[row])
    found = []
    for old, numbers in case.each(zip(tables, members, strict=True)):
        starts, places = old.frame if old.lock != NONE else (EVERYWHERE, EVERYWHERE)
        table = Table(case.units, case.rules, starts, places, sorted(numbers))
        table.lock = old.lock
        found.append(table)
    return found
