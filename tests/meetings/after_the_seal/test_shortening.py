"""Fewer than three come: who leads is offered half an hour, never told that the date is off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import icalendar
import pytest
from django.test import Client

from meetings import agenda, moving, preparing, reminding, retiming, rhythms, seating, shortening
from meetings.models.board import Board
from meetings.models.meeting import Format, Meeting, Ready, Role
from meetings.models.seat import Answer, Entry, State, Via
from roundtable import clock as clock_module
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def leader(meeting):
    return meeting.roles.get(role=Role.FACILITATOR).person


@pytest.fixture
def browser(leader):
    made = Client()
    made.force_login(leader)
    return made


@pytest.fixture
def mailed(meeting):
    """The letter with the date has left."""
    Letter.objects.filter(about=meeting.about).update(state="sent", sent_at=clock_module.now(), secret=None)
    return meeting


def say(meeting, name, answer):
    seat = meeting.seats.get(person__email=f"{name}@example.org")
    seating.respond(seat, answer, via=Via.PAGE, received_at=clock_module.now())


@pytest.mark.parametrize(
    ("coming", "open_seats", "days", "few"),
    [(2, 0, 9, True), (2, 1, 9, False), (2, 1, 3, True), (3, 0, 1, False), (0, 2, 20, True), (0, 8, 20, False)],
)
def test_far_ahead_the_silent_may_still_come(coming, open_seats, days, few):
    assert agenda.too_few(coming, open_seats=open_seats, left=days * DAY) is few


def test_one_button_makes_it_half_an_hour_and_another_takes_that_back(mailed, browser):
    assert "Make it short" not in browser.get(mailed.path).content.decode()
    say(mailed, "hedy", Answer.NO)
    assert "Fewer than three are coming" in browser.get(mailed.path).content.decode()
    page = browser.post(f"{mailed.path}short/", {"short": "yes"}, follow=True).content.decode()
    browser.post(f"{mailed.path}short/", {"short": "yes"})
    short = Meeting.objects.get(pk=mailed.pk)
    assert (short.format, short.minutes, short.ends_at - short.starts_at) == ("short", 30, timedelta(minutes=30))
    assert (short.whole_format, short.whole_minutes) == (mailed.format, mailed.minutes)
    assert "instead of" in page
    assert "Make it short" not in page
    board = Board.objects.get(meeting=short)
    assert (board.ends_at, board.closing_at) == (short.ends_at, short.ends_at - timedelta(minutes=5))
    browser.post(f"{mailed.path}short/", {"short": "no"})
    again = Meeting.objects.get(pk=mailed.pk)
    assert (again.format, again.minutes, again.ends_at) == (mailed.format, mailed.minutes, mailed.ends_at)
    assert (again.whole_format, again.whole_minutes) == ("", None)
    assert Board.objects.get(meeting=again).ends_at == mailed.ends_at


def test_calendars_get_the_new_end_and_answers_stay(mailed, leader):
    say(mailed, "ada", Answer.YES)
    floors = set(Entry.objects.values_list("floor", flat=True))
    shortening.shorten(mailed, by=leader)
    shortening.lengthen(mailed, by=leader)
    shortening.shorten(mailed, by=leader)
    waiting = Letter.objects.filter(kind="meetings/resent").exclude(state="cancelled")
    assert sorted(waiting.values_list("to", flat=True)) == [f"{name}@example.org" for name in ("ada", "grace", "hedy")]
    event = icalendar.Calendar.from_ical(bytes(waiting.first().ics)).walk("VEVENT")[0]
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=30)
    assert "now lasts 30 minutes" in waiting.first().text
    assert set(Entry.objects.values_list("floor", flat=True)) == floors
    assert mailed.seats.get(person__email="ada@example.org").state == State.COMING


def test_who_has_not_heard_of_the_date_hears_of_it_once_as_it_is_and_at_its_hour(meeting, leader):
    later = meeting.starts_at - timedelta(days=2)
    Letter.objects.filter(about=meeting.about).update(not_before=later)
    shortening.shorten(meeting, by=leader)
    told = Letter.objects.filter(about=meeting.about, ics__isnull=False).exclude(state="cancelled")
    assert sorted(told.values_list("kind", "to", "not_before")) == [
        ("groups/sealed", f"{name}@example.org", later) for name in ("ada", "grace", "hedy")
    ]
    assert {"30 minutes" in one.text for one in told} == {True}


def test_who_does_not_lead_gets_no_button_and_404(meeting, leader):
    say(meeting, "hedy", Answer.NO)
    browser = Client()
    browser.force_login(meeting.seats.exclude(person__in=meeting.roles.values("person")).first().person)
    assert "Make it short" not in browser.get(meeting.path).content.decode()
    assert browser.post(f"{meeting.path}short/", {"short": "yes"}).status_code == 404


def test_too_late_and_on_a_board_that_runs_it_is_refused(meeting, leader, browser, clock):
    Board.objects.filter(meeting=meeting).update(phase="welcome")
    with pytest.raises(NotAllowed, match="board has begun"):
        shortening.shorten(meeting, by=leader)
    clock.to(meeting.starts_at)
    answer = browser.post(f"{meeting.path}short/", {"short": "yes"}, follow=True).content.decode()
    assert "This meeting has begun" in answer
    assert Meeting.objects.get(pk=meeting.pk).minutes == meeting.minutes


def test_the_checklist_makes_short_and_whole_again_in_the_same_way(meeting, leader):
    preparing.check_off(meeting, ready=[Ready.ROOM], form=Format.SHORT, by=leader)
    assert Meeting.objects.get(pk=meeting.pk).minutes == 30
    preparing.check_off(meeting, ready=[], form=Format.TALK, by=leader)
    assert Meeting.objects.get(pk=meeting.pk).minutes == meeting.minutes


def test_another_day_keeps_it_short_and_another_rhythm_does_not(meeting, leader):
    shortening.shorten(meeting, by=leader)
    moved = moving.move(meeting, on=meeting.local_date + DAY, at=meeting.local_time, by=leader)
    assert moved.ends_at - moved.starts_at == timedelta(minutes=30)
    kept = rhythms.of_group(meeting.group)
    rhythm = replace(kept, at=kept.at.replace(minute=30), first_date=kept.first_date + 7 * DAY)
    retiming.retime(meeting.group, rhythm, start=moved.local_date, by=leader)
    whole = Meeting.objects.get(pk=meeting.pk)
    assert (whole.format, whole.minutes, whole.whole_minutes) == (meeting.format, kept.minutes, None)


@pytest.mark.parametrize(("short", "said"), [(False, True), (True, False)])
def test_three_days_before_who_leads_reads_of_it_unless_it_is_short(meeting, leader, clock, short, said):
    Meeting.objects.filter(pk=meeting.pk).update(ready=Ready.values)
    for name, answer in (("ada", Answer.YES), ("grace", Answer.YES), ("hedy", Answer.NO)):
        say(meeting, name, answer)
    if short:
        shortening.shorten(meeting, by=leader)
    clock.to(meeting.starts_at - 3 * DAY + timedelta(hours=1))
    reminding.remind()
    letters = Letter.objects.filter(kind="meetings/silent")
    assert [(one.to, "one button makes it short" in one.text) for one in letters] == [(leader.email, True)] * said
    assert all(name not in one.text for one in letters for name in ("Hedy", "not said yet"))
