"""A location text taken apart: which words name places, which say where these are, and which say something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from members import gazetteer
from members.folding import fold
from members.gazetteer import City
from members.gazetteer.aliases import AREAS, CITIES, DISTRICTS
from members.gazetteer.hints import FILLERS, ONLINE, ZONES, Area, codes, names

LONGEST = 5
TRUSTED_IN_SENTENCES = 300_000
# "or" and "and" in small letters: OR is Oregon.
_CLAUSES = re.compile(r"[/;|]|\s(?:or|and)\s")
_PIECES = re.compile(r"[,()\"“”:]|\s[-–—]\s")


@dataclass(slots=True, eq=False)
class Named:
    """Words that name a place, the clause in which they stand, and what hints say about it."""

    words: str
    clause: int
    meant: City | None = None  # by an alias
    is_area: bool = False
    unsure: bool = False  # it stands among words that we do not know
    hints: list[tuple[Area, ...]] = field(default_factory=list)

    def cities(self) -> tuple[City, ...]:
        """Everything that these words can mean under the hints; an alias gives way where it contradicts them."""
        if self.meant and self.fits(self.meant):
            return (self.meant,)
        bearers = [city for city in gazetteer.bearers(self.words) if self.fits(city)]
        home = gazetteer.city(DISTRICTS.get(self.words, 0))
        return (*bearers, home) if bearers and home and self.fits(home) else tuple(bearers)

    def anywhere(self) -> tuple[City, ...]:
        """Everything that these words can mean at all."""
        return (self.meant, *gazetteer.bearers(self.words)) if self.meant else gazetteer.bearers(self.words)

    def fits(self, city: City) -> bool:
        return all(lies_in(city, areas) for areas in self.hints)

    def could_be_in(self, areas: tuple[Area, ...]) -> bool:
        return any(lies_in(city, areas) and self.fits(city) for city in self.anywhere())


def lies_in(city: City, areas: tuple[Area, ...]) -> bool:
    return any(city.country == country and region in (None, city.region) for country, region in areas)


def is_postcode(word: str) -> bool:
    return word.isdecimal() and len(word) > 3  # shorter numbers may shift a clock: "UTC+2"


@dataclass(slots=True)
class Said:
    """What a text says, word by word."""

    places: list[Named] = field(default_factory=list)
    districts: list[str] = field(default_factory=list)
    areas: list[tuple[Area, ...]] = field(default_factory=list)
    zones: list[tuple[str, ...]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    unknown_behind: bool = False
    online: bool = False


def take_apart(text: str, learned: Mapping[str, int]) -> Said:
    """Reads a text from left to right. `learned` are folded texts with the place that organizers gave them."""
    reader = _Reader(learned)
    for clause, piece in _pieces(text, reader):
        reader.read(clause, piece)
    return reader.finish()


def _pieces(text: str, reader: _Reader) -> Iterator[tuple[int, str]]:
    """Clauses stand for alternatives, pieces of one clause for a place and what contains it."""
    if reader.is_known(fold(text)):  # "Brighton and Hove", "Trinidad and Tobago"
        yield 0, fold(text)
        return
    for clause, words in enumerate(_CLAUSES.split(text)):
        for piece in _PIECES.split(words):
            if fold(piece):
                yield clause, fold(piece)


class _Reader:
    def __init__(self, learned: Mapping[str, int]) -> None:
        self.aliases = {**CITIES, **learned}
        self.said = Said()
        self.waiting: list[tuple[Area, ...]] = []  # hints that stand before their place

    def is_known(self, words: str) -> bool:
        tables = (self.aliases, AREAS, DISTRICTS, FILLERS, ONLINE, ZONES, names(), codes())
        return is_postcode(words) or any(words in table for table in tables) or bool(gazetteer.bearers(words))

    def read(self, clause: int, piece: str) -> None:
        runs = list(self._runs(piece.split()))
        sentence = any(not self.is_known(run) for run in runs)
        for run in runs:
            self._run(run, clause, unsure=sentence, last=run is runs[-1])
        if len(runs) > 1 and self.said.unknown[-1:] == runs[-1:] and runs[-1] in codes():  # "Minneapols MN"
            self.waiting.append(codes()[self.said.unknown.pop()])

    def _runs(self, words: list[str]) -> Iterator[str]:
        """The longest known runs of words from the left; a word in none of them stands for itself."""
        start = 0
        while start < len(words):
            ends = range(min(len(words), start + LONGEST), start, -1)
            end = next((end for end in ends if self.is_known(" ".join(words[start:end]))), start + 1)
            yield " ".join(words[start:end])
            start = end

    def _run(self, run: str, clause: int, *, unsure: bool, last: bool) -> None:
        """A hint that fits the place before it comes first: "LA" is Louisiana before it is Los Angeles."""
        if self._is_hint(run):
            return
        if run in FILLERS or run in ONLINE or is_postcode(run):
            self.said.online |= run in ONLINE
        elif run in ZONES and run not in self.aliases:
            self.said.zones.append(ZONES[run])
        elif not (self._is_place(run, clause, unsure=unsure) or (last and self._is_contradiction(run))):
            self.said.unknown.append(run)
            self.said.unknown_behind |= bool(self.said.places)

    def _is_hint(self, run: str) -> bool:
        places = self.said.places
        areas = names().get(run) or (codes().get(run) if places else None)
        if areas is None:
            return False
        fitting = next((place for place in reversed(places) if place.could_be_in(areas)), None)
        if fitting is not None:
            fitting.hints.append(areas)
        elif run in names() and not self._names_a_place(run):
            (places[-1].hints if places else self.waiting).append(areas)
        else:
            return False
        return True

    def _names_a_place(self, run: str) -> bool:
        return run in self.aliases or bool(gazetteer.bearers(run))

    def _is_contradiction(self, run: str) -> bool:
        """Letters that can only be a state or a country, behind a city that is in none of them: "London, KY"."""
        areas = codes().get(run)
        if areas is None or not self.said.places:
            return False
        self.said.places[-1].hints.append(areas)
        return True

    def _is_place(self, run: str, clause: int, *, unsure: bool) -> bool:
        if run in DISTRICTS:
            self.said.districts.append(run)
        meant = gazetteer.city(self.aliases.get(run) or AREAS.get(run, 0))
        if meant is not None:
            is_area = run in AREAS and run not in self.aliases
            self._add(Named(run, clause, meant=meant, is_area=is_area, unsure=unsure))
            return True
        bearers = gazetteer.bearers(run)
        trusted = not unsure or any(city.people >= TRUSTED_IN_SENTENCES for city in bearers)
        if bearers and trusted:
            self._add(Named(run, clause, unsure=unsure))
        return run in DISTRICTS or bool(bearers and trusted)

    def _add(self, named: Named) -> None:
        taken = [areas for areas in self.waiting if named.could_be_in(areas)]
        named.hints.extend(taken or self.waiting)
        self.waiting.clear()
        self.said.places.append(named)

    def finish(self) -> Said:
        """A leading state that is also a city becomes a hint: "Washington, Seattle", "New York, Brooklyn"."""
        for first, then in zip(self.said.places[:-1], self.said.places[1:], strict=True):
            areas = names().get(first.words)
            if areas and first.clause == then.clause and then.could_be_in(areas):
                then.hints.append(areas)
                self.said.places.remove(first)
        self.said.areas = self.waiting
        return self.said
