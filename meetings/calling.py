"""Planning a date: the meeting, a seat and a calendar entry for each member, the roles, the board, and the letters.

Lock order everywhere: meeting, seat, entry. The letters are written in the transaction of the change.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction

from groups.models.group import Group, Membership
from meetings import board, cadence, ics, letters, rota
from meetings.models.meeting import Format, Meeting, State
from meetings.models.seat import Entry, Seat
from meetings.slots import fits
from members.models.hours import Hours
from members.models.person import Person
from members.weekhours import WeekHours
from roundtable import clock, links
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel, post

NOTICE = timedelta(days=7)  # people need a week to make room
LATEST_FIRST = timedelta(days=21)  # after the seal a group meets within three weeks, or it cools down


@transaction.atomic
def plan_first(group: Group) -> Meeting:
    """The first date: the group's own weekly hour, in the first week from a week on in which everybody is free."""
    members = [membership.person for membership in group.memberships.on(clock.today()).select_related("person")]
    weeks = hours_of(group, members)
    dates = first_dates(group, today=clock.today())
    free = [day for day in dates if everybody_free(group, day, weeks)]
    return plan(group, on=(free or dates)[0], members=members, form=Format.ICE_BREAKER)


def first_dates(group: Group, *, today: date) -> list[date]:
    """The group's weekday from a week after today until three weeks after it."""
    days = [today + timedelta(days=ahead) for ahead in range(NOTICE.days, LATEST_FIRST.days + 1)]
    return [day for day in days if day.weekday() == group.window // 48]


def hour_of(group: Group) -> time:
    """The local time at which this group meets."""
    return time(group.window % 48 // 2, group.window % 2 * 30)


def everybody_free(group: Group, day: date, weeks: Sequence[WeekHours]) -> bool:
    """Whether the whole meeting lies in everybody's own hours on that very date."""
    starts_at = cadence.instant(day, hour_of(group), group.zone)
    return all(fits(week, starts_at, group.program.minutes) for week in weeks)


def hours_of(group: Group, members: Sequence[Person]) -> list[WeekHours]:
    """The members' own hours as they gave them with their applications."""
    rows = Hours.objects.filter(application__program=group.program, application__person__in=members)
    return [row.week for row in rows]


def plan(group: Group, *, on: date, members: Sequence[Person], form: Format = Format.LEAN_COFFEE) -> Meeting:
    """One date of a group: everybody gets a seat, an entry in the calendar and one letter."""
    now = clock.now()
    starts_at = cadence.instant(on, hour_of(group), group.zone)
    meeting = Meeting.objects.create(
        group=group,
        state=State.PLANNED,
        format=form,
        occurrence_date=on,
        local_date=on,
        local_time=hour_of(group),
        zone=group.zone,
        minutes=group.program.minutes,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=group.program.minutes),
    )
    rota.assign(meeting, members)
    board.prepare(meeting)
    for person in members:
        seat_member(meeting, person, now=now)
    return meeting


@transaction.atomic
def agree_on_place(meeting: Meeting, *, room: str, video_link: str) -> Meeting:
    """Where we meet, as any member may write it down; calendars point to the meeting's page. Raises NotAllowed late."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if clock.now() >= meeting.ends_at or meeting.state == State.CANCELLED:
        raise NotAllowed("This meeting is over; the place of the next one stands on its own page.")
    meeting.room, meeting.video_link = room, video_link
    meeting.save(update_fields=["room", "video_link"])
    return meeting


@transaction.atomic
def welcome(membership: Membership) -> None:
    """Somebody joined: a seat at each date that is planned, with its entry and letter."""
    now = clock.now()
    planned = Meeting.objects.select_for_update(of=("self",)).select_related("group__program")
    for meeting in planned.filter(group=membership.group).coming_up(now):
        seat_member(meeting, membership.person, now=now)


def seat_member(meeting: Meeting, person: Person, *, now: datetime) -> Seat:
    """A seat, its calendar entry under an address nobody can guess, and the letter that carries it."""
    seat = Seat.objects.create(meeting=meeting, person=person)
    organizer = settings.INVITE_EMAIL_ADDRESS
    entry = Entry.objects.create(
        seat=seat,
        uid=ics.new_uid(secrets.token_bytes(ics.UID_BYTES), domain=organizer.rpartition("@")[2]),
        address=person.email,
        organizer=organizer,
        stamp_at=now,
        created_at=now,
    )
    post(letters.planned(entry))
    return seat


@transaction.atomic
def farewell(membership: Membership) -> None:
    """Somebody left: each date that is planned goes from their calendar, and their role to the next in the rota."""
    group, person, now = membership.group, membership.person, clock.now()
    stay = [one.person for one in group.memberships.on(now.date()).select_related("person")]
    planned = Meeting.objects.select_for_update(of=("self",)).select_related("group__program")
    for meeting in planned.filter(group=group).coming_up(now):
        meeting.roles.filter(person=person).delete()
        rota.assign(meeting, stay)
        for seat in meeting.seats.select_for_update(of=("self",)).filter(person=person).select_related("person"):
            seat.meeting = meeting
            unseat(seat, now=now)


def unseat(seat: Seat, *, now: datetime) -> None:
    """The seat ends. A date that has been mailed is cancelled; one that has not left yet is taken back."""
    never_left = cancel(seat.meeting.about, person=seat.person)
    for entry in seat.entries.select_for_update().filter(ended_at=None):
        entry.seat = seat
        entry.sequence, entry.stamp_at, entry.ended_at = entry.sequence + 1, now, now
        entry.save()
        if not never_left:
            post(letters.taken_out(entry))
    links.end(seat.about)
    seat.delete()
