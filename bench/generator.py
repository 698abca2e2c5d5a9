"""Made-up people as they apply: zones, usual hours, companies, roles. Seeded, so every machine sees the same ones."""

import math
import random

from groups.composition.people import MASK, Candidate, Problem
from groups.composition.rules import Rules

# region: share, hours from UTC, metros, share outside the metros
REGIONS = {
    "west": (0.34, -8, ("sfo", "sea", "lax", "pdx", "san"), 0.18),
    "east": (0.26, -5, ("nyc", "bos", "dca", "atl"), 0.22),
    "central": (0.06, -6, ("chi", "msp"), 0.30),
    "eu": (0.20, 1, ("ber", "ams", "par"), 0.35),
    "uk": (0.05, 0, ("lon",), 0.30),
    "india": (0.05, 5.5, ("blr",), 0.30),
    "apac": (0.03, 10, ("syd",), 0.40),
    "latin": (0.01, -3, ("sao",), 0.40),
}
TIMES = (7.0, 8.0, 9.0, 12.0, 13.0, 16.0, 17.0, 18.0, 19.0)
DAYS = (0.20, 0.21, 0.21, 0.19, 0.13, 0.03, 0.03)
ROLES = ("cto", "vp", "director", "staff", "lead")
INTERESTS = tuple(f"interest-{number}" for number in range(14))
DIMENSIONS = (("d0", 0.11), ("d1", 0.015), ("d2", 0.07), ("d3", 0.025))
RULES = Rules(size_min=6, size_max=8, window_slots=3, max_per_company=1)


def problem(people: int, *, blocks: int = 5, seed: int = 1, rules: Rules = RULES) -> Problem:
    """So many people; `blocks` is the mean number of two-hour blocks they give: 5 are few hours, 10 are twice."""
    chance = random.Random(seed * 1_000_003 + people)  # noqa: S311 - repeatable on purpose
    regions = chance.choices(list(REGIONS), [share for share, *_ in REGIONS.values()], k=people)
    companies = _companies(chance, people)
    everyone = tuple(_person(chance, f"p{n}", regions[n], companies[n], blocks) for n in range(people))
    return Problem(rules=rules, people=everyone, apart=_apart(chance, regions), seed=seed)


def _companies(chance: random.Random, people: int) -> list[str]:
    names = max(1, round(0.65 * people))
    weights = [1 / (rank + 1) ** 0.7 for rank in range(names)]
    return [f"company-{number}" for number in chance.choices(range(names), weights, k=people)]


def _person(chance: random.Random, name: str, region: str, company: str, blocks: int) -> Candidate:
    _, offset, metros, outside = REGIONS[region]
    metro = chance.choice(metros) if chance.random() >= outside else None
    modes = chance.choices((("video",), ("video", "in_person"), ("in_person",)), (0.45, 0.40, 0.15))[0]
    role = chance.choice(ROLES)
    held = frozenset(value for value, share in DIMENSIONS if chance.random() < share)
    return Candidate(
        id=name,
        hours=_hours(chance, offset, blocks),
        modes=frozenset(modes),
        metro=metro,
        company=company,
        role=role,
        years=max(4, min(38, int(chance.gammavariate(9, 1.3)) + ROLES[::-1].index(role))),
        interests=frozenset(chance.sample(INTERESTS, chance.randint(3, 5))),
        dimensions=held,
        never_alone=frozenset(value for value in sorted(held) if chance.random() < 0.6),
    )


def _hours(chance: random.Random, offset: float, blocks: int) -> int:
    """About two hours at a usual time of day, half of them at a favourite time, a quarter at a second one."""
    first, second = chance.sample(TIMES, 2)
    count = 1 if chance.random() < 0.06 else max(1, _poisson(chance, blocks))
    bits = 0
    for _ in range(count):
        day = chance.choices(range(7), DAYS)[0]
        draw = chance.random()
        usual = first if draw < 0.5 else second if draw < 0.75 else chance.choice(TIMES)
        start = round((usual - offset) * 2) + chance.choice((-1, 0, 1))
        for step in range(chance.choices((3, 4, 5), (0.25, 0.5, 0.25))[0]):
            bits |= 1 << (day * 48 + start + step) % 336
    return bits & MASK


def _poisson(chance: random.Random, mean: float) -> int:
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def _apart(chance: random.Random, regions: list[str]) -> frozenset[frozenset[str]]:
    """One person in a hundred, with somebody of their own region."""
    people: dict[str, list[int]] = {}
    for number, region in enumerate(regions):
        people.setdefault(region, []).append(number)
    pairs = set()
    for number, region in enumerate(regions):
        if chance.random() < 0.005 and (other := chance.choice(people[region])) != number:
            pairs.add(frozenset((f"p{number}", f"p{other}")))
    return frozenset(pairs)
