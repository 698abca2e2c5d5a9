"""Rooms: kept by who organizes the city, read by hosts there."""

from __future__ import annotations

import pytest

from members.models.program import Organizer, Program
from members.models.room import Room

pytestmark = pytest.mark.django_db
ADD = "/admin/members/room/add/"
LOFT = {"metro": "Chicago", "name": "Loft", "address": "Lake Street 1", "seats": "12", "note": ""}


@pytest.fixture
def desk(chapter, sign_in, settings):
    settings.STAFF_MFA_REQUIRED = False
    return sign_in(chapter)


def rooms():
    return list(Room.objects.values_list("metro", "name", "seats"))


def test_a_chapters_organizer_adds_a_room_of_the_city(desk, program):
    desk.post(ADD, {**LOFT, "program": program.pk})
    assert rooms() == [("Chicago", "Loft", 12)]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"metro": "Seattle"}, "You do not organize CTO circles in Seattle."),
        ({"metro": "Nowhere"}, "This is not the name of a city here"),
        ({"seats": "1"}, "seats_2_to_100"),
        ({"seats": "many"}, "Enter a whole number."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(desk, program, changed, sentence):
    answer = desk.post(ADD, {**LOFT, "program": program.pk, **changed})
    assert (sentence in answer.content.decode(), rooms()) == (True, [])


def test_a_program_that_one_does_not_organize_is_not_offered(desk):
    other = Program.objects.create(slug="other", name="Other")
    desk.post(ADD, {**LOFT, "program": other.pk})
    assert rooms() == []


def test_each_sees_the_rooms_of_what_they_organize(chapter, organizer, superuser, program):
    for metro in ("Chicago", "Seattle"):
        Room.objects.create(program=program, metro=metro, name="Loft", address="1")
    seen = {person.name: Room.objects.organized_by(person).count() for person in (chapter, organizer, superuser)}
    assert seen == {"Chapter": 1, "Organizer": 2, "Root": 2}
    Organizer.objects.filter(person=chapter).delete()
    assert Room.objects.organized_by(chapter).count() == 0
