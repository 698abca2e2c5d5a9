"""One road for every answer: page, link, calendar and organizer all end in `respond`.

Lock order everywhere: meeting, seat, entry.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from meetings.models.meeting import Meeting
from meetings.models.meeting import State as MeetingState
from meetings.models.seat import Answer, Seat, State, Via
from roundtable.errors import NotAllowed

AFTER = {Answer.YES: State.COMING, Answer.NO: State.NOT_COMING, Answer.MAYBE: State.TENTATIVE}


@transaction.atomic
def respond(seat: Seat, answer: Answer, *, via: Via, received_at: datetime) -> Seat:
    """Every member of a circle has a seat; the last answer before the start counts. Raises NotAllowed when late."""
    meeting = Meeting.objects.select_for_update().get(pk=seat.meeting_id)
    seat = meeting.seats.select_for_update().get(pk=seat.pk)  # again: it may have changed while we waited
    refuse_late(meeting, received_at)
    seat.state, seat.answered_at = AFTER[answer], received_at
    seat.save(update_fields=["state", "answered_at"])
    seat.history.create(answer=answer, via=via, received_at=received_at)
    return seat


def refuse_late(meeting: Meeting, now: datetime) -> None:
    """Raises NotAllowed with what happened since the letter was sent."""
    if meeting.state == MeetingState.CANCELLED:
        raise NotAllowed("This meeting has been cancelled; you need not answer.")
    if now >= meeting.starts_at:
        raise NotAllowed("This meeting has begun; please tell the facilitator.")
