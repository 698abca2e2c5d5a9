from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.models import Session
from django.test import Client

from roundtable import audit, links, tasks
from roundtable.audit import AuditLine
from roundtable.links import Link
from roundtable.outbox import post
from roundtable.outbox import tasks as outbox_tasks
from roundtable.outbox.models import Letter, State

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("days", "left"), [(30, ("words", None)), (31, ("", 31))])
def test_the_words_of_a_letter_go_after_thirty_days(draft, clock, days, left):
    written = clock.moment
    post.post(draft())
    Letter.objects.update(state=State.FAILED, text="words")
    clock.forward(days=days)
    outbox_tasks.forget()
    text, blanked_at = Letter.objects.values_list("text", "blanked_at").get()
    assert (text, blanked_at and (blanked_at - written).days) == left


def test_a_letter_that_still_waits_keeps_its_words(draft, clock):
    post.post(draft())
    clock.forward(days=40)
    outbox_tasks.forget()
    assert Letter.objects.get().blanked_at is None


@pytest.mark.parametrize(("days", "count"), [(365, 1), (366, 0)])
def test_after_a_year_nobody_knows_that_it_was_sent(draft, ada, clock, days, count):
    post.post(draft())
    audit.note(ada, "did", "meeting:7")
    clock.forward(days=days)
    outbox_tasks.forget()
    tasks.forget()
    assert (Letter.objects.count(), AuditLine.objects.count()) == (count, count)


@pytest.mark.parametrize(("days", "count"), [(365, 1), (366, 0)])
def test_the_admins_own_log_goes_after_a_year(ada, clock, days, count):
    LogEntry.objects.create(user=ada, action_flag=CHANGE, action_time=clock.moment, object_repr="program")
    clock.forward(days=days)
    tasks.forget()
    assert LogEntry.objects.count() == count


@pytest.mark.parametrize(("days", "count"), [(31, 1), (32, 0)])
def test_a_link_goes_a_month_after_its_end(ada, clock, days, count):
    links.make("seat", "seat:1", ada, clock.moment + timedelta(days=1))
    clock.forward(days=days)
    tasks.forget()
    assert Link.objects.count() == count


def test_with_a_session_goes_where_it_was_opened_from(ada, clock):
    client = Client()
    client.force_login(ada)
    key = client.session.session_key
    UserSession.objects.create(user=ada, session_key=key, ip="192.0.2.7", user_agent="Browser", data={})
    Session.objects.update(expire_date=clock.moment + timedelta(days=1))
    tasks.forget()
    clock.forward(days=2)
    before = UserSession.objects.count()
    tasks.forget()
    assert (before, UserSession.objects.count(), Session.objects.count()) == (1, 0, 0)


def test_a_chore_is_done_once_a_day_whoever_asks(draft, clock):
    outbox_tasks.forget()
    post.post(draft())
    Letter.objects.update(state=State.FAILED, created_at=clock.moment - timedelta(days=40))
    clock.forward(hours=22)
    outbox_tasks.forget()
    assert Letter.objects.get().blanked_at is None
    clock.forward(hours=2)
    outbox_tasks.forget()
    assert Letter.objects.get().blanked_at == clock.moment
