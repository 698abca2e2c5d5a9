"""The application form, the code for the address, and what an applicant may change later."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.core import signing
from django.db import connection

from members import applying
from members.forms import ApplicationForm
from members.models.application import Application, IdentityAnswers, Unconfirmed
from members.models.conduct import Acceptance, Consent
from members.models.hours import Hours
from members.models.person import Person
from members.weekhours import block_names
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

APPLY, CONFIRM = "/apply/cto/", "/apply/cto/confirm/"
GIVEN = {
    "name": "Wanda Ruiz",
    "email": "Wanda@Example.org",
    "zone": "America/Chicago",
    "mode": "either",
    "place_text": "Minneapolis",
    "role": "cto",
    "org_size": "10-29",
    "company": "Quarry Works Inc",
    "shows_company": "yes",
    "topics": ["hiring"],
    "good": ["Mon early", "Tue lunch", "Wed evening"],
    "rhythm": "either",
    "gender": "woman",
    "never_alone": ["gender", "carer"],
    "use_sensitive": "on",
    "agree_conduct": "on",
    "agree_data": "on",
    "agree_coming": "on",
}


@pytest.fixture
def filled(settings):
    """The form as sent by somebody who took their time."""

    def make(**changed):
        begun = signing.TimestampSigner(salt="members.application").sign("apply")
        return {name: value for name, value in (GIVEN | {"begun": begun} | changed).items() if value is not None}

    return make


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Nobody in these tests types for three seconds."""
    monkeypatch.setattr("members.forms.SOONEST", timedelta(seconds=-1))


def code_in_letter():
    (code,) = Letter.objects.get(kind="members/confirm_address").secrets_by_mark().values()
    return code


def test_nobody_sees_an_application_before_its_address_is_confirmed(client, program, code, filled, letters):
    response = client.post(APPLY, filled())
    assert (response.status_code, response.url) == (302, CONFIRM)
    assert (Application.objects.count(), Person.objects.count(), Unconfirmed.objects.count()) == (0, 0, 1)
    assert letters() == [("members/confirm_address", "wanda@example.org", "queued")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM members_unconfirmed")
        assert b"Wanda" not in bytes(cursor.fetchone()[0])


def test_with_the_code_it_becomes_an_application_and_an_account(client, program, code, filled):
    client.post(APPLY, filled())
    response = client.post(CONFIRM, {"code": code_in_letter().lower().replace("-", " ")})
    assert (response.status_code, response.url) == (302, "/status/")
    application = Application.objects.select_related("person").get()
    person = application.person
    assert (person.email, person.name, person.initials, person.zone) == (
        *("wanda@example.org", "Wanda Ruiz", "WR", "America/Chicago"),
    )
    told = ("stage", "metro", "placed", "role", "company_key", "topics", "cadences", "willing", "shows_company")
    assert [getattr(application, name) for name in told] == [
        *("submitted", "Twin Cities", "resolved", "cto", "quarry works"),
        *(["hiring"], ["monthly", "six_to_eight_weeks"], True, True),
    ]
    assert block_names(int(Hours.objects.get().good, 16)) == ("Mon early", "Tue lunch", "Wed evening")
    assert json.loads(IdentityAnswers.objects.get().answers) == {
        "dimensions": ["carer:yes", "gender:woman"],
        "never_alone": ["carer:yes", "gender:woman"],
    }
    assert set(Consent.objects.values_list("purpose", flat=True)) == {"data", "coming", "sensitive"}
    assert Acceptance.objects.get().person == person
    assert Unconfirmed.objects.count() == 0
    assert client.get("/status/").status_code == 200


def test_a_code_is_tried_three_times(client, program, code, filled):
    client.post(APPLY, filled())
    right = code_in_letter()
    for _ in range(3):
        assert client.post(CONFIRM, {"code": "WRONG"}).status_code == 200
    response = client.post(CONFIRM, {"code": right})
    assert "no longer counts" in response.content.decode()
    assert Application.objects.count() == 0


def test_a_code_counts_for_an_hour(client, program, code, filled, clock):
    client.post(APPLY, filled())
    clock.forward(hours=1)
    assert "no longer counts" in client.post(CONFIRM, {"code": code_in_letter()}).content.decode()


def test_known_and_unknown_addresses_see_the_same(client, program, code, filled, applicant):
    applicant("Xenia")
    answers = []
    for email in ("new@example.org", "xenia@applied.example.org"):
        response = client.post(APPLY, filled(email=email), follow=True)
        page = re.sub(r'value="[^"]*"|token&quot;[^}]*|"X-CSRFToken": "[^"]*"', "", response.content.decode())
        answers.append((response.status_code, page.replace(email, "ADDRESS")))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "\u202e\u200b\x00"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@example.org\r\nBcc: e@example.org"}, "email"),
        ({"mode": "telepathy"}, "mode"),
        ({"place_text": ""}, "place_text"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"zone": ""}, "zone"),
        ({"role": None}, "role"),
        ({"org_size": "many"}, "org_size"),
        ({"years_in_tech": "-1"}, "years_in_tech"),
        ({"company": "", "sector": ""}, "company"),
        ({"topics": []}, "topics"),
        ({"topics": ["hiring", "metrics", "security", "architecture", "AI tools", "budgeting"]}, "topics"),
        ({"topics": ["<script>"]}, "topics"),
        ({"good": ["Mon early", "Tue lunch"]}, "good"),
        ({"good": ["Mon midnight"] * 3}, "good"),
        ({"use_sensitive": None}, "use_sensitive"),
        ({"agree_conduct": None}, "agree_conduct"),
        ({"agree_data": None}, "agree_data"),
        ({"agree_coming": None}, "agree_coming"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(changed, field, client, program, code, filled):
    response = client.post(APPLY, filled(**changed))
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert Unconfirmed.objects.count() == 0


def test_video_alone_needs_no_place(client, program, code, filled):
    assert client.post(APPLY, filled(mode="video", place_text="")).status_code == 302


@pytest.mark.parametrize("changed", [{"website": "http://buy.example"}, {"begun": "invented"}, {"begun": ""}])
def test_programs_that_fill_in_forms_are_asked_to_try_again(changed, client, program, code, filled):
    response = client.post(APPLY, filled(**changed))
    assert (response.status_code, Unconfirmed.objects.count()) == (200, 0)


def test_faster_than_anybody_types(client, program, code, filled, monkeypatch):
    monkeypatch.setattr("members.forms.SOONEST", timedelta(seconds=3))
    assert "faster than anybody types" in client.post(APPLY, filled()).content.decode()


def test_one_address_asks_for_three_codes_a_day(client, program, code, filled):
    statuses = [client.post(APPLY, filled()).status_code for _ in range(4)]
    assert statuses == [302, 302, 302, 429]


def test_a_closed_program_takes_nothing(client, program, code, filled, clock):
    program.closes_at = clock.now()
    program.save()
    assert "Not open" in client.post(APPLY, filled()).content.decode()
    assert client.get("/apply/nowhere/").status_code == 404
    with pytest.raises(NotAllowed, match="does not take applications"):
        applying.wait_for_code(program, {}, email="a@example.org")


def test_who_is_signed_in_needs_no_code(program, code, filled, sign_in, stranger):
    response = sign_in(stranger).post(APPLY, filled(email="somebody.else@example.org"))
    assert (response.status_code, response.url) == (302, "/status/")
    assert Application.objects.get().person == stranger


def test_applying_again_changes_the_one_application(program, code, filled, sign_in, stranger):
    client = sign_in(stranger)
    client.post(APPLY, filled())
    client.post(APPLY, filled(company="Elsewhere", gender="", never_alone=[]))
    assert [one.company for one in Application.objects.all()] == ["Elsewhere"]
    assert IdentityAnswers.objects.count() == 0


@pytest.mark.parametrize(
    ("stage", "after"),
    [("declined", "submitted"), ("withdrawn", "submitted"), ("pooled", "pooled"), ("submitted", "submitted")],
)
def test_applying_again_moves_only_what_was_closed(stage, after, program, filled, applicant, clock):
    application = applicant("Wanda", stage=stage, decided_at=clock.now())
    given = checked(filled())
    assert applying.submit(application.person, program, given).stage == after


def test_who_sits_in_a_group_of_the_program_applies_elsewhere(program, filled, applicant):
    application = applicant("Wanda", stage="placed")
    with pytest.raises(NotAllowed, match="in a group of this program"):
        applying.submit(application.person, program, checked(filled()))


def test_saying_the_place_settles_it_and_sets_the_clock(applicant):
    application = applicant("Wanda", placed="ask", place_text="Springfield", zone="")
    applying.tell_place(application, place_text="Springfield", place_id=4250542, zone="")
    application.refresh_from_db()
    assert (application.placed, application.place_name) == ("resolved", "Springfield")
    assert Hours.objects.get(application=application).zone == "America/Chicago"


def checked(data):
    form = ApplicationForm(data)
    assert form.is_valid(), form.errors
    return form.cleaned_data
