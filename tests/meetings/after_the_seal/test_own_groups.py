"""The page of one's own groups: the next meeting with my answer, and what I am asked to join; nobody else's."""

from __future__ import annotations

import pytest
from django.test import Client

from groups import inviting
from groups.consent import Answer
from groups.models.draft import DraftGroup
from groups.models.group import Group, Membership
from meetings.models.meeting import Meeting
from meetings.models.seat import Seat
from members.models.person import Person
from roundtable import clock

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> str:
    client.force_login(Person.objects.get(email=address))
    return client.get("/groups/").content.decode()


def test_a_member_finds_the_group_and_its_next_meeting(client: Client, group: Group, meeting: Meeting) -> None:
    Seat.objects.filter(person__email="ada@example.org").update(state="coming")
    shown = page(client, "ada@example.org")
    wanted = (group.name, f"/groups/{group.public_id}/", meeting.path, ">coming<")
    assert [part for part in wanted if part not in shown] == []
    assert "Would you join this group?" not in shown


def test_a_meeting_that_is_over_is_not_the_next(client: Client, group: Group, meeting: Meeting) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=clock.now() - 2 * (meeting.ends_at - meeting.starts_at), ends_at=clock.now()
    )
    shown = page(client, "ada@example.org")
    assert (group.name in shown, meeting.path in shown) == (True, False)


def test_who_was_asked_and_has_not_answered_finds_the_invitation_and_no_name_of_the_group(
    client: Client, draft: DraftGroup, group: Group
) -> None:
    shown = page(client, "katherine@example.org")
    asked = draft.invitations.get(application__person__email="katherine@example.org")
    assert (f"/invitations/{asked.public_id}/" in shown, group.name in shown) == (True, False)


def test_who_said_yes_to_a_group_that_still_forms_sees_their_answer(client: Client, draft, organizer) -> None:
    inviting.release(draft, by=organizer)
    inviting.respond(
        draft.invitations.get(application__person__email="ada@example.org"), Answer.YES, received_at=clock.now()
    )
    assert "You said yes" in page(client, "ada@example.org")


def test_who_has_left_finds_nothing(client: Client, group: Group) -> None:
    Membership.objects.filter(person__email="ada@example.org").update(left_on=clock.today())
    assert "No group yet" in page(client, "ada@example.org")


def test_the_page_takes_as_many_queries_for_one_group_as_for_two(
    client: Client, group: Group, django_assert_num_queries
) -> None:
    client.force_login(ada := Person.objects.get(email="ada@example.org"))
    second = Group.objects.create(
        program=group.program, name="Second", mode="video", zone=group.zone, window=3, sealed_at=clock.now()
    )
    client.get("/groups/")
    with django_assert_num_queries(6):
        client.get("/groups/")
    Membership.objects.create(group=second, person=ada, joined_on=clock.today())
    with django_assert_num_queries(6):
        client.get("/groups/")
