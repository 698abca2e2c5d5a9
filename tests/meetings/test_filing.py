"""A circle's memory as a file: there by the yes of everybody who belongs, and as long as all stand by it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from groups import repairing
from groups.models.group import Group, Membership
from meetings import filing, noting
from meetings.models.seat import Seat
from members.models.person import Person
from members.models.program import Roster
from tests.conftest import START, Held, Stopped

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 10)


def say(person: Person, *, yes: bool = True) -> None:
    filing.say(Membership.objects.select_related("group").get(person=person), yes=yes)


def got(client: Client, person: Person, group: Group, kind: str = "json") -> Any:
    client.force_login(person)
    return client.get(f"/groups/{group.public_id}/takeaways/file/", {"as": kind})


@pytest.fixture
def kept(held: Held, clock: Stopped) -> None:
    clock.to(START)
    held(MARCH, Ladders="Write it with them.")


@pytest.mark.usefixtures("kept")
def test_it_is_there_once_the_last_one_has_said_yes_and_gone_when_one_takes_it_back(
    client: Client, group: Group, ada: Person, grace: Person, hedy: Person
) -> None:
    for person in (ada, grace):
        say(person)
        assert got(client, ada, group).status_code == 302
    say(hedy)
    for kind in ("text", "markdown", "json"):
        assert "Write it with them." in got(client, grace, group, kind).content.decode()
    say(ada, yes=False)
    assert got(client, grace, group).status_code == 302


@pytest.mark.usefixtures("kept")
def test_who_comes_later_is_asked_too_and_who_has_left_no_longer(
    client: Client, group: Group, ada: Person, grace: Person, former: Person, later: Person, clock: Stopped
) -> None:
    clock.to(START + timedelta(days=60))
    say(ada)
    say(grace)
    assert got(client, ada, group).status_code == 302
    Membership.objects.filter(person=later).update(left_on=START.date() + timedelta(days=50))
    assert got(client, ada, group).status_code == 200


@pytest.mark.usefixtures("kept")
def test_who_leaves_and_comes_back_has_not_said_yes_yet(
    group: Group, ada: Person, grace: Person, join: Callable[..., Person], clock: Stopped
) -> None:
    say(ada)
    say(grace)
    repairing.leave(Membership.objects.get(person=grace), back_to_pool=False)
    clock.forward(days=1)
    join(grace, joined_on=clock.now().date())
    again = Membership.objects.select_related("group").get(person=grace, left_on=None)
    assert filing.vote(group, again) == filing.Vote(is_open=False, is_asked=True, agrees=False)


@pytest.mark.usefixtures("kept")
def test_who_went_to_the_other_half_reads_on_and_takes_no_file(
    client: Client, group: Group, ada: Person, grace: Person
) -> None:
    say(grace)
    Membership.objects.filter(person=ada).update(left_on=START.date(), parted=True)
    for closed_at in (None, START):
        Group.objects.filter(pk=group.pk).update(closed_at=closed_at)
        assert (got(client, grace, group).status_code, got(client, ada, group).status_code) == (200, 302)
    page = client.get(f"/groups/{group.public_id}/takeaways/").content.decode()
    assert ("Write it with them." in page, "To take along" in page, "Yes, for my part" in page) == (True, False, False)


@pytest.mark.usefixtures("kept")
def test_a_circle_that_comes_to_its_end_votes_until_the_last_meeting_is_over(
    client: Client, group: Group, ada: Person, grace: Person, clock: Stopped
) -> None:
    Group.objects.filter(pk=group.pk).update(closed_at=START + timedelta(days=7))
    assert got(client, ada, group).status_code == 302
    clock.forward(days=7)
    assert got(client, ada, group).status_code == 200


def test_of_a_roundtable_who_was_there_takes_what_they_read_and_nobody_votes(
    client: Client, held: Held, group: Group, ada: Person, hedy: Person, clock: Stopped
) -> None:
    clock.to(START)
    held(MARCH, there=(ada,), Ladders="Write it with them.")
    Membership.objects.all().delete()
    Group.objects.update(roster=Roster.OPEN)
    assert "Write it with them." in got(client, ada, group).content.decode()
    assert client.post(f"/groups/{group.public_id}/takeaways/vote/", {"yes": "yes"}).status_code == 404
    assert got(client, hedy, group).status_code == 404


@pytest.mark.usefixtures("kept")
def test_of_a_circle_that_has_ended_nobody_is_asked(client: Client, group: Group, ada: Person) -> None:
    Group.objects.filter(pk=group.pk).update(closed_at=START)
    answer = got(client, ada, group)
    assert (answer.status_code, json.loads(answer.content)["meetings"][0]["on"]) == (200, "2026-03-10")


@pytest.mark.usefixtures("kept")
def test_the_page_tells_my_word_and_nobody_else_s(client: Client, group: Group, ada: Person, grace: Person) -> None:
    page, vote = f"/groups/{group.public_id}/takeaways/", f"/groups/{group.public_id}/takeaways/vote/"
    say(grace)
    client.force_login(ada)
    before = client.get(page).content.decode()
    client.post(vote, {"yes": "yes"})
    after = client.get(page).content.decode()
    assert ("Yes, for my part" in before, "To take along" in before) == (True, False)
    assert ("You have said yes." in after, "To take along" in after) == (True, True)
    client.post(vote, {"yes": "no"})
    assert not Membership.objects.get(person=ada).file_yes
    assert "once everybody who belongs has said yes" in client.get(f"{page}file/", follow=True).content.decode()


@pytest.mark.usefixtures("kept")
def test_what_is_mine_alone_is_in_no_such_file(client: Client, group: Group, ada: Person, grace: Person) -> None:
    seat = Seat.objects.get(person=ada)
    noting.write(ada, seat.meeting, text="Quarryfalcon", revision=0)
    say(ada)
    say(grace)
    files = [got(client, ada, group, kind).content.decode() for kind in ("text", "markdown", "json")]
    assert [("Write it" in file, "Quarryfalcon" in file) for file in files] == [(True, False)] * 3


@pytest.mark.usefixtures("kept")
def test_whether_it_is_there_is_one_question_however_many_belong(
    group: Group, ada: Person, django_assert_num_queries: DjangoAssertNumQueries, person: Any, join: Any
) -> None:
    membership = Membership.objects.get(person=ada)
    with django_assert_num_queries(1):
        filing.vote(group, membership)
    for name in ("One", "Two", "Three"):
        join(person(name))
    with django_assert_num_queries(1):
        filing.vote(group, membership)
