"""Who was there: by the board, by whoever leads, and by each member for themselves, whose word stays.

Lock order: meeting, seat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q

from groups.models.group import Group
from meetings import releasing, seating
from meetings.models.cadence import GroupChoice
from meetings.models.meeting import Meeting, State
from meetings.models.seat import THERE, Attendance, Seat, SeatQuerySet
from meetings.models.seat import State as SeatState
from members.models.person import Person
from members.models.program import Roster
from roundtable import audit, clock
from roundtable.errors import NotAllowed

CORRECTED_FOR = timedelta(days=7)  # after the end of a meeting; then it stays as it is
ANNOUNCED = {
    SeatState.COMING: Attendance.PRESENT,
    SeatState.NOT_COMING: Attendance.EXCUSED,
    SeatState.EXCUSED: Attendance.EXCUSED,
}
SAID = (Attendance.PRESENT, Attendance.LATE, Attendance.EXCUSED, Attendance.ABSENT)


def open_until(meeting: Meeting) -> datetime:
    """Until then it can be said who was there."""
    return meeting.ends_at + CORRECTED_FOR


def is_open(meeting: Meeting, now: datetime) -> bool:
    return meeting.state != State.CANCELLED and meeting.starts_at <= now < open_until(meeting)


def refuse(meeting: Meeting, now: datetime) -> None:
    """Raises NotAllowed before the start, a week after the end, and where nobody met."""
    if meeting.state == State.CANCELLED:
        raise NotAllowed("This meeting was called off: nobody was there.")
    if now < meeting.starts_at:
        raise NotAllowed("This meeting has not begun yet.")
    if now >= open_until(meeting):
        raise NotAllowed("A week has passed since this meeting: who was there stays as it is.")


@transaction.atomic
def tick(meeting: Meeting, said: Mapping[str, Attendance], *, by: Person) -> None:
    """Who leads says of each seat, by its public id, who was there. What somebody said of themselves stays.

    At a roundtable that is for seats of people who were coming. Raises NotAllowed too early and too late.
    """
    meeting, now = seating.locked(meeting.pk), clock.now()
    refuse(meeting, now)
    seats = asked_about(meeting).filter(public_id__in=said, own_word=False).select_for_update(of=("self",))
    for seat in seats.order_by("pk"):
        seat.attendance = said[seat.public_id]
        seat.save(update_fields=["attendance"])
    releasing.ask_also(meeting)
    audit.note(by, "said who was there", meeting.about, count=len(said))


def asked_about(meeting: Meeting) -> SeatQuerySet:
    """The seats of which it is said: of a circle each, of a roundtable those of people who were coming."""
    seats = meeting.seats.all()
    return seats if meeting.group.roster == Roster.FIXED else seats.coming()


@transaction.atomic
def correct(seat: Seat, attendance: Attendance) -> None:
    """My own word, which nobody changes but I. Raises NotAllowed too early, too late, and at a roundtable, whose
    takeaways open to who was there: so whoever leads it says that.
    """
    meeting, now = seating.locked(seat.meeting_id), clock.now()
    refuse(meeting, now)
    if meeting.group.roster == Roster.OPEN:
        raise NotAllowed("At a roundtable whoever leads says who was there: please tell them.")
    meeting.seats.filter(pk=seat.pk).update(attendance=attendance, own_word=True)
    releasing.ask_also(meeting)


def suggested(seat: Seat) -> Attendance:
    """What the form of who leads shows before anybody has said anything: as announced, where it was announced."""
    if seat.attendance != Attendance.UNKNOWN:
        return Attendance(seat.attendance)
    return ANNOUNCED.get(SeatState(seat.state), Attendance.UNKNOWN)


@dataclass(frozen=True)
class Standing:
    """How often one member was there, of the meetings of which it was said; a pause does not count."""

    name: str
    came: int
    of: int


def standings(group: Group) -> list[Standing] | None:
    """Of who belongs to the circle today, by name; None where the group has not chosen to read that."""
    if not GroupChoice.objects.filter(group=group, standings=True).exists():
        return None
    members = group.memberships.on(clock.today()).values("person")
    held = Seat.objects.filter(meeting__group=group, meeting__ends_at__lte=clock.now(), person__in=members)
    counted = held.exclude(meeting__state=State.CANCELLED).exclude(attendance=Attendance.EXCUSED)
    counted = counted.exclude(attendance=Attendance.UNKNOWN).order_by()
    came = Count("pk", filter=Q(attendance__in=THERE))
    rows = (
        counted.values("person", "person__name").annotate(came=came, of=Count("pk")).order_by("person__name", "person")
    )
    return [Standing(row["person__name"], row["came"], row["of"]) for row in rows]


def counts(group: Group) -> list[tuple[date, int, int]]:
    """Past meetings, newest first: how many came, of how many of whom it was said. Numbers alone."""
    past = group.meetings.filter(ends_at__lte=clock.now()).exclude(state=State.CANCELLED)
    came = Count("seats", filter=Q(seats__attendance__in=THERE))
    said = Count("seats", filter=~Q(seats__attendance=Attendance.UNKNOWN))
    rows = past.annotate(came=came, said=said).order_by("-starts_at", "-pk")
    return [(one.local_date, one.came, one.said) for one in rows]
