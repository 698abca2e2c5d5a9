"""The dates that a circle has ahead, planned or still to be planned, as one reader's clock shows them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from groups.models.group import Group
from meetings import cadence, rhythms, turns
from meetings.models.meeting import Meeting, State
from roundtable import moments

SHOWN = 6
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ahead:
    """One date: when it is for both clocks, its meeting if it has one, and what is unusual about it."""

    on: date
    starts_at: datetime
    when: str
    notes: tuple[str, ...] = ()
    meeting: Meeting | None = None
    left_out: bool = False

    @property
    def moved(self) -> bool:
        return self.meeting is not None and self.meeting.local_date != self.on


def of_group(group: Group, zone: str, *, now: datetime) -> list[Ahead]:
    """Planned dates, those that follow from the rhythm, and those that are left out, by time. Where hours are taken in
    turn, those that follow are at the hour that would be theirs as things stand. Nothing follows the end of a circle.
    """
    rhythm, meetings = rhythms.of_group(group), list(group.meetings.order_by("starts_at", "pk"))
    known = {one.occurrence_date for one in meetings}
    by_rule = cadence.next_dates(replace(rhythm, skips=frozenset()), after=now.date() - DAY, count=SHOWN)
    follow = [day for day in by_rule if day not in known]
    found = [*(_of_meeting(one, zone) for one in meetings), *_following(group, follow, rhythm, zone)]
    dates = sorted(found, key=lambda one: one.starts_at)
    end = group.closed_at
    return [one for one in compared(dates, zone, None) if one.starts_at > now and (end is None or one.starts_at < end)]


def _following(group: Group, days: list[date], rhythm: cadence.Cadence, zone: str) -> list[Ahead]:
    hours = turns.hours_on(group, days, own=rhythm.at, left_out=rhythm.skips)
    shown = [_by_rule(day, replace(rhythm, at=hours[day]), zone) for day in days]
    return [replace(one, left_out=one.on in rhythm.skips) for one in shown]


def _of_meeting(meeting: Meeting, zone: str) -> Ahead:
    when = moments.both(meeting.starts_at, meeting.zone, zone)
    left_out = meeting.state == State.CANCELLED
    return Ahead(meeting.occurrence_date, meeting.starts_at, when, meeting=meeting, left_out=left_out)


def of_rhythm(rhythm: cadence.Cadence, zone: str, *, before: datetime | None) -> list[Ahead]:
    """The first dates that a rhythm would have; `before` is the meeting ahead of them."""
    dates = cadence.next_dates(rhythm, after=rhythm.first_date - DAY, count=SHOWN)
    return compared([_by_rule(day, rhythm, zone) for day in dates], zone, before)


def _by_rule(day: date, rhythm: cadence.Cadence, zone: str) -> Ahead:
    starts_at = cadence.instant(day, rhythm.at, rhythm.zone)
    odd = cadence.odd_hour(day, rhythm.at, rhythm.zone)
    return Ahead(day, starts_at, moments.both(starts_at, rhythm.zone, zone), (odd,) if odd else ())


def compared(dates: list[Ahead], zone: str, before: datetime | None) -> list[Ahead]:
    """Each with a word where the reader's own hour is another one than at the meeting before it."""
    told = []
    for one in dates:
        word = moments.another_hour(one.starts_at, before, zone) if before and not one.left_out else ""
        told.append(replace(one, notes=(*one.notes, f"For you {word}.")) if word else one)
        before = before if one.left_out else one.starts_at
    return told
