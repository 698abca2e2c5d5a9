"""The door to meetings: each guard returns the object, or there is nothing to see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.http import Http404
from django.test import Client
from pytest_django import Settings

from groups.models.group import Group, Membership
from meetings import access, gathering, settling
from meetings.models.board import Board
from meetings.models.meeting import Meeting
from meetings.models.seat import Seat, State
from meetings.settling import Settling
from members.models.person import Person
from members.models.program import Roster
from tests.conftest import Stopped

pytestmark = pytest.mark.django_db
OUTSIDE = ["stranger", "organizer", "superuser", "other", "former"]
DOORS: dict[str, Callable[[Person, Meeting], object]] = {
    "seat": lambda person, meeting: access.seat(person, meeting.public_id),
    "board": lambda person, meeting: access.board(person, meeting.public_id),
    "takeaways": lambda person, meeting: access.memory(person, meeting.group.public_id),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("who", OUTSIDE)
def test_who_does_not_belong_finds_nothing(who: str, door: str, table: Board, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(who)
    Seat.objects.create(meeting=table.meeting, person=person, state=State.COMING)
    with pytest.raises(Http404):
        DOORS[door](person, table.meeting)


@pytest.mark.parametrize("door", DOORS)
def test_an_id_that_does_not_exist_looks_the_same(door: str, table: Board, ada: Person) -> None:
    meeting = Meeting(public_id="nowhere", group=Group(public_id="nowhere"))
    with pytest.raises(Http404):
        DOORS[door](ada, meeting)


def test_a_member_finds_the_own_things(table: Board, hedy: Person) -> None:
    meeting = table.meeting
    assert access.seat(hedy, meeting.public_id).person == hedy
    assert access.board(hedy, meeting.public_id) == table
    assert access.memory(hedy, meeting.group.public_id).group == meeting.group


@pytest.mark.parametrize(("methods", "hears"), [(["code"], False), (["code", "mfa"], True)])
def test_a_member_who_organizes_hears_a_board_with_a_second_factor_only(
    table: Board, both: Person, settings: Settings, *, methods: list[str], hears: bool
) -> None:
    settings.STAFF_MFA_REQUIRED = True
    client = Client()
    client.force_login(both)
    session = client.session
    session["account_authentication_methods"] = [{"method": method, "at": 0} for method in methods]
    session["account_authentication_methods_user"] = str(both.pk)
    session.save()
    cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    assert (access.stream(cookie, table.meeting.public_id) is not None) == hears


@pytest.mark.parametrize("beside", ["a/b=1", 'prefs={"a":1}', "=", "ä=ö"])
def test_a_cookie_of_somebody_else_keeps_no_reader_from_the_stream(
    table: Board, hedy: Person, settings: Settings, beside: str
) -> None:
    client = Client()
    client.force_login(hedy)
    cookies = f"{beside}; {settings.SESSION_COOKIE_NAME}={client.session.session_key}"
    assert access.stream(cookies, table.meeting.public_id) is not None


@pytest.mark.parametrize("joined_on", [date(2026, 5, 5), date(2026, 5, 12)])
def test_a_board_is_read_from_the_joining_date_on(joined_on: date, table: Board, hedy: Person, clock: Stopped) -> None:
    clock.forward(days=10)
    Membership.objects.filter(person=hedy).update(joined_on=joined_on)
    assert access.board(hedy, table.meeting.public_id) == table


def test_a_board_of_before_the_joining_date_is_not_there(table: Board, hedy: Person, clock: Stopped) -> None:
    clock.forward(days=10)
    Membership.objects.filter(person=hedy).update(joined_on=date(2026, 5, 13))
    with pytest.raises(Http404):
        access.board(hedy, table.meeting.public_id)


@pytest.mark.parametrize("state", [State.COMING, State.WAITING, State.NOT_COMING])
def test_a_roundtable_s_board_is_for_those_who_come(state: State, table: Board, hedy: Person) -> None:
    Group.objects.update(roster=Roster.OPEN)
    line_at = table.starts_at if state == State.WAITING else None
    Seat.objects.filter(person=hedy).update(state=state, line_at=line_at)
    day = table.starts_at.date()
    found = Board.objects.select_related("meeting__group").get()
    ways = {
        Board.objects.readable_by(hedy, day).exists(),
        hedy.pk in Settling(*settling.take(found.meeting_id)).readers,
        hedy.pk in gathering.gather(found.meeting_id, day).people,
        hedy.pk in gathering.standing([found.meeting_id])[1][found.meeting_id].readers,
    }
    assert ways == {state == State.COMING}
