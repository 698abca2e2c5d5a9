"""The page of a circle's dates: read by all, changed by who leads or keeps time next; nothing moves by looking."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from groups.models.group import Group
from meetings import access, ahead, planning
from meetings.models.cadence import GroupCadence
from meetings.models.meeting import Meeting, State
from members.models.person import Person
from roundtable import clock as clock_module
from tests.meetings.after_the_seal.test_retiming import dates

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(group, meeting):
    planning.plan_ahead(group)
    return list(group.meetings.order_by("starts_at"))


@pytest.fixture
def keeper(meeting):
    return meeting.roles.select_related("person").first().person


@pytest.fixture
def role_less(meeting):
    return meeting.seats.exclude(person__in=meeting.roles.values("person")).get().person


@pytest.fixture
def page(group):
    """The page as one person sees it, and what a press on it brings."""

    def ask(person, path="", query=None, **said):
        browser = Client()
        browser.force_login(person)
        to = f"/groups/{group.public_id}/dates/{path}"
        answer = browser.post(to, said, follow=True) if path else browser.get(to, query or {})
        return answer.content.decode() if answer.status_code == 200 else answer.status_code

    return ask


def wish(three, **other):
    first = three[0].local_date
    return {
        "start": str(first),
        "first": str(first),
        "every": "2",
        "at": "18:30",
        "zone": "America/New_York",
        "minutes": "90",
    } | other


def test_every_member_reads_it_and_only_who_has_a_role_next_changes_it(page, three, keeper, role_less, stranger):
    assert "Another rhythm" in page(keeper)
    shown = page(role_less)
    assert ("Our dates" in shown, "Another rhythm" in shown, "Leave it out" in shown) == (True, False, False)
    assert page(role_less, "rhythm/", **wish(three)) == 404
    assert page(role_less, "leave-out/", day=str(three[1].local_date)) == 404
    assert page(stranger) == 404


def test_without_a_planned_date_any_member_may(group, three, role_less):
    Meeting.objects.filter(group=group).update(state=State.CANCELLED)
    assert access.keeps_dates(group.memberships.get(person=role_less))


def test_looking_at_a_rhythm_shows_its_dates_and_changes_nothing(page, group, three, keeper):
    before = (dates(group), GroupCadence.objects.get(group=group).value)
    shown = page(keeper, query=wish(three))
    assert "These would be the dates" in shown
    assert shown.count("18:30 New York") == ahead.SHOWN
    assert (dates(group), GroupCadence.objects.get(group=group).value) == before


def test_then_one_button_moves_them(page, group, three, keeper):
    assert "The new rhythm stands" in page(keeper, "rhythm/", **wish(three))
    first = three[0].local_date
    assert dates(group) == [first, first + timedelta(weeks=2), first + timedelta(weeks=4)]
    assert "keeps this rhythm already" in page(keeper, "rhythm/", **wish(three))
    assert "Every 2 weeks on Thursday, 18:30 New York time" in page(keeper)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"at": "04:30"}, "between 00:00 and 04:59"),
        ({"at": "17:45"}, "on the hour or at half past"),
        ({"at": ""}, "At what time?"),
        ({"first": "soon"}, "Write the day as"),
        ({"first": "2020-01-02"}, "The first date is over"),
        ({"every": "monthly:-1", "first": "2026-05-21"}, "21 May is not the last Thursday of the month"),
        ({"every": "13"}, "Select a valid choice"),
        ({"every": "monthly:5"}, "Select a valid choice"),
        ({"zone": "Mars/Base"}, "Select a valid choice"),
        ({"start": "2031-01-01"}, "Select a valid choice"),
        ({"minutes": "5000"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_before_and_after_the_press(said, sentence, page, group, three, keeper):
    before = dates(group)
    assert sentence in page(keeper, query=wish(three, **said))
    assert sentence in page(keeper, "rhythm/", **wish(three, **said))
    assert dates(group) == before


def test_a_date_is_left_out_and_taken_back(page, group, three, keeper):
    day = str(three[1].local_date)
    assert "Done." in page(keeper, "leave-out/", day=day)
    assert "left out already" in page(keeper, "leave-out/", day=day)
    assert "Take it back" in page(keeper)
    assert "Done." in page(keeper, "leave-out/", day=day, back="on")
    assert "Which date?" in page(keeper, "leave-out/", day="soon")


def test_who_lives_elsewhere_reads_where_the_own_hour_changes(page, group, three, keeper):
    """New York and Lisbon are 5 hours apart, but 4 in the weeks between their two changes in autumn and spring."""
    Person.objects.filter(pk=keeper.pk).update(zone="Europe/Lisbon")
    GroupCadence.objects.filter(group=group).update(first_date=three[0].local_date, weeks=1)
    for number, meeting in enumerate(three):
        Meeting.objects.filter(pk=meeting.pk).delete() if number else None
    shown = page(keeper, query=wish(three, first="2026-10-22", every="1"))
    assert "Thu 29 Oct 2026, 18:30 New York (UTC-4) · 22:30 for you" in shown
    assert "For you 1 hour earlier than the time before." in shown
    assert "For you 1 hour later than the time before." in shown


def test_a_closed_circle_shows_its_dates_and_no_way_to_change_them(page, group, three, keeper):
    Group.objects.filter(pk=group.pk).update(closed_at=three[0].ends_at)
    assert "Another rhythm" not in page(keeper)
    assert "comes to its end" in page(keeper, "leave-out/", day=str(three[1].local_date))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_for_one_date_and_for_three(
    count, group, three, keeper, client, django_assert_num_queries
):
    Meeting.objects.filter(pk__in=[one.pk for one in three[count:]]).delete()
    client.force_login(keeper)
    with django_assert_num_queries(12):
        assert client.get(f"/groups/{group.public_id}/dates/").status_code == 200


def test_a_moved_date_says_so_and_none_is_shown_twice(group, three):
    Meeting.objects.filter(pk=three[1].pk).update(local_date=three[1].local_date + timedelta(days=1))
    shown = ahead.of_group(group, "America/New_York", now=clock_module.now())
    assert [one.moved for one in shown[:3]] == [False, True, False]
    assert len({one.on for one in shown}) == len(shown) == ahead.SHOWN
