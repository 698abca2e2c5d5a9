"""A pool's taster meetings go on by themselves: letters three weeks before, the next date, and their end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from groups import hosting
from groups.models.group import Group
from groups.models.offer import Kind
from meetings import seating, tasters
from meetings.models.meeting import Meeting
from meetings.models.seat import Answer, Seat, Via
from meetings.views.meeting import at_roundtable
from members import identity
from members.models.application import Application, IdentityAnswers
from members.models.person import Person
from members.models.program import Organizer, Program
from roundtable import clock as clock_module
from roundtable.outbox.models import Letter
from tests.groups.conftest import NAMES, THURSDAY_17, applicant

pytestmark = pytest.mark.django_db
VIDEO = ("Americas, east", True)
FIRST_NAMES = [name.split()[0].lower() for name in NAMES]
FIRST_ASKED = datetime(2026, 5, 8, tzinfo=UTC)
FIRST = date(2026, 5, 28)  # the first Thursday that is three weeks after 5 May


@pytest.fixture
def program(db):
    return Program.objects.create(
        slug="demo", name="Learning circles", size_min=3, size_target=4, size_max=5, willing_min=1, every_weeks=6
    )


@pytest.fixture
def waiting(program):
    return [applicant(program, name) for name in NAMES[:6]]


@pytest.fixture
def signed(waiting, program):
    """A taster meeting that Ada hosts, signed a week before START."""
    organizer = Person.objects.create_user("olga@example.org", name="Olga", initials="O", is_staff=True)
    Organizer.objects.create(program=program, person=organizer)
    offered = hosting.offer(waiting[0], Kind.TASTER, VIDEO, window=THURSDAY_17)
    return hosting.sign(offered, by=organizer).group


@pytest.fixture
def minds(program):
    """Somebody who waits says on what they would not want to be alone, and whether that may be used."""

    def say_so(name, *wishes, dimensions=(), agreed=True):
        application = Application.objects.get(program=program, person__email=f"{name}@example.org")
        row = IdentityAnswers(application=application, source="form", consented_at=FIRST_ASKED if agreed else None)
        row.answers = identity.written(identity.Told(frozenset(dimensions), frozenset(wishes)))
        row.save()

    return say_so


def company_of(name):
    seat = Seat.objects.select_related("meeting__group", "person").get(person__email=f"{name}@example.org")
    return at_roundtable(seat)["company"]


def asked():
    return sorted(Letter.objects.filter(kind="meetings/taster").values_list("to", flat=True))


def dates():
    return list(Meeting.objects.order_by("starts_at").values_list("occurrence_date", flat=True))


def say(name, answer):
    seat = Seat.objects.filter(person__email=f"{name}@example.org").order_by("-meeting__starts_at")[0]
    return seating.respond(seat, answer, via=Via.LINK, received_at=clock_module.now())


def test_a_signed_taster_has_its_date_with_the_host_on_it_and_nobody_is_asked_yet(signed):
    meeting = Meeting.objects.get()
    assert (meeting.occurrence_date, meeting.starts_at) == (FIRST, datetime(2026, 5, 28, 21, tzinfo=UTC))
    assert list(meeting.seats.values_list("person__email", "state", "number")) == [("ada@example.org", "coming", 1)]
    assert asked() == []


def test_three_weeks_before_everybody_who_waits_is_asked_once(signed, clock):
    tasters.keep_going()
    assert asked() == []
    clock.to(datetime(2026, 5, 7, 22, tzinfo=UTC))
    tasters.keep_going()
    tasters.keep_going()
    assert asked() == [f"{name}@example.org" for name in ("grace", "hedy", "katherine", "mary", "radia")]


def test_who_comes_into_the_pool_meanwhile_is_asked_too_until_two_days_before(signed, clock, program):
    clock.to(datetime(2026, 5, 20, 12, tzinfo=UTC))
    tasters.keep_going()
    applicant(program, "Karen Jones")
    tasters.keep_going()
    assert "karen@example.org" in asked()
    clock.to(datetime(2026, 5, 27, 12, tzinfo=UTC))
    applicant(program, "Lynn Conway")
    tasters.keep_going()
    assert "lynn@example.org" not in asked()


def test_after_a_meeting_the_next_date_is_a_rhythm_later(signed, clock):
    clock.to(datetime(2026, 5, 29, 12, tzinfo=UTC))
    tasters.keep_going()
    tasters.keep_going()
    assert dates() == [FIRST, FIRST + timedelta(weeks=6)]


def test_who_was_left_in_line_hears_a_day_earlier(signed, clock, program):
    Meeting.objects.update(cap=2)
    clock.to(datetime(2026, 5, 8, 12, tzinfo=UTC))
    tasters.keep_going()
    say("grace", Answer.YES)
    assert say("hedy", Answer.YES).state == "waiting"
    clock.to(datetime(2026, 5, 29, 12, tzinfo=UTC))
    tasters.keep_going()
    second = Meeting.objects.order_by("-starts_at")[0]
    clock.to(second.starts_at - timedelta(days=22, hours=8))
    tasters.keep_going()
    assert list(second.seats.exclude(state="coming").values_list("person__email", flat=True)) == ["hedy@example.org"]
    clock.to(second.starts_at - timedelta(days=21, hours=8))
    tasters.keep_going()
    assert second.seats.count() == 6


def test_two_thin_meetings_running_end_it(signed, clock):
    for day in (datetime(2026, 5, 29, 12, tzinfo=UTC), datetime(2026, 7, 10, 12, tzinfo=UTC)):
        clock.to(day)
        tasters.keep_going()
    assert (Group.objects.get().closed_at, len(dates())) == (datetime(2026, 7, 10, 12, tzinfo=UTC), 2)


def test_a_full_one_between_keeps_it_going(signed, clock):
    clock.to(datetime(2026, 5, 29, 12, tzinfo=UTC))
    tasters.keep_going()
    clock.to(datetime(2026, 6, 20, 12, tzinfo=UTC))
    tasters.keep_going()
    for name in ("grace", "hedy", "katherine", "mary"):
        say(name, Answer.YES)
    clock.to(datetime(2026, 7, 10, 12, tzinfo=UTC))
    tasters.keep_going()
    assert (Group.objects.get().closed_at, len(dates())) == (None, 3)


def test_without_its_host_it_ends_and_somebody_else_may_offer(signed, clock, waiting):
    clock.to(datetime(2026, 5, 29, 12, tzinfo=UTC))
    Application.objects.filter(pk=waiting[0].pk).update(stage="placed")
    tasters.keep_going()
    assert Group.objects.get().closed_at == datetime(2026, 5, 29, 12, tzinfo=UTC)
    assert hosting.offer(waiting[1], Kind.TASTER, VIDEO, window=THURSDAY_17).state == "open"


def test_in_a_pool_that_has_become_small_no_date_is_planned(signed, clock):
    clock.to(datetime(2026, 5, 29, 12, tzinfo=UTC))
    Application.objects.exclude(person__email="ada@example.org").update(stage="dormant")
    tasters.keep_going()
    assert (Group.objects.get().closed_at, dates()) == (None, [FIRST])


def test_who_minds_being_alone_reads_how_many_who_come_share_it(signed, waiting, clock, minds, client):
    clock.to(FIRST_ASKED)
    tasters.keep_going()
    minds(FIRST_NAMES[1], "gender:woman", "carer:yes")
    minds(FIRST_NAMES[2], dimensions={"gender:woman", "carer:yes"})
    minds(FIRST_NAMES[3], "gender:woman", dimensions={"carer:yes"}, agreed=False)
    minds(FIRST_NAMES[4], "gender:woman")
    assert [company_of(name) for name in FIRST_NAMES[1:4]] == [0, None, None]  # nobody comes yet but the host
    for name in FIRST_NAMES[2:5]:
        say(name, Answer.YES)
    assert company_of(FIRST_NAMES[1]) == 1, (
        "of two things the one that fewer share; one of three did not agree to be counted"
    )
    own = Seat.objects.get(person__email=f"{FIRST_NAMES[1]}@example.org")
    client.force_login(own.person)
    assert "One other who is coming shares what matters to you" in client.get(own.meeting.path).content.decode()
    client.force_login(Person.objects.get(email=f"{FIRST_NAMES[5]}@example.org"))
    assert "what matters to you" not in client.get(own.meeting.path).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_company_asks_the_same_questions_for_one_and_for_many(count, signed, clock, minds, django_assert_num_queries):
    clock.to(FIRST_ASKED)
    tasters.keep_going()
    minds(FIRST_NAMES[1], "gender:woman")
    for name in FIRST_NAMES[2 : 2 + count]:
        minds(name, "gender:woman")
        say(name, Answer.YES)
    with django_assert_num_queries(7):
        assert company_of(FIRST_NAMES[1]) == count


def test_each_is_asked_from_eight_in_the_morning_of_their_own_clock(signed, waiting, clock):
    zones = {"grace": "Europe/Madrid", "hedy": "America/Los_Angeles"}
    for name, zone in zones.items():
        Person.objects.filter(email=f"{name}@example.org").update(zone=zone)
    seen = {}
    for hour in range(4, 18):
        clock.to(datetime(2026, 5, 7, hour, tzinfo=UTC))
        before = set(asked())
        tasters.keep_going()
        tasters.keep_going()
        seen[hour] = sorted(to.partition("@")[0] for to in set(asked()) - before)
    told = {hour: names for hour, names in seen.items() if names}
    assert told == {6: ["grace"], 12: ["katherine", "mary", "radia"], 15: ["hedy"]}


def test_who_comes_into_the_pool_in_the_evening_is_asked_in_the_morning(signed, clock, program):
    clock.to(datetime(2026, 5, 10, 12, tzinfo=UTC))
    tasters.keep_going()
    applicant(program, "Karen Jones")
    heard = []
    for moment in (datetime(2026, 5, 11, 1, tzinfo=UTC), datetime(2026, 5, 11, 11, 59, tzinfo=UTC)):
        clock.to(moment)
        tasters.keep_going()
        heard.append("karen@example.org" in asked())
    clock.to(datetime(2026, 5, 11, 12, tzinfo=UTC))
    tasters.keep_going()
    assert (heard, "karen@example.org" in asked()) == ([False, False], True)
