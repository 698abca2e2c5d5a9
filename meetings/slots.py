"""Which weekly start suits a group best, judged on all its dates of a year, with the reasons as values.

Hours are masks of 336 half hours on a person's own wall clock, bit 0 is Monday 00:00. Differences between zones change
during the year, so no week stands for the others. Reasons count people and name nobody.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Protocol
from zoneinfo import ZoneInfo

from meetings import cadence
from meetings.reasons import Everybody, Fewer, Holiday, OddHour, Reason

QUARTER = timedelta(minutes=15)  # every zone in use is off by whole quarters
NIGHT = 10
OUTSIDE_HOURS = 2  # what is not offered costs at least this
UNFAIR = 2
CLOCK = (  # from this hour of the day on, so many points
    (0.0, NIGHT),
    (6.0, 4),
    (7.0, 2),
    (8.0, 1),
    (9.0, 0),
    (18.0, 1),
    (19.5, 2),
    (21.0, 4),
    (22.5, NIGHT),
)


class Hours(Protocol):
    """A person's week: good and possible half hours of the wall clock in an IANA zone."""

    @property
    def good(self) -> int: ...
    @property
    def possible(self) -> int: ...
    @property
    def zone(self) -> str: ...


@dataclass(frozen=True)
class Person:
    id: str
    hours: Hours
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Slot:
    """A weekly start of the anchor, judged. `worst` is the number of people who fit on the worst date, `pain` the
    points of each person over all dates; nobody reads another's."""

    weekday: int
    at: time
    zone: str
    minutes: int
    dates: tuple[date, ...]
    people: int
    worst: int
    mean: float
    good_share: float
    pain: Mapping[str, int]
    reasons: tuple[Reason, ...]

    @property
    def fits_all(self) -> bool:
        """Everybody on every date: such a slot is proposed without a poll."""
        return self.worst == self.people

    @property
    def order(self) -> tuple[float, ...]:
        """Most people on the worst date, mean people, share of good hours, least pain, even pain, early in the week."""
        pains = self.pain.values()
        highest, spread = max(pains), max(pains) - min(pains)
        return (-self.worst, -self.mean, -self.good_share, highest, spread, self.weekday, self.at.hour, self.at.minute)


@dataclass(frozen=True)
class _Judged:
    """One person on one date."""

    person: Person
    on: date
    start: datetime
    fits: bool
    good: bool
    points: int
    unfair: bool


def rank(
    people: Sequence[Person], years: Iterable[Sequence[date]], *, zone: str, minutes: int, limit: int = 5
) -> list[Slot]:
    """The best weekly starts in the anchor's zone, best first: of each weekday its dates of a year are given, and all
    starts from 05:00 on are judged on these. Raises ValueError without people.
    """
    if not people:
        raise ValueError("a slot is for people")
    slots = [judge(people, days, at=at, zone=zone, minutes=minutes) for days in years for at in _starts()]
    return sorted(slots, key=lambda slot: slot.order)[:limit]


def _starts() -> Iterable[time]:
    every = (time(half // 2, half % 2 * 30) for half in range(48))
    return (at for at in every if at >= cadence.EARLIEST)


def judge(people: Sequence[Person], days: Sequence[date], *, at: time, zone: str, minutes: int) -> Slot:
    """One start on all these dates."""
    starts = [(day, cadence.instant(day, at, zone)) for day in days]
    judged = [_judge(person, day, start, minutes) for day, start in starts for person in people]
    fitting = Counter(one.on for one in judged if one.fits)
    counts = {day: fitting[day] for day in days}
    pain = dict.fromkeys((person.id for person in people), 0)
    for one in judged:
        pain[one.person.id] += one.points
    return Slot(
        weekday=days[0].weekday(),
        at=at,
        zone=zone,
        minutes=minutes,
        dates=tuple(days),
        people=len(people),
        worst=min(counts.values()),
        mean=fitting.total() / len(days),
        good_share=sum(one.good for one in judged) / len(judged),
        pain=pain,
        reasons=_reasons(judged, counts, len(people)),
    )


def _judge(person: Person, day: date, start: datetime, minutes: int) -> _Judged:
    hours, needed = person.hours, _needed(start, minutes, person.hours.zone)
    points = clock_points(start, minutes, hours.zone)
    fitting = not needed & ~(hours.good | hours.possible)
    good = not needed & ~hours.good
    price = 0 if good else 1 if fitting else max(OUTSIDE_HOURS, points)
    return _Judged(person, day, start, fitting, good, price, points >= UNFAIR)


def fits(hours: Hours, start: datetime, minutes: int) -> bool:
    """A meeting fits if it lies in the union of a person's half hours; weekday and midnight are those of their zone."""
    return not _needed(start, minutes, hours.zone) & ~(hours.good | hours.possible)


def cost(hours: Hours, start: datetime, minutes: int) -> int:
    """What a meeting costs a person: its worst half hour. Good 0, possible 1, else the clock's points, at least 2."""
    return _judge(Person("", hours), start.date(), start, minutes).points


def _needed(start: datetime, minutes: int, zone: str) -> int:
    """The half hours of a zone's wall clock that a meeting touches, as a mask; a clock may change in between."""
    return _touched(_wall(start, minutes, zone))[0]


def clock_points(start: datetime, minutes: int, zone: str) -> int:
    """The points of the worst half hour by the clock alone: 9 to 18 are free, the night costs 10."""
    return _touched(_wall(start, minutes, zone))[1]


@lru_cache(maxsize=65536)
def _wall(start: datetime, minutes: int, zone: str) -> tuple[int, ...]:
    """The quarters of an hour of the week, Monday 00:00 being 0, at which a zone's clock shows a meeting."""
    steps = -(-timedelta(minutes=minutes) // QUARTER)
    there = start.astimezone(ZoneInfo(zone))
    last = (start + (steps - 1) * QUARTER).astimezone(ZoneInfo(zone))
    if last.utcoffset() == there.utcoffset():
        first = _quarter(there)
        return tuple(range(first, first + steps))
    return tuple(_quarter((start + step * QUARTER).astimezone(ZoneInfo(zone))) for step in range(steps))


def _quarter(there: datetime) -> int:
    return (there.weekday() * 24 + there.hour) * 4 + there.minute // 15


@lru_cache(maxsize=4096)
def _touched(quarters: tuple[int, ...]) -> tuple[int, int]:
    """The half hours of these quarters as a mask, and the points of the worst of them."""
    mask = 0
    for quarter in quarters:
        mask |= 1 << quarter // 2 % 336
    return mask, max(_points(quarter % 96 / 4) for quarter in quarters)


def _points(hour: float) -> int:
    return [points for since, points in CLOCK if since <= hour][-1]


def fairest(totals: Mapping[str, int], options: Sequence[Mapping[str, int]]) -> int:
    """Which of a rotation's slots, given as each person's cost, comes next: the one that keeps the highest total
    lowest, then the sum, then the earlier one. `totals` are the points of the meetings held."""

    def after(option: Mapping[str, int]) -> tuple[int, int]:
        sums = [totals.get(person, 0) + points for person, points in option.items()]
        return max(sums), sum(sums)

    return min(range(len(options)), key=lambda number: (after(options[number]), number))


def _reasons(judged: Collection[_Judged], counts: Mapping[date, int], people: int) -> tuple[Reason, ...]:
    reasons: list[Reason] = []
    if min(counts.values()) == people:
        reasons.append(Everybody(people, good=all(one.good for one in judged)))
    for fit in sorted(set(counts.values()) - {people}, reverse=True):
        weeks = tuple(day.isocalendar().week for day, number in counts.items() if number == fit)
        reasons.append(Fewer(fit, people, weeks if len(weeks) < len(counts) else ()))
    return (*reasons, *_odd_hours(judged), *_holidays(judged))


def _odd_hours(judged: Collection[_Judged]) -> list[OddHour]:
    odd: dict[tuple[str, time], set[date]] = {}
    for one in judged:
        if one.unfair and one.fits:
            there = one.start.astimezone(ZoneInfo(one.person.hours.zone))
            odd.setdefault((one.person.id, there.time()), set()).add(one.on)
    days = sorted({one.on for one in judged})
    alike = Counter((at, _runs(days, seen)) for (_, at), seen in odd.items())
    return [OddHour(number, at, seasons) for (at, seasons), number in sorted(alike.items())]


def _runs(days: Sequence[date], seen: Collection[date]) -> tuple[tuple[int, int], ...]:
    """Dates in a row as their first and last month; a run over the end of the year goes on with its beginning."""
    if len(seen) == len(days):
        return ()
    start = next(number for number, day in enumerate(days) if day not in seen)
    turned = [*days[start:], *days[:start]]
    runs = [list(run) for inside, run in groupby(turned, key=lambda day: day in seen) if inside]
    return tuple((run[0].month, run[-1].month) for run in runs)


def _holidays(judged: Collection[_Judged]) -> list[Holiday]:
    off = Counter(one.on for one in judged if one.on in one.person.holidays)
    return [Holiday(number, day) for day, number in sorted(off.items())]
