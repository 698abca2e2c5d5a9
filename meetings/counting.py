"""What a board leaves in numbers, for who may not read it: topics, rounds and takeaways, and whose turn it was.

No text leaves this module, and no vote: only keys of people, for the balance among them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from meetings import agenda, settling, vitals
from meetings.boxes import MINUTE, NOTHING, PUT_OFF, Phase, Room
from meetings.models.board import Board, Round, Topic
from meetings.models.meeting import Meeting, State
from meetings.models.pulse import Pulse
from meetings.models.seat import Seat, SeatQuerySet
from meetings.models.seat import State as SeatState
from meetings.models.takeaway import Promise, Takeaway
from meetings.reminders import Brief
from roundtable import clock

NOTED_BEFORE = timedelta(days=vitals.TOPICS_BEFORE)


@dataclass
class Talked:
    """Of one meeting: how many topics were talked about, how many takeaways were kept, and who sponsored each round."""

    discussed: int = 0
    takeaways: int = 0
    sponsors: tuple[int, ...] = ()


@dataclass(frozen=True)
class Remembered:
    """Of one meeting: how many minutes late it began, and ended where its end was put off; how many topics stood two
    days before, and the mean of its pulse. None is what nobody recorded, or too few have answered."""

    started_late: float | None = None
    topics: int | None = None
    pulse: float | None = None


def talked(meetings: Collection[int]) -> dict[int, Talked]:
    """By the meeting's key, in one statement. Meetings without a round are missing."""
    kept = Exists(Takeaway.objects.filter(round=OuterRef("pk")))
    rounds = Round.objects.filter(board__meeting__in=meetings).annotate(kept=kept)
    found: dict[int, Talked] = defaultdict(Talked)
    for meeting, sponsor, has_takeaway in rounds.values_list("board__meeting", "sponsor", "kept"):
        one = found[meeting]
        one.discussed, one.takeaways = one.discussed + 1, one.takeaways + has_takeaway
        one.sponsors += (sponsor,) if sponsor else ()
    return found


def last_meetings(rounds: QuerySet[Round]) -> QuerySet[Any, Any]:
    """Of the rounds of a group, what the last three meetings had: topics opened and extensions, newest first."""
    by_meeting = rounds.values("board").annotate(opened=Count("pk"), longer=Sum("extensions"))
    return by_meeting.order_by("-board__starts_at", "-board").values("opened", "longer")[: agenda.OWN_MEETINGS]


def extended_lately(table: Board) -> list[tuple[int, int]]:
    """The same of this group at its other meetings, in one statement."""
    rounds = Round.objects.filter(board__meeting__group=table.meeting.group_id).exclude(board=table)
    return [(one["opened"], one["longer"]) for one in last_meetings(rounds)]


def room_for(table: Board, lately: list[tuple[int, int]], expected: Room) -> float | None:
    """For how many topics a meeting has room with the people, topics and promises that are expected, going by how often
    this group has extended lately; None where its format has no round, or just one. The meeting comes along with the
    board.
    """
    plan, minutes = settling.plan_of(table), table.meeting.minutes
    if agenda.LOOP not in plan.segments:
        return None
    going, often = agenda.as_it_will_go(plan, minutes, expected), agenda.own_extensions(lately)
    return agenda.topics_that_fit(going, minutes, people=expected.here, introductions=expected.topics, extensions=often)


def waiting(meetings: Collection[int]) -> Counter[int]:
    """How many topics wait on the board of each meeting, in one statement."""
    return Counter(Topic.objects.open().filter(board__meeting__in=meetings).values_list("board__meeting", flat=True))


def brought(meetings: Collection[int]) -> Counter[int]:
    """Of these topics only those that somebody brings, in one statement."""
    return Counter(_brought().filter(board__meeting__in=meetings).values_list("board__meeting", flat=True))


def _brought() -> QuerySet[Topic]:
    """What a former member has left behind, or who rests, keeps no circle going."""
    there = Seat.objects.filter(meeting=OuterRef("board__meeting"), person=OuterRef("sponsor"))
    return Topic.objects.open().filter(Q(sponsor=None) | Exists(there.exclude(state=SeatState.EXCUSED)))


@transaction.atomic
def note_brought() -> int:
    """How many topics somebody brings to each meeting that is two days away or less, noted once; a board that somebody
    acts on is left to the next time. How many were noted. In one statement.
    """
    now = clock.database_now()
    near = Board.objects.filter(phase=Phase.OPEN, starts_at__gt=now, starts_at__lte=now + NOTED_BEFORE)
    due = near.filter(topics_before=None).order_by("pk").select_for_update(skip_locked=True)
    return Board.objects.filter(pk__in=due.values("pk")).update(
        topics_before=_number(_brought().filter(board=OuterRef("pk")))
    )


def remembered(meetings: Collection[int]) -> dict[int, Remembered]:
    """By the key of the meeting, in one statement."""
    asked = Pulse.objects.filter(meeting=OuterRef("meeting"))
    mean = asked.annotate(mean=(F("needed") + F("worth")) / (2.0 * F("answers"))).values("mean")
    found = Board.objects.filter(meeting__in=meetings).annotate(pulse=Subquery(mean)).order_by()
    rows = found.values_list("meeting", "starts_at", "began_at", "put_off", "topics_before", "pulse")
    return {
        key: Remembered(_late(began - due, PUT_OFF if later else NOTHING) if began else None, topics, pulse)
        for key, due, began, later, topics, pulse in rows
    }


def _late(began: timedelta, ended: timedelta) -> float:
    """Minutes; who begins early is not late, but who puts the end off is."""
    return max(NOTHING, began, ended) / MINUTE


def briefs(meetings: Collection[int]) -> dict[int, Brief]:
    """For who leads these circles' meetings, by the meeting's key, in one statement; none without a meeting."""
    if not meetings:
        return {}
    carried = Topic.objects.open().filter(board__meeting=OuterRef("pk"), times_carried__gt=0)
    promised = Promise.objects.open_before(OuterRef("starts_at"), group=OuterRef("group"))
    asked = Q(seats__state__in=(SeatState.INVITED, SeatState.TENTATIVE))
    rows = Meeting.objects.filter(pk__in=meetings).annotate(
        carried=_number(carried),
        promised=_number(promised),
        new=_number(first_seats().filter(meeting=OuterRef("pk"))),
        coming=Count("seats", filter=Q(seats__state=SeatState.COMING)),
        silent=Count("seats", filter=asked),
    )
    found = rows.values_list("pk", "carried", "promised", "new", "coming", "silent")
    return {key: Brief(*numbers) for key, *numbers in found}


def first_seats() -> SeatQuerySet:
    """Of people who are at their first date of a group that has met before."""
    earlier = Seat.objects.filter(
        meeting__group=OuterRef("meeting__group"), meeting__starts_at__lt=OuterRef("meeting__starts_at")
    ).exclude(meeting__state=State.CANCELLED)
    is_own = Exists(earlier.filter(person=OuterRef("person")))
    return Seat.objects.exclude(state=SeatState.EXCUSED).filter(~is_own, Exists(earlier))


def _number(rows: QuerySet[Any]) -> Coalesce:
    """How many there are, as a part of another statement."""
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)
