"""A circle ends: by an organizer or by all of its members; what it kept stays readable for a while, then goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from groups import closing
from groups.models.group import Group, Why
from meetings import calling
from meetings.models.board import Board
from meetings.models.meeting import Meeting
from members.models.application import Application
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(group, organizer):
    return closing.close(group, by=organizer, why=Why.NOT_NEEDED)


def member(group, name="ada"):
    return group.memberships.get(person__email=f"{name}@example.org")


def sent(kind):
    return sorted(Letter.objects.filter(kind=kind, state__in=["queued", "sent"]).values_list("to", flat=True))


def test_the_next_date_is_the_last_one_and_later_ones_are_called_off(group, meeting, organizer):
    people = [one.person for one in group.memberships.select_related("person")]
    later = calling.plan(group, on=meeting.local_date + timedelta(weeks=6), members=people)
    closed = closing.close(group, by=organizer, why=Why.DIED)
    later.refresh_from_db()
    assert (closed.closed_at, closed.why, later.state) == (meeting.ends_at, "died", "cancelled")
    assert sent("groups/closing") == ["ada@example.org", "grace@example.org", "hedy@example.org"]


def test_who_was_asked_to_join_hears_that_it_does_not_come_to_it(closed):
    assert sent("groups/released") == ["katherine@example.org"]


def test_nobody_closes_twice(closed, organizer, group):
    with pytest.raises(NotAllowed, match="closed already"):
        closing.close(group, by=organizer, why=Why.DIED)
    with pytest.raises(NotAllowed, match="closed already"):
        closing.agree(member(group), would=True)


def test_the_members_close_it_when_all_of_them_would(group):
    closing.agree(member(group, "ada"), would=True)
    closing.agree(member(group, "grace"), would=True)
    closing.agree(member(group, "grace"), would=False)
    closing.agree(member(group, "hedy"), would=True)
    assert Group.objects.get(pk=group.pk).closed_at is None
    closing.agree(member(group, "grace"), would=True)
    assert Group.objects.get(pk=group.pk).closed_at is not None


def test_after_the_last_meeting_whoever_wants_is_first_in_line(closed, group, clock):
    with pytest.raises(NotAllowed, match="still meets"):
        closing.look_on(member(group))
    clock.to(closed.closed_at)
    application = closing.look_on(member(group))
    assert (application.stage, application.skipped_before) == ("pooled", 1)
    assert Application.objects.filter(pk=application.pk).without_group().exists()
    with pytest.raises(NotAllowed, match="in the pool already"):
        closing.look_on(member(group))


def test_for_ninety_days_members_read_on_and_then_it_goes(client, closed, group, meeting, clock):
    client.force_login(member(group).person)
    file = reverse("meetings:memory", args=[group.public_id])
    clock.to(closed.closed_at + timedelta(days=89))
    closing.forget_due()
    assert (client.get(file).status_code, Board.objects.filter(meeting=meeting).exists()) == (200, True)
    clock.forward(days=1)
    for _ in range(2):
        closing.forget_due()
    assert (client.get(file).status_code, Board.objects.filter(meeting=meeting).exists()) == (404, False)
    assert set(Application.objects.filter(person__memberships__group=group).values_list("stage", flat=True)) == {
        "withdrawn"
    }


def test_who_went_back_to_the_pool_is_left_alone_when_it_goes(closed, group, clock):
    clock.to(closed.closed_at)
    application = closing.look_on(member(group))
    clock.forward(days=90)
    closing.forget_due()
    application.refresh_from_db()
    assert application.stage == "pooled"


def test_the_pages_close_it_and_lead_on(client, group, superuser, clock):
    page = reverse("groups:close", args=[group.public_id])
    for name in ("ada", "grace", "hedy"):
        client.force_login(member(group, name).person)
        assert "You said that you would close." not in client.get(page).content.decode()
        client.post(page, {"would": "yes"})
    group.refresh_from_db()
    clock.to(group.closed_at)
    shown = client.get(reverse("meetings:group", args=[group.public_id])).content.decode()
    assert "This circle is over" in shown
    assert "Look for another group for me" in shown
    client.post(reverse("groups:look_on", args=[group.public_id]))
    assert Application.objects.get(person__email="hedy@example.org").stage == "pooled"
    shown = client.get(reverse("meetings:group", args=[group.public_id])).content.decode()
    assert "Look for another group for me" not in shown
    assert reverse("members:status") in shown


def test_an_organizer_is_asked_one_question(client, group, superuser):
    client.force_login(superuser)
    page = reverse("admin:groups_living_close", args=[group.public_id])
    client.post(page, {})
    assert Group.objects.get(pk=group.pk).closed_at is None
    client.post(page, {"why": "not_needed"})
    assert Group.objects.get(pk=group.pk).why == "not_needed"
    assert (
        "it was no longer needed" in client.get(reverse("admin:groups_living", args=[group.public_id])).content.decode()
    )


def test_the_last_meeting_alone_brings_its_agenda(client, group, meeting, organizer):
    client.force_login(member(group).person)
    assert "The last meeting of this circle" not in client.get(meeting.path).content.decode()
    people = [one.person for one in group.memberships.select_related("person")]
    later = calling.plan(group, on=meeting.local_date + timedelta(weeks=6), members=people)
    closing.close(group, by=organizer, why=Why.NOT_NEEDED)
    shown = client.get(meeting.path).content.decode()
    assert [words in shown for words in ("What we learned", "Thanks", "What each of us takes on")] == [True] * 3
    assert "The last meeting of this circle" not in client.get(later.path).content.decode()


def pages_of(client, group):
    """What a member reads of their groups, the group, its dates and its rota."""
    own = [reverse(f"meetings:{name}", args=[group.public_id]) for name in ("group", "dates", "rota")]
    return [client.get(path).content.decode() for path in (reverse("meetings:groups"), *own)]


OF_A_LIVING_CIRCLE = (
    "as soon as it is planned",
    "Leave this group",
    "The group may have my e-mail address",
    "to come",
    "Three dates are always planned",
    "Pass me over",
    "What we have chosen",
)


def test_a_circle_that_is_over_says_since_when_and_until_when_and_offers_what_it_kept(client, closed, group, clock):
    client.force_login(member(group).person)
    clock.to(closed.closed_at + timedelta(days=1))
    mine, page, dates, rota = pages_of(client, group)
    ended, until = (f"{day:%-d %B %Y}" for day in (closed.closed_at, closing.kept_until(closed)))
    assert [ended in shown for shown in (mine, page, dates, rota)] == [True] * 4
    assert [until in shown for shown in (mine, page)] == [True] * 2
    for name in ("timeline", "takeaways"):
        path = reverse(f"meetings:{name}", args=[group.public_id])
        assert [path in shown for shown in (mine, page)] == [True] * 2
    assert reverse("meetings:memory", args=[group.public_id]) in page
    found = [
        (words, at)
        for words in OF_A_LIVING_CIRCLE
        for at, shown in enumerate((mine, page, dates, rota))
        if words in shown
    ]
    assert found == []


def test_until_its_last_meeting_a_circle_goes_on_as_before_and_plans_nothing_after_it(client, closed, group, meeting):
    client.force_login(member(group).person)
    mine, page, dates, rota = pages_of(client, group)
    assert ("Next meeting" in mine, "Leave this group" in page, "The group may have my e-mail address" in page) == (
        (True,) * 3
    )
    assert (dates.count('<li class="card"'), "The next date is the last one" in dates) == (1, True)
    assert (rota.count('<li class="card"'), "nobody has been asked" in rota) == (1, False)


def test_an_address_can_be_taken_back_from_a_circle_that_is_over(client, closed, group, clock):
    ada = member(group)
    clock.to(closed.closed_at)
    client.force_login(ada.person)
    page = reverse("meetings:group", args=[group.public_id])
    assert "Take my address back" not in client.get(page).content.decode()
    ada.shares_address = True
    ada.save()
    assert "Take my address back" in client.get(page).content.decode()
    client.post(reverse("meetings:address", args=[group.public_id]))
    assert "Take my address back" not in client.get(page).content.decode()
    ada.refresh_from_db()
    assert not ada.shares_address


@pytest.mark.parametrize("ended", [1, 3])
def test_my_groups_ask_the_same_for_one_that_is_over_and_for_three(
    ended, client, group, circle, organizer, clock, django_assert_num_queries
):
    ada = member(group)
    others = [circle(f"Mary{number} Jackson", f"Radia{number} P", f"Karen{number} J") for number in range(ended - 1)]
    for one in others:
        one.memberships.create(person=ada.person, joined_on=clock.now().date())
    for one in (group, *others):
        Group.objects.filter(pk=one.pk).update(
            closed_at=clock.now(), merged_into=others[0] if one == group and others else None
        )
    Meeting.objects.all().delete()
    client.force_login(ada.person)
    with django_assert_num_queries(6):
        shown = client.get(reverse("meetings:groups")).content.decode()
    assert shown.count("It ended on") == ended
