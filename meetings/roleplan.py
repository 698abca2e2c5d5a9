"""Who leads, who keeps the time and who hosts at the dates of a circle: nobody twice before everybody once. Pure.

A plan is made around what stands. A yes stays, and so does whatever still holds; only what is free is filled, date by
date, so that a change touches nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from fractions import Fraction

NEVER = 10**6  # days since somebody did it who never did
MIN_WILLING = 2  # so many keep a circle safe; with fewer, opting out spares nobody
ASKED = timedelta(days=28)
THINKS_FOR = timedelta(days=2)  # whoever was asked late has so long before others are asked
WANTED = timedelta(days=7)
ALL_WANTED, ALL_WAIT = timedelta(days=5), timedelta(days=1)
HELP, HELP_WAITS = timedelta(days=3), timedelta(days=2)
NEXT_IN_LINE = 2


class Duty(StrEnum):
    """What somebody does at one meeting, in the order in which it is given."""

    FACILITATOR = "facilitator"
    TIMEKEEPER = "timekeeper"
    HOST = "host"


class Step(IntEnum):
    """Who is asked to lead where nobody has said yes: who has the role alone, the next two, everybody, an organizer."""

    NOBODY = 0
    NEXT = 1
    EVERYBODY = 2
    ORGANIZER = 3


@dataclass(frozen=True)
class Member:
    """One member; `new` joined after the circle had begun, `willing` has not opted out."""

    key: int
    new: bool = False
    willing: bool = True


@dataclass(frozen=True)
class Held:
    """A meeting of the past year: who really did what, and who could have, because they had no pause."""

    on: date
    season: int
    did: Mapping[Duty, int]
    could: frozenset[int]


@dataclass(frozen=True)
class Planned:
    """A date to come: who is away, who has which duty as it stands, and which of these are a yes and stay."""

    on: date
    season: int
    away: frozenset[int] = frozenset()
    has: Mapping[Duty, int] = field(default_factory=dict)
    agreed: frozenset[Duty] = frozenset()


@dataclass(frozen=True)
class Circle:
    """All that the plan is made from. The order of members decides between equals; dates are in theirs."""

    members: Sequence[Member]
    held: Sequence[Held]
    planned: Sequence[Planned]
    duties: Sequence[Duty] = (Duty.FACILITATOR, Duty.TIMEKEEPER)


Plan = list[dict[Duty, int]]


def plan(circle: Circle) -> Plan:
    """Each date's duties by the key of a member; one that nobody can take is missing."""
    standing = [stands(circle, one) for one in circle.planned]
    for at in range(len(circle.planned)):
        for duty in circle.duties:
            found = [] if duty in standing[at] else line(circle, standing, at, duty)
            if found:
                standing[at][duty] = found[0]
    return standing


def stands(circle: Circle, one: Planned) -> dict[Duty, int]:
    """What holds of a date: a yes first; then whoever is free, has not opted out, and does nothing else there.

    Where only those with another duty could lead, a yes alone holds, so that one of them does.
    """
    members = {member.key: member for member in circle.members}
    found: dict[Duty, int] = {}
    for duty in sorted((duty for duty in circle.duties if duty in one.has), key=lambda duty: duty not in one.agreed):
        key = one.has[duty]
        is_free = key in members and key not in one.away and key not in found.values()
        if is_free and (duty in one.agreed or not passed_over(circle, one, members[key])):
            found[duty] = key
    if Duty.FACILITATOR in found or free(circle, one, found):
        return found
    return {duty: key for duty, key in found.items() if duty in one.agreed}


def passed_over(circle: Circle, one: Planned, member: Member) -> bool:
    """Who opted out has no duty at a date for which two others are willing."""
    willing = sum(other.willing and other.key not in one.away for other in circle.members)
    return not member.willing and willing >= MIN_WILLING


def line(circle: Circle, standing: Plan, at: int, duty: Duty) -> list[int]:
    """Who could take a duty at the date with this number beside those who have another one there, the next first."""
    found = free(circle, circle.planned[at], standing[at])
    ranked = sorted(found, key=lambda member: _rank(_Record(circle, standing, member.key), member, at, duty))
    return [member.key for member in ranked]


def free(circle: Circle, one: Planned, has: Mapping[Duty, int]) -> list[Member]:
    """Who comes to a date, has no duty there, and takes turns."""
    taken = {*one.away, *has.values()}
    return [member for member in circle.members if member.key not in taken and not passed_over(circle, one, member)]


Rank = tuple[bool, int, int, int, Fraction, int, bool]


def _rank(record: _Record, member: Member, at: int, duty: Duty) -> Rank:
    """Newcomers keep the time before they lead. Then who did it least this season, then who can at the fewest dates,
    then who did the smallest share of it in a year, then who has rested from it longest. Of founders, too, who has kept
    the time leads next.
    """
    one = record.circle.planned[at]
    green = not record.did_any_before(at)
    new = member.new and green
    return (
        {Duty.FACILITATOR: new, Duty.TIMEKEEPER: not new}.get(duty, False),
        record.in_season(duty, one.season),
        0 if duty == Duty.FACILITATOR else record.duties_in_season(one.season),
        record.free_dates(duty),
        record.share(duty),
        -record.rest(duty, one.on),
        green if duty == Duty.FACILITATOR else False,
    )


@dataclass(frozen=True)
class _Record:
    """What one member did in the past year and has in the plan."""

    circle: Circle
    standing: Plan
    key: int

    def days(self, duty: Duty) -> list[tuple[date, int]]:
        """Each date with this duty, and its season."""
        past = [(one.on, one.season) for one in self.circle.held if one.did.get(duty) == self.key]
        rows = zip(self.circle.planned, self.standing, strict=True)
        return past + [(one.on, one.season) for one, has in rows if has.get(duty) == self.key]

    def in_season(self, duty: Duty, season: int) -> int:
        return sum(of == season for _, of in self.days(duty))

    def duties_in_season(self, season: int) -> int:
        return sum(self.in_season(duty, season) for duty in self.circle.duties)

    def free_dates(self, duty: Duty) -> int:
        """So many dates without anybody for this duty are left to this member."""
        rows = zip(self.circle.planned, self.standing, strict=True)
        return sum(duty not in has and self.key not in one.away for one, has in rows)

    def share(self, duty: Duty) -> Fraction:
        """How often, of the dates at which it was possible."""
        could = sum(self.key in one.could for one in self.circle.held)
        could += sum(self.key not in one.away for one in self.circle.planned)
        return Fraction(len(self.days(duty)), max(could, 1))

    def rest(self, duty: Duty, on: date) -> int:
        """The days to the nearest date with this duty, before or after."""
        return min((abs((on - day).days) for day, _ in self.days(duty)), default=NEVER)

    def did_any_before(self, at: int) -> bool:
        earlier = [*(one.did for one in self.circle.held), *self.standing[:at]]
        return any(self.key in did.values() for did in earlier)


def step(starts_at: datetime, now: datetime, *, asked_at: datetime | None, wanted_at: datetime | None) -> Step:
    """Who is asked by now where nobody has said yes that they lead: `asked_at` whoever has the role was asked, or
    nobody has it (then the beginning of time), `wanted_at` the first of the others was asked.
    """
    left = starts_at - now
    if asked_at is None or left > WANTED or now - asked_at < THINKS_FOR:
        return Step.NOBODY
    waited = now - wanted_at if wanted_at else timedelta(0)
    if left <= HELP and waited >= HELP_WAITS:
        return Step.ORGANIZER
    return Step.EVERYBODY if left <= ALL_WANTED and waited >= ALL_WAIT else Step.NEXT
