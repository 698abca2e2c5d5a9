"""Zone data change under planned dates: the local hour stays, calendars follow, and only who must is asked again."""

from __future__ import annotations

import shutil
import zoneinfo
from datetime import date, time, timedelta
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from meetings import cadence, moving, planning, seating, zones
from meetings.models.meeting import Meeting
from meetings.models.seat import Answer, Entry, Via
from members.models.person import Person
from members.models.program import Organizer, Roster
from roundtable import clock as clock_module
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db
NEW_YORK = "America/New_York"


@pytest.fixture
def patched(tmp_path, monkeypatch):
    """From now on the clocks of New York go like those of another city: a data file of its own wins."""

    def put(other: str) -> None:
        source = resources.files("tzdata") / "zoneinfo" / other
        target = tmp_path / NEW_YORK
        target.parent.mkdir(parents=True, exist_ok=True)
        with resources.as_file(source) as file:
            shutil.copy(Path(file), target)
        zoneinfo.reset_tzpath([str(tmp_path)])
        ZoneInfo.clear_cache()

    yield put
    zoneinfo.reset_tzpath([])
    ZoneInfo.clear_cache()


@pytest.fixture
def three(group, meeting):
    """In three calendars; Grace lives in Lisbon, and everybody comes to the first date."""
    planning.plan_ahead(group)
    Person.objects.filter(email="grace@example.org").update(zone="Europe/Lisbon")
    Letter.objects.update(state="sent", secret=None, sent_at=clock_module.now())
    for seat in meeting.seats.all():
        seating.respond(seat, Answer.YES, via=Via.PAGE, received_at=clock_module.now())
    return list(group.meetings.order_by("starts_at"))


def states(meeting):
    return dict(meeting.seats.values_list("person__email", "state"))


def entries_of(meeting, name):
    return Entry.objects.get(seat__meeting=meeting, seat__person__email=f"{name}@example.org")


def test_with_the_same_data_nothing_happens(three):
    letters = Letter.objects.count()
    assert zones.recheck() == 0
    assert Letter.objects.count() == letters


def test_the_local_hour_stays_and_the_instant_follows(patched, three):
    before = [one.starts_at for one in three]
    patched("America/Chicago")
    assert zones.recheck() == 3
    after = [Meeting.objects.get(pk=one.pk) for one in three]
    assert {one.local_time.hour for one in after} == {17}
    assert [(new.starts_at - old).total_seconds() / 3600 for new, old in zip(after, before, strict=True)] == [1, 1, 1]
    assert all(one.ends_at - one.starts_at == three[0].ends_at - three[0].starts_at for one in after)
    assert zones.recheck() == 0
    assert moving.told_before(after[0], after[0].starts_at - timedelta(days=30)) is None  # letters named this hour


def test_only_whose_own_clock_shows_another_hour_is_asked_again(patched, three):
    patched("America/Chicago")
    zones.recheck()
    assert states(three[0]) == {
        "ada@example.org": "coming",
        "grace@example.org": "invited",
        "hedy@example.org": "coming",
    }
    ada, grace = entries_of(three[0], "ada"), entries_of(three[0], "grace")
    assert (ada.sequence, ada.floor, grace.sequence, grace.floor) == (1, 0, 1, 1)
    kinds = Letter.objects.filter(about=three[0].about, state="queued").values_list("to", "kind")
    assert dict(kinds) == {
        "ada@example.org": "meetings/clocks_changed",
        "grace@example.org": "meetings/moved",
        "hedy@example.org": "meetings/clocks_changed",
    }


def test_every_calendar_gets_the_new_instant_under_the_same_id(patched, three):
    uid = entries_of(three[0], "ada").uid
    patched("America/Chicago")
    zones.recheck()
    letter = Letter.objects.get(kind="meetings/clocks_changed", to="ada@example.org", about=three[0].about)
    event = Calendar.from_ical(bytes(letter.ics)).walk("VEVENT")[0]
    assert (str(event["UID"]), event.start) == (uid, Meeting.objects.get(pk=three[0].pk).starts_at)


def test_a_date_that_has_not_been_told_yet_is_told_once_with_its_new_instant(patched, group, meeting):
    patched("America/Chicago")
    zones.recheck()
    told = Letter.objects.filter(about=meeting.about, to="ada@example.org")
    assert sorted(told.values_list("kind", "state")) == [("groups/sealed", "cancelled"), ("meetings/planned", "queued")]


def test_where_the_clocks_agree_on_the_day_only_the_other_dates_move(patched, three):
    """Bogota keeps the hour of New York's winter all year."""
    day = date(2026, 12, 10)
    starts_at = cadence.instant(day, time(17), NEW_YORK)
    ends_at = starts_at + timedelta(minutes=90)
    Meeting.objects.filter(pk=three[2].pk).update(local_date=day, starts_at=starts_at, ends_at=ends_at)
    patched("America/Bogota")
    assert zones.recheck() == 2
    assert Meeting.objects.get(pk=three[2].pk).starts_at == starts_at


def test_at_a_roundtable_a_seat_is_not_taken_back(patched, group, three):
    type(group).objects.filter(pk=group.pk).update(roster=Roster.OPEN)
    patched("America/Chicago")
    zones.recheck()
    assert set(states(three[0]).values()) == {"coming"}


def test_the_organizer_reads_one_line_in_counts(patched, group, three, organizer, person):
    Organizer.objects.create(program=group.program, person=person("Porto"), metro="Porto")
    patched("America/Chicago")
    zones.recheck()
    letter = Letter.objects.get(kind="meetings/clock_rules")
    assert letter.to == organizer.email
    assert "3 dates to come on the clock of New York keep their local hour" in letter.text
    assert [word for word in ("Ada", group.name) if word in letter.text + letter.subject] == []


def test_one_broken_meeting_keeps_no_other_waiting(patched, three, caplog):
    Meeting.objects.filter(pk=three[0].pk).update(zone="No/Where")
    patched("America/Chicago")
    assert zones.recheck() == 2
