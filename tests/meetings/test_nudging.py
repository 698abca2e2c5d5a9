"""A word in private: one sign, one letter to who leads, and nobody else hears of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groups.models.group import Group, Membership
from groups.models.nudge import Answer, Nudge
from meetings import nudging
from meetings.models.meeting import Meeting, MeetingRole, Role
from meetings.models.seat import Attendance, Seat, State
from members.models.person import Person
from roundtable.outbox.models import Letter
from tests.conftest import START, Stopped
from tests.meetings.conftest import Made, held

pytestmark = pytest.mark.django_db
KIND = "meetings/nudge_in_private"


def ahead(group: Group, days: int) -> Meeting:
    """The next date, led by the first member; everybody comes."""
    meeting = held(group, weeks=0)
    moment = START + timedelta(days=days)
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=moment, ends_at=moment + timedelta(minutes=90), local_date=moment.date()
    )
    people = [one.person for one in group.memberships.order_by("pk")]
    Seat.objects.bulk_create(Seat(meeting=meeting, person=one, state=State.COMING) for one in people)
    MeetingRole.objects.create(meeting=meeting, role=Role.FACILITATOR, person=people[0])
    return meeting


@pytest.fixture
def fading(made: Made) -> Group:
    """Few come, each with a word before: one sign. It meets in a week."""
    group = made("Fading", (8, 5, 4), missed=Attendance.EXCUSED)
    ahead(group, 7)
    return group


def leader(group: Group) -> Person:
    return group.memberships.order_by("pk")[0].person


def told() -> list[str]:
    return list(Letter.objects.filter(kind=KIND).order_by("pk").values_list("to", flat=True))


def test_of_a_circle_with_too_few_members_the_organizer_reads_and_nobody_is_nudged(fading: Group) -> None:
    fading.memberships.filter(pk__in=fading.memberships.values("pk")[3:]).update(left_on=START.date())
    assert nudging.nudge_due() == 0


def test_one_sign_is_one_letter_to_who_leads(fading: Group, organizer: Person, superuser: Person) -> None:
    assert [nudging.nudge_due() for _ in range(2)] == [1, 0]
    assert told() == [leader(fading).email]
    letter = Letter.objects.get(kind=KIND)
    assert "fewer came to the last meetings" in letter.text
    assert not Letter.objects.organized_by(superuser).filter(kind=KIND).exists()
    assert not Letter.objects.filter(to=organizer.email).exists()


@pytest.mark.parametrize(
    ("came", "silent", "missed"),
    [((8, 5, 4), 4, Attendance.ABSENT), ((8, 8, 8), 4, Attendance.ABSENT), ((8, 8, 7), 0, Attendance.ABSENT)],
    ids=["two signs: the organizer's", "silence: told already", "well"],
)
def test_otherwise_there_is_none(made: Made, came: tuple[int, ...], silent: int, missed: Attendance) -> None:
    ahead(made("Other", came, silent=silent, missed=missed), 7)
    assert (nudging.nudge_due(), told()) == (0, [])


def test_few_topics_are_a_sign_two_days_before(made: Made, clock: Stopped) -> None:
    ahead(made("Mute", (8, 8, 8)), 3)
    assert nudging.nudge_due() == 0
    clock.forward(hours=23)
    assert nudging.nudge_due() == 1
    assert Nudge.objects.get().sign == "topics"


def test_a_meeting_that_is_far_or_that_nobody_leads_waits(made: Made, clock: Stopped) -> None:
    meeting = ahead(made("Far", (8, 5, 4), missed=Attendance.EXCUSED), 15)
    assert nudging.nudge_due() == 0
    clock.forward(days=2)
    roles = MeetingRole.objects.filter(meeting=meeting)
    roles.update(role=Role.TIMEKEEPER)
    assert nudging.nudge_due() == 0
    roles.update(role=Role.FACILITATOR)
    assert nudging.nudge_due() == 1


def test_nobody_is_woken_and_nobody_gets_a_third_letter_in_a_day(fading: Group, clock: Stopped) -> None:
    clock.to(START + timedelta(hours=3))  # nine in the evening
    assert nudging.nudge_due() == 0
    clock.to(START + timedelta(hours=15))
    for number in range(2):
        Letter.objects.create(
            kind="meetings/tomorrow", person=leader(fading), dedupe_key=str(number), not_before=clock.now()
        )
    assert nudging.nudge_due() == 0
    clock.forward(hours=25)
    assert nudging.nudge_due() == 1


def test_the_page_opens_for_its_reader_alone_and_leads_on(
    fading: Group, organizer: Person, person: Callable[..., Person], clock: Stopped
) -> None:
    nudging.nudge_due()
    page, client = reverse("meetings:nudge", args=[Nudge.objects.get().public_id]), Client()
    for somebody in (organizer, person("Stranger"), fading.memberships.order_by("pk")[1].person):
        client.force_login(somebody)
        assert client.get(page).status_code == 404
    client.force_login(leader(fading))
    assert "another hour suits more" in client.get(page).content.decode()
    for wrong in ({}, {"answer": "later"}):
        assert "Please press one of the two buttons." in client.post(page, wrong).content.decode()
    assert client.post(page, {"answer": "used"})["Location"] == reverse("meetings:hours", args=[fading.public_id])
    assert client.post(page, {"answer": "dismissed"})["Location"] == reverse("meetings:group", args=[fading.public_id])
    assert Nudge.objects.get().answer == Answer.DISMISSED
    Membership.objects.filter(group=fading, person=leader(fading)).update(left_on=START.date())
    assert client.get(page).status_code == 404


def test_after_ninety_days_it_is_forgotten(fading: Group, clock: Stopped) -> None:
    nudging.nudge_due()
    clock.forward(days=91)
    nudging.nudge_due()
    assert Nudge.objects.count() == 0


def test_many_circles_are_read_in_the_same_statements(made: Made, fading: Group, clock: Stopped) -> None:
    asked = []
    for more in (("First",), ("Second", "Third", "Fourth")):
        for name in more:
            ahead(made(name, (8, 5, 4), missed=Attendance.EXCUSED), 7)
        with CaptureQueriesContext(connection) as found:
            nudging.nudge_due()
        asked.append(len(found))
        clock.forward(hours=1)
    assert (len(told()), asked) == (5, [asked[0]] * 2)
