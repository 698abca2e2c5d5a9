"""E30: half way between two dates of a circle that meets seldom, how many topics wait. Once per meeting and member.

Nobody gets it on a sabbatical, or once they have said that they would rather not; nor who has not said yet whether
they come: they are asked about that a week before, and four letters about one date are enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from groups.models.sabbatical import Sabbatical
from meetings import betweenletters, calling, counting, midway, rhythms
from meetings.models.meeting import Meeting
from meetings.models.meeting import State as MeetingState
from meetings.models.seat import QuietBetween, Seat, State
from members.models.person import Person
from members.models.program import Roster
from roundtable import clock
from roundtable.outbox.post import known, post

SAID = (State.COMING, State.NOT_COMING)


def write_due() -> int:
    """All that are due and not yet written; twice is once. How many."""
    now = clock.database_now()
    due = {betweenletters.waiting_key(seat): seat for seat in seats(halfway(now), now)}
    fresh = [due[key] for key in due.keys() - known(due)]
    with transaction.atomic():
        waiting = counting.waiting({seat.meeting_id for seat in fresh})
        post(*betweenletters.waiting(fresh, waiting))
    return len(fresh)


def halfway(now: datetime) -> list[Meeting]:
    """Next dates of circles with a long rhythm whose last date is over, about half way. Each with `before_at`."""
    earlier = Meeting.objects.filter(group=OuterRef("group"), starts_at__lt=OuterRef("starts_at"))
    last = earlier.exclude(state=MeetingState.CANCELLED).order_by("-starts_at", "-pk")
    planned = Meeting.objects.filter(state=MeetingState.PLANNED, group__roster=Roster.FIXED)
    found = planned.filter(starts_at__gt=now + midway.SHORTEST).annotate(
        before_at=Subquery(last.values("starts_at")[:1]), before_ends_at=Subquery(last.values("ends_at")[:1])
    )
    over = found.filter(before_ends_at__lte=now).select_related("group__program", "group__cadence").order_by("pk")
    near = [one for one in over if midway.is_near(one.before_at, one.starts_at, now)]
    return [one for one in near if calling.weeks_apart(rhythms.rule_of(one.group)) > midway.LONG]


def seats(meetings: Iterable[Meeting], now: datetime) -> list[Seat]:
    """Whose own clock says that it is time, of those who may be written to."""
    dates: dict[int, Any] = {meeting.pk: meeting for meeting in meetings}
    asked = list(may_hear(Seat.objects.filter(meeting__in=dates)).select_related("person").order_by("pk"))
    for seat in asked:
        seat.meeting = dates[seat.meeting_id]
    before = {key: meeting.before_at for key, meeting in dates.items()}
    return [
        seat for seat in asked if midway.is_due(before[seat.meeting_id], seat.meeting.starts_at, seat.person.zone, now)
    ]


def may_hear(asked: QuerySet[Seat]) -> QuerySet[Seat]:
    resting = Sabbatical.objects.running().filter(
        membership__person=OuterRef("person"), membership__group=OuterRef("meeting__group")
    )
    quiet = QuietBetween.objects.filter(person=OuterRef("person"))
    return asked.filter(~Exists(resting), ~Exists(quiet), person__is_active=True, state__in=SAID)


def quiet(person: Person, *, wanted: bool) -> None:
    """No such letter any more, or again. Twice is once."""
    if wanted:
        QuietBetween.objects.get_or_create(person=person)
    else:
        QuietBetween.objects.filter(person=person).delete()


def is_quiet(person: Person) -> bool:
    return QuietBetween.objects.filter(person=person).exists()
