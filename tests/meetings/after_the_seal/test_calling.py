from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from groups import inviting
from groups.consent import Answer
from meetings import calling, rhythms
from meetings.models.meeting import Role
from meetings.models.seat import Entry
from roundtable import clock
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db


def calendars():
    letters = Letter.objects.filter(kind="groups/sealed").order_by("to")
    return {letter.to: Calendar.from_ical(bytes(letter.ics)) for letter in letters}


def test_the_first_date_is_the_groups_hour_one_to_three_weeks_after_the_seal(meeting):
    assert meeting.starts_at.astimezone().weekday() == 3
    assert (str(meeting.local_time), meeting.zone, meeting.minutes) == ("17:00:00", "America/New_York", 90)
    assert timedelta(days=6) < meeting.starts_at - clock.now() < timedelta(days=22)


def test_every_member_has_a_seat_and_two_have_a_role(meeting):
    assert sorted(meeting.seats.values_list("person__email", "state")) == [
        ("ada@example.org", "invited"),
        ("grace@example.org", "invited"),
        ("hedy@example.org", "invited"),
    ]
    assert sorted(meeting.roles.values_list("role", flat=True)) == [Role.FACILITATOR, Role.TIMEKEEPER]
    assert meeting.roles.values("person").distinct().count() == 2


def test_each_letter_carries_one_attendee_its_addressee_and_an_id_of_its_own(meeting):
    events = {to: calendar.walk("VEVENT")[0] for to, calendar in calendars().items()}
    assert {to: str(event["ATTENDEE"]) for to, event in events.items()} == {
        f"{name}@example.org": f"mailto:{name}@example.org" for name in ("ada", "grace", "hedy")
    }
    assert len({str(event["UID"]) for event in events.values()}) == 3
    assert {event.start for event in events.values()} == {meeting.starts_at}


def test_a_calendar_part_says_nothing_of_the_others_or_the_group(meeting):
    letter = Letter.objects.get(kind="groups/sealed", to="ada@example.org")
    words = bytes(letter.ics).decode().replace("\r\n ", "").lower()
    hidden = ["grace", "hedy", "katherine", meeting.group.name.lower(), "/seats/", "demo"]
    assert [word for word in hidden if word in words] == []


def test_who_joins_late_gets_the_planned_dates(meeting, draft):

    katherine = draft.invitations.get(application__person__email="katherine@example.org")
    inviting.respond(katherine, Answer.YES, received_at=clock.now())
    assert meeting.seats.filter(person__email="katherine@example.org").count() == 1
    assert Entry.objects.filter(seat__meeting=meeting).count() == 4


def test_one_letter_at_the_seal_says_date_series_and_who_leads(meeting):
    letters = {letter.to: letter for letter in Letter.objects.filter(kind="groups/sealed")}
    assert Letter.objects.filter(kind="meetings/planned").count() == 0
    leads = meeting.roles.get(role=Role.FACILITATOR).person.email
    assert {to: "You lead the first meeting" in letter.text for to, letter in letters.items()} == {
        to: to == leads for to in letters
    }
    assert "From there every 6 weeks: " in letters[leads].text
    names = ["grace", "hedy", "hopper", "lamarr", meeting.group.name.lower()]
    ada = letters["ada@example.org"]
    assert [name for name in names if name in (ada.subject + ada.text + ada.html).lower()] == []


def test_the_first_date_is_looked_for_with_one_look_at_the_rhythm(group, meeting):
    """However many dates are looked at: what one needs to be judged is asked before."""
    members = [one.person for one in group.memberships.select_related("person")]
    rhythm, weeks = rhythms.of_group(group), calling.hours_of(group, members)
    days = [clock.today() + timedelta(days=ahead) for ahead in range(9)]
    with CaptureQueriesContext(connection) as asked:
        found = [day for day in days if calling.everybody_free(rhythm, day, weeks)]
        found += [calling.working_day(rhythm, day, members, {}) for day in days]
    assert (len(asked), len(found) >= len(days)) == (0, True)
