"""Home, status, profile and the way out."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from members import leaving, pools
from members.models.application import Application, IdentityAnswers, Unconfirmed
from members.models.conduct import Acceptance, Consent
from members.models.hours import Hours
from members.models.person import Person
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from roundtable.vault import DataKey

PUBLIC = ["/", "/apply/cto/", "/apply/cto/conduct/"]
OWN = ["/status/", "/me/", "/me/export/", "/me/leave/"]


@pytest.mark.parametrize("url", PUBLIC)
def test_public_pages_open_for_everybody(url, client, code):
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("url", OWN)
def test_own_pages_ask_who_it_is(url, client, sign_in, stranger):
    assert client.get(url).status_code == 302
    assert sign_in(stranger).get(url).status_code == 200


@pytest.mark.parametrize("page", ["hours", "place", "agree", "withdraw"])
def test_an_application_is_its_owners_alone(page, applicant, sign_in, stranger, organizer, superuser):
    application = applicant("Wanda")
    url = reverse(f"members:{page}", args=[application.public_id])
    statuses = [sign_in(who).get(url).status_code for who in (application.person, stranger, organizer, superuser)]
    assert statuses == [200, 404, 404, 404]
    assert sign_in(stranger).post(url, {"sure": "on"}).status_code == 404


@pytest.mark.parametrize(
    ("count", "shown"), [(4, "A few people wait"), (5, "5 people wait"), (8, "8 people wait"), (12, "12 people wait")]
)
def test_a_number_is_shown_from_five_on(count, shown, applicant, client):
    for number in range(count):
        applicant(f"P{number}", stage="pooled", mode="in_person")
    text = client.get("/").content.decode()
    assert shown in text
    assert ("4 people" in text) is False


def test_pools_count_by_city_and_by_band(applicant, program, clock):
    applicant("Wanda", stage="pooled", mode="in_person", extra={"could": ["host"]})
    applicant("Xenia", stage="pooled", mode="video", metro="", zone="Europe/Berlin")
    applicant("Yoko", stage="pooled", mode="either")
    applicant("Zoe", mode="either")
    found = {
        (pool.name, pool.by_video): (pool.waiting, pool.hosted)
        for pool in pools.pools_of([program], now=clock.now())[program.pk]
    }
    assert found == {
        ("Bay Area", False): (2, True),
        ("Americas, west", True): (1, False),
        ("Europe and Africa", True): (1, False),
    }


@pytest.mark.parametrize(
    ("zone", "band"),
    [
        ("Pacific/Honolulu", "Americas, west"),
        ("America/Los_Angeles", "Americas, west"),
        ("America/Chicago", "Americas, east"),
        ("America/Sao_Paulo", "Americas, east"),
        ("Atlantic/Azores", "Europe and Africa"),
        ("Europe/Istanbul", "Europe and Africa"),
        ("Africa/Nairobi", "Europe and Africa"),
        ("Asia/Jerusalem", "West and South Asia"),
        ("Asia/Kolkata", "West and South Asia"),
        ("Asia/Bangkok", "East Asia and Pacific"),
        ("Pacific/Auckland", "East Asia and Pacific"),
    ],
)
def test_every_zone_is_in_one_band(zone, band, clock):
    assert pools.band_of(zone, clock.now()) == band


@pytest.mark.parametrize("count", [1, 3])
def test_home_asks_the_same_questions_for_one_and_for_many(count, applicant, client, django_assert_num_queries):
    for number in range(count):
        applicant(f"P{number}", stage="pooled")
    with django_assert_num_queries(2):
        client.get("/")


@pytest.mark.parametrize("count", [1, 3])
def test_status_asks_the_same_questions_for_one_and_for_many(
    count, applicant, sign_in, django_assert_num_queries, program
):
    application = applicant("Wanda")
    for number in range(1, count):
        other = type(program).objects.create(slug=f"p{number}", name=f"P {number}")
        fields = {"stage": "pooled", "submitted_at": application.submitted_at, "mode": "video"}
        Application.objects.create(program=other, person=application.person, **fields)
    client = sign_in(application.person)
    with django_assert_num_queries(8):
        assert len(client.get("/status/").context["standings"]) == count


def test_status_asks_what_only_the_person_can_say(applicant, sensitive, sign_in):
    application = applicant("Wanda", agreed=False, placed="ask")
    identity = sensitive(application)
    identity.consented_at = None
    identity.save()
    client = sign_in(application.person)
    (standing,) = client.get("/status/").context["standings"]
    assert standing.asked == ("place", "agreement", "consent")
    client.post(reverse("members:agree", args=[application.public_id]))
    client.post(reverse("members:sensitive", args=[application.public_id]), {"answer": "allow"})
    client.post(reverse("members:place", args=[application.public_id]), {"place_text": "Berlin, Germany"})
    (standing,) = client.get("/status/").context["standings"]
    assert standing.asked == ()
    assert (Acceptance.objects.count(), Consent.objects.standing().count()) == (1, 1)


def test_hours_are_changed_on_their_own_clock(applicant, sign_in):
    application = applicant("Wanda")
    url = reverse("members:hours", args=[application.public_id])
    form = {"zone": "Europe/Kiev", "good": ["Mon early", "Tue early"], "possible": ["Fri lunch"]}
    assert sign_in(application.person).post(url, form).status_code == 302
    hours = Hours.objects.get()
    assert (hours.zone, hours.week.good.bit_count(), hours.week.possible.bit_count()) == ("Europe/Kyiv", 8, 4)


def test_withdrawing_ends_what_was_sensitive_and_takes_letters_back(applicant, sensitive, sign_in, letters, organizer):
    application = applicant("Wanda")
    sensitive(application)
    url = reverse("members:withdraw", args=[application.public_id])
    client = sign_in(application.person)
    client.post(url)
    assert Application.objects.get().stage == "submitted"
    client.post(url, {"sure": "on"})
    assert Application.objects.get().stage == "withdrawn"
    assert (IdentityAnswers.objects.count(), Hours.objects.count()) == (0, 0)


def test_who_sits_in_a_group_leaves_it_first(applicant):
    application = applicant("Wanda", stage="placed")
    with pytest.raises(NotAllowed, match="in a group"):
        leaving.withdraw(application)
    with pytest.raises(NotAllowed, match="in a group"):
        leaving.erase(application.person)


def test_the_profile_is_changed_by_its_owner(sign_in, stranger):
    form = {"name": "Ida Rhodes", "initials": "", "pronouns": "she/her", "zone": "Europe/Berlin"}
    assert sign_in(stranger).post("/me/", form).status_code == 302
    stranger.refresh_from_db()
    assert (stranger.name, stranger.initials, stranger.pronouns, stranger.zone) == (
        *("Ida Rhodes", "IR", "she/her", "Europe/Berlin"),
    )


def test_the_export_holds_everything_the_person_gave(applicant, sensitive, sign_in):
    application = applicant("Wanda")
    sensitive(application)
    answer = sign_in(application.person).get("/me/export/")
    told = json.loads(answer.content)
    assert told["person"]["email"] == "wanda@applied.example.org"
    (exported,) = told["applications"]
    assert exported["sensitive answers"] == {"never_alone": ["gender:woman"]}
    assert exported["hours"]["good"] == ["Mon 07:00-09:00"]
    assert [row["version"] for row in told["agreements"]] == [1]


def test_leaving_for_good_leaves_nothing(applicant, sensitive, sign_in, program):
    application = applicant("Wanda")
    sensitive(application)
    person = application.person
    Unconfirmed.objects.create(program=program, email=person.email, answers="{}", code_hash="")
    client = sign_in(person)
    assert client.post("/me/leave/").status_code == 200
    assert client.post("/me/leave/", {"sure": "on"}).status_code == 302
    gone = (Person, Application, Hours, IdentityAnswers, Acceptance, Unconfirmed, DataKey, Letter)
    remaining = {model.__name__: model.objects.count() for model in gone if model is not DataKey}
    assert remaining == dict.fromkeys(remaining, 0)
    assert not DataKey.objects.filter(owner=f"person:{person.pk}").exists()
    assert client.get("/me/").status_code == 302


def test_the_last_superuser_stays(superuser, person):
    with pytest.raises(NotAllowed, match="last one"):
        leaving.erase(superuser)
    person("Second", is_superuser=True)
    leaving.erase(superuser)


def test_what_waited_too_long_is_tidied_away(applicant, sensitive, program, clock, organizer):
    Unconfirmed.objects.create(program=program, email="a@example.org", answers="{}", edited_at=clock.now())
    identity = sensitive(applicant("Wanda"))
    identity.consented_at, identity.made_at = None, clock.now()
    identity.save()
    applicant("Xenia", stage="declined", decided_at=clock.now())
    start = clock.now()
    found = {}
    for days in (0, 2, 31, 91):
        clock.to(start)
        clock.forward(days=days)
        leaving.tidy()
        found[days] = (Unconfirmed.objects.count(), IdentityAnswers.objects.count(), Application.objects.count())
    assert found == {0: (1, 1, 2), 2: (1, 1, 2), 31: (0, 0, 2), 91: (0, 0, 1)}
