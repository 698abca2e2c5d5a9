"""Names that people use and no gazetteer has, each with the city that it means (GeoNames id).

An alias gives way where a hint says another country or state: "LA" is Los Angeles, "LA, Mexico" is not.
"""

from __future__ import annotations

ATLANTA, AUSTIN, BENGALURU, BERLIN, BOSTON = 4180439, 4671654, 1277333, 2950159, 4930956
BOULDER, CHICAGO, DALLAS, DENVER, LONDON = 5574991, 4887398, 4684888, 5419384, 2643743
LOS_ANGELES, MINNEAPOLIS, NEW_YORK, OAKLAND, PALO_ALTO = 5368361, 5037649, 5128581, 5378538, 5380748
PHILADELPHIA, PORTLAND, RALEIGH, SAN_FRANCISCO, SEATTLE = 4560349, 5746545, 4487042, 5391959, 5809844
TORONTO, VANCOUVER, WASHINGTON = 6167865, 6173331, 4140963

# A city by another name: as good as the name itself.
CITIES: dict[str, int] = {
    **dict.fromkeys(
        ("sf", "sfo", "san fran", "sanfran", "s f", "san francisco", "city of san francisco"), SAN_FRANCISCO
    ),
    **dict.fromkeys(("montgomery st", "montgomery street", "montgomary st", "montgomery bart"), SAN_FRANCISCO),
    **dict.fromkeys(("caltrain",), SAN_FRANCISCO),
    **dict.fromkeys(("oaktown",), OAKLAND),
    **dict.fromkeys(("nyc", "ny city", "new york", "new york city", "n y c", "jfk", "big apple"), NEW_YORK),
    **dict.fromkeys(("la", "l a", "lax"), LOS_ANGELES),
    **dict.fromkeys(("pdx",), PORTLAND),
    **dict.fromkeys(("atx",), AUSTIN),
    **dict.fromkeys(("msp", "mpls"), MINNEAPOLIS),
    **dict.fromkeys(("dc", "washington dc"), WASHINGTON),
    **dict.fromkeys(("philly", "phl"), PHILADELPHIA),
    **dict.fromkeys(("atl",), ATLANTA),
    **dict.fromkeys(("chi town", "chitown"), CHICAGO),
    **dict.fromkeys(("yyz",), TORONTO),
    **dict.fromkeys(("yvr", "vancouver bc"), VANCOUVER),
    **dict.fromkeys(("blr", "bangalore"), BENGALURU),
    **dict.fromkeys(("ldn",), LONDON),
    **dict.fromkeys(("bos",), BOSTON),
    **dict.fromkeys(("boulder",), BOULDER),
    **dict.fromkeys(("palo alto", "stanford"), PALO_ALTO),
    "evanston": 4891382,
}

# An area: its chief city stands for it, and a city named beside it says more.
AREAS: dict[str, int] = {
    **dict.fromkeys(
        ("bay area", "sf bay", "sf bay area", "san francisco bay area", "sfba", "silicon valley"), SAN_FRANCISCO
    ),
    **dict.fromkeys(("east bay",), OAKLAND),
    **dict.fromkeys(("chicagoland",), CHICAGO),
    **dict.fromkeys(("twin cities",), MINNEAPOLIS),
    **dict.fromkeys(("gta", "greater toronto area"), TORONTO),
    **dict.fromkeys(("dfw", "dallas fort worth"), DALLAS),
    **dict.fromkeys(("rtp", "research triangle", "raleigh durham"), RALEIGH),
    **dict.fromkeys(("puget sound",), SEATTLE),
    **dict.fromkeys(("denver boulder", "front range"), DENVER),
    **dict.fromkeys(("socal",), LOS_ANGELES),
}

# A part of a city, or a nickname, that elsewhere is a city: it counts only beside its own. Alone, somebody is asked.
DISTRICTS: dict[str, int] = {
    **dict.fromkeys(
        ("soma", "mission", "the mission", "mission district", "sunset", "richmond", "castro", "marina", "frisco"),
        SAN_FRANCISCO,
    ),
    **dict.fromkeys(("noe valley", "potrero hill", "dogpatch", "fidi", "haight"), SAN_FRANCISCO),
    **dict.fromkeys(("rockridge", "temescal", "lake merritt"), OAKLAND),
    **dict.fromkeys(("south bay",), 5392171),
    **dict.fromkeys(("north bay",), SAN_FRANCISCO),
    **dict.fromkeys(("east london", "stratford", "richmond upon thames", "wimbledon", "battersea", "brixton"), LONDON),
    **dict.fromkeys(("shoreditch", "hackney", "camden", "soho", "islington", "greenwich", "chelsea"), LONDON),
    **dict.fromkeys(("kreuzberg", "neukolln", "mitte", "prenzlauer berg", "friedrichshain", "wedding"), BERLIN),
    **dict.fromkeys(("williamsburg", "tribeca", "midtown", "upper west side", "harlem", "astoria"), NEW_YORK),
    **dict.fromkeys(("venice", "hollywood", "silver lake", "echo park"), LOS_ANGELES),
    **dict.fromkeys(("back bay", "seaport", "jamaica plain"), BOSTON),
    **dict.fromkeys(("lincoln park", "wicker park", "hyde park", "the loop"), CHICAGO),
    **dict.fromkeys(("ballard", "capitol hill", "fremont", "south lake union"), SEATTLE),
    **dict.fromkeys(("georgetown", "dupont circle", "capitol hill dc"), WASHINGTON),
    **dict.fromkeys(("uptown", "northeast minneapolis"), MINNEAPOLIS),
}
