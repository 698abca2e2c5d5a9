"""When the rules of the clocks change: dates keep their local hour, calendars follow, and who need not answers nothing.

A meeting's truth is its local date and time in a zone; the instants are computed anew each night. Lock order: meeting,
seat, entry. A meeting that breaks keeps no other waiting.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q

from meetings import cadence, entries, letters, moving, seating
from meetings.ics import Partstat
from meetings.models.meeting import Meeting, State
from meetings.models.seat import Seat
from members.models.program import Organizer, Roster
from roundtable import audit, clock
from roundtable.outbox.post import post

log = structlog.get_logger(__name__)


def recheck() -> int:
    """Each planned date to come that the present zone data put at another instant. How many; a second time none."""
    now, corrected = clock.database_now(), []
    to_come = Meeting.objects.filter(state=State.PLANNED, starts_at__gt=now).order_by("pk")
    for meeting in to_come.iterator(chunk_size=500):
        try:
            if cadence.instant(meeting.local_date, meeting.local_time, meeting.zone) != meeting.starts_at:
                corrected += correct(meeting.pk)
        except Exception:
            log.exception("zone was not rechecked", about=meeting.about)
    tell_organizers(corrected, now)
    return len(corrected)


@transaction.atomic
def correct(key: int) -> list[Meeting]:
    """One date at its own local hour again, for the calendars too; empty where somebody else was faster."""
    meeting, now = seating.locked(key), clock.now()
    was = meeting.starts_at
    starts_at = cadence.instant(meeting.local_date, meeting.local_time, meeting.zone)
    if starts_at == was or was <= now or meeting.state != State.PLANNED:
        return []
    moving.place(meeting, starts_at)
    for seat in moving.seats_of(meeting):
        if keeps_answer(seat):
            keep_answer(seat, now=now)
        else:
            moving.ask_again(seat, was=was, now=now)
    audit.note(None, "clock rules changed", meeting.about)
    return [meeting]


def keeps_answer(seat: Seat) -> bool:
    """Whose own wall shows the hour agreed on; at a roundtable everybody, since a seat once told is not taken back."""
    return seat.person.zone == seat.meeting.zone or seat.meeting.group.roster == Roster.OPEN


def keep_answer(seat: Seat, *, now: datetime) -> None:
    """The calendar gets the right instant; the answer stays, and so does the floor."""
    entry = entries.live(seat)
    if entry is None:
        return
    heard = entries.mailed(entry)
    entries.change(entry, now=now, partstat=Partstat(entry.partstat))
    told = letters.planned(entry)
    post(replace(told, kind="meetings/clocks_changed") if heard else told)


def tell_organizers(corrected: Iterable[Meeting], now: datetime) -> None:
    """One line to each organizer of a program and of a city: how many dates, in which zones."""
    found: dict[Organizer, list[Meeting]] = defaultdict(list)
    for meeting in corrected:
        roles = Organizer.objects.filter(Q(metro="") | Q(metro=meeting.group.metro), program=meeting.group.program_id)
        for role in roles.select_related("person", "program"):
            found[role].append(meeting)
    post(*(letters.clock_rules(role, meetings, now=now) for role, meetings in found.items()))
