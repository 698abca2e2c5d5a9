"""The end of a circle: its last meeting stays, later dates are called off, and one day boards and takeaways go.

Lock order: poll, meeting, seat, entry; the group is held by whoever closes it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from groups.models.group import Group
from meetings import entries, letters
from meetings.models.board import Board
from meetings.models.meeting import Meeting, State
from meetings.models.seat import Entry
from roundtable import clock, links
from roundtable.outbox.post import Draft, cancel, post


def wind_up(group: Group) -> datetime | None:
    """When the last meeting ends: the next one that is planned, or none. Later ones are called off."""
    now = clock.now()
    planned = Meeting.objects.select_for_update(of=("self",)).select_related("group__program")
    end_polls(group, now)
    coming_up = list(planned.filter(group=group).coming_up(now))
    for meeting in coming_up[1:]:
        call_off(meeting, letters.ended, now=now)
        links.end([f"seat:{key}" for key in meeting.seats.values_list("pk", flat=True)])
    return coming_up[0].ends_at if coming_up else None


def end_polls(group: Group, now: datetime) -> None:
    """A circle that comes to its end looks for no hour any more."""
    for poll in group.polls.running().select_for_update():
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


def forget(group: Group) -> None:
    """Boards with everything on them: topics, rounds, counts, takeaways."""
    Board.objects.filter(meeting__group=group).delete()
