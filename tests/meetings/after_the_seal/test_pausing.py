"""A sabbatical: the seat is kept, the dates go and come back, nobody's silence is counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from icalendar import Calendar

from groups import repairing, sabbaticals
from groups.models.sabbatical import Sabbatical
from meetings import calling, pausing, seating
from meetings.models.seat import Answer, State, Via
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(meeting):
    return meeting.group.memberships.get(person__email="ada@example.org")


def plan(meeting, weeks):
    people = [one.person for one in meeting.group.memberships.filter(left_on=None).select_related("person")]
    return calling.plan(meeting.group, on=meeting.local_date + timedelta(weeks=weeks), members=people)


def state(meeting, membership):
    return meeting.seats.get(person=membership.person).state


def sent(kind):
    return sorted(Letter.objects.filter(kind=kind, state__in=["queued", "sent"]).values_list("to", flat=True))


def test_the_next_dates_are_excused_and_no_more(ada, meeting):
    second, third = plan(meeting, 6), plan(meeting, 12)
    sabbaticals.begin(ada, meetings=2)
    assert [state(one, ada) for one in (meeting, second, third)] == ["excused", "excused", "invited"]


def test_a_date_planned_during_the_pause_is_excused_too(ada, meeting):
    sabbaticals.begin(ada, meetings=2)
    second, third = plan(meeting, 6), plan(meeting, 12)
    assert [state(one, ada) for one in (second, third)] == ["excused", "invited"]
    assert not second.seats.get(person=ada.person).entries.exists()


def test_a_role_goes_to_somebody_who_comes(ada, meeting):
    sabbaticals.begin(ada, meetings=1)
    assert sorted(meeting.roles.values_list("role", flat=True)) == ["facilitator", "timekeeper"]
    assert not meeting.roles.filter(person=ada.person).exists()


def test_the_calendar_follows(ada, meeting):
    planned = Letter.objects.get(about=meeting.about, to="ada@example.org")
    Letter.objects.filter(pk=planned.pk).update(state="failed")  # left, as far as taking back goes
    sabbaticals.begin(ada, meetings=1)
    gone = Calendar.from_ical(bytes(Letter.objects.get(kind="meetings/excused").ics))
    assert (str(gone["METHOD"]), gone.events[0]["STATUS"]) == ("CANCEL", "CANCELLED")
    sabbaticals.come_back(ada)
    back = Letter.objects.filter(kind="meetings/planned", to="ada@example.org").latest("pk")
    assert Calendar.from_ical(bytes(back.ics)).events[0]["UID"] != gone.events[0]["UID"]


def test_the_member_and_who_leads_are_told_and_nobody_else(ada, meeting):
    sabbaticals.begin(ada, meetings=1)
    leads = meeting.roles.get(role="facilitator").person
    assert (sent("groups/sabbatical_begun"), sent("meetings/one_less")) == (["ada@example.org"], [leads.email])
    assert "Ada" not in Letter.objects.get(kind="meetings/one_less").text


def test_an_answer_by_an_old_link_does_not_end_it(ada, meeting, clock):
    seat = meeting.seats.get(person=ada.person)
    sabbaticals.begin(ada, meetings=1)
    with pytest.raises(NotAllowed, match="on a sabbatical at this date"):
        seating.respond(seat, Answer.YES, via=Via.LINK, received_at=clock.now())


def test_it_ends_by_itself_after_its_last_meeting(ada, meeting, clock):
    sabbaticals.begin(ada, meetings=1)
    pausing.end_due()
    assert Sabbatical.objects.running().exists()
    clock.to(meeting.ends_at)
    for _ in range(2):
        pausing.end_due()
    assert not Sabbatical.objects.running().exists()
    assert sent("groups/sabbatical_over") == ["ada@example.org"]
    assert state(plan(meeting, 6), ada) == "invited"


def test_a_cancelled_date_does_not_use_it_up(ada, meeting, clock):
    sabbaticals.begin(ada, meetings=1)
    meeting.state = "cancelled"
    meeting.save()
    assert state(plan(meeting, 6), ada) == "excused"


def test_it_ends_early_by_a_button_and_the_dates_are_back(ada, meeting):
    sabbaticals.begin(ada, meetings=3)
    sabbaticals.come_back(ada)
    assert (state(meeting, ada), sent("groups/sabbatical_begun")) == (State.INVITED, [])
    assert sorted(meeting.seats.values_list("state", flat=True)) == ["invited"] * 3
    with pytest.raises(NotAllowed, match="not on a sabbatical"):
        sabbaticals.come_back(ada)


def test_one_at_a_time(ada):
    sabbaticals.begin(ada, meetings=1)
    with pytest.raises(NotAllowed, match="already"):
        sabbaticals.begin(ada, meetings=2)


@pytest.mark.parametrize("meetings", [0, 4])
def test_one_to_three_meetings(ada, meetings, clock):
    with pytest.raises(IntegrityError, match="a_sabbatical_covers_1_to_3_meetings"), transaction.atomic():
        Sabbatical.objects.create(membership=ada, meetings=meetings, begun_at=clock.now())


def test_leaving_ends_it(ada):
    sabbaticals.begin(ada, meetings=2)
    repairing.leave(ada, back_to_pool=True)
    assert not Sabbatical.objects.running().exists()
    with pytest.raises(NotAllowed, match="left this group"):
        sabbaticals.begin(ada, meetings=1)


def test_the_page_begins_and_ends_it(client, ada, meeting):
    client.force_login(ada.person)
    page = reverse("groups:sabbatical", args=[meeting.group.public_id])
    assert "Please choose" in client.post(page, {"meetings": "4"}).content.decode() or not Sabbatical.objects.exists()
    client.post(page, {"meetings": "2"})
    assert "For 2 meetings." in client.get(page).content.decode()
    client.post(reverse("groups:come_back", args=[meeting.group.public_id]))
    assert not Sabbatical.objects.running().exists()


@pytest.mark.parametrize("members", [1, 3])
def test_the_sweep_asks_the_same_for_one_and_for_three(meeting, members, django_assert_num_queries):
    memberships = list(meeting.group.memberships.order_by("pk"))[:members]
    for membership in memberships:
        sabbaticals.begin(membership, meetings=1)
    with django_assert_num_queries(2):
        assert pausing.away(meeting.group) == set()  # one meeting each, which has been planned
        pausing.end_due()
