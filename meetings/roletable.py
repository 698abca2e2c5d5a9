"""The rota of a season as its page shows it: who leads which date, who has said yes, and how often each one led."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from groups import seasons
from groups.models.group import Group
from meetings import ahead, roleplan, rota
from meetings.models.meeting import Meeting, Role
from meetings.roleplan import Circle, Duty, Planned
from meetings.wording import FORMER
from members.models.person import Person
from roundtable import clock, moments

DOT = 18  # from one dot of the picture to the next


@dataclass(frozen=True)
class Who:
    """One role of a date: who has it, nobody for an empty name; `agreed` once they have said yes."""

    label: str
    name: str
    mine: bool
    agreed: bool


@dataclass(frozen=True)
class Row:
    """One date: `state` is held, planned or to come. Without a meeting the names are those of the plan as it stands."""

    when: str
    state: str
    who: tuple[Who, ...]
    meeting: Meeting | None = None

    @property
    def mine(self) -> bool:
        return any(one.mine for one in self.who)

    @property
    def agreed(self) -> bool:
        """Whether I have said yes to what is mine."""
        return any(one.mine and one.agreed for one in self.who)


@dataclass(frozen=True)
class Dot:
    x: int
    state: str


@dataclass(frozen=True)
class Share:
    """How often one member led in this season, and will as it stands; and in a year, of the meetings they could."""

    name: str
    led: int
    to_come: int
    year: int
    could: int

    @property
    def dots(self) -> tuple[Dot, ...]:
        """Full for what was done, a ring for what is to come."""
        states = ["kept"] * self.led + ["discussed"] * self.to_come
        return tuple(Dot(DOT // 2 + DOT * at, state) for at, state in enumerate(states))

    @property
    def width(self) -> int:
        return DOT * max(self.led + self.to_come, 1)


@dataclass(frozen=True)
class Table:
    season: int
    rows: tuple[Row, ...]
    shares: tuple[Share, ...]


def of_group(group: Group, person: Person) -> Table:
    """For a member; a fixed number of statements, however many dates and members there are."""
    standing = rota.read(group, now=clock.now())
    circle = standing.circle
    season = next((one.season for one in circle.planned), _season_of_next(circle))
    names = {key: str(one) for key, one in standing.people.items()}
    told = _Telling(group, person, names)
    held = [
        told.row(_when(meeting, person), "held", one.did, frozenset(Duty), meeting)
        for meeting, one in zip(standing.past, circle.held, strict=True)
        if one.season == season
    ]
    planned = [
        told.row(_when(meeting, person), "planned", one.has, one.agreed, meeting)
        for meeting, one in zip(standing.meetings, circle.planned, strict=True)
    ]
    missing = seasons.MEETINGS - len(held) - sum(one.season == season for one in circle.planned)
    return Table(season, (*held, *planned, *told.to_come(circle, season, missing)), shares(circle, season, names))


def _season_of_next(circle: Circle) -> int:
    return circle.held[-1].season if circle.held else 1


@dataclass(frozen=True)
class _Telling:
    """Rows for one reader."""

    group: Group
    person: Person
    names: Mapping[int, str]

    def row(
        self, when: str, state: str, has: Mapping[Duty, int], agreed: frozenset[Duty], meeting: Meeting | None = None
    ) -> Row:
        who = [
            Who(
                Role(duty).label.capitalize(),
                self.names.get(has[duty], FORMER) if duty in has else "",
                has.get(duty) == self.person.pk,
                duty in agreed,
            )
            for duty in rota.duties_of(self.group)
        ]
        return Row(when, state, tuple(who), meeting)

    def to_come(self, circle: Circle, season: int, missing: int) -> list[Row]:
        """The rest of the season, which the rhythm gives and nobody has been told of: the plan as it stands."""
        if missing <= 0:
            return []
        dates = ahead.of_group(self.group, self.person.zone, now=clock.now())
        follow = [one for one in dates if one.meeting is None and not one.left_out][:missing]
        more = [Planned(one.on, season) for one in follow]
        made = roleplan.plan(replace(circle, planned=[*circle.planned, *more]))[len(circle.planned) :]
        return [self.row(one.when, "to come", has, frozenset()) for one, has in zip(follow, made, strict=True)]


def shares(circle: Circle, season: int, names: Mapping[int, str]) -> tuple[Share, ...]:
    """Each member, by name."""
    led = Counter(one.did.get(Duty.FACILITATOR) for one in circle.held if one.season == season)
    to_come = Counter(one.has.get(Duty.FACILITATOR) for one in circle.planned if one.season == season)
    year = Counter(one.did.get(Duty.FACILITATOR) for one in circle.held)
    could = Counter(key for one in circle.held for key in one.could)
    ordered = sorted(names, key=lambda key: (names[key], key))
    return tuple(Share(names[key], led[key], to_come[key], year[key], could[key]) for key in ordered)


def _when(meeting: Meeting, person: Person) -> str:
    return moments.both(meeting.starts_at, meeting.zone, person.zone)
