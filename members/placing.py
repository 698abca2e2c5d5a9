"""Where somebody is, from what they typed. One place that is silently wrong is worse than ten questions.

A text is taken apart (members/gazetteer/words.py), each place is decided on its own, then all together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process

from members import gazetteer
from members.folding import fold, plain
from members.gazetteer import City
from members.gazetteer.aliases import AREAS, CITIES, DISTRICTS
from members.gazetteer.hints import Area, names, region_name
from members.gazetteer.metros import ANCHORS, metro_of
from members.gazetteer.words import Named, Said, lies_in, take_apart
from members.weekhours import zone_name

LONGEST_TEXT = 200
CHOICES = 4
CLEARLY_LARGER = 10
ALONE_FROM = 100_000
OTHER_NAME_FROM = 300_000
FUZZY_FROM = 100_000
FUZZY_SCORE = 86
NEAR_KM = 30
LONGEST_ALIAS = 40
_SEASONS = (datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC))
_TABLE_METROS = frozenset(name for name, _, _ in ANCHORS)


class Outcome(StrEnum):
    RESOLVED = "resolved"
    CONFIRM = "confirm"  # one candidate; a person says yes
    ASK = "ask"  # several
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Candidate:
    place_id: int | None
    place: str
    country: str
    metro: str | None
    zone: str
    label: str  # for people: enough to tell two Portlands apart


@dataclass(frozen=True, slots=True)
class Placing:
    """What became of a text. Place, country, metro and zone are set when resolved or to be confirmed.

    `mode` is "video" where only being remote was said, "either" where it was said beside a place.
    """

    text: str
    outcome: Outcome
    step: str
    place_id: int | None = None
    place: str | None = None
    country: str | None = None
    metro: str | None = None
    zone: str | None = None
    candidates: tuple[Candidate, ...] = ()
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class _Choice:
    """One named place: the city that it is, or those that it may be."""

    named: Named
    step: str
    city: City | None
    certain: bool = False
    among: tuple[City, ...] = ()


def place(text: str, aliases: Mapping[str, int] | None = None, browser_zone: str | None = None) -> Placing:
    """The place that a person means. `aliases` are what organizers taught: folded text to place id (`alias_key`).

    The zone of the person's browser may decide between two places of one name, to be confirmed; a place that
    contradicts it is never taken in silence.
    """
    typed = plain(text)[:LONGEST_TEXT]
    learned = aliases or {}
    if (taught := gazetteer.city(learned.get(fold(typed), 0))) is not None:
        return _checked(_of_city(text, taught, Outcome.RESOLVED, "learned"), browser_zone)
    if "/" in typed and (zone := zone_name(typed)) is not None:
        return Placing(text, Outcome.RESOLVED, "zone", zone=zone, mode="video")
    said = take_apart(typed, learned)
    told_zone = said.zones[0][0] if len(said.zones) == 1 and len(said.zones[0]) == 1 else None
    found = _from_places(typed, said, told_zone or browser_zone) or _without_place(typed, said)
    mode = None if not said.online else "either" if said.places else "video"
    return _checked(replace(found, text=text, mode=found.mode or mode), told_zone or browser_zone)


def alias_key(text: str) -> str:
    """The form in which a learned text is kept and looked up."""
    return fold(plain(text))


def may_be_learned(text: str) -> bool:
    """Whether a fix of this text may teach the next one: not where its name has rivals, and nothing personal."""
    if len(text) > LONGEST_ALIAS or re.search(r"[\d@]", text) or not alias_key(text):
        return False
    return all(len(named.anywhere()) < 2 for named in take_apart(plain(text), {}).places)


# --- each place on its own ---


def _decided(named: Named, zone: str | None) -> _Choice:
    """The city behind a name: the only one, the clearly larger one, or the one on the browser's clock."""
    cities = named.cities()
    if not cities:
        return _Choice(named, "contradiction", None, among=named.anywhere())
    top, rivals = cities[0], _rivals(cities)
    if cities == (named.meant,):
        return _Choice(named, "area" if named.is_area else "alias", top, certain=not named.unsure)
    step = "hint" if named.hints else "name"
    if not rivals or top.people >= CLEARLY_LARGER * rivals[0].people:
        return _Choice(named, step, top, certain=not named.unsure and _is_plain(top, named), among=cities)
    here = tuple(city for city in cities if zone and same_clock(city.zone, zone))
    if here and not _rivals(here):
        return _Choice(named, "browser zone", here[0], among=cities)
    return _Choice(named, "rivals", None, among=(top, *rivals))


def _rivals(cities: tuple[City, ...]) -> tuple[City, ...]:
    others = (city for city in cities[1:] if not _together(city, cities[0]))
    return tuple(sorted(others, key=lambda city: -city.people))


def _together(one: City, other: City) -> bool:
    metro = metro_of(one)
    return (metro is not None and metro == metro_of(other)) or one.km_to(other) <= NEAR_KM


def _is_plain(city: City, named: Named) -> bool:
    """Whether a name stands for a city unasked: a small one needs a hint, another name a large city."""
    if city in gazetteer.called(named.words):
        return bool(named.hints) or city.people >= ALONE_FROM or metro_of(city) in _TABLE_METROS
    return city.people >= OTHER_NAME_FROM


# --- all places of a text together ---


def _from_places(text: str, said: Said, zone: str | None) -> Placing | None:
    if not said.places:
        return None
    choices = _without_districts(said, [_decided(named, zone) for named in said.places])
    choices = [_beside(choice, choices) for choice in choices]
    if open_ones := [choice for choice in choices if choice.city is None]:
        meant = [area for choice in open_ones for area in _areas_meant(choice.named)]
        return _ask(
            text, open_ones[0].step, (*(city for one in open_ones for city in one.among), *_largest_in(tuple(meant)))
        )
    chosen = _container(choices)
    cities = [choice.city for choice in choices if choice.city is not None]
    if chosen.city is None or any(not _together(city, chosen.city) for city in cities):
        return _ask(text, "two places", cities)
    if (areas := _areas_meant(chosen.named)) and not _is_city_state(chosen.city, areas):
        return _ask(text, "area", (chosen.city, *_largest_in(areas)))
    certain = chosen.certain and not (said.unknown_behind and _rivals(chosen.among))
    return _of_city(text, chosen.city, Outcome.RESOLVED if certain else Outcome.CONFIRM, chosen.step)


def _without_districts(said: Said, choices: list[_Choice]) -> list[_Choice]:
    """ "Soma, San Francisco": a district that elsewhere is a city falls silent beside its own."""
    homes = {choice.city.id for choice in choices if choice.city and choice.named.words not in said.districts}
    return [choice for choice in choices if DISTRICTS.get(choice.named.words) not in homes]


def _beside(choice: _Choice, choices: list[_Choice]) -> _Choice:
    """An open name becomes the one near a place named beside it: "Cambridge, Boston"."""
    if choice.city is not None or choice.step != "rivals":
        return choice
    known = [other.city for other in choices if other.city is not None]
    near = [city for city in choice.among if any(_together(city, other) for other in known)]
    return replace(choice, city=near[0], certain=True, step="beside") if len(near) == 1 else choice


def _container(choices: list[_Choice]) -> _Choice:
    """Of alternatives the first; of a place and what contains it the larger; an area only where no city is named."""
    first = choices[0].named.clause
    ranked = [choice for choice in choices if choice.named.clause == first]
    cities = [choice for choice in ranked if not choice.named.is_area] or ranked
    return max(cities, key=lambda choice: choice.city.people if choice.city else 0)


def _areas_meant(named: Named) -> tuple[Area, ...]:
    """States and countries that a name can mean as well: Ontario, Mexico; Washington in "Washington, US" too."""
    if named.meant is not None:
        return ()
    return tuple(area for area in names().get(named.words, ()) if all(_overlap(area, hint) for hint in named.hints))


def _overlap(area: Area, hint: tuple[Area, ...]) -> bool:
    country, region = area
    return any(country == within and (part is None or part == region) for within, part in hint)


def _is_city_state(city: City, areas: tuple[Area, ...]) -> bool:
    return areas == ((city.country, None),) and fold(city.name) in names()


# --- without a place ---


def _without_place(text: str, said: Said) -> Placing:
    if said.districts:
        return _confirm(text, gazetteer.city(DISTRICTS[said.districts[0]]), "district")
    if said.zones and not said.unknown:
        return _from_zones(text, said)
    guessed = _fuzzy(" ".join(said.unknown), said.areas)
    if guessed is not None:
        return _confirm(text, guessed, "fuzzy")
    if said.areas:
        return _ask(text, "area", _largest_in(said.areas[0]))
    return Placing(text, Outcome.UNKNOWN, "none")


def _from_zones(text: str, said: Said) -> Placing:
    """Only a clock: the zone is kept and meetings are by video. Letters that mean several clocks are asked."""
    zones = tuple(dict.fromkeys(zone for meant in said.zones for zone in meant))
    if len(zones) == 1:
        return Placing(text, Outcome.RESOLVED, "zone", zone=zones[0], mode="video")
    choices = tuple(Candidate(None, zone, "", None, zone, zone.replace("_", " ")) for zone in zones)
    return Placing(text, Outcome.ASK, "zone", candidates=choices, mode="video")


@lru_cache(maxsize=1)
def _fuzzy_names() -> dict[str, City]:
    """Names worth guessing, each with the largest city that bears it."""
    large = {fold(city.name): city for city in reversed(list(gazetteer.largest(FUZZY_FROM)))}
    known = {key: gazetteer.city(place_id) for key, place_id in {**CITIES, **AREAS}.items() if len(key) > 4}
    return large | {key: city for key, city in known.items() if city is not None}


def _fuzzy(words: str, areas: list[tuple[Area, ...]]) -> City | None:
    if len(words) < 5:
        return None
    found = process.extractOne(words, _fuzzy_names().keys(), scorer=fuzz.ratio, score_cutoff=FUZZY_SCORE)
    if found is None:
        return None
    meant = (_fuzzy_names()[found[0]], *gazetteer.bearers(found[0]))
    return next((city for city in meant if all(lies_in(city, area) for area in areas)), None)


@lru_cache(maxsize=512)
def _largest_in(areas: tuple[Area, ...]) -> tuple[City, ...]:
    """The largest cities of some areas, no two of one metropolitan area."""
    chosen: list[City] = []
    for country in dict.fromkeys(country for country, _ in areas):
        own: list[City] = []
        for city in gazetteer.cities_of(country):
            if lies_in(city, areas) and not any(_together(city, other) for other in own):
                own.append(city)
            if len(own) == CHOICES - 1:
                break
        chosen += own
    return tuple(sorted(chosen, key=lambda city: -city.people)[: CHOICES - 1])


# --- results ---


def _candidate(city: City) -> Candidate:
    label = ", ".join(filter(None, (city.name, region_name(city.country, city.region), city.country)))
    return Candidate(city.id, city.name, city.country, metro_of(city), city.zone, label)


def _of_city(text: str, city: City, outcome: Outcome, step: str) -> Placing:
    of = _candidate(city)
    return Placing(text, outcome, step, of.place_id, of.place, of.country, of.metro, of.zone, (of,))


def _confirm(text: str, city: City | None, step: str) -> Placing:
    return _of_city(text, city, Outcome.CONFIRM, step) if city else Placing(text, Outcome.UNKNOWN, "none")


def _ask(text: str, step: str, cities: Iterable[City]) -> Placing:
    choices = tuple(_candidate(city) for city in dict.fromkeys(cities))[:CHOICES]
    return Placing(text, Outcome.ASK, step, candidates=choices)


def _checked(found: Placing, zone: str | None) -> Placing:
    """What contradicts the browser's clock is never silent."""
    if (
        found.outcome is Outcome.RESOLVED
        and found.place_id
        and zone
        and found.zone
        and not same_clock(found.zone, zone)
    ):
        return replace(found, outcome=Outcome.CONFIRM, step="other clock")
    return found


@lru_cache(maxsize=4096)
def same_clock(one: str, other: str) -> bool:
    """Whether two zones show the same time in winter and in summer. A name that is no zone contradicts nothing."""
    zones = [ZoneInfo(name) for name in map(zone_name, (one, other)) if name is not None]
    clocks = [[season.astimezone(zone).utcoffset() for season in _SEASONS] for zone in zones]
    return len(clocks) < 2 or clocks[0] == clocks[1]
