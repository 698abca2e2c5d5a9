"""Public holidays by the country of each place: how many members have one on a day. Counts, never whose.

The package is large and slow to load, so it is loaded when the first date is looked at, never on start-up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from groups.models.group import Group
from meetings.models.meeting import Meeting, State
from meetings.polls import quorum
from members.models.application import Application
from members.models.person import Person
from members.models.program import Roster
from roundtable import clock, moments

WEEK = timedelta(weeks=1)
FURTHEST = 3  # weeks: over Christmas and New Year two follow one another


@lru_cache(maxsize=1024)
def of_country(country: str, year: int) -> frozenset[date]:
    """The public holidays of a whole country in a year; none of one that is not known."""
    import holidays  # noqa: PLC0415 - slow to load, and most processes never need it

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:  # said of a country that the package does not have
        return frozenset()


def countries(group: Group, members: Iterable[Person]) -> dict[int, str]:
    """By person, as their applications say; who gave no place has no country."""
    placed = Application.objects.filter(program=group.program_id, person__in=members).exclude(country="")
    return dict(placed.order_by("pk").values_list("person", "country"))


def between(country: str, first: date, last: date) -> frozenset[date]:
    """All public holidays of a country from one day to another."""
    years = range(first.year, last.year + 1)
    return frozenset(day for year in years for day in of_country(country, year) if first <= day <= last)


def away(starts_at: datetime, members: Iterable[Person], home: Mapping[int, str]) -> int:
    """How many of them have a holiday on the day on which it begins for them."""
    return sum(_has_one(starts_at, person, home.get(person.pk, "")) for person in members)


def _has_one(starts_at: datetime, person: Person, country: str) -> bool:
    if not country:
        return False
    day = starts_at.astimezone(ZoneInfo(person.zone)).date()
    return day in of_country(country, day.year)


def too_few(away: int, members: int) -> bool:
    """Whether a date has fewer than a quorum who are free of a holiday."""
    return bool(away) and members - away < quorum(members)


def note(meeting: Meeting, members: Sequence[Person]) -> None:
    """How many of them have a holiday at this date, kept beside it: a date that is announced is flagged, not moved."""
    if _differs(meeting, members, countries(meeting.group, members)):
        meeting.save(update_fields=["away"])


def look_again() -> None:
    """Every date of a circle to come: people move, join and leave, and holidays are moved by decree."""
    coming_up = Meeting.objects.coming_up(clock.now()).filter(group__roster=Roster.FIXED)
    dates = coming_up.select_related("group").prefetch_related("seats__person")
    placed = Application.objects.filter(person__in=coming_up.values("seats__person")).exclude(country="")
    home: dict[int, dict[int, str]] = defaultdict(dict)  # by program, then by person
    for program, person, country in placed.order_by("pk").values_list("program", "person", "country"):
        home[program][person] = country
    changed = [
        one for one in dates if _differs(one, [seat.person for seat in one.seats.all()], home[one.group.program_id])
    ]
    Meeting.objects.bulk_update(changed, ["away"])


def _differs(meeting: Meeting, members: Iterable[Person], home: Mapping[int, str]) -> bool:
    """Counted anew: whether it is another number than the date had."""
    before, meeting.away = meeting.away, away(meeting.starts_at, members, home)
    return meeting.away != before


def flag(meeting: Meeting, members: int) -> str:
    """A sentence for a date on which fewer than a quorum are free; empty for all others."""
    if not too_few(meeting.away, members):
        return ""
    return f"{meeting.away} of {members} have a public holiday on this day."


def flags(meetings: Iterable[Meeting], members: int) -> list[str]:
    """The same for several dates, each with its day."""
    found = [(one, flag(one, members)) for one in meetings if one.state != State.CANCELLED]
    return [f"{moments.short(one.starts_at, one.zone)}: {words}" for one, words in found if words]
