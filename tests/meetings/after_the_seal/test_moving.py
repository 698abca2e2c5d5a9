"""One date moves or falls out: calendars follow, answers are asked again, the other dates stay."""

from __future__ import annotations

import uuid
from datetime import time, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from meetings import access, moving, planning, seating, topics
from meetings.models.board import Board, Topic
from meetings.models.meeting import Meeting, Role, State
from meetings.models.seat import Answer, Via
from roundtable import clock as clock_module
from roundtable import moments
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db
NOON = time(12)
KEY = uuid.UUID(int=7)


@pytest.fixture
def led(meeting):
    """Who leads the first meeting."""
    return meeting.roles.select_related("person").get(role=Role.FACILITATOR).person


@pytest.fixture
def mailed(meeting):
    """The first date has reached everybody's calendar."""
    Letter.objects.filter(about=meeting.about).update(state="sent", secret=None, sent_at=clock_module.now())
    return meeting


def say(meeting, name, answer):
    seat = meeting.seats.get(person__email=f"{name}@example.org")
    return seating.respond(seat, answer, via=Via.PAGE, received_at=clock_module.now())


def events(kind):
    return [Calendar.from_ical(bytes(one.ics)).walk("VEVENT")[0] for one in Letter.objects.filter(kind=kind)]


def test_another_hour_asks_everybody_again_under_the_same_id(mailed, led):
    say(mailed, "ada", Answer.YES)
    before = {str(one["UID"]) for one in events("groups/sealed")}
    moved = moving.move(mailed, on=mailed.local_date + timedelta(days=1), at=NOON, by=led)
    assert set(moved.seats.values_list("state", flat=True)) == {"invited"}
    fresh = events("meetings/moved")
    assert {str(one["UID"]) for one in fresh} == before
    assert {(int(one["SEQUENCE"]), one.start, str(one["ATTENDEE"].params["PARTSTAT"])) for one in fresh} == {
        (1, moved.starts_at, "NEEDS-ACTION")
    }
    assert set(moved.seats.values_list("entries__floor", flat=True)) == {1}
    assert moved.seats.get(person__email="ada@example.org").history.get().answer == "yes"


def test_who_never_heard_of_the_old_date_hears_of_the_new_one_alone(meeting, led):
    moving.move(meeting, on=meeting.local_date + timedelta(days=1), at=NOON, by=led)
    assert Letter.objects.filter(kind="meetings/moved").count() == 0
    assert Letter.objects.filter(kind="groups/sealed", state="cancelled").count() == 3
    assert Letter.objects.filter(kind="meetings/planned", state="queued").count() == 3


def test_the_board_goes_along_and_the_rhythm_stays(mailed, led, group):
    planning.plan_ahead(group)
    moving.move(mailed, on=mailed.local_date + timedelta(days=2), at=NOON, by=led)
    mailed.refresh_from_db()
    assert Board.objects.get(meeting=mailed).starts_at == mailed.starts_at
    assert mailed.occurrence_date == mailed.local_date - timedelta(days=2)
    assert planning.plan_ahead(group) == []


@pytest.mark.parametrize(
    ("days", "at", "sentence"),
    [
        (-30, NOON, "This moment is over"),
        (0, time(17), "at this time already"),
        (1, time(3), "cannot start between 00:00 and 04:59"),
        (42, NOON, "meets on this day already"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_happens(days, at, sentence, mailed, led, group):
    planning.plan_ahead(group)
    on = mailed.local_date + timedelta(days=days)
    with pytest.raises(NotAllowed, match=sentence):
        moving.move(mailed, on=on, at=at, by=led)
    assert Meeting.objects.get(pk=mailed.pk).starts_at == mailed.starts_at
    assert Letter.objects.filter(kind="meetings/moved").count() == 0


def test_what_has_begun_or_was_called_off_stays(mailed, led, clock):
    moving.call_off(mailed, by=led)
    with pytest.raises(NotAllowed, match="has been cancelled"):
        moving.move(mailed, on=mailed.local_date + timedelta(days=1), at=NOON, by=led)
    with pytest.raises(NotAllowed, match="has been cancelled"):
        moving.call_off(mailed, by=led)
    Meeting.objects.filter(pk=mailed.pk).update(state=State.PLANNED)
    clock.to(mailed.starts_at)
    with pytest.raises(NotAllowed, match="has begun"):
        moving.call_off(mailed, by=led)


def test_a_date_called_off_leaves_every_calendar_and_its_topics_go_on(mailed, led, group):
    planning.plan_ahead(group)
    say(mailed, "grace", Answer.NO)
    topics.propose(access.board(led, mailed.public_id), by=led, title="Ladders", note="", hidden=False, key=KEY)
    moving.call_off(mailed, by=led)
    fresh = Letter.objects.filter(kind="meetings/called_off")
    methods = {str(Calendar.from_ical(bytes(one.ics))["METHOD"]) for one in fresh}
    assert (fresh.count(), methods) == (3, {"CANCEL"})
    following = group.meetings.filter(state=State.PLANNED).earliest("starts_at")
    assert Topic.objects.get(board__meeting=following).title == "Ladders"
    planning.plan_ahead(group)
    assert Meeting.objects.filter(group=group).coming_up(clock_module.now()).count() == 3


def test_only_who_leads_or_keeps_time_moves_it_from_the_page(mailed, led, group):
    browser, when = Client(), {"on": str(mailed.local_date + timedelta(days=1)), "at": "12:00"}
    role_less = mailed.seats.exclude(person__in=mailed.roles.values("person")).get().person
    browser.force_login(role_less)
    assert browser.post(f"{mailed.path}move/", when).status_code == 404
    assert browser.post(f"{mailed.path}call-off/", {"sure": "on"}).status_code == 404
    assert "Move this date" not in browser.get(mailed.path).content.decode()
    browser.force_login(led)
    assert "Move this date" in browser.get(mailed.path).content.decode()
    assert (
        "This moment is over"
        in browser.post(f"{mailed.path}move/", {"on": "2020-01-01", "at": "12:00"}).content.decode()
    )
    assert browser.post(f"{mailed.path}move/", when).status_code == 302
    assert Meeting.objects.get(pk=mailed.pk).local_time == NOON
    asked = browser.post(f"{mailed.path}call-off/", {}, follow=True).content.decode()
    assert "Tick the box first" in asked
    browser.post(f"{mailed.path}call-off/", {"sure": "on"})
    assert "This meeting is cancelled" in browser.get(mailed.path).content.decode()


def test_the_link_in_an_older_letter_says_that_the_date_moved_and_from_when(meeting, led, clock):
    token = Letter.objects.get(kind="groups/sealed", to="ada@example.org").secrets_by_mark()["~~token~~"]
    Letter.objects.filter(about=meeting.about).update(state="sent", secret=None, sent_at=clock.now())
    browser, ada = Client(), meeting.seats.get(person__email="ada@example.org").person

    def read(key):
        return browser.get(f"/seats/{key}/", follow=True).content.decode()

    assert "has moved" not in read(token)
    told = moments.both(meeting.starts_at, meeting.zone, ada.zone)
    for days in (1, 2):  # twice: what counts is what the letter said
        clock.forward(hours=1)
        moving.move(meeting, on=meeting.local_date + timedelta(days=days), at=NOON, by=led)
    assert f"This date has moved.</strong><p>Your letter says {told}." in read(token)
    fresh = Letter.objects.filter(kind="meetings/moved", to=ada.email).latest("pk").secrets_by_mark()["~~token~~"]
    assert "has moved" not in read(fresh)
    assert "has moved" in read(token)
    moving.call_off(meeting, by=led)
    assert "This meeting is cancelled" in (page := read(token))
    assert "Save my answer" not in page
