"""The roles of a circle as rows: what is free at a date is filled as `roleplan` says; what stands there stays.

Lock order: meetings, the earlier one first. Whoever calls holds the meeting whose roles change; those of other dates
are read, and not changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Exists, OuterRef, Q

from groups import seasons
from groups.models.group import Group, Membership
from meetings import roleletters, roleplan
from meetings.models.meeting import Meeting, MeetingRole, State
from meetings.models.rota import OptOut, RoleOffer
from meetings.models.seat import Attendance, Seat
from meetings.models.seat import State as SeatState
from meetings.roleplan import Circle, Duty, Plan
from members.models.person import Person
from members.models.program import Roster
from roundtable import clock
from roundtable.outbox.post import cancel

YEAR = timedelta(days=365)
ROOM = "in_person"
AWAY = (SeatState.EXCUSED, SeatState.NOT_COMING)
WAS_NOT_THERE = (Attendance.ABSENT, Attendance.EXCUSED)


@dataclass(frozen=True)
class Standing:
    """A circle's dates to come, those of the past year, what the plan is made from, and who its members are."""

    circle: Circle
    meetings: list[Meeting]
    past: list[Meeting]
    people: Mapping[int, Person]

    @cached_property
    def plan(self) -> Plan:
        return roleplan.plan(self.circle)

    def place(self, meeting: Meeting) -> int | None:
        """Which of the dates it is; None for one that is over or was called off."""
        return next((at for at, one in enumerate(self.meetings) if one.pk == meeting.pk), None)

    def in_line(self, meeting: Meeting, duty: Duty) -> list[Person]:
        """Who could have this role instead of whoever has it, the next first; who keeps time could, too."""
        at = self.place(meeting)
        if at is None:
            return []
        without = [*self.plan[:at], {}, *self.plan[at + 1 :]]
        has = self.circle.planned[at].has.get(duty)
        return [self.people[key] for key in roleplan.line(self.circle, without, at, duty) if key != has]


def fill(meeting: Meeting) -> None:
    """Free roles of a date to come go to whose turn it is, and so does one whose holder cannot have it any more."""
    if meeting.group.roster != Roster.FIXED:
        return
    found = read(meeting.group, now=clock.now())
    at = found.place(meeting)
    if at is not None:
        _write(meeting, found.circle.duties, found.plan[at])


def fill_all(group: Group) -> None:
    """The same for each date of a circle that has not begun."""
    now = clock.now()
    planned = Meeting.objects.select_for_update(of=("self",)).select_related("group")
    for meeting in planned.filter(group=group, starts_at__gt=now).coming_up(now):
        fill(meeting)


def release(meeting: Meeting, person: Person) -> None:
    """Somebody is not at this date: what they had or were offered there goes on to the next in line."""
    had, _ = meeting.roles.filter(person=person).delete()
    own = Q(by=person) | Q(to=person)
    RoleOffer.objects.filter(own, Q(meeting=meeting) | Q(against=meeting)).delete()
    cancel(meeting.about, kinds=roleletters.KINDS, person=person)
    if had:
        fill(meeting)


def give(meeting: Meeting, duty: Duty, person: Person, *, agreed_at: datetime | None) -> None:
    """A role to this person, who has no other one there afterwards; what was offered of either is offered no more."""
    meeting.roles.filter(person=person).exclude(role=duty).delete()
    given = {"person": person, "accepted_at": agreed_at}
    MeetingRole.objects.update_or_create(meeting=meeting, role=duty, defaults=given)
    drop_offers(meeting, duty)


def drop_offers(meeting: Meeting, duty: str) -> None:
    """Whose it was asks nobody any more to take it, and nobody gives it for a date of theirs."""
    RoleOffer.objects.filter(Q(meeting=meeting) | Q(against=meeting), role=duty).delete()


def _write(meeting: Meeting, duties: Sequence[Duty], wanted: Mapping[Duty, int]) -> None:
    held = {role.role: role for role in meeting.roles.select_related("person")}
    for duty in duties:
        row, key = held.get(duty), wanted.get(duty)
        if row is not None and row.person_id == key:
            continue
        if row is not None:
            row.delete()
            drop_offers(meeting, duty)
            cancel(meeting.about, kinds=roleletters.KINDS, person=row.person)
        if key is not None:
            MeetingRole.objects.create(meeting=meeting, role=duty, person_id=key)


def duties_of(group: Group) -> tuple[Duty, ...]:
    """A host where a circle meets in a room; by video there is none to see to."""
    return tuple(duty for duty in Duty if duty != Duty.HOST or group.mode == ROOM)


def read(group: Group, *, now: datetime) -> Standing:
    """Members, what they did in the past year, and the dates to come. Four statements, however many there are."""
    every = list(group.meetings.exclude(state=State.CANCELLED).order_by("starts_at", "pk"))
    recent = [(number // seasons.MEETINGS + 1, one) for number, one in enumerate(every) if one.starts_at > now - YEAR]
    roles, seats = _by_meeting([one for _, one in recent])
    to_come = [(season, one) for season, one in recent if one.state == State.PLANNED and one.ends_at > now]
    past = [(season, one) for season, one in recent if one.state != State.PLANNED or one.ends_at <= now]
    memberships = members_of(group)
    began_on = every[0].local_date if every else now.date()
    return Standing(
        Circle(
            [
                roleplan.Member(one.person_id, new=one.joined_on > began_on, willing=not one.opted_out)  # type: ignore[attr-defined] # annotated
                for one in memberships
            ],
            [_held(season, one, roles[one.pk], seats[one.pk]) for season, one in past],
            [_planned(season, one, roles[one.pk], seats[one.pk], now) for season, one in to_come],
            duties_of(group),
        ),
        [one for _, one in to_come],
        [one for _, one in past],
        {one.person_id: one.person for one in memberships},
    )


def members_of(group: Group) -> list[Membership]:
    """Who belongs today, in the order in which they joined, each with whether they have opted out."""
    opted = OptOut.objects.filter(group=group, person=OuterRef("person"))
    today = group.memberships.on(clock.today()).select_related("person").order_by("joined_on", "pk")
    return list(today.annotate(opted_out=Exists(opted)))


Roles = dict[int, list[MeetingRole]]
Seats = dict[int, list[Seat]]


def _by_meeting(meetings: list[Meeting]) -> tuple[Roles, Seats]:
    roles: Roles = defaultdict(list)
    for role in MeetingRole.objects.filter(meeting__in=meetings).order_by("pk"):
        roles[role.meeting_id].append(role)
    seats: Seats = defaultdict(list)
    for seat in Seat.objects.filter(meeting__in=meetings).only("meeting_id", "person_id", "state", "attendance"):
        seats[seat.meeting_id].append(seat)
    return roles, seats


def _held(season: int, meeting: Meeting, roles: list[MeetingRole], seats: list[Seat]) -> roleplan.Held:
    """What was really done: a role of somebody who was not there was nobody's."""
    missed = {seat.person_id for seat in seats if seat.attendance in WAS_NOT_THERE}
    did = {Duty(role.role): role.person_id for role in roles if role.person_id not in missed}
    could = frozenset(seat.person_id for seat in seats if seat.state != SeatState.EXCUSED)
    return roleplan.Held(meeting.local_date, season, did, could)


def _planned(
    season: int, meeting: Meeting, roles: list[MeetingRole], seats: list[Seat], now: datetime
) -> roleplan.Planned:
    """Once it has begun whoever has a role there keeps it."""
    away = frozenset(seat.person_id for seat in seats if seat.state in AWAY)
    has = {Duty(role.role): role.person_id for role in roles}
    began = meeting.starts_at <= now
    agreed = frozenset(Duty(role.role) for role in roles if began or role.accepted_at is not None)
    return roleplan.Planned(meeting.local_date, season, away, has, agreed)
