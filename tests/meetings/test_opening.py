"""An organizer sets the dates of roundtables: pools, hosts, seats, theme and talk; the pool is asked; later changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse

from groups.models.group import Group
from meetings import opening, seating, tasters
from meetings.models.meeting import Meeting
from meetings.models.seat import Answer, Seat, Via
from meetings.opening import Told
from members.models.person import Person
from members.models.program import Organizer, Program
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from tests.groups.conftest import NAMES, applicant

pytestmark = pytest.mark.django_db
DAY, HOUR = date(2026, 6, 18), time(18, 30)
FACTS = {"mode": "in_person", "metro": "Chicago"}
SECRET = "Quarryfalcon & keeping people"


@pytest.fixture
def program(db):
    return Program.objects.create(slug="open", name="Open tables", roster="open", size_min=3, size_target=6, size_max=9)


@pytest.fixture
def olga(program):
    made = Person.objects.create_user("olga@example.org", name="Olga", initials="O", is_staff=True)
    Organizer.objects.create(program=program, person=made)
    return made


@pytest.fixture
def waiting(program):
    return [applicant(program, name, **FACTS).person for name in NAMES[:6]]


@pytest.fixture
def pool(program, olga, waiting, clock):
    (found,) = opening.pools_to_set(program, olga, now=clock.now())
    return found


@pytest.fixture
def set_date(program, pool, olga, waiting):
    def act(on=DAY, at=HOUR, host=None, **told):
        told = Told(**{"cap": 12} | told)
        return opening.set_date(program, pool, on=on, at=at, host=host or waiting[0], told=told, by=olga)

    return act


@pytest.fixture
def desk(client, olga):
    client.force_login(olga)
    return client


def asked(meeting):
    return sorted(Letter.objects.filter(kind="meetings/taster", about=meeting.about).values_list("person", flat=True))


def say(meeting, person, answer):
    seat = Seat.objects.get(meeting=meeting, person=person)
    return seating.respond(seat, answer, via=Via.LINK, received_at=opening.clock.now())


def seats(meeting):
    rows = meeting.seats.order_by("pk").values_list("person__name", "state", "number")
    return {name.split()[0]: (state, number) for name, state, number in rows}


def test_a_first_date_makes_the_roundtable_of_its_pool(set_date, waiting, pool):
    meeting = set_date(cap=8, theme="  Hiring\n well ")
    group = meeting.group
    assert (group.name, group.metro, group.mode, group.zone, group.window) == (
        "Chicago roundtable 1",
        "Chicago",
        "in_person",
        pool.zone,
        3 * 48 + 37,
    )
    assert (meeting.local_date, meeting.local_time, meeting.cap, meeting.theme) == (DAY, HOUR, 8, "Hiring well")
    assert (seats(meeting), asked(meeting)) == ({"Ada": ("coming", 1)}, [])


def test_the_next_date_is_of_the_same_roundtable_at_an_hour_of_its_own(set_date, program, olga, clock):
    first = set_date()
    (pool,) = opening.pools_to_set(program, olga, now=clock.now())
    later = DAY + timedelta(days=30)
    second = opening.set_date(program, pool, on=later, at=time(8), host=olga, told=Told(12), by=olga)
    assert (second.group, second.local_time, Group.objects.count()) == (first.group, time(8), 1)
    assert seats(second) == {"Olga": ("coming", 1)}


def test_a_second_tab_with_the_page_of_before_begins_no_second_roundtable(set_date):
    set_date()
    with pytest.raises(NotAllowed, match="in another tab"):
        set_date(on=DAY + timedelta(days=7))
    assert (Group.objects.count(), Meeting.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"on": date(2026, 5, 1)}, "is over"),
        ({"on": date(1, 1, 1)}, "is over"),
        ({"on": date(9999, 12, 31)}, "more than a year"),
        ({"at": time(3)}, "clocks change at night"),
        ({"cap": 0}, "1 to 12 seats"),
        ({"cap": 13}, "1 to 12 seats"),
        ({"theme": "x" * 121}, "at most 120"),
        ({"host": "stranger"}, "waits in this pool"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_leaves_nothing(wrong, why, set_date):
    if "host" in wrong:
        wrong = {"host": Person.objects.create_user("zoe@example.org", name="Zoe", initials="Z")}
    with pytest.raises(NotAllowed, match=why):
        set_date(**wrong)
    assert (Group.objects.count(), Meeting.objects.count(), Letter.objects.count()) == (0, 0, 0)


def test_an_hour_that_the_clocks_leap_over_is_refused():
    with pytest.raises(NotAllowed, match="leap over"):
        opening.refuse_time(date(2011, 12, 30), time(12), "Pacific/Apia", now=datetime(2011, 12, 1, tzinfo=UTC))


def test_the_pool_is_asked_by_the_button_once_and_whoever_is_new_at_a_second_press(set_date, olga, waiting, program):
    meeting = set_date()
    assert opening.ask(meeting, by=olga) == 5
    assert opening.ask(meeting, by=olga) == 0
    applicant(program, "Lynn Conway", **FACTS)
    applicant(program, "Karen Jones", **FACTS | {"metro": "Lisbon"})
    assert opening.ask(meeting, by=olga) == 1
    assert set(asked(meeting)) >= {person.pk for person in waiting[1:]}


def test_without_the_button_everybody_is_asked_three_weeks_before_and_no_date_follows_by_itself(set_date, clock):
    meeting = set_date()
    tasters.keep_going()
    assert asked(meeting) == []
    clock.to(meeting.starts_at - timedelta(days=20))
    tasters.keep_going()
    tasters.keep_going()
    assert len(asked(meeting)) == 5
    clock.to(meeting.ends_at + timedelta(days=1))
    tasters.keep_going()
    assert (Meeting.objects.count(), Group.objects.get().closed_at) == (1, None)


def test_who_gives_the_talk_takes_a_seat_and_reads_it_there_and_loses_both_with_a_no(set_date, waiting, client):
    meeting = set_date(presenter=waiting[2])
    assert seats(meeting) == {"Ada": ("coming", 1), "Hedy": ("coming", 2)}
    client.force_login(waiting[0])
    assert "Gives the talk" in client.get(meeting.path).content.decode()
    say(meeting, waiting[2], Answer.NO)
    meeting.refresh_from_db()
    assert (meeting.presenter, "Gives the talk" in client.get(meeting.path).content.decode()) == (None, False)


def test_the_name_of_who_gives_the_talk_is_for_those_who_come_alone(set_date, waiting, olga, client):
    meeting = set_date(presenter=waiting[2], theme=SECRET)
    opening.ask(meeting, by=olga)
    client.force_login(waiting[1])
    page = client.get(meeting.path).content.decode()
    assert ("Hedy" in page, "Theme:" in page) == (False, True)
    say(meeting, waiting[1], Answer.YES)
    assert "Hedy" in client.get(meeting.path).content.decode()
    client.force_login(waiting[2])  # a line on the page, and no right
    assert client.post(reverse("meetings:call_off", args=[meeting.public_id]), {"sure": "on"}).status_code == 404


@pytest.mark.parametrize("answer", [Answer.NO, None])
def test_nobody_is_named_against_their_no_or_where_every_seat_is_taken(answer, set_date, waiting, olga):
    meeting = set_date(cap=1 if answer is None else 12)
    opening.ask(meeting, by=olga)
    if answer:
        say(meeting, waiting[1], answer)
    with pytest.raises(NotAllowed, match="without a seat"):
        opening.change(meeting, told=Told(meeting.cap, "New", waiting[1]), by=olga)
    meeting.refresh_from_db()
    assert (meeting.presenter, meeting.theme) == (None, "")


def test_the_theme_is_in_the_text_of_letters_and_in_no_subject_and_no_calendar(set_date, waiting, olga):
    meeting = set_date(theme=SECRET, presenter=waiting[2])
    opening.ask(meeting, by=olga)
    say(meeting, waiting[1], Answer.YES)
    letters = list(Letter.objects.filter(about=meeting.about))
    assert len(letters) == 7
    assert all(f"Theme: {SECRET}" in letter.text for letter in letters)
    assert not any("Quarryfalcon" in letter.subject for letter in letters)
    assert not any(b"Quarryfalcon" in bytes(letter.ics or b"") for letter in letters)
    assert not any("Hedy" in letter.text for letter in letters if letter.person_id != waiting[2].pk)


def test_a_raised_cap_offers_seats_down_the_line_at_once_and_a_lowered_one_unseats_nobody(
    set_date, waiting, olga, clock
):
    meeting = set_date(cap=2)
    opening.ask(meeting, by=olga)
    for person in waiting[1:5]:
        clock.forward(seconds=1)
        say(meeting, person, Answer.YES)
    opening.change(meeting, told=Told(3), by=olga)
    assert [seats(meeting)[name] for name in ("Ada", "Grace", "Hedy", "Katherine")] == [
        ("coming", 1), ("coming", 2), ("waiting", 3), ("waiting", None),
    ]  # fmt: skip
    assert "A seat is yours until" in Letter.objects.get(person=waiting[2], state="queued", ics__isnull=False).text
    say(meeting, waiting[2], Answer.YES)
    opening.change(meeting, told=Told(2), by=olga)
    assert seats(meeting)["Hedy"] == ("coming", 3)
    say(meeting, waiting[1], Answer.NO)
    assert seats(meeting)["Katherine"] == ("waiting", None)
    say(meeting, waiting[2], Answer.NO)
    assert seats(meeting)["Katherine"] == ("waiting", 2)


def test_nothing_changes_once_it_has_begun(set_date, olga, clock):
    meeting = set_date()
    clock.to(meeting.starts_at)
    with pytest.raises(NotAllowed, match="has begun"):
        opening.change(meeting, told=Told(3), by=olga)
    with pytest.raises(NotAllowed, match="has begun"):
        opening.ask(meeting, by=olga)


def test_an_organizer_sets_asks_and_changes_by_the_pages(desk, pool, waiting, program):
    page = reverse("admin:groups_tables", args=[program.slug])
    assert "Set this date" in desk.get(page).content.decode()
    form = {
        "pool": pool.key,
        "on": "2026-06-18",
        "at": "18:30",
        "host": waiting[0].public_id,
        "cap": "9",
        "form": "talk",
    }
    desk.post(page, form | {"theme": SECRET, "presenter": ""})
    meeting = Meeting.objects.get()
    one = reverse("admin:groups_table_date", args=[meeting.public_id])
    desk.post(reverse("admin:groups_table_ask", args=[meeting.public_id]))
    assert len(asked(meeting)) == 5
    desk.post(one, {"cap": "4", "form": "talk", "theme": "Other", "presenter": waiting[1].public_id})
    meeting.refresh_from_db()
    assert (meeting.cap, meeting.format, meeting.theme, meeting.presenter) == (4, "talk", "Other", waiting[1])
    shown = desk.get(one).content.decode()
    assert ("2 of 4" in shown, "Not yet answered" in shown) == (True, True)
    assert "planned already" in desk.post(page, form).content.decode()
    assert (
        "1 to 12 seats" in desk.post(one, {"cap": "0", "form": "talk", "theme": "", "presenter": ""}).content.decode()
    )


def test_a_chapter_sets_dates_in_its_own_city_alone(set_date, program, waiting, clock, client):
    meeting = set_date()
    carla = Person.objects.create_user("carla@example.org", name="Carla", initials="C", is_staff=True)
    Organizer.objects.create(program=program, person=carla, metro="Lisbon")
    applicant(program, "Karen Jones", **FACTS | {"metro": "Lisbon"})
    assert [pool.place for pool in opening.pools_to_set(program, carla, now=clock.now())] == [("Lisbon", False)]
    client.force_login(carla)
    page = client.get(reverse("admin:groups_tables", args=[program.slug])).content.decode()
    assert (
        "Chicago roundtable" in page,
        client.get(reverse("admin:groups_table_date", args=[meeting.public_id])).status_code,
    ) == (False, 404)


@pytest.mark.parametrize("count", [1, 3])
def test_the_dates_ask_the_same_questions_for_one_and_for_three(
    count, desk, set_date, program, olga, clock, django_assert_num_queries
):
    set_date()
    (pool,) = opening.pools_to_set(program, olga, now=clock.now())
    for number in range(1, count):
        on = DAY + timedelta(days=number)
        opening.set_date(program, pool, on=on, at=HOUR, host=olga, told=Told(12), by=olga)
    page = reverse("admin:groups_tables", args=[program.slug])
    desk.get(page)
    with django_assert_num_queries(14):
        desk.get(page)
