"""A date is left out and taken back; the dates after it stay where the rhythm has them."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from icalendar import Calendar

from groups import sabbaticals
from groups.models.group import Membership
from meetings import moving, planning, rhythms, seating, skipping
from meetings.models.meeting import Meeting, Role, State
from meetings.models.seat import Answer, Entry, Via
from meetings.models.turn import Turn
from roundtable import clock as clock_module
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from tests.meetings.after_the_seal.test_retiming import dates

pytestmark = pytest.mark.django_db


@pytest.fixture
def led(meeting):
    return meeting.roles.select_related("person").get(role=Role.FACILITATOR).person


@pytest.fixture
def three(group, meeting):
    planning.plan_ahead(group)
    Letter.objects.update(state="sent", secret=None, sent_at=clock_module.now())
    return list(group.meetings.order_by("starts_at"))


def later(three, number):
    return three[0].local_date + timedelta(weeks=6 * number)


def test_a_planned_date_leaves_the_calendars_and_a_later_one_follows(group, three, led):
    skipping.skip(group, later(three, 1), by=led)
    assert dates(group) == [later(three, 0), later(three, 2), later(three, 3)]
    gone = Letter.objects.filter(kind="meetings/called_off")
    assert {str(Calendar.from_ical(bytes(one.ics))["METHOD"]) for one in gone} == {"CANCEL"}
    assert gone.count() == 3


def test_a_date_to_come_is_left_out_before_it_is_planned(group, three, led, clock):
    skipping.skip(group, later(three, 3), by=led)
    clock.to(three[0].ends_at + timedelta(minutes=1))
    planning.keep_ahead()
    assert dates(group)[-1] == later(three, 4)


def test_taken_back_before_it_was_planned_it_follows_in_its_turn(group, three, led, clock):
    skipping.skip(group, later(three, 3), by=led)
    skipping.take_back(group, later(three, 3), by=led)
    assert len(dates(group)) == 3
    clock.to(three[0].ends_at + timedelta(minutes=1))
    planning.keep_ahead()
    assert dates(group)[-1] == later(three, 3)


def test_taken_back_when_later_ones_are_planned_it_is_planned_at_once(group, three, led, clock):
    skipping.skip(group, later(three, 3), by=led)
    clock.to(three[0].ends_at + timedelta(minutes=1))
    planning.keep_ahead()
    skipping.take_back(group, later(three, 3), by=led)
    assert dates(group)[1:] == [later(three, number) for number in (1, 2, 3, 4)]


def test_a_planned_date_taken_back_has_new_ids_and_everybody_is_asked(group, three, led, person):
    skipping.skip(group, later(three, 1), by=led)
    old = set(Entry.objects.filter(seat__meeting=three[1]).values_list("uid", flat=True))
    newcomer = person("Ida")
    Membership.objects.create(group=group, person=newcomer, joined_on=clock_module.today())
    Membership.objects.filter(person__email="hedy@example.org").update(left_on=clock_module.today())
    skipping.take_back(group, later(three, 1), by=led)
    meeting = Meeting.objects.get(pk=three[1].pk)
    seats = meeting.seats.values_list("person__email", "state").order_by("person__email")
    assert list(seats) == [(f"{name}@example.org", "invited") for name in ("ada", "grace", "ida")]
    fresh = Entry.objects.filter(seat__meeting=meeting, ended_at=None)
    assert (fresh.count(), set(fresh.values_list("uid", flat=True)) & old) == (3, set())
    assert meeting.roles.count() == 2
    assert not meeting.roles.filter(person__email="hedy@example.org").exists()


def test_a_date_called_off_on_its_page_can_be_taken_back(group, three, led):
    moving.call_off(three[1], by=led)
    skipping.take_back(group, later(three, 1), by=led)
    assert later(three, 1) in dates(group)


@pytest.mark.parametrize(
    ("on", "sentence"),
    [(1, "not meet on this date"), (-42, "not meet on this date"), (42, "left out already")],
)
def test_what_cannot_be_left_out_is_refused(on, sentence, group, three, led):
    skipping.skip(group, later(three, 1), by=led)
    with pytest.raises(NotAllowed, match=sentence):
        skipping.skip(group, three[0].local_date + timedelta(days=on), by=led)


def test_what_cannot_be_taken_back_is_refused(group, three, led, clock):
    with pytest.raises(NotAllowed, match="not left out"):
        skipping.take_back(group, later(three, 1), by=led)
    skipping.skip(group, later(three, 1), by=led)
    moving.move(three[0], on=later(three, 1), at=three[0].local_time, by=led)
    with pytest.raises(NotAllowed, match="on this day already"):
        skipping.take_back(group, later(three, 1), by=led)
    clock.to(three[1].starts_at)
    with pytest.raises(NotAllowed, match="is over"):
        skipping.take_back(group, later(three, 1), by=led)


def test_twice_pressed_is_once(group, three, led):
    skipping.skip(group, later(three, 1), by=led)
    with pytest.raises(NotAllowed, match="left out already"):
        skipping.skip(group, later(three, 1), by=led)
    assert group.meetings.filter(state=State.CANCELLED).count() == 1
    assert rhythms.of_group(group).skips == {later(three, 1)}


def test_who_is_on_a_sabbatical_by_then_is_excused_and_leads_nothing(group, three, clock):
    meeting = three[1]
    ada = meeting.roles.select_related("person").get(role=Role.FACILITATOR).person
    seating.respond(meeting.seats.get(person=ada), Answer.YES, via=Via.PAGE, received_at=clock.now())
    moving.call_off(meeting, by=ada)
    sabbaticals.begin(group.memberships.get(person=ada), meetings=3)
    skipping.take_back(group, later(three, 1), by=ada)
    assert meeting.seats.get(person=ada).state == "excused"
    assert not Entry.objects.filter(seat__meeting=meeting, seat__person=ada, ended_at=None).exists()
    assert (meeting.roles.count(), meeting.roles.filter(person=ada).exists()) == (2, False)


def test_taken_back_where_hours_are_taken_in_turn_it_is_at_the_hour_of_its_turn(group, three, led):
    skipping.skip(group, later(three, 1), by=led)
    Turn.objects.create(group=group, number=1, at=time(9, 30))
    skipping.take_back(group, later(three, 1), by=led)
    assert Meeting.objects.get(pk=three[1].pk).local_time == time(9, 30)
