"""The organizers' page of all circles: dates and counts, those in danger first, and nothing of what was said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from groups.models.group import Group
from meetings import health
from meetings.models.board import Board, Round, Topic
from meetings.models.meeting import Meeting
from meetings.models.pulse import Pulse
from meetings.models.seat import Attendance, Seat, State
from meetings.models.takeaway import Takeaway
from meetings.vitals import Action, Light, Sign, Signal
from members.models.person import Person
from members.models.program import Program
from tests.conftest import START
from tests.meetings.conftest import Made, held

PAGE = "admin:groups_health"


def leave(group: Group, *, seats: int) -> None:
    """So many members stay."""
    group.memberships.filter(pk__in=group.memberships.values("pk")[seats:]).update(left_on=START.date())


def test_those_in_danger_come_first_and_each_has_its_numbers(made: Made, organizer: Person) -> None:
    made("Well", (8, 8, 7))
    made("Failing", (8, 5, 4), silent=4)
    failing, well = health.of_organizer(organizer)
    assert (failing.group.name, well.group.name) == ("Failing", "Well")
    assert [(cell.came, cell.of, cell.light) for cell in failing.cells] == [
        (8, 8, Light.GREEN),
        (5, 8, Light.RED),
        (4, 8, Light.RED),
    ]
    assert failing.judged.warnings == (Signal.PRESENCE, Signal.STREAKS, Signal.SILENCE)
    assert failing.judged.action is Action.RETIME
    assert (well.judged.amber, well.members, well.next) == (False, 8, None)


def test_a_word_before_is_no_miss_and_a_sabbatical_does_not_count(made: Made, organizer: Person) -> None:
    group = made("Excused", (8, 6, 6), missed=Attendance.EXCUSED)
    Seat.objects.filter(meeting__group=group, attendance=Attendance.EXCUSED).update(state=State.EXCUSED)
    (one,) = health.of_organizer(organizer)
    assert [(cell.came, cell.of) for cell in one.cells] == [(8, 8), (6, 6), (6, 6)]
    assert one.judged.lights[Sign.STREAK] is Light.GREEN


def test_an_answer_to_an_earlier_time_is_none_to_this_one(made: Made, organizer: Person) -> None:
    group = made("Moved", (8, 8, 8))
    last = group.meetings.order_by("starts_at").last()
    assert last is not None
    last.earlier_times.create(starts_at=last.starts_at - timedelta(hours=1), left_at=last.starts_at - timedelta(days=4))
    (one,) = health.of_organizer(organizer)
    assert one.judged.warnings == (Signal.SILENCE,)


def test_where_nobody_said_who_came_the_meeting_shows_a_question_and_is_not_judged(
    made: Made, organizer: Person
) -> None:
    group = made("Unsaid", (8, 8, 8))
    Seat.objects.filter(meeting__group=group).update(attendance=Attendance.UNKNOWN)
    (one,) = health.of_organizer(organizer)
    assert {cell.light for cell in one.cells} == {Light.UNKNOWN}
    assert one.judged.lights[Sign.PRESENCE] is Light.UNKNOWN


def test_rounds_and_takeaways_are_counted_and_not_read(made: Made, organizer: Person) -> None:
    group = made("Talking", (8, 8, 8))
    last = group.meetings.order_by("starts_at").last()
    assert last is not None
    table = Board.objects.create(
        meeting=last, starts_at=last.starts_at, closing_at=last.ends_at - timedelta(minutes=5), ends_at=last.ends_at
    )
    seat = last.seats.first()
    assert seat is not None
    for number in range(4):
        topic = Topic.objects.create(board=table, title="Quarryfalcon", sponsor=seat.person)
        spoken = Round.objects.create(
            board=table, topic=topic, number=number + 1, sponsor=seat.person, opened_at=START, closed_at=START
        )
        if number:
            Takeaway.objects.create(round=spoken, written_at=START, text="Hollowmarrow")
    (one,) = health.of_organizer(organizer)
    assert one.judged.lights[Sign.SUBSTANCE] is Light.AMBER
    assert one.judged.lights[Sign.BALANCE] is Light.RED


@pytest.mark.parametrize(
    ("late", "topics", "sums", "shown"),
    [
        (-5, 4, 42, (Light.GREEN, Light.GREEN, Light.GREEN)),
        (10, 3, 41, (Light.AMBER, Light.AMBER, Light.AMBER)),
        (11, 1, 34, (Light.RED, Light.AMBER, Light.RED)),
        (None, None, None, (Light.UNKNOWN, Light.UNKNOWN, Light.UNKNOWN)),
    ],
)
def test_how_late_it_began_what_stood_two_days_before_and_the_pulse_are_judged(
    made: Made,
    organizer: Person,
    late: int | None,
    topics: int | None,
    sums: int | None,
    shown: tuple[Light, ...],
) -> None:
    last = made("Told", (8, 8, 8)).meetings.order_by("starts_at").last()
    assert last is not None
    began_at = None if late is None else last.starts_at + timedelta(minutes=late)
    times = {"starts_at": last.starts_at, "closing_at": last.starts_at, "ends_at": last.ends_at}
    Board.objects.create(meeting=last, began_at=began_at, topics_before=topics, **times)
    if sums:
        Pulse.objects.create(meeting=last, answers=5, needed=sums // 2, worth=sums - sums // 2)
    (one,) = health.of_organizer(organizer)
    assert tuple(one.judged.lights[sign] for sign in (Sign.PUNCTUAL, Sign.SUBSTANCE, Sign.PULSE)) == shown


@pytest.mark.parametrize(("put_off", "light"), [(False, Light.GREEN), (True, Light.AMBER)])
def test_an_end_that_was_put_off_counts_as_late(made: Made, organizer: Person, *, put_off: bool, light: Light) -> None:
    last = made("Longer", (8, 8, 8)).meetings.order_by("starts_at").last()
    assert last is not None
    times = {"starts_at": last.starts_at, "closing_at": last.starts_at, "ends_at": last.ends_at}
    Board.objects.create(meeting=last, began_at=last.starts_at, put_off=put_off, **times)
    (one,) = health.of_organizer(organizer)
    assert one.judged.lights[Sign.PUNCTUAL] is light


def test_the_next_date_is_judged_three_days_before(made: Made, organizer: Person) -> None:
    group = made("Soon", (8, 8, 8))
    coming = Meeting.objects.create(
        group=group,
        occurrence_date=START.date() + timedelta(days=2),
        local_date=START.date() + timedelta(days=2),
        local_time=START.time(),
        zone="UTC",
        minutes=90,
        starts_at=START + timedelta(days=2),
        ends_at=START + timedelta(days=2, minutes=90),
    )
    for at, one in enumerate(group.memberships.select_related("person")):
        Seat.objects.create(meeting=coming, person=one.person, state=State.COMING if at > 3 else State.INVITED)
    (one_circle,) = health.of_organizer(organizer)
    assert one_circle.judged.warnings == (Signal.SILENCE, Signal.TOPICS)
    assert one_circle.judged.action is Action.NUDGE


def test_topics_that_a_former_member_left_behind_or_who_rests_has_brought_keep_no_circle_going(
    made: Made, organizer: Person, person: Callable[..., Person]
) -> None:
    group = made("Left", (8, 8, 8))
    soon = held(group, weeks=-1)
    Meeting.objects.filter(pk=soon.pk).update(starts_at=START + timedelta(days=2))
    first, rests = (member.person for member in group.memberships.order_by("pk")[:2])
    Seat.objects.create(meeting=soon, person=first, state=State.COMING)
    Seat.objects.create(meeting=soon, person=rests, state=State.EXCUSED)
    table = Board.objects.create(meeting=soon, starts_at=START, closing_at=START, ends_at=START + timedelta(hours=1))
    for sponsor in (first, first, None, rests, person("Gone")):
        Topic.objects.create(board=table, title="Quarryfalcon", sponsor=sponsor)
    (one,) = health.of_organizer(organizer)
    assert one.ahead is not None
    assert one.ahead.topics == 3


def test_closed_groups_and_those_of_others_are_not_there(
    made: Made, organizer: Person, person: Callable[..., Person]
) -> None:
    group = made("Closed", (8,))
    Group.objects.filter(pk=group.pk).update(closed_at=START)
    made("Open", (8,))
    assert [one.group.name for one in health.of_organizer(organizer)] == ["Open"]
    assert health.of_organizer(person("Elsewhere", is_staff=True)) == []


def test_the_page_shows_them_and_asks_the_same_for_one_and_for_three(
    made: Made, organizer: Person, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = Client()
    client.force_login(organizer)
    made("One", (8, 5, 4), silent=4)
    with django_assert_num_queries(11):
        client.get(reverse(PAGE))
    made("Two", (8, 5, 4), silent=4)
    made("Three", (8, 5, 4), silent=4)
    with django_assert_num_queries(11):
        page = client.get(reverse(PAGE)).content.decode()
    assert "3 of 3 are in danger" in page
    assert page.count('5<small> of 8</small><span class="unseen">: red</span>') == 3  # said, and not by colour alone
    assert "Ask for another hour" in page


def test_a_circle_of_two_is_in_danger_and_its_suggestion_opens_where_it_is_closed(
    made: Made, organizer: Person
) -> None:
    made("Well", (8, 8, 8))
    few = made("Few", ())
    leave(few, seats=2)
    client = Client()
    client.force_login(organizer)
    page = client.get(reverse(PAGE)).content.decode()
    assert "1 of 2 is in danger" in page
    assert f'href="{reverse("admin:groups_living", args=[few.public_id])}#close">Pause, or close well' in page
    assert page.count("3 members or fewer") == 1


def test_a_full_circle_of_seven_has_no_free_seats_where_seven_are_wanted(
    made: Made, program: Program, organizer: Person
) -> None:
    Program.objects.filter(pk=program.pk).update(size_min=5, size_target=7, size_max=8)
    full, short = made("Full", (8, 8, 8)), made("Short", (8, 8, 8))
    leave(full, seats=7)
    leave(short, seats=6)
    judged = {one.group.name: one.judged for one in health.of_organizer(organizer)}
    assert (judged["Full"].lights[Sign.SIZE], judged["Full"].action) == (Light.GREEN, Action.NOTHING)
    assert (judged["Short"].lights[Sign.SIZE], judged["Short"].action) == (Light.AMBER, Action.BACKFILL)


@pytest.mark.parametrize(("seats", "action"), [((5, 4), Action.MERGE), ((5, 5), Action.BACKFILL)])
def test_a_merge_is_proposed_only_where_both_together_are_not_too_many(
    made: Made, organizer: Person, seats: tuple[int, int], action: Action
) -> None:
    for name, number in zip(("One", "Two"), seats, strict=True):
        leave(made(name, (8, 8, 8)), seats=number)
    assert {one.judged.action for one in health.of_organizer(organizer)} == {action}


def test_without_a_circle_the_page_says_what_will_stand_there(organizer: Person) -> None:
    client = Client()
    client.force_login(organizer)
    assert "No circle lives yet" in client.get(reverse(PAGE)).content.decode()
