"""The application page by page, the code for the address, and what an applicant may change later."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection

from members import applying, drafting
from members.forms.application import PAGES
from members.models.apart import KeepApartLine
from members.models.application import Application, IdentityAnswers, Unconfirmed
from members.models.conduct import Acceptance, Consent
from members.models.hours import Hours
from members.models.person import Person
from members.weekhours import block_names
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from tests.members.conftest import ANSWERS, APPLY, CONFIRM


def code_in_letter():
    (code,) = Letter.objects.filter(kind="members/confirm_address").latest("pk").secrets_by_mark().values()
    return code


def test_nobody_sees_an_application_before_its_address_is_confirmed(client, fill, letters):
    response = fill(client)
    assert (response.status_code, response.url) == (302, CONFIRM)
    assert (Application.objects.count(), Person.objects.count(), Unconfirmed.objects.count()) == (0, 0, 1)
    assert letters() == [("members/confirm_address", "wanda@example.org", "queued")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM members_unconfirmed")
        assert b"Wanda" not in bytes(cursor.fetchone()[0])


def test_with_the_code_it_becomes_an_application_and_an_account(client, fill):
    fill(client)
    response = client.post(CONFIRM, {"code": code_in_letter().lower().replace("-", " ")})
    assert (response.status_code, response.url) == (302, "/status/")
    application = Application.objects.select_related("person").get()
    person = application.person
    assert (person.email, person.name, person.initials, person.zone) == (
        *("wanda@example.org", "Wanda Ruiz", "WR", "America/Chicago"),
    )
    told = ("stage", "metro", "placed", "role", "role_text", "company_key", "topics", "cadences", "willing")
    assert [getattr(application, name) for name in told] == [
        *("submitted", "Twin Cities", "resolved", "cto", "CTO or founder-CTO", "quarry works"),
        *(["hiring"], ["monthly", "six_to_eight_weeks"], True),
    ]
    assert application.extra == {
        "gives": "Pay reviews",
        "shares_words": True,
        "size": "6-7",
        "minutes": "75",
        "could": ["host"],
        "heard": "friend",
        "sent_by": "Xenia",
        "company_size": "10-49",
        "in_town": "Mill district",
        "longest_ride": "30",
    }
    assert block_names(int(Hours.objects.get().good, 16)) == ("Mon early", "Tue lunch", "Wed evening")
    assert [line.words for line in KeepApartLine.objects.all()] == ["Rival Corp", "Jo Doe"]
    assert json.loads(IdentityAnswers.objects.get().answers) == {
        "dimensions": ["carer:yes", "gender:woman"],
        "never_alone": ["carer:yes", "gender:woman"],
    }
    assert set(Consent.objects.values_list("purpose", flat=True)) == {"data", "coming", "sensitive"}
    assert (Acceptance.objects.get().person, Acceptance.objects.get().code.number) == (person, 1)
    assert Unconfirmed.objects.count() == 0
    assert client.get("/status/").status_code == 200


def test_the_list_of_whom_to_keep_apart_lies_encrypted(client, fill):
    fill(client)
    client.post(CONFIRM, {"code": code_in_letter()})
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM members_keepapartline")
        assert b"Rival" not in bytes(cursor.fetchone()[0])


def test_a_code_is_tried_three_times_and_a_new_one_counts_again(client, fill, clock):
    fill(client)
    right = code_in_letter()
    for _ in range(3):
        assert client.post(CONFIRM, {"code": "WRONG"}).status_code == 200
    assert "no longer counts" in client.post(CONFIRM, {"code": right}).content.decode()
    assert Application.objects.count() == 0
    clock.forward(minutes=2)
    assert client.post(CONFIRM, {"then": "again", "code": ""}).status_code == 302
    assert client.post(CONFIRM, {"code": code_in_letter()}).url == "/status/"


def test_a_code_counts_for_an_hour(client, fill, clock):
    fill(client)
    clock.forward(hours=1)
    assert "no longer counts" in client.post(CONFIRM, {"code": code_in_letter()}).content.decode()


def test_changed_words_end_the_code_that_is_out(client, fill):
    fill(client)
    client.post(f"{APPLY}work/", ANSWERS["work"] | {"company": "Elsewhere"})
    assert "no longer counts" in client.post(CONFIRM, {"code": code_in_letter()}).content.decode()


def test_the_same_words_once_more_leave_the_code_alone(client, fill):
    fill(client)
    client.post(f"{APPLY}work/", ANSWERS["work"])
    assert client.post(CONFIRM, {"code": code_in_letter()}).url == "/status/"


def test_sent_twice_is_one_code_and_confirmed_twice_one_application(client, fill, letters):
    fill(client)
    assert client.post(f"{APPLY}check/", ANSWERS["check"]).url == CONFIRM
    assert len(letters()) == 1
    code = code_in_letter()
    assert [client.post(CONFIRM, {"code": code}).url for _ in range(2)] == ["/status/", "/status/"]
    assert Application.objects.count() == 1


def test_known_and_unknown_addresses_see_the_same(fill, applicant, client):
    applicant("Xenia")
    answers = []
    for email in ("new@example.org", "xenia@applied.example.org"):
        response = client.get(fill(client, you={"email": email}).url)
        page = re.sub(r'value="[^"]*"|token&quot;[^}]*|"X-CSRFToken": "[^"]*"', "", response.content.decode())
        answers.append((response.status_code, page.replace(email, "ADDRESS")))
        client.session.flush()
        client.cookies.clear()
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("page", "changed", "field"),
    [
        ("you", {"name": ""}, "name"),
        ("you", {"name": "\u202e\u200b\x00"}, "name"),
        ("you", {"name": "x" * 121}, "name"),
        ("you", {"email": "nobody"}, "email"),
        ("you", {"email": ""}, "email"),
        ("you", {"email": "a@example.org\r\nBcc: e@example.org"}, "email"),
        ("work", {"role": None}, "role"),
        ("work", {"org_size": "many"}, "org_size"),
        ("work", {"years_in_tech": "-1"}, "years_in_tech"),
        ("work", {"years_leading": "９" * 99}, "years_leading"),
        ("work", {"company": ""}, "company"),
        ("work", {"keep_apart": "\n".join("abcdef")}, "keep_apart"),
        ("work", {"keep_apart": "x" * 81}, "keep_apart"),
        ("where", {"mode": "telepathy"}, "mode"),
        ("where", {"place_text": ""}, "place_text"),
        ("where", {"zone": "Mars/Base"}, "zone"),
        ("where", {"zone": ""}, "zone"),
        ("hours", {"good": ["Mon early", "Tue lunch"]}, "good"),
        ("hours", {"good": ["Mon midnight"] * 3}, "good"),
        ("hours", {"good": ["Mon 24:00"] * 3}, "good"),
        ("hours", {"rhythm": None}, "rhythm"),
        ("wishes", {"topics": []}, "topics"),
        ("wishes", {"topics": ["hiring", "metrics", "security", "architecture", "AI tools", "budgeting"]}, "topics"),
        ("wishes", {"topics": ["<script>"]}, "topics"),
        ("wishes", {"gives": "x" * 301}, "gives"),
        ("alone", {"use_sensitive": None}, "use_sensitive"),
        ("check", {"agree_conduct": None}, "agree_conduct"),
        ("check", {"agree_data": None}, "agree_data"),
        ("check", {"agree_coming": None}, "agree_coming"),
        ("check", {"conduct": "7"}, "agree_conduct"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_sent(page, changed, field, client, fill, letters):
    response = fill(client, **{page: changed})
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert "<title>Error: " in response.content.decode()
    assert letters() == []


def test_video_alone_needs_no_place(client, fill):
    assert fill(client, where={"mode": "video", "place_text": ""}).url == CONFIRM


def test_a_closed_program_takes_nothing_new(client, program, code, answers, clock):
    program.closes_at = clock.now()
    program.save()
    assert "Not open" in client.post(APPLY, answers("you")).content.decode()
    assert (Unconfirmed.objects.count(), client.get("/apply/nowhere/").status_code) == (0, 404)
    with pytest.raises(NotAllowed, match="does not take applications"):
        drafting.begin(program, email="a@example.org")


def test_what_was_sent_in_time_counts_also_if_its_code_is_typed_after_the_end(client, fill, program, clock):
    fill(client)
    clock.forward(minutes=10)
    program.closes_at = clock.now()
    program.save()
    assert client.post(CONFIRM, {"code": code_in_letter()}).url == "/status/"


def test_who_is_signed_in_needs_no_code(fill, sign_in, stranger):
    response = fill(sign_in(stranger), you={"email": "somebody.else@example.org"})
    assert (response.status_code, response.url) == (302, "/status/")
    assert Application.objects.get().person == stranger


def test_applying_again_changes_the_one_application(fill, sign_in, stranger):
    client = sign_in(stranger)
    fill(client)
    fill(client, work={"company": "Elsewhere", "keep_apart": ""})
    assert [one.company for one in Application.objects.all()] == ["Elsewhere"]
    assert (IdentityAnswers.objects.count(), KeepApartLine.objects.count()) == (1, 0)


def test_who_applied_before_finds_the_pages_filled_in_but_for_what_is_sensitive(fill, answers, sign_in, stranger):
    client = sign_in(stranger)
    fill(client)
    Unconfirmed.objects.all().delete()
    client.post(APPLY, answers("you"))
    shown = {page: client.get(f"{APPLY}{page}/").context["form"].initial for page in PAGES}
    assert (shown["work"]["company"], shown["where"]["place_text"], shown["wishes"]["topics"]) == (
        *("Quarry Works Inc", "Minneapolis", ["hiring"]),
    )
    assert shown["hours"]["good"] == ("Mon early", "Tue lunch", "Wed evening")
    assert shown["alone"] == {}


@pytest.mark.parametrize(
    ("stage", "after"),
    [("declined", "submitted"), ("withdrawn", "submitted"), ("pooled", "pooled"), ("submitted", "submitted")],
)
def test_applying_again_moves_only_what_was_closed(stage, after, program, checked, applicant, clock):
    application = applicant("Wanda", stage=stage, decided_at=clock.now())
    assert applying.submit(application.person, program, checked).stage == after


def test_who_sits_in_a_group_of_the_program_applies_elsewhere(program, checked, applicant):
    application = applicant("Wanda", stage="placed")
    with pytest.raises(NotAllowed, match="in a group of this program"):
        applying.submit(application.person, program, checked)


def test_saying_the_place_settles_it_and_sets_the_clock(applicant):
    application = applicant("Wanda", placed="ask", place_text="Springfield", zone="")
    applying.tell_place(application, place_text="Springfield", place_id=4250542, zone="")
    application.refresh_from_db()
    assert (application.placed, application.place_name) == ("resolved", "Springfield")
    assert Hours.objects.get(application=application).zone == "America/Chicago"
