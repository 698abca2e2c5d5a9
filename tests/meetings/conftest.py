"""A circle of eight with meetings behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from groups.models.group import Group, Membership
from meetings.models.meeting import Meeting, MeetingRole, Role
from meetings.models.seat import Answer, Attendance, Seat, SeatAnswer, State, Via
from members.models.person import Person
from members.models.program import Program
from tests.conftest import START, Stopped

NAMES = ("Ada", "Grace", "Hedy", "Lynn", "Radia", "Fran", "Jean", "Betty")
Made = Callable[..., Group]


@pytest.fixture
def made(program: Program, person: Callable[..., Person], clock: Stopped) -> Made:
    """A circle of eight that met every six weeks: `came` says how many were there each time, oldest first."""
    clock.to(START)

    def make(name: str, came: tuple[int, ...], *, silent: int = 0, missed: Attendance = Attendance.ABSENT) -> Group:
        group = Group.objects.create(
            program=program, name=name, mode="video", zone="Europe/Lisbon", window=36, sealed_at=START
        )
        people = [person(f"{one}{name.replace(' ', '')}") for one in NAMES]
        for one in people:
            Membership.objects.create(group=group, person=one, joined_on=START.date() - timedelta(days=500))
        for number, there in enumerate(reversed(came)):
            meeting = held(group, weeks=6 * number + 1)
            for at, one in enumerate(people):
                attendance = Attendance.PRESENT if at < there else missed
                seat = Seat.objects.create(meeting=meeting, person=one, state=State.COMING, attendance=attendance)
                if at >= silent:
                    early = meeting.starts_at - timedelta(days=5)
                    SeatAnswer.objects.create(seat=seat, answer=Answer.YES, via=Via.PAGE, received_at=early)
            MeetingRole.objects.create(meeting=meeting, role=Role.FACILITATOR, person=people[number % 8])
        return group

    return make


def held(group: Group, *, weeks: int) -> Meeting:
    """So many weeks ago; ahead if negative."""
    starts = START - timedelta(weeks=weeks)
    return Meeting.objects.create(
        group=group,
        occurrence_date=starts.date(),
        local_date=starts.date(),
        local_time=starts.time(),
        zone="UTC",
        minutes=90,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=90),
    )
