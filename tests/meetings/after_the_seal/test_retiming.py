"""A circle takes another rhythm: planned dates move along under their own ids, missing ones are planned."""

from __future__ import annotations

import uuid
from datetime import date, time, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from icalendar import Calendar

from meetings import moving, planning, retiming, rhythms, skipping, topics
from meetings.cadence import LAST, Cadence, EveryNWeeks, NthWeekday, rule_from
from meetings.models.board import Board, Topic
from meetings.models.cadence import GroupCadence
from meetings.models.meeting import Meeting, Role, State
from members.models.program import Roster
from roundtable import clock as clock_module
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db
NEW_YORK = "America/New_York"
AT = time(18)


@pytest.fixture
def led(meeting):
    return meeting.roles.select_related("person").get(role=Role.FACILITATOR).person


@pytest.fixture
def three(group, meeting):
    """Three dates ahead, all of them in everybody's calendar."""
    planning.plan_ahead(group)
    Letter.objects.update(state="sent", secret=None, sent_at=clock_module.now())
    return list(group.meetings.order_by("starts_at"))


def dates(group):
    planned = group.meetings.filter(state=State.PLANNED).order_by("starts_at")
    return list(planned.values_list("local_date", flat=True))


def every(weeks, first, at=AT, zone=NEW_YORK, minutes=90):
    return Cadence(rule_from(first, weeks=weeks), at, zone, minutes, first)


def uids(group):
    live = group.meetings.filter(seats__entries__ended_at=None).order_by("starts_at", "seats__entries__uid")
    return list(live.values_list("seats__entries__uid", flat=True))


def test_the_seal_keeps_the_rhythm_as_a_record(group, meeting):
    kept = GroupCadence.objects.get(group=group)
    assert kept.value == Cadence(EveryNWeeks(6, 3), time(17), NEW_YORK, 90, meeting.local_date)


def test_all_planned_dates_move_in_order_and_keep_their_ids(group, three, led):
    before, first = uids(group), three[0].local_date + timedelta(days=5)
    retiming.retime(group, every(2, first), start=three[0].local_date, by=led)
    assert dates(group) == [first, first + timedelta(weeks=2), first + timedelta(weeks=4)]
    assert uids(group) == before
    moved = group.meetings.order_by("starts_at")
    assert {(one.occurrence_date == one.local_date, one.local_time) for one in moved} == {(True, AT)}
    told = Letter.objects.filter(kind="meetings/moved")
    events = [Calendar.from_ical(bytes(one.ics)).walk("VEVENT")[0] for one in told]
    assert (len(events), {int(one["SEQUENCE"]) for one in events}) == (9, {1})
    group.refresh_from_db()
    assert (group.window, rhythms.of_group(group).at) == (first.weekday() * 48 + 36, AT)


def test_the_first_is_told_at_once_and_the_others_on_mornings_of_their_own(group, three, led, clock):
    retiming.retime(group, every(2, three[0].local_date), start=three[0].local_date, by=led)
    told = Letter.objects.filter(kind="meetings/moved", to="ada@example.org").order_by("not_before")
    times = [one.not_before for one in told]
    assert times[0] == clock.now()
    assert [(later - times[0]).days for later in times[1:]] in ([0, 1], [1, 2])


def test_from_a_later_date_on_the_earlier_ones_stay(group, three, led):
    stays, first = three[0].local_date, three[1].local_date + timedelta(days=1)
    retiming.retime(group, every(4, first), start=three[1].local_date, by=led)
    assert dates(group) == [stays, first, first + timedelta(weeks=4)]
    assert Meeting.objects.get(pk=three[0].pk).local_time == time(17)


def test_closer_together_and_further_apart_never_meet_on_the_way(group, three, led):
    first = three[0].local_date
    retiming.retime(group, every(12, first), start=first, by=led)
    assert dates(group) == [first, first + timedelta(weeks=12), first + timedelta(weeks=24)]
    retiming.retime(group, every(6, first), start=first, by=led)
    retiming.retime(group, every(3, first), start=first, by=led)
    assert dates(group) == [first, first + timedelta(weeks=3), first + timedelta(weeks=6)]


def test_monthly_on_the_last_weekday(group, three, led):
    rhythm = Cadence(NthWeekday(LAST, 3), AT, NEW_YORK, 60, date(2026, 5, 28))
    retiming.retime(group, rhythm, start=three[0].local_date, by=led)
    assert dates(group) == [date(2026, 5, 28), date(2026, 6, 25), date(2026, 7, 30)]
    assert set(group.meetings.values_list("minutes", flat=True)) == {60}
    assert rhythms.of_group(group).rule == NthWeekday(LAST, 3)


def test_what_is_missing_is_planned_and_later_dates_follow_the_new_rhythm(group, three, led, clock):
    moving.call_off(three[2], by=led)
    first = three[0].local_date
    retiming.retime(group, every(2, first), start=first, by=led)
    assert dates(group) == [first, first + timedelta(weeks=2), first + timedelta(weeks=4)]
    clock.to(Meeting.objects.get(pk=three[0].pk).ends_at + timedelta(minutes=1))
    planning.keep_ahead()
    assert dates(group)[-1] == first + timedelta(weeks=6)


def test_what_is_more_than_three_dates_goes_and_its_topics_stay(group, three, led):
    second = three[1].local_date
    skipping.skip(group, second, by=led)
    skipping.take_back(group, second, by=led)
    assert len(dates(group)) == 4
    last = group.meetings.latest("starts_at")
    topics.propose(
        Board.objects.get(meeting=last), by=led, title="Ladders", note="", hidden=False, key=uuid.UUID(int=1)
    )
    first = three[0].local_date
    retiming.retime(group, every(2, first), start=first, by=led)
    assert dates(group) == [first, first + timedelta(weeks=2), first + timedelta(weeks=4)]
    assert not Meeting.objects.filter(pk=last.pk).exists()
    assert Topic.objects.get().board.meeting.local_date == first + timedelta(weeks=4)
    gone = Letter.objects.filter(kind="meetings/called_off", about=last.about)
    planned = Letter.objects.filter(kind="meetings/planned", about=last.about, state="cancelled")
    assert gone.count() + planned.count() == 3


def test_the_same_again_says_so_and_tells_nobody(group, three, led):
    rhythm = every(2, three[0].local_date)
    retiming.retime(group, rhythm, start=three[0].local_date, by=led)
    letters = Letter.objects.count()
    with pytest.raises(NotAllowed, match="keeps this rhythm already"):
        retiming.retime(group, rhythm, start=three[0].local_date, by=led)
    assert Letter.objects.count() == letters


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("past", "The first date is over"),
        ("before", "stays: begin the new rhythm after it"),
        ("open", "A roundtable has no rhythm"),
        ("closed", "comes to its end"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_happens(what, sentence, group, three, led):
    first = clock_module.today() - timedelta(days=1) if what == "past" else three[0].local_date
    start = three[1].local_date if what == "before" else three[0].local_date
    if what == "open":
        type(group).objects.filter(pk=group.pk).update(roster=Roster.OPEN)
    if what == "closed":
        type(group).objects.filter(pk=group.pk).update(closed_at=three[0].ends_at)
    before, letters = dates(group), Letter.objects.count()
    with pytest.raises(NotAllowed, match=sentence):
        retiming.retime(group, every(2, first), start=start, by=led)
    assert (dates(group), Letter.objects.count()) == (before, letters)


def test_nobody_meets_at_night():
    with pytest.raises(NotAllowed, match="between 00:00 and 04:59"):
        every(2, date(2026, 6, 4), at=time(4, 59))


def test_a_meeting_moved_alone_is_not_planned_again_and_joins_the_new_rhythm(group, three, led):
    moving.move(three[1], on=three[1].local_date + timedelta(days=2), at=AT, by=led)
    assert planning.plan_ahead(group) == []
    first = three[0].local_date
    retiming.retime(group, every(3, first), start=first, by=led)
    assert dates(group) == [first, first + timedelta(weeks=3), first + timedelta(weeks=6)]


def test_circles_that_met_before_there_was_a_record_keep_their_rhythm(group, meeting, program):
    """The migration: a roundtable, a closed circle and one without a date get none."""
    GroupCadence.objects.all().delete()
    closed = type(group).objects.create(
        program=group.program,
        name="Closed",
        mode="video",
        zone=NEW_YORK,
        window=0,
        sealed_at=clock_module.now(),
        closed_at=clock_module.now(),
    )
    import_module("meetings.migrations.0005_cadences_and_attendance").cadences_of_circles(apps, None)
    assert GroupCadence.objects.get().value == rhythms.by_program(group)
    assert not GroupCadence.objects.filter(group=closed).exists()


def test_a_date_pulled_ahead_of_the_others_keeps_its_place_in_the_rhythm(group, three, led):
    moving.move(three[2], on=three[0].local_date - timedelta(days=1), at=AT, by=led)
    days = [one.occurrence_date for one in three]
    retiming.retime(group, every(6, days[0]), start=days[0] - timedelta(days=1), by=led)
    assert dates(group) == days
    assert [Meeting.objects.get(pk=one.pk).local_date for one in three] == days


def test_who_is_asked_for_a_free_seat_hears_of_the_new_hour_once(group, three, led):
    first, asked = three[0].local_date, Letter.objects.filter(kind="groups/hour_moved")
    retiming.retime(group, every(2, first), start=first, by=led)
    assert list(asked.values_list("to", flat=True)) == ["katherine@example.org"]
    retiming.retime(group, every(4, first), start=first, by=led)
    assert asked.count() == 1
