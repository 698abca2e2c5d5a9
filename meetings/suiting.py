"""Which hours suit a circle, from its members' own hours: for all dates of a year, or for one date of some weeks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from groups.models.group import Group
from meetings import cadence, rhythms, slots
from meetings.reasons import Reason, sentences
from meetings.slots import Slot
from members.models.person import Person
from roundtable import moments

FEWEST, MOST = 3, 5  # hours to ask about
WINDOW = timedelta(days=21)  # in which a single date is looked for
EARLIEST, LATEST = time(6), time(22)  # of the group's clock, for a single date
EDGE, COLUMN, ROW = 44, 38, 22  # of the picture


def all_year(group: Group, people: Sequence[slots.Person], *, first_date: date) -> list[Slot]:
    """Every weekly start, best first, on the dates that the circle would have there from a day on; none where nobody's
    hours are known.
    """
    if not people:
        return []
    there = rhythms.elsewhere(group, first_date)
    years = [there.dates(weekday) for weekday in range(7)]
    return slots.rank(people, years, zone=there.kept.zone, minutes=there.kept.minutes, limit=7 * 48)


def one_date(
    people: Sequence[slots.Person], *, after: date, taken: Iterable[date], zone: str, minutes: int
) -> list[Slot]:
    """Every start on each day of three weeks, best first, but on no day that the group has already."""
    if not people:
        return []
    days = {after + timedelta(days=ahead) for ahead in range(1, WINDOW.days + 1)} - set(taken)
    starts = [time(half // 2, half % 2 * 30) for half in range(EARLIEST.hour * 2, LATEST.hour * 2)]
    found = [slots.judge(people, [day], at=at, zone=zone, minutes=minutes) for day in sorted(days) for at in starts]
    return sorted(found, key=lambda slot: (slot.order[:-3], slot.dates, slot.at))


def worth_asking(ranked: Sequence[Slot]) -> list[Slot]:
    """The best three to five, apart from each other; none at which nobody can, and the fourth and fifth only if half
    as many can as at the best."""
    found = [slot for slot in apart(ranked, MOST) if slot.mean]
    return [slot for number, slot in enumerate(found) if number < FEWEST or slot.mean >= found[0].mean / 2]


def apart(ranked: Iterable[Slot], count: int) -> list[Slot]:
    """The best of them, of which no two are nearly the same: at another hour of the day, or on another day."""
    chosen: list[Slot] = []
    for slot in ranked:
        if len(chosen) < count and not any(_near(slot, one) for one in chosen):
            chosen.append(slot)
    return chosen


def _near(one: Slot, other: Slot) -> bool:
    gap = abs((one.at.hour - other.at.hour) * 60 + one.at.minute - other.at.minute)
    return one.dates[0] == other.dates[0] and gap < one.minutes


def told(slot: Slot, people: Sequence[slots.Person], reader: Person | None) -> list[str]:
    """The reasons of an hour in sentences; the one concerned reads "for you", an organizer counts."""
    return sentences(slot.reasons, _own(slot, people, reader), once=len(slot.dates) == 1)


def _own(slot: Slot, people: Sequence[slots.Person], reader: Person | None) -> Sequence[Reason]:
    alone = [one for one in people if reader is not None and one.id == str(reader.pk)]
    if not alone:
        return ()
    return slots.judge(alone, slot.dates, at=slot.at, zone=slot.zone, minutes=slot.minutes).reasons


@dataclass(frozen=True, slots=True)
class Cell:
    """So many fit at every date of the year; `step` is its shade from 0 to 5, x and y its corner in the picture."""

    fit: int
    step: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Line:
    """One start of the day on the reader's clock, Monday to Sunday; None where no meeting starts."""

    at: str
    y: int
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """The picture and the table beneath it, of the same numbers."""

    width: int
    height: int
    days: tuple[tuple[int, str], ...]
    lines: tuple[Line, ...]


def heat(ranked: Iterable[Slot], zone: str) -> Heat:
    """How many fit at each start of the week, on the reader's clock as it is on the first date; times at which nobody
    fits are left out."""
    fits: dict[tuple[time, int], tuple[int, int]] = {}
    for slot in ranked:
        there = local(slot, zone)
        fits[there.time(), there.weekday()] = (slot.worst, -(-5 * slot.worst // slot.people))
    times = sorted({at for (at, _), (fit, _) in fits.items() if fit})
    return Heat(
        EDGE + 7 * COLUMN,
        ROW * (len(times) + 1),
        tuple((EDGE + COLUMN * day, name) for day, name in enumerate(moments.DAYS)),
        tuple(_line(row, at, fits) for row, at in enumerate(times, 1)),
    )


def _line(row: int, at: time, fits: Mapping[tuple[time, int], tuple[int, int]]) -> Line:
    found = [(day, fits.get((at, day))) for day in range(7)]
    cells = (Cell(*fit, EDGE + COLUMN * day, ROW * row) if fit else None for day, fit in found)
    return Line(f"{at:%H:%M}", ROW * row, tuple(cells))


def local(slot: Slot, zone: str) -> datetime:
    """Its first date on another clock."""
    return cadence.instant(slot.dates[0], slot.at, slot.zone).astimezone(ZoneInfo(zone))
