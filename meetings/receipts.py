"""Letters that follow a mail that came in, and entries that go out once more: to the address on file alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from meetings import ics, letters
from meetings.models.calendar import CalendarChoice
from meetings.models.meeting import Meeting
from meetings.models.reply import Reply
from meetings.models.seat import PURPOSE, Entry, Seat, State
from members.models.program import Roster
from roundtable import clock, links, moments
from roundtable.outbox.models import Priority
from roundtable.outbox.post import Draft

CODE_LIVES = timedelta(hours=1)
RESENT = "meetings/resent"
NOW = {
    State.INVITED: "you have not answered yet",
    State.COMING: "you are coming",
    State.NOT_COMING: "you are not coming",
    State.TENTATIVE: "you do not know yet",
    State.WAITING: "you are in line",
    State.EXCUSED: "you are on a sabbatical",
}


class Why(StrEnum):
    """What somebody hears of a mail that came in."""

    STALE = "stale"
    STRANGER = "stranger"
    DELEGATED = "delegated"
    COUNTER = "counter"
    UNCONFIRMED = "unconfirmed"
    OVERTURNED = "overturned"  # by the calendar, what they had said on the page less than an hour before
    PROSE = "prose"


class Again(StrEnum):
    """Why an entry goes out once more."""

    ASKED = "asked"  # their calendar program wants to see it
    DISMISSED = "dismissed"  # the time that they proposed
    ECHO = "echo"  # the answer given on the page
    PLACE = "place"
    OTHER_PLACE = "other_place"  # and whether they come there is asked again
    LENGTH = "length"  # made short, or whole again
    LABEL = "label"  # their own word for it
    ADDRESS = "address"  # a new one of theirs
    IN_LINE = "in_line"  # their calendar says yes, and there is no seat yet


def told(seat: Seat, why: Why, reply: Reply, *, now: datetime) -> Draft:
    """What a mail has brought about, or not; with the buttons, and without a word of what it said."""
    meeting, person = seat.meeting, seat.person
    return Draft(
        kind="meetings/reply_told",
        to=person,
        about=meeting.about,
        dedupe_key=f"reply:{reply.pk}:{why}",
        context={
            "why": why.value,
            "answer": NOW[State(seat.state)],
            "lapses": meeting.group.roster == Roster.OPEN,
            "proposed": moments.said(reply.proposed_at, person.zone) if reply.proposed_at else "",
            **_when(meeting, person.zone),
        },
        links={"token": links.make(PURPOSE, seat.about, person, meeting.ends_at + letters.LINK_OUTLIVES_MEETING)},
        priority=Priority.SEAT,
        expires_at=meeting.ends_at,
    )


def resent(entry: Entry, why: Again, *, not_before: datetime | None = None, token: str = "") -> Draft:
    """The present entry with the present answer; frozen now, as every calendar letter is."""
    seat = entry.seat
    words = {"why": why.value, "answer": NOW[State(seat.state)], **_when(seat.meeting, seat.person.zone)}
    words["has_seat"] = seat.number is not None
    return replace(letters.with_entry(entry, RESENT, words, token=token), not_before=not_before)


def confirm_calendar(choice: CalendarChoice, code: str) -> Draft:
    """To an address that is not known to be theirs: a code, and not a word of group or date."""
    now = choice.coded_at or clock.now()
    return Draft(
        kind="meetings/confirm_calendar",
        to=choice.person,
        address=choice.asked,
        about=f"person:{choice.person_id}",
        dedupe_key=f"confirm_calendar:{choice.person_id}:{now.isoformat()}",
        links={"code": code},
        priority=Priority.CODE,
        expires_at=now + CODE_LIVES,
    )


def gone_from_here(entry: Entry) -> Draft:
    """To the address that is no longer theirs, and about that alone: the date leaves this calendar."""
    return Draft(
        kind="meetings/other_address",
        to=entry.seat.person,
        about=entry.seat.meeting.about,
        dedupe_key=f"entry:{entry.pk}:CANCEL:{entry.sequence}",
        context=_when(entry.seat.meeting, entry.seat.person.zone),
        ics=ics.build(letters.calendar_entry(entry), ics.Method.CANCEL),
        priority=Priority.SEAT,
        expires_at=entry.seat.meeting.ends_at,
        address=entry.address,
    )


def _when(meeting: Meeting, zone: str) -> dict[str, object]:
    return {
        "day": moments.short(meeting.starts_at, meeting.zone),
        "when": moments.both(meeting.starts_at, meeting.zone, zone),
        "minutes": meeting.minutes,
        "path": meeting.path,
    }
