"""The sweep: each reminder once, to the right people, and after a move once more."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from meetings import moving, planning, reminding, seating
from meetings.models.meeting import Meeting, Ready, Role
from meetings.models.meeting import State as MeetingState
from meetings.models.seat import Answer, Seat, Via
from members.models.program import Roster
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("America/New_York")  # where all three live


@pytest.fixture(autouse=True)
def ready(meeting):
    """Whoever leads has ticked everything, and hears of that no more."""
    Meeting.objects.filter(pk=meeting.pk).update(ready=Ready.values)


def days_before(meeting, days, hour=9):
    there = meeting.starts_at.astimezone(HERE) - timedelta(days=days)
    return there.replace(hour=hour, minute=0)


def say(meeting, name, answer, clock):
    seat = meeting.seats.get(person__email=f"{name}@example.org")
    seating.respond(seat, answer, via=Via.PAGE, received_at=clock.now())


def told(kind):
    return sorted(Letter.objects.filter(kind=f"meetings/{kind}").values_list("to", flat=True))


def at(meeting, clock, days, hour=9):
    clock.to(days_before(meeting, days, hour))
    return reminding.remind()


def test_who_has_not_answered_is_asked_a_week_before_once(meeting, clock):
    say(meeting, "ada", Answer.YES, clock)
    say(meeting, "grace", Answer.MAYBE, clock)
    assert at(meeting, clock, 7, hour=8) == 0
    assert at(meeting, clock, 7) == 2
    assert at(meeting, clock, 6) == 0
    assert told("please_answer") == ["grace@example.org", "hedy@example.org"]


def test_who_leads_hears_how_many_are_silent_and_no_name(meeting, clock):
    say(meeting, "ada", Answer.YES, clock)
    leader = meeting.roles.get(role=Role.FACILITATOR).person
    at(meeting, clock, 3)
    letter = Letter.objects.get(kind="meetings/silent")
    assert letter.to == leader.email
    assert "2 people have not said yet" in letter.text
    assert [name for name in ("Grace", "Hedy") if name in letter.text + letter.html] == []


def test_where_everybody_has_answered_nobody_hears_of_it(meeting, clock):
    for name in ("ada", "grace", "hedy"):
        say(meeting, name, Answer.YES, clock)
    assert at(meeting, clock, 3) == 0


def test_who_comes_hears_of_tomorrow_with_the_room(meeting, clock):
    Meeting.objects.filter(pk=meeting.pk).update(room="Attic, third door")
    say(meeting, "ada", Answer.YES, clock)
    say(meeting, "grace", Answer.NO, clock)
    assert at(meeting, clock, 1, hour=17) == 1
    assert told("tomorrow") == ["ada@example.org"]
    assert "Attic, third door" in Letter.objects.get(kind="meetings/tomorrow").text


def test_after_a_move_it_is_another_reminder_and_after_a_cancellation_none(meeting, clock):
    at(meeting, clock, 7)
    leader = meeting.roles.get(role=Role.FACILITATOR).person
    moved = moving.move(meeting, on=meeting.local_date + timedelta(days=4), at=time(17), by=leader)
    assert at(moved, clock, 7) == 3
    moving.call_off(moved, by=leader)
    assert at(moved, clock, 3) == 0


def test_a_day_without_a_sweep_sends_nothing_late(meeting, clock):
    clock.to(meeting.starts_at - timedelta(days=3, hours=12))
    assert reminding.remind() == 0


def test_at_a_roundtable_only_who_does_not_know_yet_is_asked_twice(meeting, group, clock):
    type(group).objects.filter(pk=group.pk).update(roster=Roster.OPEN)
    Seat.objects.filter(person__email="ada@example.org").update(state="tentative")
    assert (at(meeting, clock, 7), at(meeting, clock, 3)) == (1, 1)
    assert told("please_answer") == ["ada@example.org", "ada@example.org"]


@pytest.mark.parametrize("count", [1, 3])
def test_nothing_is_asked_per_seat(count, meeting, clock, django_assert_num_queries):
    for seat in meeting.seats.order_by("pk")[count:]:
        seating.respond(seat, Answer.NO, via=Via.PAGE, received_at=clock.now())
    clock.to(days_before(meeting, 7))
    with django_assert_num_queries(7):
        assert reminding.remind() == count


@pytest.mark.parametrize(("count", "recorded"), [(1, 1), (3, 0)])  # that one is few came too late, and is recorded
def test_tomorrows_letters_compare_with_the_date_before_in_one_question(
    count, recorded, meeting, group, clock, django_assert_num_queries
):
    second = planning.plan_ahead(group)[0]
    moved = moving.move(second, on=second.local_date, at=time(18), by=second.roles.first().person)
    for place, name in enumerate(("ada", "grace", "hedy")):
        say(moved, name, Answer.YES if place < count else Answer.NO, clock)
    Meeting.objects.update(ready=Ready.values)
    clock.to(moved.starts_at - timedelta(hours=23))
    with django_assert_num_queries(9 + recorded):
        assert reminding.remind() == count
    assert "For you 1 hour later than the time before." in Letter.objects.filter(kind="meetings/tomorrow").first().text


def test_a_cancelled_meeting_reminds_nobody(meeting, clock):
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.CANCELLED)
    assert at(meeting, clock, 7) == 0


def test_a_reminder_of_the_old_hour_that_has_not_left_is_taken_back_by_a_move(meeting, clock):
    at(meeting, clock, 7)
    waiting = Letter.objects.filter(kind="meetings/please_answer", state="queued")
    assert waiting.count() == 3
    leader = meeting.roles.get(role=Role.FACILITATOR).person
    moving.move(meeting, on=meeting.local_date + timedelta(days=4), at=time(17), by=leader)
    assert waiting.count() == 0
