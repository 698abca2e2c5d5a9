"""How many people somebody could meet, and which place they mean, while they fill in the form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from members import meetable, places
from members.hournames import MASKS, mask_of_names, names_of, odd_names
from members.models.hours import Hours
from members.weekhours import FULL, WeekHours, mask_of, to_hex
from tests.members.conftest import APPLY

URL = f"{APPLY}people/"
MONDAY = datetime(2026, 5, 11, 12, tzinfo=UTC)


@pytest.fixture
def pooled(applicant):
    """So many people, all free on Monday from 7 to 9 in Los Angeles, with whatever differs."""

    def make(count, *, zone="America/Los_Angeles", **fields):
        for number in range(count):
            applicant(f"P{count}{zone}{number}", zone=zone, **({"stage": "pooled"} | fields))

    return make


def asked(client, *names, zone="America/Los_Angeles"):
    return client.get(URL, {"hours": to_hex(mask_of_names(names)), "zone": zone}).json()["people"]


@pytest.mark.parametrize(("count", "shown"), [(0, None), (4, None), (5, 5), (7, 7)])
def test_a_number_from_five_on_and_below_it_nothing(count, shown, client, pooled):
    pooled(count)
    assert asked(client, "Mon early") == shown


@pytest.mark.parametrize(
    ("names", "zone", "shown"),
    [
        (["Mon early"], "America/Los_Angeles", 5),
        (["Mon 07:00", "Mon 07:30"], "America/Los_Angeles", None),  # an hour, where meetings last one and a half
        (["Mon 07:00", "Mon 07:30", "Mon 08:00"], "America/Los_Angeles", 5),
        (["Tue early"], "America/Los_Angeles", None),
        (["Mon afternoon", "Mon 17:00"], "Europe/Berlin", 5),  # 7 in Los Angeles is 16 in Berlin
        (["Mon afternoon"], "Europe/Berlin", None),
        ([], "Europe/Berlin", None),
    ],
)
def test_they_share_a_stretch_of_the_programs_length_on_any_clock(names, zone, shown, client, pooled):
    pooled(5)
    assert asked(client, *names, zone=zone) == shown


@pytest.mark.parametrize(
    ("mode", "metro", "shown"),
    [
        ("video", "", 12),  # five by video, seven who would also take it
        ("in_person", "Bay Area", 13),  # six in person only, and the seven
        ("in_person", "Chicago", None),
        ("in_person", "", 13),  # where is not said yet
        ("either", "Bay Area", 18),
        ("either", "Chicago", 12),
        ("", "", 18),
        ("telepathy", "Atlantis", 12),
    ],
)
def test_they_share_a_way_to_meet_too(mode, metro, shown, client, pooled):
    for count, how in ((5, {"mode": "video"}), (6, {"mode": "in_person"}), (7, {"mode": "either"})):
        pooled(count, **how)
    question = {"hours": to_hex(mask_of_names(["Mon early"])), "zone": "America/Los_Angeles"}
    assert client.get(URL, question | {"mode": mode, "metro": metro}).json()["people"] == shown


def test_who_waits_for_a_room_without_a_city_meets_nobody_in_one(client, pooled):
    pooled(6, mode="in_person", metro="")
    assert asked(client, "Mon early") is None


def test_the_grid_knows_the_place_of_the_page_before(client, fill, pooled):
    pooled(5, zone="America/Chicago", mode="in_person", metro="Twin Cities")
    pooled(6, zone="America/Chicago", mode="in_person", metro="Chicago")
    fill(client, where={"mode": "in_person", "place_text": "Minneapolis"}, hours={"rhythm": None})
    page = client.get(f"{APPLY}hours/")
    assert page.context["people"] == 5
    assert "?mode=in_person&amp;metro=Twin%20Cities" in page.content.decode()


def test_only_who_is_pooled_counts(client, pooled):
    pooled(5, stage="submitted")
    pooled(6, zone="")
    assert asked(client, "Mon early") is None


def test_one_question_to_the_database_however_many_wait(client, pooled, django_assert_num_queries):
    pooled(12)
    asked(client, "Mon early")
    with django_assert_num_queries(1):
        asked(client, "Mon early")


def test_new_people_count_after_a_few_minutes(client, pooled, clock):
    pooled(5)
    assert asked(client, "Mon early") == 5
    pooled(1)
    assert asked(client, "Mon early") == 5
    clock.forward(minutes=5)
    assert asked(client, "Mon early") == 6


def test_a_thousand_weeks_take_milliseconds(program, clock, monkeypatch):
    weeks = tuple((0x1F << (number % 300), meetable.Way()) for number in range(1000))
    monkeypatch.setattr(meetable, "_weeks", lambda *_: weeks)
    week = WeekHours(FULL, 0, "UTC")
    start = datetime.now(UTC)
    assert meetable.people(program, week, now=clock.now()) == 1000
    assert datetime.now(UTC) - start < timedelta(milliseconds=50)  # five, and a machine that is busy otherwise


@pytest.mark.parametrize(
    ("slots", "length", "has"),
    [((0, 1, 2), 3, True), ((0, 1, 3), 3, False), ((334, 335, 0), 3, True), ((5,), 1, True), ((), 1, False)],
)
def test_a_stretch_may_cross_the_end_of_the_week(slots, length, has):
    assert meetable.has_stretch(mask_of(slots), length) is has


def test_saving_the_page_says_the_number_without_scripts(client, fill, pooled):
    pooled(5, zone="America/Chicago")
    fill(client)
    page = client.post(
        f"{APPLY}hours/", {"good": ["Mon early", "Tue lunch", "Fri lunch"], "rhythm": "either"}, follow=True
    )
    assert "5 people could meet you at these hours." in page.content.decode()


@pytest.mark.parametrize("url", [URL, "/places/"])
def test_questions_are_counted_and_end_at_some_point(url, client, code):
    statuses = {client.get(url).status_code for _ in range(241)}
    assert statuses == {200, 429}


def test_hours_have_the_fewest_names():
    mask = mask_of_names(["Mon early", "Tue 12:00", "Sun 23:30"])
    assert (names_of(mask), odd_names(mask)) == (("Mon early", "Tue 12:00", "Sun 23:30"), ("Sun 23:30",))
    assert len(MASKS) == 336 + 35


def test_half_hours_are_kept_as_they_were_ticked(fill, sign_in, stranger):
    fill(
        sign_in(stranger),
        hours={"good": ["Mon early", "Tue 12:30", "Wed evening"], "possible": ["Mon 07:00", "Fri lunch"]},
    )
    week = Hours.objects.get().week
    assert names_of(week.good) == ("Mon early", "Wed evening", "Tue 12:30")
    assert names_of(week.possible) == ("Fri lunch",)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("san fr", "San Francisco, CA, United States"),
        ("SF", "San Francisco, CA, United States"),
        ("köl", "Kolkata, India"),
        ("Köln", "Köln, Germany"),
        ("springfield, ill", "Springfield, IL, United States"),
        ("portland, or", "Portland, OR, United States"),
        ("st. pa", "Saint Paul, MN, United States"),
        ("s", None),
        ("qqqq", None),
        ("x" * 10_000, None),
    ],
)
def test_places_are_found_while_typing(typed, first):
    found = [label for _, label in places.suggestions(typed)]
    assert (next(iter(found), None), len(found) <= 8) == (first, True)


def test_an_unclear_place_is_asked_for_and_the_answer_settles_it(client, fill, answers, sign_in, stranger):
    client = sign_in(stranger)
    response = fill(client, where={"place_text": "Springfield"})
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["meant"])
    labels = dict(response.context["form"].fields["meant"].choices)
    assert labels["4250542"] == "Springfield, IL, United States"
    fill(client, where={"place_text": "Springfield", "meant": "4250542"})
    application = stranger.applications.get()
    assert (application.placed, application.place_name, application.place_step, application.place_text) == (
        *("resolved", "Springfield", "person", "Springfield"),
    )


def test_none_of_these_leaves_it_to_an_organizer(fill, sign_in, stranger):
    fill(sign_in(stranger), where={"place_text": "Springfield", "meant": "0"})
    assert stranger.applications.get().placed == "ask"


@pytest.mark.parametrize(
    ("text", "place_id", "errors"),
    [
        ("Springfield, IL, United States", "4250542", []),
        ("Springfield", "4250542", ["meant"]),  # the words were changed after the choice
        ("Springfield", "1", ["meant"]),
        ("Springfield", "999999999999", ["meant", "place_id"]),
    ],
)
def test_a_place_picked_while_typing_counts_only_with_its_own_name(text, place_id, errors, fill, client):
    response = fill(client, where={"place_text": text, "place_id": place_id})
    assert sorted(response.context["form"].errors if response.status_code == 200 else []) == errors


def test_video_alone_is_asked_for_no_place(client, fill):
    assert fill(client, where={"mode": "video", "place_text": "Springfield"}).status_code == 302
