"""One rule for the page and for the stream: who opens a board is who hears it. And the wall, which is nobody's."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from groups.models.group import Membership
from meetings import access, reading, settling
from meetings.models.board import Board
from meetings.settling import Settling
from members.models.person import Person

pytestmark = pytest.mark.django_db
CAST = ("ada", "grace", "hedy", "later", "former", "stranger", "organizer", "both", "superuser", "other")


def opens(table: Board, person: Person) -> bool:
    try:
        access.board(person, table.meeting.public_id)
    except Http404:
        return False
    return True


@pytest.mark.parametrize(("seat", "hears"), [(True, True), (False, False)])
def test_who_opens_a_board_hears_it_and_nobody_else(
    seat: bool,  # noqa: FBT001 - one of two cases
    hears: bool,  # noqa: FBT001 - what follows from it
    table: Board,
    hedy: Person,
    request: pytest.FixtureRequest,
) -> None:
    cast = [request.getfixturevalue(name) for name in CAST]
    Membership.objects.filter(person=hedy).update(left_on="2026-05-01", parted=True)
    if not seat:
        table.meeting.seats.filter(person=hedy).delete()
    opened = {person.pk for person in cast if opens(table, person)}
    assert opened == Settling(*settling.take(table.meeting_id)).readers == reading.read(table.meeting_id).readers
    assert (hedy.pk in opened) == hears


def test_the_wall_asks_for_nothing_of_ones_own(
    client: Client, table: Board, ada: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(ada)
    address = f"/meetings/{table.meeting.public_id}/board/?view=room"
    client.get(address)
    with django_assert_num_queries(4):  # session, person, the right, the board
        page = client.get(address).content.decode()
    assert (ada.public_id in page.partition('<div id="shared"')[0], 'id="own"' in page) == (False, False)
