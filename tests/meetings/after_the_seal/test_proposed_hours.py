"""Times proposed from calendars reach the poll about that date: who leads adds one, by whom stands nowhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from meetings import planning, polling
from meetings.models.meeting import Role
from meetings.models.poll import Kind
from meetings.models.reply import Reply
from roundtable import clock

pytestmark = pytest.mark.django_db
SECTION = "Proposed from a calendar"


@pytest.fixture
def second(group, meeting):
    return planning.plan_ahead(group)[0]


@pytest.fixture
def led(meeting):
    return meeting.roles.select_related("person").get(role=Role.FACILITATOR).person


@pytest.fixture
def propose():
    def make(meeting, name, at, number=0):
        return Reply.objects.create(
            digest=f"{name}{number}",
            received_at=clock.now(),
            judged_at=clock.now(),
            verdict="counter",
            seat=meeting.seats.get(person__email=f"{name}@example.org"),
            proposed_at=at,
        )

    return make


def opened(person, url):
    browser = Client()
    browser.force_login(person)
    return browser, browser.get(url).content.decode()


def test_who_leads_adds_a_proposed_hour_with_one_button(second, group, led, propose):
    at = second.starts_at + timedelta(days=1, hours=1)
    for name in ("grace", "hedy"):
        propose(second, name, at)
    poll = polling.open_poll(group, Kind.MOVE, by=led, meeting=second)
    browser, page = opened(led, poll.path)
    section = page.partition(SECTION)[2].partition("</section>")[0]
    assert section.count("Add this hour") == 1
    assert [name for name in ("Grace", "Hedy") if name in section] == []
    sent = {"act": "add", "on": f"{at.date()}", "at": "18:00"}
    assert f'value="{sent["on"]}"' in section
    assert 'value="18:00"' in section
    assert "Only this one is asked" in browser.post(f"{poll.path}lead/", sent, follow=True).content.decode()
    assert poll.options.live().filter(starts_at=at).count() == 1
    assert SECTION not in browser.get(poll.path).content.decode()


def test_nobody_else_and_no_other_poll_shows_them(second, group, meeting, led, propose):
    propose(second, "grace", second.starts_at + timedelta(days=1))
    poll = polling.open_poll(group, Kind.MOVE, by=led, meeting=second)
    other = meeting.seats.exclude(person__in=meeting.roles.values("person")).get().person
    assert SECTION not in opened(other, poll.path)[1]
    polling.end(poll, by=led)
    hour = polling.open_poll(group, Kind.HOUR, by=led)
    assert SECTION not in opened(led, hour.path)[1]


def test_what_was_set_aside_or_belongs_to_another_date_is_not_offered(second, group, meeting, led, propose):
    gone = propose(second, "grace", second.starts_at + timedelta(days=1))
    Reply.objects.filter(pk=gone.pk).update(dismissed_at=clock.now())
    propose(meeting, "hedy", second.starts_at + timedelta(days=2))
    poll = polling.open_poll(group, Kind.MOVE, by=led, meeting=second)
    assert SECTION not in opened(led, poll.path)[1]
