"""Metropolitan areas: nobody in Edina says "Minneapolis", and everybody there meets in the Twin Cities.

A place belongs to an anchor of its own country within so many kilometres. Beyond this table a city of 300,000 people
that has no larger one within 30 km is a metropolitan area of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from members import gazetteer
from members.gazetteer import City

ANCHORS = (
    ("Bay Area", 5391959, 45),  # San Francisco
    ("Bay Area", 5392171, 35),  # San José
    ("Bay Area", 5378538, 45),  # Oakland
    ("Twin Cities", 5037649, 50),
    ("Chicago", 4887398, 65),
    ("New York", 5128581, 50),
    ("Boston", 4930956, 40),
    ("Los Angeles", 5368361, 60),
    ("Seattle", 5809844, 45),
    ("Washington", 4140963, 45),
    ("London", 2643743, 40),
    ("Bengaluru", 1277333, 40),
    ("Berlin", 2950159, 40),
    ("Denver-Boulder", 5419384, 50),
    ("Raleigh-Durham", 4487042, 50),
    ("Dallas-Fort Worth", 4684888, 60),
    ("Toronto", 6167865, 50),
    ("Philadelphia", 4560349, 50),
    ("Atlanta", 4180439, 50),
)
# The gazetteer counts a part as larger than the city that everybody names.
NAMED_FOR = {1258393: "Visakhapatnam", 3979770: "Guadalajara", 4645421: "Memphis", 12501153: "Kochi"}
OWN_METRO_FROM = 300_000
OWN_METRO_KM = 30


@lru_cache(maxsize=4096)
def metro_of(city: City) -> str | None:
    """The metropolitan area of a place: the nearest anchor that reaches it, or None."""
    return _reaching(city, _table()) or _reaching(city, _beyond().get(city.country, ()))


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """All metropolitan areas by name."""
    beyond = (name for areas in _beyond().values() for name, _, _ in areas)
    return frozenset((*(name for name, _, _ in ANCHORS), *beyond))


def _reaching(city: City, anchors: Iterable[tuple[str, City, int]]) -> str | None:
    near = ((city.km_to(anchor), name, km) for name, anchor, km in anchors if anchor.country == city.country)
    reached = [(distance, name) for distance, name, km in near if distance <= km]
    return min(reached)[1] if reached else None


@lru_cache(maxsize=1)
def _table() -> tuple[tuple[str, City, int], ...]:
    return tuple((name, found, km) for name, place_id, km in ANCHORS if (found := gazetteer.city(place_id)))


@lru_cache(maxsize=1)
def _beyond() -> dict[str, list[tuple[str, City, int]]]:
    """Anchors beyond the table by country, each with a name that no other has."""
    chosen: dict[str, list[tuple[str, City, int]]] = {}
    taken = {name for name, _, _ in ANCHORS}
    for city in gazetteer.largest(OWN_METRO_FROM):
        larger = chosen.setdefault(city.country, [])
        if not _reaching(city, _table()) and all(city.km_to(other) > OWN_METRO_KM for _, other, _ in larger):
            name = next(name for name in _names(city) if name not in taken)
            taken.add(name)
            larger.append((name, city, OWN_METRO_KM))
    return chosen


def _names(city: City) -> tuple[str, ...]:
    """Of cities with one name the largest bears it alone; the others add country, region or number."""
    name = NAMED_FOR.get(city.id, city.name)
    return name, f"{name}, {city.country}", f"{name}, {city.region}, {city.country}", f"{name} {city.id}"
