import pytest
from django.core.management import CommandError, call_command

from groups.models.group import Group
from members.models.person import Person
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db


def counts():
    group = Group.objects.get()
    meeting = group.meetings.get()
    kinds = ["groups/invitation", "groups/sealed"]
    return group.memberships.count(), meeting.seats.count(), Letter.objects.filter(kind__in=kinds).count()


def test_seven_people_go_the_whole_way_once(client):
    call_command("demo")
    call_command("demo_circle")
    call_command("demo_circle")
    assert counts() == (7, 7, 14)


def test_a_member_finds_four_topics_on_the_board(client):
    call_command("demo")
    call_command("demo_circle")
    client.force_login(Person.objects.get(email="ada@roundtable.example"))
    board = client.get(f"{Group.objects.get().meetings.get().path}board/").content.decode()
    assert board.count('class="topic"') == 4


def test_it_needs_the_demo_programs(db):
    with pytest.raises(CommandError, match="There is no program twin-cities: run bin/manage demo first"):
        call_command("demo_circle")
