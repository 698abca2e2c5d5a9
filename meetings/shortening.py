"""The format of one date, and with it its length: short where hardly anybody comes, whole again if taken back.

Lock order: meeting, seat, entry. A date is never called off by itself because few come.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from meetings import agenda, board, calling, entries, moving, receipts, seating
from meetings.calling import WORDS_SETTLE
from meetings.ics import Partstat
from meetings.models.meeting import Format, Meeting
from meetings.receipts import Again
from members.models.person import Person
from roundtable import audit, clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel, post


@transaction.atomic
def shorten(meeting: Meeting, *, by: Person) -> Meeting:
    """Half an hour with one round; the answers stay. Twice is once. Raises NotAllowed when the meeting has begun."""
    meeting = seating.locked(meeting.pk)
    if take_format(meeting, Format.SHORT, now=clock.now()):
        audit.note(by, "made short", meeting.about)
    return meeting


@transaction.atomic
def lengthen(meeting: Meeting, *, by: Person) -> Meeting:
    """As it was before it was made short: format and length. Twice is once. Raises NotAllowed like `shorten`."""
    meeting = seating.locked(meeting.pk)
    if take_format(meeting, Format(meeting.whole_format or meeting.format), now=clock.now()):
        audit.note(by, "made whole again", meeting.about)
    return meeting


def take_format(meeting: Meeting, form: Format, *, now: datetime) -> bool:
    """Another format for this date; length, board and calendars follow. Whether it is another one.

    The caller holds the meeting. Raises NotAllowed when it is too late, and once the board has begun.
    """
    seating.refuse_late(meeting, now)
    if form == meeting.format:
        return False
    if board.has_begun(meeting):
        raise NotAllowed("The board has begun: its format stays.")
    ends_at = meeting.ends_at
    write(meeting, form)
    meeting.save(update_fields=["format", "whole_format", "whole_minutes"])
    moving.place(meeting, meeting.starts_at)  # the end, and the board
    if meeting.ends_at != ends_at:
        show_length(meeting, now=now)
    return True


def choose(meeting: Meeting, form: Format | None, *, now: datetime) -> None:
    """The format that was agreed on, if any was; of what was made short that is its format when it is whole again.

    The caller holds the meeting. Raises NotAllowed like `take_format`.
    """
    if form is not None and form not in (meeting.format, meeting.whole_format):
        take_format(meeting, form, now=now)


def write(meeting: Meeting, form: Format) -> None:
    """The columns for this format; a short meeting remembers what it was."""
    if form == Format.SHORT:
        meeting.whole_format, meeting.whole_minutes = meeting.format, meeting.minutes
        meeting.minutes = min(meeting.minutes, agenda.SHORT_MINUTES)
    elif meeting.whole_minutes is not None:
        meeting.whole_format, meeting.minutes, meeting.whole_minutes = "", meeting.whole_minutes, None
    meeting.format = form


def show_length(meeting: Meeting, *, now: datetime) -> None:
    """To each calendar that has the date: another end; the hour stays, and so do the answers.

    Ten minutes later, so that a change of mind is one letter. Who has not heard of the date hears of it as it is now.
    """
    for seat in moving.seats_of(meeting):
        entry = entries.live(seat)
        if entry is None:
            continue
        if calling.told_anew(entry, now=now):
            continue
        cancel(meeting.about, kinds=(receipts.RESENT,), person=seat.person)
        entries.change(entry, now=now, partstat=Partstat(entry.partstat))
        post(receipts.resent(entry, Again.LENGTH, not_before=now + WORDS_SETTLE))
