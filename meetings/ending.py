"""The end of a circle: its last meeting stays, later dates are called off, and one day boards and takeaways go.

Lock order: poll, meeting, seat, entry, board; the group is held by whoever closes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from groups.models.group import Group
from meetings import entries, letters, settling
from meetings.models.board import Board
from meetings.models.idea import Idea
from meetings.models.meeting import Meeting, State
from meetings.models.seat import Entry
from meetings.settling import Settling
from roundtable import clock, links
from roundtable.outbox.post import Draft, cancel, post


def wind_up(group: Group) -> datetime | None:
    """When the last meeting ends: the next one that is planned, or none. Later ones are called off."""
    now = clock.now()
    end_polls(group, now)
    coming_up = _coming_up(group, now=now)
    _end_all(coming_up[1:], now=now)
    return coming_up[0].ends_at if coming_up else None


def call_off_all(group: Group) -> None:
    """The group goes into another one: each date that has not begun leaves every calendar; no hour is looked for."""
    now = clock.now()
    end_polls(group, now)
    _end_all([meeting for meeting in _coming_up(group, now=now) if meeting.starts_at > now], now=now)


def _coming_up(group: Group, *, now: datetime) -> list[Meeting]:
    planned = Meeting.objects.select_for_update(of=("self",)).select_related("group__program")
    return list(planned.filter(group=group).coming_up(now))


def _end_all(meetings: Iterable[Meeting], *, now: datetime) -> None:
    for meeting in meetings:
        call_off(meeting, letters.ended, now=now)
        links.end([f"seat:{key}" for key in meeting.seats.values_list("pk", flat=True)])


def end_polls(of: Group | Meeting, now: datetime) -> None:
    """The hours that are asked about are those of before: of a circle that ends or takes another rhythm, or of a date
    that goes elsewhere or falls out. No meeting is held yet.
    """
    for poll in of.polls.running().select_for_update():
        poll.ended_at = now
        poll.save(update_fields=["ended_at"])
        cancel(poll.about)


def call_off(meeting: Meeting, told: Callable[[Entry], Draft], *, now: datetime) -> None:
    """It does not take place: its letters are taken back, or a calendar that has the date is `told` of it.

    The caller holds the meeting.
    """
    meeting.state = State.CANCELLED
    meeting.save(update_fields=["state"])
    for seat in meeting.seats.select_for_update(of=("self",)).select_related("person"):
        seat.meeting = meeting
        cancel(meeting.about, person=seat.person)
        entry = entries.live(seat)
        if entry is not None and entries.end(entry, now=now):
            post(told(entry))
    _let_go(meeting)


def _let_go(meeting: Meeting) -> None:
    """Its board will never close by itself: dots, and what could say who gave them, go now."""
    if Board.objects.filter(meeting=meeting).exists():
        table, now = settling.take(meeting.pk)
        Settling(table, now).let_go()
        table.save(update_fields=["secret"])


def forget(group: Group) -> None:
    """Boards with everything on them, topics, rounds, counts, takeaways; and what was proposed for its meetings."""
    Board.objects.filter(meeting__group=group).delete()
    Idea.objects.filter(meeting__group=group).delete()
