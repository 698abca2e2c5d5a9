"""Unfair hours, shared: what each member has paid, and hours taken in turn where no fair common one exists.

Lock order: draft, group, meeting, seat, entry. A member reads their own total; organizers read how far the totals lie
apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Sum

from groups.models.group import Group
from meetings import ledger, moving, retiming, rhythms, turns, weeks
from meetings.models.meeting import Meeting
from meetings.models.meeting import State as MeetingState
from meetings.models.seat import State
from meetings.models.toll import Toll
from meetings.models.turn import Turn
from meetings.slots import cost
from members.models.person import Person
from members.models.program import Roster
from roundtable import audit, clock
from roundtable.errors import NotAllowed

LOOKS_BACK = timedelta(days=30)
AHEAD = timedelta(days=7)
SAMPLE = 13  # dates of a year; of a weekly group every fourth shows the seasons as well
HALF_HOURS = [time(half // 2, half % 2 * 30) for half in range(10, 48)]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Proposal:
    """The hours to take in turn, and how far a year's totals lie apart: at the present hour, and in turn."""

    hours: tuple[time, ...]
    now: ledger.Rotation
    then: ledger.Rotation

    @property
    def highest(self) -> tuple[int, int]:
        """What who pays most would pay in a year, now and then."""
        return max(self.now.totals.values()), max(self.then.totals.values())


def proposal(group: Group) -> Proposal | None:
    """Hours to take in turn; none where one hour is fair to all, or turns would not help who pays most."""
    known = turns.hours_by_person(group)
    if len(known) < 2 or group.roster != Roster.FIXED:
        return None
    rhythm = rhythms.of_group(group)
    days = rhythms.year(rhythm, clock.today() + AHEAD)
    days = days[:: -(-len(days) // SAMPLE)]
    zone, minutes = rhythm.zone, rhythm.minutes
    hours = {at: [ledger.costs(known, on, at, zone=zone, minutes=minutes) for on in days] for at in HALF_HOURS}
    if any(ledger.is_fair(hour) for hour in hours.values()):
        return None
    chosen, now = ledger.best_turns(hours), ledger.rotate({rhythm.at: hours[rhythm.at]}, {})
    if len(chosen) < 2:
        return None
    then = ledger.rotate({at: hours[at] for at in chosen}, {})
    better = (then.nights, max(then.totals.values())) < (now.nights, max(now.totals.values()))
    return Proposal(chosen, now, then) if better else None


@transaction.atomic
def take_turns(group: Group, *, by: Person) -> list[Meeting]:
    """From a week ahead on each date is at the hour that is fairest then. Raises NotAllowed where it does not help."""
    group = retiming.hold(group)
    if group.turns.exists() or group.closed_at is not None:
        raise NotAllowed("This group takes its hours in turn already, or does not go on.")
    found = proposal(group)
    if found is None:
        raise NotAllowed("Turns would not make it fairer: one hour is fair to all, or too few hours are known.")
    Turn.objects.bulk_create(Turn(group=group, number=number, at=at) for number, at in enumerate(found.hours, 1))
    moved = _by_turns(group, clock.today() + AHEAD)
    audit.note(by, "takes hours in turn", f"group:{group.pk}", len(moved))
    return moved


def _by_turns(group: Group, from_date: date) -> list[Meeting]:
    """The planned dates in their order, each at the fairest hour after those before it."""
    known, hours = turns.hours_by_person(group), list(group.turns.values_list("at", flat=True))
    earlier = Meeting.objects.coming_up(clock.now()).filter(group=group, local_date__lt=from_date)
    paid = turns.totals(group, known, earlier)

    def hour_of(meeting: Meeting) -> time:
        day, zone, minutes = meeting.local_date, meeting.zone, meeting.minutes
        at = turns.fairest(hours, day, known, paid, zone=zone, minutes=minutes)
        paid.update(ledger.costs(known, day, at, zone=zone, minutes=minutes))
        return at

    return moving.rearrange(group, from_date, clock.now(), hour_of)


@transaction.atomic
def stop_turns(group: Group, *, by: Person) -> list[Meeting]:
    """Back to the group's one hour, from a week ahead on. Raises NotAllowed where no turns are taken."""
    group = retiming.hold(group)
    if not group.turns.exists():
        raise NotAllowed("This group has one hour: there is nothing to stop.")
    return retiming.to_slot(group, group.window, start=clock.today() + AHEAD, by=by)


def note_tolls() -> int:
    """What each meeting that is over has cost its members, once. How many were noted; one that breaks keeps none up."""
    now, noted = clock.database_now(), 0
    over = Meeting.objects.filter(group__roster=Roster.FIXED, ends_at__lte=now, ends_at__gt=now - LOOKS_BACK)
    over = over.exclude(state=MeetingState.CANCELLED).exclude(Exists(Toll.objects.filter(meeting=OuterRef("pk"))))
    for meeting in over.select_related("group__program").order_by("pk"):
        try:
            noted += bool(note(meeting))
        except Exception:
            log.exception("hours were not noted", about=meeting.about)
    return noted


@transaction.atomic
def note(meeting: Meeting) -> int:
    """One line for each who had a seat and gave their hours; who was on a sabbatical pays nothing."""
    seats = meeting.seats.exclude(state=State.EXCUSED).select_related("person")
    people = weeks.of_members(meeting.group, [seat.person for seat in seats])
    tolls = [
        Toll(meeting=meeting, person_id=int(one.id), points=cost(one.hours, meeting.starts_at, meeting.minutes))
        for one in people
    ]
    Toll.objects.bulk_create(tolls, ignore_conflicts=True)
    return len(tolls)


def own_total(group: Group, person: Person) -> tuple[int, int]:
    """My points over the meetings of this group that are over, and how many meetings that were."""
    mine = Toll.objects.filter(meeting__group=group, person=person)
    return sum(mine.values_list("points", flat=True)), mine.count()


def totals_apart(group: Group) -> tuple[int, int] | None:
    """The lowest and the highest total of those who belong today; nobody reads whose. None before the first meeting."""
    current = group.memberships.on(clock.today()).values("person")
    rows = Toll.objects.filter(meeting__group=group, person__in=current).values("person").annotate(sum=Sum("points"))
    sums = [one["sum"] for one in rows]
    return (min(sums), max(sums)) if sums else None
