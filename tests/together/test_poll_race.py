"""Settling happens once, whoever presses together; who answers meanwhile is counted before, or told."""

from __future__ import annotations

from datetime import time, timedelta
from functools import partial

import pytest

from groups import inviting, sealing
from groups.consent import Answer
from meetings import moving, planning, polling, tallying
from meetings.models.poll import Kind, Poll
from meetings.polls import Reply
from roundtable import clock
from roundtable.outbox.models import Letter
from tests.groups.conftest import draft, organizer, pooled, program  # noqa: F401 - what the circle stands on

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def poll(draft, organizer):  # noqa: F811 - the fixtures of these names
    inviting.release(draft, by=organizer)
    for invitation in draft.invitations.order_by("pk")[:3]:
        inviting.respond(invitation, Answer.YES, received_at=clock.now())
    group = sealing.seal(draft, by=organizer)
    planning.plan_ahead(group)
    return polling.open_poll(group, Kind.HOUR, by=organizer)


def members(poll):
    return [one.person for one in poll.group.memberships.select_related("person").order_by("pk")]


def said(poll, person, reply):
    replies = {option.pk: reply for option in poll.options.live()}
    return polling.answer(poll, person, replies, received_at=clock.now())


def test_two_who_settle_at_once_settle_it_once(poll, organizer, at_once):  # noqa: F811 - the fixture of this name
    for person in members(poll):
        said(poll, person, Reply.GOOD)
    first, second = list(poll.options.live())[:2]
    outcome = at_once(
        partial(polling.settle, first, by=organizer, reason="a"),
        partial(polling.settle, second, by=organizer, reason="b"),
        polling.settle_due,
    )
    assert [str(error)[:17] for error in outcome.errors] == ["This poll is over"]
    assert poll.options.filter(chosen_at__isnull=False).count() == 1
    per_date = {
        one.pk: Letter.objects.filter(about=one.about, state="queued").count() for one in poll.group.meetings.all()
    }
    assert set(per_date.values()) == {3}


def test_two_polls_opened_at_once_are_one(poll, organizer, at_once):  # noqa: F811 - the fixture of this name
    polling.end(poll, by=organizer)
    outcome = at_once(*[partial(polling.open_poll, poll.group, Kind.HOUR, by=organizer) for _ in range(2)])
    assert (len(outcome.results), [str(error)[:33] for error in outcome.errors]) == (
        1,
        ["A poll of this group is running a"],
    )
    assert Poll.objects.running().count() == 1


def test_a_no_while_it_is_settled_is_counted_before_or_told(poll, organizer, at_once):  # noqa: F811 - as above
    """Two of three are needed, and two have said yes: the no that comes first keeps it from being chosen."""
    ada, grace, _ = members(poll)
    for person in (ada, grace):
        said(poll, person, Reply.GOOD)
    chosen = poll.options.live().first()
    outcome = at_once(partial(said, poll, grace, Reply.NO), partial(polling.settle, chosen, by=organizer, reason="why"))
    poll.refresh_from_db()
    yes = tallying.counts(poll, [chosen])[chosen.pk].can
    told = [str(error)[:12] for error in outcome.errors]
    assert (yes, poll.settled_at is not None, told) in [(1, False, ["So far 1 of "]), (2, True, ["This poll is"])]


def test_a_date_moved_by_hand_while_its_poll_is_settled_goes_to_one_of_the_two(poll, organizer, at_once):  # noqa: F811 - as above
    """Who comes second is told: the poll is over. Moved by hand after it was settled, the date stands there."""
    polling.end(poll, by=organizer)
    second = poll.group.meetings.order_by("starts_at")[1]
    poll = polling.open_poll(poll.group, Kind.MOVE, by=organizer, meeting=second)
    for person in members(poll):
        said(poll, person, Reply.GOOD)
    chosen, day = poll.options.live().first(), second.local_date + timedelta(days=30)
    outcome = at_once(
        partial(polling.settle, chosen, by=organizer, reason="why"),
        partial(moving.move, second, on=day, at=time(12), by=organizer),
    )
    poll.refresh_from_db()
    second.refresh_from_db()
    told = [str(error)[:17] for error in outcome.errors]
    assert second.local_date == day
    assert (poll.settled_at is None, told) in [(True, ["This poll is over"]), (False, [])]
