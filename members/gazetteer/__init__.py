"""The cities of 15,000 people and more: found by folded name or by id. Read once, on the first question.

Place names from GeoNames (https://www.geonames.org), CC BY 4.0; `build.py` makes the extract.
"""

from __future__ import annotations

import gzip
import heapq
import math
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from pathlib import Path

from members.folding import fold

HERE = Path(__file__).parent
EARTH_KM = 6371.0
OTHER_NAMES_FROM = 100_000
_SHORT = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}


@dataclass(frozen=True, slots=True)
class City:
    id: int
    name: str
    country: str
    region: str
    latitude: float
    longitude: float
    people: int
    zone: str

    def km_to(self, other: City) -> float:
        """Great-circle distance (haversine formula)."""
        lat1, lon1, lat2, lon2 = map(math.radians, (self.latitude, self.longitude, other.latitude, other.longitude))
        half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
        return 2 * EARTH_KM * math.asin(math.sqrt(half))


class _Places:
    """Lines are kept as text and taken apart when asked for: 34,000 objects would cost five times the memory."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.row_of: dict[int, int] = {}
        self.at_home: dict[str, list[int]] = {}
        self.own: dict[str, list[int]] = {}
        self.other: dict[str, list[int]] = {}
        with gzip.open(HERE / "places.tsv.gz", "rt", encoding="utf-8") as file:
            for row, line in enumerate(file):
                cells, _, keys = line.rstrip("\n").rpartition("\t")
                first, *rest = keys.split("|")
                self.lines.append(cells)
                id_, _, country, _ = cells.split("\t", 3)
                self.row_of[int(id_)] = row
                self.at_home.setdefault(country, []).append(row)
                self.own.setdefault(_spelled(first), []).append(row)
                for key in rest:
                    self.other.setdefault(_spelled(key), []).append(row)


@lru_cache(maxsize=1)
def _places() -> _Places:
    return _Places()


@lru_cache(maxsize=4096)
def _city(row: int) -> City:
    id_, name, country, region, latitude, longitude, people, zone = _places().lines[row].split("\t")
    return City(int(id_), name, country, region, float(latitude), float(longitude), int(people), zone)


def _spelled(key: str) -> str:
    """St. Paul and Saint Paul, Ft. Worth and Fort Worth are one."""
    first, space, rest = key.partition(" ")
    return f"{_SHORT[first]} {rest}" if space and first in _SHORT else key


def city(place_id: int) -> City | None:
    """The city with this GeoNames id, if it is in the extract."""
    row = _places().row_of.get(place_id)
    return None if row is None else _city(row)


def called(key: str) -> tuple[City, ...]:
    """Cities whose own name folds to this key, the largest first."""
    return tuple(_city(row) for row in _places().own.get(_spelled(key), ()))


def also_called(key: str) -> tuple[City, ...]:
    """Cities that go by this key beside their own name: Köln for Cologne, Bangalore for Bengaluru."""
    return tuple(_city(row) for row in _places().other.get(_spelled(key), ()))


@lru_cache(maxsize=4096)
def bearers(key: str) -> tuple[City, ...]:
    """Whom a name can mean, the largest first. Other names count for large cities: small ones have odd ones."""
    large = (city for city in also_called(key) if city.people >= OTHER_NAMES_FROM)
    return tuple(sorted({*called(key), *large}, key=lambda city: (-city.people, city.id)))


def beginning_with(key: str, most: int) -> tuple[City, ...]:
    """The largest cities whose name folds to something that begins like this.

    Another name counts for large cities, and where most of it is typed: Quito is not meant by "San F".
    """
    places, spelled = _places(), _spelled(key)
    own = {row for name in _between(_own_names(), spelled) for row in places.own[name]}
    untyped = min(6, 2 * len(spelled) - 3)
    near = [name for name in _between(_other_names(), spelled) if len(name) - len(spelled) <= untyped]
    other = heapq.nsmallest(most, {row for name in near for row in places.other[name]} - own)
    large = (row for row in other if _city(row).people >= OTHER_NAMES_FROM)
    return tuple(map(_city, heapq.nsmallest(most, {*heapq.nsmallest(most, own), *large})))


@lru_cache(maxsize=1)
def _own_names() -> list[str]:
    return sorted(_places().own)


@lru_cache(maxsize=1)
def _other_names() -> list[str]:
    return sorted(_places().other)


def _between(names: list[str], beginning: str) -> list[str]:
    return names[bisect_left(names, beginning) : bisect_left(names, beginning + "\U0010ffff")]


def largest(least: int) -> Iterable[City]:
    """All cities of at least this many people, the largest first."""
    return takewhile(lambda found: found.people >= least, map(_city, range(len(_places().lines))))


def cities_of(country: str) -> Iterable[City]:
    """The cities of a country, the largest first."""
    return map(_city, _places().at_home.get(country, ()))


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Folded English name to ISO code."""
    rows = (line.split("\t") for line in (HERE / "countries.tsv").read_text(encoding="utf-8").splitlines())
    return {fold(name): iso for iso, name in rows}
