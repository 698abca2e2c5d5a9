"""Finding one's place while filling in a form: names that begin like what is typed, and what a text may mean."""

from __future__ import annotations

from members import applying, gazetteer
from members.folding import fold
from members.gazetteer import City
from members.gazetteer.aliases import CITIES
from members.gazetteer.hints import region_name
from members.models.place import whole_name
from members.models.program import Program
from members.placing import Outcome

MOST = 8
MOST_MEANINGS = 6
FEWEST_LETTERS = 2


def suggestions(text: str) -> list[tuple[int, str]]:
    """At most eight places, the largest first, by the name so far; after a comma by region or country as well."""
    name, _, rest = text[:80].partition(",")
    key, more = fold(name), fold(rest)
    if len(key) < FEWEST_LETTERS:
        return []
    known = gazetteer.city(CITIES.get(key, 0))
    found = [*([known] if known else []), *gazetteer.beginning_with(key, MOST if not more else 10 * MOST)]
    found = [city for city in dict.fromkeys(found) if _lies_in(city, more)]
    return [(city.id, whole_name(city)) for city in found[:MOST]]


def _lies_in(city: City, more: str) -> bool:
    """Whether region or country, in full or short, begin with these words; none said fits all."""
    names = (*whole_name(city).split(",")[1:], region_name(city.country, city.region) or "", city.country)
    return not more or any(fold(name).startswith(more) for name in names)


def meanings(program: Program, text: str, place_id: int | None, zone: str) -> list[tuple[int, str]]:
    """The places to choose from where a text does not say it for sure; none where it does, or says nothing known."""
    picked = gazetteer.city(place_id or 0)
    if not text or (picked and whole_name(picked) == text):
        return []
    found = applying.placed(program, text, None, zone)
    if found.outcome not in (Outcome.CONFIRM, Outcome.ASK):
        return []
    meant = (gazetteer.city(candidate.place_id or 0) for candidate in found.candidates)
    cities = [city for city in (*meant, *gazetteer.bearers(fold(text))) if city is not None]
    return list({city.id: whole_name(city) for city in cities}.items())[:MOST_MEANINGS]
