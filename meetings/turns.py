"""At which hour a date of a circle begins: its own, or the fairest of those that it takes in turn.

What dates cost is kept for meetings that are over; those that are planned count with what they will cost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, time

from django.db.models import Sum

from groups.models.group import Group
from meetings import ledger, rhythms, weeks
from meetings.models.meeting import Meeting
from meetings.models.toll import Toll
from meetings.slots import Hours, cost
from roundtable import clock


def hour_on(group: Group, day: date, *, own: time) -> time:
    """The hour of this date: where hours are taken in turn, the one that is fairest after all dates before it."""
    return hours_on(group, [day], own=own)[day]


def hours_on(group: Group, days: Iterable[date], *, own: time, left_out: Collection[date] = ()) -> dict[date, time]:
    """The hours of dates that are not planned yet, one after the other; one that is left out costs nobody."""
    hours = list(group.turns.values_list("at", flat=True))
    if not hours:
        return dict.fromkeys(days, own)
    rhythm, known, found = rhythms.of_group(group), hours_by_person(group), {}
    planned = list(Meeting.objects.coming_up(clock.now()).filter(group=group))
    paid = totals(group, known)
    for day in sorted(days):
        add(paid, known, [one for one in planned if one.local_date < day])
        planned = [one for one in planned if one.local_date >= day]
        found[day] = fairest(hours, day, known, paid, zone=rhythm.zone, minutes=rhythm.minutes)
        if day not in left_out:
            paid.update(ledger.costs(known, day, found[day], zone=rhythm.zone, minutes=rhythm.minutes))
    return found


def fairest(
    hours: Iterable[time], day: date, known: dict[str, Hours], before: ledger.Costs, *, zone: str, minutes: int
) -> time:
    """Of these hours the one that keeps the highest total lowest on this date, after what was paid before."""
    if not known:
        return next(iter(hours))
    options = {at: [ledger.costs(known, day, at, zone=zone, minutes=minutes)] for at in hours}
    return ledger.rotate(options, before).order[0]


def hours_by_person(group: Group) -> dict[str, Hours]:
    """The members whose hours are known."""
    return {one.id: one.hours for one in weeks.of_members(group, weeks.members_of(group))}


def totals(group: Group, known: dict[str, Hours], planned: Iterable[Meeting] = ()) -> Counter[str]:
    """What each of them has paid at meetings that are over, and will pay at these that are planned."""
    paid = Counter(dict.fromkeys(known, 0))
    rows = Toll.objects.filter(meeting__group=group, person__in=[int(key) for key in known])
    sums = rows.values("person").annotate(sum=Sum("points"))
    paid.update({str(one["person"]): one["sum"] for one in sums})
    add(paid, known, planned)
    return paid


def add(paid: Counter[str], known: dict[str, Hours], planned: Iterable[Meeting]) -> None:
    """What these dates will cost each of them."""
    for meeting in planned:
        paid.update({person: cost(week, meeting.starts_at, meeting.minutes) for person, week in known.items()})
