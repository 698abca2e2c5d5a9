"""A circle's dates change while somebody answers, joins or leaves: both take the draft before the group."""

from __future__ import annotations

import threading
import time as seconds
from datetime import time
from functools import partial

import pytest
from django.db import OperationalError, connection, connections, transaction

from groups import inviting, questions, sealing
from groups.consent import Answer
from meetings import planning, polling, retiming, sharing, skipping
from meetings.cadence import Cadence, rule_from
from meetings.models.poll import Kind
from meetings.models.turn import Turn
from meetings.polls import Reply
from roundtable import clock
from tests.groups.conftest import draft, organizer, pooled, program  # noqa: F401 - what the circle stands on

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def group(draft, organizer):  # noqa: F811 - the fixtures of these names
    inviting.release(draft, by=organizer)
    for invitation in draft.invitations.order_by("pk")[:3]:
        inviting.respond(invitation, Answer.YES, received_at=clock.now())
    group = sealing.seal(draft, by=organizer)
    planning.plan_ahead(group)
    return group


def another_hour(group, by):
    first = group.meetings.earliest("starts_at").local_date
    rhythm = Cadence(rule_from(first, weeks=2), time(19), group.zone, 90, first)
    return partial(retiming.retime, group, rhythm, start=first, by=by)


def settled(group, by):
    poll = polling.open_poll(group, Kind.HOUR, by=by)
    chosen = poll.options.live().first()
    for one in group.memberships.select_related("person"):
        polling.answer(poll, one.person, {chosen.pk: Reply.GOOD}, received_at=clock.now())
    return partial(polling.settle, chosen, by=by, reason="most can")


def no_more_turns(group, by):
    Turn.objects.create(group=group, number=1, at=time(19))
    return partial(sharing.stop_turns, group, by=by)


def left_out(group, by):
    return partial(skipping.skip, group, group.meetings.latest("starts_at").occurrence_date, by=by)


@pytest.mark.parametrize("act", [another_hour, settled, no_more_turns, left_out])
def test_whoever_holds_the_draft_can_still_take_the_group(act, group, organizer):  # noqa: F811 - as above
    call, errors = act(group, organizer), []

    def change():
        try:
            call()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=change)
    with transaction.atomic():
        sealing.locked(group.draft)
        thread.start()
        wait_until_it_waits()
        try:
            questions.held(group)
        except OperationalError as deadlock:
            errors.append(deadlock)
            transaction.set_rollback(True)
    thread.join()
    assert errors == []


def wait_until_it_waits():
    until = seconds.monotonic() + 10
    with connection.cursor() as cursor:
        while seconds.monotonic() < until:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
            seconds.sleep(0.02)
    pytest.fail("the other one took neither draft nor group")
