"""What somebody said in confidence: seen on their own page, taken back there one by one or all at once."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from members import identity, leaving
from members.models.application import IdentityAnswers
from members.models.conduct import Consent, wording_hash
from members.models.person import Person
from members.stages import Stage

BOTH = '{"dimensions": ["carer:yes", "gender:woman"], "never_alone": ["carer:yes"]}'


def url(application) -> str:
    return reverse("members:sensitive", args=[application.public_id])


def consent(person: Person) -> None:
    Consent.objects.create(person=person, purpose="sensitive", wording=wording_hash("sensitive"))


@pytest.fixture
def wanda(applicant, sensitive):
    """A carer who minds being the only one, with her yes."""
    application = applicant("Wanda", stage="pooled")
    sensitive(application, BOTH)
    consent(application.person)
    return application


def told() -> dict[str, list[str]]:
    return json.loads(IdentityAnswers.objects.get().answers)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.DRAFT])
def test_each_answer_stands_on_my_page_in_words_at_every_stage(stage, applicant, sensitive, sign_in):
    application = applicant("Wanda", stage=stage)
    sensitive(application, BOTH)
    page = sign_in(application.person).get("/me/").content.decode()
    assert [label in page for label in ("<bdi>being a carer</bdi>", "<bdi>gender: woman</bdi>")] == [True, True]


def test_one_click_on_my_page_deletes_one_answer_and_its_wish(wanda, sign_in):
    response = sign_in(wanda.person).post(url(wanda), {"value": "carer:yes", "from": "me"})
    assert response.url == "/me/"
    assert told() == {"dimensions": ["gender:woman"], "never_alone": []}
    assert Consent.objects.standing().count() == 1


@pytest.mark.parametrize("stage", ["submitted", "pooled", "dormant", "placed", "declined"])
def test_one_click_on_my_page_takes_the_yes_back_at_every_stage(stage, applicant, sensitive, sign_in):
    application = applicant("Wanda", stage=stage)
    sensitive(application, BOTH)
    consent(application.person)
    client = sign_in(application.person)
    client.post(url(application), {"answer": "delete", "from": "me"})
    assert (IdentityAnswers.objects.count(), Consent.objects.standing().count()) == (0, 0)
    assert "told in private" not in client.get("/me/").content.decode()


def test_the_last_answer_takes_the_yes_along(wanda, sign_in):
    client = sign_in(wanda.person)
    for value in ("carer:yes", "gender:woman"):
        client.post(url(wanda), {"value": value})
    assert (IdentityAnswers.objects.count(), Consent.objects.standing().count()) == (0, 0)


def test_what_is_gone_already_changes_nothing(wanda):
    for value in ("age:yes", "carer:yes", "carer:yes"):
        leaving.take_back_answer(wanda, value)
    assert told()["dimensions"] == ["gender:woman"]


def test_the_answers_are_their_owners_alone(wanda, sign_in, stranger, organizer, superuser):
    for person in (stranger, organizer, superuser):
        client = sign_in(person)
        assert client.post(url(wanda), {"answer": "delete"}).status_code == 404
        assert "being a carer" not in client.get("/me/").content.decode()
    assert IdentityAnswers.objects.count() == 1


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ("gender:woman", "gender: woman"),
        ("role:staff", "the only staff engineer among managers"),
        ("first_language:yes", "first language"),
    ],
)
def test_a_value_is_said_in_words(value, label):
    assert identity.label_of(value) == label
