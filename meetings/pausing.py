"""What a sabbatical means for dates: the seat is excused and its entry goes; afterwards both are there again.

Lock order: meeting, seat, entry; the membership is held before by whoever begins or ends the sabbatical.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from groups import sabbaticals
from groups.models.group import Group
from groups.models.sabbatical import Sabbatical
from meetings import entries, letters, rota, seating
from meetings.models.meeting import Meeting, Role
from meetings.models.meeting import State as MeetingState
from meetings.models.seat import Seat, State
from members.models.person import Person
from roundtable import clock, links
from roundtable.outbox.post import cancel, post

log = structlog.get_logger(__name__)


def pause(sabbatical: Sabbatical) -> None:
    """The next dates, as many as are planned and the sabbatical covers, go from this member's calendar."""
    now, group = clock.now(), sabbatical.membership.group
    for meeting in _to_come(group, now)[: sabbatical.meetings]:
        seat = meeting.seats.select_for_update(of=("self",)).filter(person=sabbatical.membership.person).first()
        if seat is not None:
            seat.meeting, seat.person = meeting, sabbatical.membership.person
            _excuse(seat, now=now)
            _tell_who_leads(sabbatical, meeting)


def resume(sabbatical: Sabbatical) -> None:
    """Each excused date to come is the member's again, with a new entry under a new id."""
    now, person = clock.now(), sabbatical.membership.person
    for meeting in _to_come(sabbatical.membership.group, now):
        excused = meeting.seats.select_for_update(of=("self",)).filter(person=person, state=State.EXCUSED)
        for seat in excused.select_related("person"):
            seat.meeting, seat.state, seat.answered_at = meeting, State.INVITED, None
            seat.save(update_fields=["state", "answered_at"])
            post(letters.planned(entries.begin(seat, now=now)))


def away(group: Group) -> set[int]:
    """The people whose sabbatical covers one more date of this group. One query."""
    resting = _counted(_covered(), covered__lt=F("meetings")).filter(membership__group=group)
    return set(resting.values_list("membership__person", flat=True))


def _covered() -> QuerySet[Seat]:
    """The seats that a sabbatical has excused so far; a cancelled date is none."""
    excused = Seat.objects.filter(state=State.EXCUSED).exclude(meeting__state=MeetingState.CANCELLED)
    return excused.filter(
        meeting__group=OuterRef("membership__group"),
        person=OuterRef("membership__person"),
        meeting__starts_at__gt=OuterRef("begun_at"),
    )


def _counted(seats: QuerySet[Seat], **than: F) -> QuerySet[Sabbatical]:
    """Running sabbaticals that have so many of these seats: `covered` is how many are their own."""
    count = seats.order_by().values("person").annotate(count=Count("pk")).values("count")
    return Sabbatical.objects.running().annotate(covered=Coalesce(Subquery(count), 0)).filter(**than)


def seat_away(meeting: Meeting, person: Person) -> Seat:
    """A date planned during a sabbatical: a seat without an entry, and no letter."""
    return Seat.objects.create(meeting=meeting, person=person, state=State.EXCUSED)


def end_due() -> None:
    """Sabbaticals whose last meeting is over; one that breaks keeps none of the others."""
    now = clock.database_now()
    over = _counted(_covered().filter(meeting__ends_at__lte=now), covered__gte=F("meetings"))
    for sabbatical in over.select_related("membership").order_by("pk"):
        try:
            sabbaticals.run_out(sabbatical)
        except Exception:
            log.exception("sabbatical did not end", about=sabbatical.about)


def _to_come(group: Group, now: datetime) -> list[Meeting]:
    planned = Meeting.objects.select_for_update(of=("self",)).select_related("group__program")
    return list(planned.filter(group=group, starts_at__gt=now).coming_up(now))


def _excuse(seat: Seat, *, now: datetime) -> None:
    """Out of the calendar and of any role, which the next has, and back in neither by an old link."""
    cancel(seat.meeting.about, person=seat.person)
    entry = entries.live(seat)
    if entry is not None and entries.end(entry, now=now):
        post(letters.excused(entry))
    links.end(seat.about)
    seating.let_talk_go(seat)
    seat.state = State.EXCUSED
    seat.save(update_fields=["state"])
    rota.release(seat.meeting, seat.person)


def _tell_who_leads(sabbatical: Sabbatical, meeting: Meeting) -> None:
    leads = meeting.roles.filter(role=Role.FACILITATOR).select_related("person").first()
    if leads is not None:
        post(letters.one_less(sabbatical, meeting, leads.person))
