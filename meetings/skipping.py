"""One date of a circle's rhythm is left out, and taken back: the dates after it follow the rhythm as before.

Lock order: draft, group, poll, meeting, seat, entry.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from groups.models.group import Group
from meetings import (
    cadence,
    calling,
    ending,
    entries,
    letters,
    moving,
    pausing,
    planning,
    retiming,
    rhythms,
    rota,
    seating,
    turns,
)
from meetings.models.meeting import Meeting, State
from meetings.models.seat import Seat
from meetings.models.seat import State as SeatState
from members.models.person import Person
from roundtable import audit, clock, links
from roundtable.errors import NotAllowed
from roundtable.outbox.post import post

FAR = timedelta(weeks=104)  # nobody plans further ahead


@transaction.atomic
def skip(group: Group, on: date, *, by: Person) -> None:
    """The group does not meet on this date. If it is planned already it leaves every calendar, and a later one follows.

    Raises NotAllowed for a date that the rhythm does not have, is over, or is left out already.
    """
    group, now = retiming.locked(group), clock.now()
    kept = rhythms.keep(group)
    planned = group.meetings.filter(occurrence_date=on).first()
    if on in kept.skips or (planned is not None and planned.state == State.CANCELLED):
        raise NotAllowed("This date is left out already.")
    if planned is None and on not in cadence.dates_between(kept.value, clock.today(), clock.today() + FAR):
        raise NotAllowed("The group does not meet on this date.")
    if planned is not None:
        ending.end_polls(planned, now)
        meeting = seating.locked(planned.pk)
        seating.refuse_late(meeting, now)
        moving.fall_out(meeting, now=now)
    _skips(group, {*kept.skips, on})
    planning.plan_ahead(group)
    audit.note(by, "left out a date", f"group:{group.pk}")


@transaction.atomic
def take_back(group: Group, on: date, *, by: Person) -> None:
    """The group meets on this date after all: at its present hour, under new calendar entries, and everybody is asked.

    Raises NotAllowed where the date is not left out, is over, or another meeting has taken its day.
    """
    group, now = retiming.locked(group), clock.now()
    kept = rhythms.keep(group)
    fell_out = group.meetings.filter(occurrence_date=on, state=State.CANCELLED).first()
    if on not in kept.skips and fell_out is None:
        raise NotAllowed("This date is not left out.")
    if cadence.instant(on, kept.at, kept.zone) <= now:
        raise NotAllowed("This date is over.")
    if group.meetings.exclude(state=State.CANCELLED).filter(local_date=on).exists():
        raise NotAllowed("The group meets on this day already.")
    _skips(group, set(kept.skips) - {on})
    if fell_out is not None:
        revive(seating.locked(fell_out.pk), kept.value, now=now)
    elif on <= last_planned(group, now):
        calling.plan(group, on=on, members=members_of(group))
    planning.plan_ahead(group)
    audit.note(by, "took back a date", f"group:{group.pk}")


def _skips(group: Group, days: set[date]) -> None:
    kept = rhythms.keep(group)
    kept.skips = sorted(days)
    kept.save(update_fields=["skips"])


def last_planned(group: Group, now: datetime) -> date:
    """The last of the dates to come that have their meeting; long ago where there is none."""
    days = Meeting.objects.filter(group=group).coming_up(now).values_list("occurrence_date", flat=True)
    return max(days, default=date.min)


def members_of(group: Group) -> list[Person]:
    return [one.person for one in group.memberships.on(clock.today()).select_related("person")]


def revive(meeting: Meeting, rhythm: cadence.Cadence, *, now: datetime) -> None:
    """A date that had been called off takes place: each member has a seat, and an entry under a new id.

    Who is on a sabbatical is excused, whatever they had answered; where hours are taken in turn it has its turn.
    """
    members, resting = members_of(meeting.group), pausing.away(meeting.group)
    meeting.local_date = meeting.occurrence_date
    meeting.local_time = turns.hour_on(meeting.group, meeting.local_date, own=rhythm.at)
    meeting.zone, meeting.minutes, meeting.state = rhythm.zone, rhythm.minutes, State.PLANNED
    meeting.save(update_fields=["state"])
    moving.move_to(meeting, cadence.instant(meeting.local_date, meeting.local_time, rhythm.zone))
    meeting.seats.exclude(person__in=members).delete()
    meeting.seats.filter(person__in=resting).update(state=SeatState.EXCUSED, answered_at=None)
    meeting.roles.exclude(person__in=[person for person in members if person.pk not in resting]).delete()
    seats = {seat.person_id: seat for seat in moving.seats_of(meeting)}
    for person in members:
        if person.pk not in resting:
            ask(seats.get(person.pk) or Seat.objects.create(meeting=meeting, person=person), now=now)
        elif person.pk not in seats:
            pausing.seat_away(meeting, person)
    rota.fill(meeting)  # by now nobody's no is left


def ask(seat: Seat, *, now: datetime) -> None:
    """A seat as if it were new; links in older letters go on."""
    seat.state, seat.answered_at = SeatState.INVITED, None
    seat.save(update_fields=["state", "answered_at"])
    links.move(seat.about, seat.meeting.ends_at + letters.LINK_OUTLIVES_MEETING)
    post(letters.planned(entries.begin(seat, now=now)))
