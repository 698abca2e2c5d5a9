"""The pages around an offer: the host's, the organizers', and the one behind the letter."""

from __future__ import annotations

import pytest
from django.test import Client

from groups import crossings, hosting
from groups.models.group import Group
from groups.models.offer import Kind, Offer
from members.models.application import Application, Mode
from members.models.person import Person
from members.models.program import Organizer, Roster
from roundtable.outbox.models import Letter
from tests.groups.conftest import THURSDAY_17

pytestmark = pytest.mark.django_db
VIDEO = ("Americas, east", True)
POOLS = "/admin/groups/composition/pools/"


@pytest.fixture
def waiting(pooled):
    people = pooled(8)
    Application.objects.filter(pk=people[0].pk).update(extra={"could": ["host"]})
    return [Application.objects.get(pk=one.pk) for one in people]


@pytest.fixture
def browser():
    def of(person: Person) -> Client:
        client = Client()
        client.force_login(person, backend="roundtable.sessions.Backend")
        return client

    return of


@pytest.fixture
def desk(organizer, settings, browser):
    settings.STAFF_MFA_REQUIRED = False
    return browser(organizer)


def path(application, query=""):
    return f"/status/{application.public_id}/host/{query}"


def test_a_host_picks_an_hour_and_sees_that_an_organizer_looks_at_it(waiting, browser):
    client = browser(waiting[0].person)
    assert "Thursdays, 17:00 to 18:30 · 8 people could come" in client.get(path(waiting[0])).content.decode()
    answer = client.post(path(waiting[0]), {"window": THURSDAY_17}, follow=True).content.decode()
    assert ("You offered to host" in answer, "waits for an organizer" in answer) == (True, True)
    assert Offer.objects.get().kind == Kind.CIRCLE


def test_the_hosts_page_shows_nobody(waiting, browser):
    hosting.offer(waiting[0], Kind.CIRCLE, VIDEO, window=THURSDAY_17)
    shown = browser(waiting[0].person).get(path(waiting[0])).content.decode()
    assert [one.person.name for one in waiting[1:] if one.person.name in shown or one.person.email in shown] == []


@pytest.mark.parametrize(
    "typed", [{"window": ""}, {"window": "0"}, {"window": "thursday"}, {"window": "\0"}, {"window": "9" * 99}]
)
def test_what_is_no_hour_is_refused_at_the_field(waiting, browser, typed):
    answer = browser(waiting[0].person).post(path(waiting[0]), typed)
    assert (answer.status_code, "There is a problem" in answer.content.decode()) == (200, True)
    assert Offer.objects.count() == 0


def test_a_taster_can_be_hosted_instead(waiting, browser):
    browser(waiting[0].person).post(path(waiting[0], "?in=video&as=taster"), {"window": THURSDAY_17})
    assert Offer.objects.get().kind == Kind.TASTER


def test_in_a_small_pool_the_page_says_when_there_is_something_to_host(pooled, browser):
    few = pooled(4)
    assert "Not enough people yet" in browser(few[0].person).get(path(few[0])).content.decode()


def test_an_offer_is_taken_back_by_one_button_and_twice_is_once(waiting, browser):
    hosting.offer(waiting[0], Kind.CIRCLE, VIDEO, window=THURSDAY_17)
    client = browser(waiting[0].person)
    for _ in range(2):
        assert client.post(path(waiting[0]), {"act": "take_back"}).status_code == 302
    assert Offer.objects.get().state == "withdrawn"


def test_the_status_page_leads_to_it(waiting, browser):
    shown = browser(waiting[0].person).get("/status/").content.decode()
    assert f'href="{path(waiting[0])}?in=video">Start a circle here' in shown


def test_an_organizer_signs_with_one_press(waiting, desk):
    offered = hosting.offer(waiting[0], Kind.CIRCLE, VIDEO, window=THURSDAY_17)
    assert "A circle in Americas, east" in desk.get(POOLS).content.decode()
    desk.post(f"/admin/groups/composition/offers/{offered.public_id}/sign/")
    assert (Offer.objects.get().state, Letter.objects.filter(kind="groups/invitation").count()) == ("signed", 5)
    answer = desk.post(f"/admin/groups/composition/offers/{offered.public_id}/sign/", follow=True).content.decode()
    assert "signed already, a moment ago or in another tab" in answer


def test_an_organizer_declines_in_their_own_words(waiting, desk):
    offered = hosting.offer(waiting[0], Kind.CIRCLE, VIDEO, window=THURSDAY_17)
    desk.post(f"/admin/groups/composition/offers/{offered.public_id}/decline/", {"words": "In May."})
    assert "In May." in Letter.objects.get(kind="groups/not_signed").text


def test_an_offered_draft_is_not_released_past_the_signature(waiting, desk):
    offered = hosting.offer(waiting[0], Kind.CIRCLE, VIDEO, window=THURSDAY_17)
    shown = desk.get(f"/admin/groups/composition/show/{offered.draft.composition.public_id}/").content.decode()
    assert ("Offered by a host" in shown, "Ask these people" in shown) == (True, False)
    answer = desk.post(f"/admin/groups/composition/draft/{offered.draft.public_id}/release/")
    assert (answer.status_code, Letter.objects.filter(kind="groups/invitation").count()) == (404, 0)


def test_behind_the_letter_one_button_ends_the_asking_and_opening_changes_nothing(waiting, client):
    crossings.look()
    letter = Letter.objects.get(kind="groups/start_here")
    token = letter.secrets_by_mark().popitem()[1]
    page = client.get(f"/hosting/{token}/", follow=True)
    waiting[0].refresh_from_db()
    assert (waiting[0].extra, page.status_code) == ({"could": ["host"]}, 200)
    client.post(page.redirect_chain[-1][0])
    waiting[0].refresh_from_db()
    assert waiting[0].extra == {"could": []}


def test_without_the_letter_there_is_no_such_page(waiting, client):
    assert client.get(f"/hosting/{waiting[0].public_id}/").status_code == 404


@pytest.mark.parametrize(
    ("led", "open_to_all", "hints"),
    [
        (False, False, ["Large enough for a chapter", "open to newcomers"]),
        (True, False, ["open to newcomers"]),
        (False, True, ["Large enough for a chapter"]),
        (True, True, []),
    ],
)
def test_a_large_city_is_told_what_it_lacks(led, open_to_all, hints, program, pooled, desk, person, clock):
    pooled(8, mode=Mode.IN_PERSON, metro="Chicago")
    fields = {"program": program, "mode": "in_person", "zone": "America/Chicago", "window": 36, "metro": "Chicago"}
    for number in (1, 2):
        Group.objects.create(name=f"Chicago {number}", sealed_at=clock.now(), **fields)
    if open_to_all:
        Group.objects.create(name="Chicago evenings", sealed_at=clock.now(), roster=Roster.OPEN, **fields)
    if led:
        Organizer.objects.create(program=program, person=person("Carla"), metro="Chicago")
    text = desk.get(POOLS).content.decode()
    assert [hint for hint in ("Large enough for a chapter", "open to newcomers") if hint in text] == hints


def test_two_open_groups_of_a_small_city_make_no_chapter(program, pooled, desk, clock):
    pooled(8, mode=Mode.IN_PERSON, metro="Chicago")
    for number in (1, 2):
        Group.objects.create(
            program=program, name=f"Evening {number}", roster=Roster.OPEN, mode="in_person", metro="Chicago",
            zone="America/Chicago", window=36, sealed_at=clock.now(),
        )  # fmt: skip
    assert "Large enough for a chapter" not in desk.get(POOLS).content.decode()
