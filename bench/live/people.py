"""Circles of eight with a meeting in an hour, six topics on its board, everybody here and signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

SEATS = 8
TOPICS = 6
NAMES = ("Ada", "Grace", "Hedy", "Joan", "Kay", "Lise", "Mary", "Rosa")


@dataclass(frozen=True)
class Member:
    """One person at one board, with what their browser sends."""

    board: str
    cookie: str
    number: int
    person: int


@dataclass(frozen=True)
class Board:
    """One meeting's board."""

    public_id: str
    pk: int
    meeting: int
    topics: tuple[str, ...]
    members: tuple[Member, ...]


def boards(count: int) -> list[Board]:
    """So many, each with eight of its own, and statistics of them, which a database in use has after a minute."""
    from django.db import connection  # noqa: PLC0415 - wants the settings

    from members.models.program import Program  # noqa: PLC0415

    program, _ = Program.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    made = [_board(program) for _ in range(count)]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return made


def _board(program: Any) -> Board:
    from groups.models.group import Group, Membership  # noqa: PLC0415
    from meetings import board  # noqa: PLC0415
    from meetings.models.board import Here, Topic  # noqa: PLC0415
    from roundtable import clock  # noqa: PLC0415

    now = clock.now()
    group = Group.objects.create(
        program=program, name=uuid4().hex[:12], mode="video", zone="UTC", window=36, sealed_at=now
    )
    people = [_person(number) for number in range(SEATS)]
    Membership.objects.bulk_create(
        Membership(group=group, person=one, joined_on=now.date() - timedelta(days=30)) for one in people
    )
    table = board.prepare(_meeting(group, people, now + timedelta(hours=1)))
    topics = Topic.objects.bulk_create(
        Topic(board=table, title=f"What about number {number}?", note="", sponsor=people[number])
        for number in range(TOPICS)
    )
    Here.objects.bulk_create(Here(board=table, person=one) for one in people)
    named = tuple(topic.public_id for topic in topics)
    public_id = table.meeting.public_id
    members = tuple(Member(public_id, cookie(one), number, one.pk) for number, one in enumerate(people))
    return Board(public_id, table.pk, table.meeting_id, named, members)


def _person(number: int) -> Any:
    from members.models.person import Person  # noqa: PLC0415

    name = f"{NAMES[number]} Example"
    return Person.objects.create(email=f"{uuid4().hex}@bench.example.org", name=name, initials=name[0])


def _meeting(group: Any, people: list[Any], starts_at: Any) -> Any:
    from meetings.models.meeting import Meeting, MeetingRole, Role  # noqa: PLC0415
    from meetings.models.seat import Seat, State  # noqa: PLC0415

    meeting = Meeting.objects.create(
        group=group,
        occurrence_date=starts_at.date(),
        local_date=starts_at.date(),
        local_time=starts_at.time(),
        zone="UTC",
        minutes=90,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
    )
    Seat.objects.bulk_create(Seat(meeting=meeting, person=one, state=State.COMING) for one in people)
    MeetingRole.objects.create(meeting=meeting, role=Role.FACILITATOR, person=people[0])
    MeetingRole.objects.create(meeting=meeting, role=Role.TIMEKEEPER, person=people[1])
    return meeting


def cookie(person: Any) -> str:
    """What the browser of somebody who is signed in sends; the same word twice is what forms are checked by."""
    from allauth.usersessions.models import UserSession  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    UserSession.objects.create(user=person, session_key=session.session_key, ip="127.0.0.1")
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={TOKEN}"


TOKEN = "b" * 32
