"""Letters about meetings: one person each, the hour on both clocks, and no word of what a group talks about."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from meetings import ics
from meetings.models.seat import PURPOSE, Entry
from roundtable import links, moments
from roundtable.outbox.models import Priority
from roundtable.outbox.post import Draft

LINK_OUTLIVES_MEETING = timedelta(days=1)


def planned(entry: Entry) -> Draft:
    """E20: the date with its calendar entry. Frozen now: a retry sends the same bytes under the same Message-ID."""
    seat = entry.seat
    meeting, person = seat.meeting, seat.person
    return Draft(
        kind="meetings/planned",
        to=person,
        about=meeting.about,
        dedupe_key=f"entry:{entry.pk}:REQUEST:{entry.sequence}:{entry.stamp_at:%Y%m%dT%H%M%S%f}",
        context={
            "group": meeting.group.name,
            "day": moments.short(meeting.starts_at, meeting.zone),
            "when": moments.both(meeting.starts_at, meeting.zone, person.zone),
            "minutes": meeting.minutes,
            "path": meeting.path,
        },
        links={"token": links.make(PURPOSE, seat.about, person, meeting.ends_at + LINK_OUTLIVES_MEETING)},
        ics=ics.build(calendar_entry(entry)),
        priority=Priority.SEAT,
        expires_at=meeting.ends_at,
    )


def taken_out(entry: Entry) -> Draft:
    """To one person alone: this date is not yours any more. The others' calendars hear nothing."""
    meeting, person = entry.seat.meeting, entry.seat.person
    return Draft(
        kind="meetings/taken_out",
        to=person,
        about=meeting.about,
        dedupe_key=f"entry:{entry.pk}:CANCEL:{entry.sequence}",
        context={
            "day": moments.short(meeting.starts_at, meeting.zone),
            "when": moments.both(meeting.starts_at, meeting.zone, person.zone),
        },
        ics=ics.build(calendar_entry(entry), ics.Method.CANCEL),
        priority=Priority.SEAT,
        expires_at=meeting.ends_at,
    )


def calendar_entry(entry: Entry) -> ics.Entry:
    """What one person's calendar holds: a neutral word, both clocks, the page behind the sign-in. Nothing else."""
    meeting, person = entry.seat.meeting, entry.seat.person
    page = f"{settings.SITE_URL}{meeting.path}"
    hours = moments.both(meeting.starts_at, meeting.zone, person.zone)
    return ics.Entry(
        uid=entry.uid,
        sequence=entry.sequence,
        stamp=entry.stamp_at,
        created_at=entry.created_at,
        modified_at=entry.stamp_at,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        organizer=entry.organizer,
        attendee=entry.address,
        name=person.name,
        partstat=ics.Partstat(entry.partstat),
        url=page,
        description=f"{hours}\n{page}",
        location=meeting.room or "See the meeting page",
    )
