"""The feed of one person: their dates, nothing of the others, the same bytes for the same facts."""

from __future__ import annotations

from datetime import timedelta

import pytest
import vobject
from django.test import Client
from icalendar import Calendar

from meetings import feed, moving, planning, seating
from meetings.models.meeting import Role
from meetings.models.seat import Answer, Seat, Via
from members.models.person import Person
from roundtable.links import Link

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(meeting):
    return Person.objects.get(email="ada@example.org")


@pytest.fixture
def url(ada):
    return f"/calendar/{feed.renew(ada)}.ics"


def events(url):
    return Calendar.from_ical(Client().get(url).content).walk("VEVENT")


def test_it_holds_my_dates_and_nobody_else(url, group, meeting):
    planning.plan_ahead(group)
    text = Client().get(url).content.decode().replace("\r\n ", "")
    assert [event.start for event in events(url)] == list(
        group.meetings.order_by("starts_at").values_list("starts_at", flat=True)
    )
    hidden = ["ATTENDEE", "ORGANIZER", "mailto", "Grace", "Hedy", group.name, "/seats/"]
    assert [word for word in hidden if word.lower() in text.lower()] == []
    assert "METHOD:PUBLISH" in text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in text


def test_another_parser_reads_the_same(url, meeting):
    (event,) = vobject.readOne(Client().get(url).content.decode()).vevent_list
    assert (event.dtstart.value, event.dtend.value) == (meeting.starts_at, meeting.ends_at)
    assert event.uid.value == str(events(url)[0]["UID"])


def test_the_same_facts_are_the_same_bytes_and_need_not_be_sent_again(url, clock):
    first = Client().get(url)
    clock.forward(hours=5)
    again = Client().get(url, headers={"If-None-Match": first["ETag"]})
    assert (Client().get(url).content, again.status_code, again.content) == (first.content, 304, b"")
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert (first["Cache-Control"], first["Referrer-Policy"], first["X-Robots-Tag"]) == (
        "private, max-age=300",
        "no-referrer",
        "noindex",
    )
    head = Client().head(url)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])


def test_it_names_itself_and_its_own_address_alike_at_every_host(url, settings):
    settings.ALLOWED_HOSTS = ["*"]
    found = {Client().get(url, headers={"host": host}).content for host in ("one.example", "two.example")}
    calendar = Calendar.from_ical(found.pop())
    assert found == set()
    assert str(calendar["NAME"]) == "Roundtable"
    assert str(calendar["SOURCE"]) == f"{settings.SITE_URL}{url}"


def test_a_change_is_another_etag(url, meeting):
    before = Client().get(url)["ETag"]
    leader = meeting.roles.get(role=Role.FACILITATOR).person
    moving.move(meeting, on=meeting.local_date + timedelta(days=1), at=meeting.local_time, by=leader)
    assert Client().get(url)["ETag"] != before


def test_what_i_do_not_come_to_is_left_out_and_what_is_called_off_stays_a_month(url, ada, group, meeting, clock):
    planning.plan_ahead(group)
    second = group.meetings.order_by("starts_at")[1]
    own = Seat.objects.get(person=ada, meeting=second)
    seating.respond(own, Answer.NO, via=Via.PAGE, received_at=clock.now())
    moving.call_off(meeting, by=meeting.roles.get(role=Role.FACILITATOR).person)
    found = {event.start: str(event["STATUS"]) for event in events(url)}
    third = group.meetings.order_by("starts_at")[2]
    assert found == {meeting.starts_at: "CANCELLED", third.starts_at: "CONFIRMED"}
    clock.forward(days=31)
    assert meeting.starts_at not in {event.start for event in events(url)}


def test_an_address_ends_when_it_is_made_anew_or_ended(url, ada):
    renewed = f"/calendar/{feed.renew(ada)}.ics"
    assert [Client().get(one).status_code for one in (url, renewed)] == [404, 200]
    feed.revoke(ada)
    assert Client().get(renewed).status_code == 404
    assert Client().get("/calendar/nothing.ics").status_code == 404


def test_nobody_reads_the_feed_of_a_closed_account(url, ada):
    Person.objects.filter(pk=ada.pk).update(is_active=False)
    assert Client().get(url).status_code == 404


def test_the_page_shows_the_address_once_and_keeps_a_hash(ada):
    browser = Client()
    browser.force_login(ada)
    assert "Make my address" in browser.get("/calendar/").content.decode()
    made = browser.post("/calendar/").content.decode()
    token = made.split("/calendar/")[1].split(".ics")[0]
    assert browser.get(f"/calendar/{token}.ics").status_code == 200
    assert token not in browser.get("/calendar/").content.decode()
    assert Link.objects.filter(token_hash=token).count() == 0
    browser.post("/calendar/", {"end": "yes"})
    assert Client().get(f"/calendar/{token}.ics").status_code == 404


def test_who_asks_too_often_waits(url, settings):
    browser = Client()
    assert {browser.get(url).status_code for _ in range(120)} == {200}
    assert browser.get(url).status_code == 429


@pytest.mark.parametrize("count", [1, 3])
def test_the_questions_are_the_same_for_one_date_and_for_three(count, url, group, django_assert_num_queries):
    if count == 3:
        planning.plan_ahead(group)
    with django_assert_num_queries(3):
        assert len(events(url)) == count
