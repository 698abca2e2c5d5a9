"""A date that was called off stays called off, whatever the clock of its board would do."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps

from groups import closing
from groups.models.group import Why
from groups.models.question import Question
from meetings import (
    access,
    attending,
    board,
    calls,
    gathering,
    lookback,
    moving,
    planning,
    rota,
    rounds,
    seasons,
    sitting,
    skipping,
    timeline,
    topics,
)
from meetings.models.ballot import Call, Dot
from meetings.models.board import Board, Here
from meetings.models.meeting import Meeting, Role, State
from meetings.models.seat import Attendance
from meetings.quarters import quarter_of
from meetings.story import Came
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def led(meeting):
    return meeting.roles.select_related("person").get(role=Role.FACILITATOR).person


@pytest.fixture
def off(group, meeting, led):
    planning.plan_ahead(group)
    return moving.call_off(meeting, by=led)


@pytest.fixture
def long_over(off, clock):
    """Its day has come and gone, and the sweep was there all the time."""
    for moment in (off.starts_at, off.ends_at, off.ends_at + timedelta(hours=1)):
        clock.to(moment)
        sitting.advance_all()
    off.refresh_from_db()
    return off


def table_of(meeting):
    return Board.objects.select_related("meeting__group").get(meeting=meeting)


def test_its_day_goes_by_and_it_was_not_held(long_over):
    assert (long_over.state, table_of(long_over).phase) == ("cancelled", "open")
    assert set(long_over.seats.values_list("attendance", flat=True)) == {Attendance.UNKNOWN}
    assert not Letter.objects.filter(kind="meetings/thanks").exists()


def test_no_open_page_moves_its_clock(off, led, clock):
    clock.to(off.ends_at + timedelta(hours=1))
    assert gathering.standing([off.pk])[1][off.pk].due is False
    assert sitting.advance(table_of(off)) is False


def test_who_still_has_its_board_open_is_told(off, led, clock):
    for moment in (clock.now(), off.ends_at + timedelta(hours=1)):
        clock.to(moment)
        with pytest.raises(NotAllowed, match="was called off"):
            topics.propose(table_of(off), by=led, title="Ladders", note="", hidden=False, key=uuid4())
    assert (Meeting.objects.get(pk=off.pk).state, table_of(off).phase) == ("cancelled", "open")


def test_one_that_is_called_off_while_its_board_closes_stays_called_off(meeting, led, clock):
    clock.to(meeting.starts_at)
    attending.here(table_of(meeting), by=led)
    board.begin(table_of(meeting), by=led, step=0)
    with sitting.sitting(table_of(meeting), by=led) as act:
        Meeting.objects.filter(pk=meeting.pk).update(state=State.CANCELLED)
        act.settle(rounds.close(act.clock, act.now))
    assert Meeting.objects.get(pk=meeting.pk).state == "cancelled"


def test_nothing_says_any_more_who_gave_a_dot_or_was_here(group, meeting, led):
    table = table_of(meeting)
    topics.propose(table, by=led, title="Ladders", note="", hidden=True, key=uuid4())
    attending.here(table, by=led)
    calls.dots(table, by=led, topic=topics.Topic.objects.get().public_id, dots=2, key=uuid4())
    assert (Dot.objects.count(), table_of(meeting).secret is None) == (2, False)
    moving.call_off(meeting, by=led)
    assert (Dot.objects.count(), Here.objects.count(), table_of(meeting).secret) == (0, 0, None)
    assert not Call.objects.exclude(secret=None).filter(board=table).exists()


def test_one_that_takes_place_after_all_takes_dots_again(group, off, led):
    skipping.take_back(group, off.occurrence_date, by=led)
    topics.propose(table_of(off), by=led, title="Ladders", note="", hidden=False, key=uuid4())
    calls.dots(table_of(off), by=led, topic=topics.Topic.objects.get(board__meeting=off).public_id, dots=2, key=uuid4())
    assert Dot.objects.count() == 2


def test_it_is_no_meeting_of_timeline_rota_or_quarter(group, long_over, led, organizer):
    memory = access.memory(led, group.public_id)
    assert timeline.moments(memory, list(memory.boards)) == []
    assert rota.read(group, now=long_over.ends_at).past == []
    told = lookback.look_back(organizer, group.program, quarter_of(long_over.local_date)).numbers.dates
    assert [counts for counts in told.values() if Came.HELD in counts] == []


def test_a_season_whose_every_date_was_called_off_asks_nobody(group, meeting, led, clock):
    for _ in range(5):
        planning.plan_ahead(group)
        following = Meeting.objects.filter(group=group).coming_up(clock.now()).first()
        moving.call_off(following, by=led)
        clock.to(following.ends_at + timedelta(hours=1))
        sitting.advance_all()
        seasons.keep()
    assert set(group.meetings.filter(ends_at__lt=clock.now()).values_list("state", flat=True)) == {"cancelled"}
    assert not Question.objects.exists()


def turned(group):
    """As rows stood that the clock of their boards had turned, once they are repaired."""
    group.meetings.filter(state=State.CANCELLED).update(state=State.HELD)
    repair = import_module("meetings.migrations.0008_called_off_stays_called_off")
    repair.call_off_again(apps, None)
    return list(group.meetings.order_by("starts_at").values_list("state", flat=True))


def test_rows_that_were_turned_are_repaired_by_what_was_written_down(group, off):
    assert turned(group) == ["cancelled", "planned", "planned"]


def test_so_is_a_date_that_the_rhythm_leaves_out(group, off, led):
    skipping.skip(group, group.meetings.filter(state=State.PLANNED).earliest("starts_at").occurrence_date, by=led)
    assert turned(group)[:3] == ["cancelled", "cancelled", "planned"]


def test_so_is_a_date_after_the_end_of_its_circle(group, meeting, organizer):
    planning.plan_ahead(group)
    closing.close(group, by=organizer, why=Why.NOT_NEEDED)
    assert turned(group) == ["planned", "cancelled", "cancelled"]


def test_a_date_that_was_taken_back_or_had_somebody_there_stays_held(group, off, led, clock):
    off.seats.filter(person=led).update(attendance=Attendance.PRESENT)
    assert turned(group)[0] == "held"
    off.seats.update(attendance=Attendance.UNKNOWN)
    Meeting.objects.filter(pk=off.pk).update(state=State.CANCELLED)
    clock.forward(minutes=1)
    skipping.take_back(group, off.occurrence_date, by=led)
    Meeting.objects.filter(pk=off.pk).update(state=State.HELD)
    assert turned(group)[0] == "held"
