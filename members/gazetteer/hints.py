"""Words that say which country, state or province a place is in, and words that say nothing about a place at all.

An area is (country, region): GeoNames regions, which are postal codes in the United States; None is the whole country.
"""

from __future__ import annotations

from functools import lru_cache

from members import gazetteer
from members.folding import fold

Area = tuple[str, str | None]

_STATES = (
    "AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|"
    "DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|"
    "KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|"
    "MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|"
    "NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|"
    "SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|"
    "WV West Virginia|WI Wisconsin|WY Wyoming"
)
_PROVINCES = (
    "AB Alberta 01|BC British Columbia 02|MB Manitoba 03|NB New Brunswick 04|NL Newfoundland 05|NS Nova Scotia 07|"
    "ON Ontario 08|PE Prince Edward Island 09|QC Quebec 10|SK Saskatchewan 11|YT Yukon 12|NT Northwest Territories 13"
)
_AUSTRALIA = (
    "ACT Australian Capital Territory 01|NSW New South Wales 02|NT Northern Territory 03|QLD Queensland 04|"
    "SA South Australia 05|TAS Tasmania 06|VIC Victoria 07|WA Western Australia 08"
)
_MORE: dict[str, Area] = {
    **dict.fromkeys(("usa", "us", "u s a", "united states of america", "america", "the states"), ("US", None)),
    **dict.fromkeys(("uk", "great britain", "britain"), ("GB", None)),
    "england": ("GB", "ENG"),
    "scotland": ("GB", "SCT"),
    "wales": ("GB", "WLS"),
    "northern ireland": ("GB", "NIR"),
    "holland": ("NL", None),
    "netherlands": ("NL", None),
    "nederland": ("NL", None),
    "deutschland": ("DE", None),
    "schweiz": ("CH", None),
    "suisse": ("CH", None),
    "osterreich": ("AT", None),
    "espana": ("ES", None),
    "italia": ("IT", None),
    "brasil": ("BR", None),
    "polska": ("PL", None),
    "sverige": ("SE", None),
    "danmark": ("DK", None),
    "norge": ("NO", None),
    "suomi": ("FI", None),
    "eire": ("IE", None),
    "republic of ireland": ("IE", None),
    "czech republic": ("CZ", None),
    "turkiye": ("TR", None),
    "korea": ("KR", None),
    "uae": ("AE", None),
    "russian federation": ("RU", None),
    "viet nam": ("VN", None),
    "bharat": ("IN", None),
    "nz": ("NZ", None),
    "calif": ("US", "CA"),
    "mass": ("US", "MA"),
    "washington state": ("US", "WA"),
    "new york state": ("US", "NY"),
    "quebec": ("CA", "10"),
}

FILLERS = frozenset(
    {
        *("near", "close", "to", "around", "greater", "metro", "metropolitan", "area", "region", "downtown", "central"),
        *("north", "south", "east", "west", "inner", "outer", "city", "town", "of", "the", "in", "at", "from", "by"),
        *("based", "located", "living", "live", "i", "am", "im", "currently", "mostly", "just", "outside", "suburb"),
        *("suburbs", "outskirts", "peninsula", "bart", "station", "and", "or", "time", "zone", "timezone", "tz"),
    }
)
ONLINE = frozenset(
    {
        *("remote", "remotely", "fully", "hybrid", "wfh", "home", "anywhere", "virtual", "online", "video", "only"),
        *("distributed", "worldwide", "global", "internet"),
    }
)

# Time zones that people name by letters or by words. More than one means that the letters alone do not tell.
ZONES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("est", "edt", "et", "eastern", "eastern time", "us eastern", "est5edt"), ("America/New_York",)),
    **dict.fromkeys(("cdt", "central time", "us central"), ("America/Chicago",)),
    **dict.fromkeys(("mst", "mdt", "mountain", "mountain time", "us mountain"), ("America/Denver",)),
    **dict.fromkeys(("pst", "pdt", "pt", "pacific", "pacific time", "us pacific"), ("America/Los_Angeles",)),
    **dict.fromkeys(("akst", "alaska time"), ("America/Anchorage",)),
    **dict.fromkeys(("hst", "hawaii time"), ("Pacific/Honolulu",)),
    **dict.fromkeys(("gmt", "utc"), ("UTC",)),
    **dict.fromkeys(("cet", "cest", "central european time"), ("Europe/Berlin",)),
    **dict.fromkeys(("eet", "eest"), ("Europe/Helsinki",)),
    **dict.fromkeys(("aest", "aedt"), ("Australia/Sydney",)),
    **dict.fromkeys(("jst",), ("Asia/Tokyo",)),
    "cst": ("America/Chicago", "Asia/Shanghai", "America/Havana"),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "ast": ("America/Halifax", "Asia/Riyadh"),
}


@lru_cache(maxsize=1)
def names() -> dict[str, tuple[Area, ...]]:
    """What a full name can mean: "georgia" is a state and a country."""
    found: dict[str, list[Area]] = {}
    for iso_name, iso in gazetteer.country_names().items():
        found.setdefault(iso_name, []).append((iso, None))
    for state in _STATES.split("|"):
        code, _, name = state.partition(" ")
        found.setdefault(fold(name), []).append(("US", code))
    for country, regions in (("CA", _PROVINCES), ("AU", _AUSTRALIA)):
        for _, name, region in _regions(regions):
            found.setdefault(name, []).append((country, region))
    for name, area in _MORE.items():
        found.setdefault(name, []).append(area)
    return {name: tuple(dict.fromkeys(areas)) for name, areas in found.items()}


@lru_cache(maxsize=1)
def _region_names() -> dict[Area, str]:
    """The one full name of each region that has a table here."""
    states = (row.partition(" ") for row in _STATES.split("|"))
    found: dict[Area, str] = {("US", code): name for code, _, name in states}
    for country, regions in (("CA", _PROVINCES), ("AU", _AUSTRALIA)):
        found |= {(country, region): name for _, name, region in _regions(regions)}
    return found | {("GB", code): name for name, (country, code) in _MORE.items() if country == "GB" and code}


def region_name(country: str, region: str) -> str:
    """A region as people write it, or nothing where we do not know its name."""
    name = _region_names().get((country, region), "")
    return name if name[:1].isupper() else name.title()


@lru_cache(maxsize=1)
def codes() -> dict[str, tuple[Area, ...]]:
    """What two or three letters can mean behind a city: "ca" is California and Canada, "de" Delaware and Germany."""
    found: dict[str, list[Area]] = {iso.casefold(): [(iso, None)] for iso in gazetteer.country_names().values()}
    for state in _STATES.split("|"):
        found.setdefault(state[:2].casefold(), []).append(("US", state[:2]))
    for country, regions in (("CA", _PROVINCES), ("AU", _AUSTRALIA)):
        for code, _, region in _regions(regions):
            found.setdefault(code, []).append((country, region))
    return {code: tuple(areas) for code, areas in found.items()}


def _regions(written: str) -> list[tuple[str, str, str]]:
    rows = (row.split(" ") for row in written.split("|"))
    return [(code.casefold(), fold(" ".join(name)), region) for code, *name, region in rows]
