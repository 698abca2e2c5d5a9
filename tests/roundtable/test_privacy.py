import pytest
from django.test import Client

from roundtable import privacy
from roundtable.outbox.models import Letter

OUR_OWN = ("roundtable.", "outbox.", "account.", "mfa.", "usersessions.", "admin.")


def of_our_own(names):
    return {name for name in names if name.startswith(OUR_OWN)}


def test_every_personal_field_of_the_shared_apps_is_declared_and_no_other():
    assert of_our_own(privacy.personal()) == of_our_own(privacy.declared())


def test_a_field_that_nobody_declared_is_found(monkeypatch):
    """Plants one: the register without the letters' text."""
    without = [kept for kept in privacy.REGISTER if "text" not in kept.fields.split()]
    monkeypatch.setattr(privacy, "REGISTER", without)
    assert "outbox.Letter.text" in privacy.undeclared()


def test_a_model_that_leads_to_a_person_over_two_steps_is_personal():
    names = {field.name for field in privacy.told(Letter)}
    assert {"to", "text", "ics", "secret", "person"} - names == set()
    assert names & {"state", "attempts", "sent_at"} == set()


def test_no_rule_is_without_a_name_a_reason_a_reader_and_an_end():
    told = ("label", "purpose", "readers", "until")
    assert [kept for kept in privacy.REGISTER if not all(getattr(kept, name) for name in told)] == []


def test_every_rule_has_a_name_of_its_own_in_peoples_words():
    labels = [kept.label for kept in privacy.REGISTER]
    assert sorted(set(labels)) == sorted(labels)
    assert [label for label in labels if "_" in label or "." in label] == []


@pytest.mark.django_db
def test_everybody_can_read_the_register():
    page = Client().get("/privacy/").content.decode()
    assert [kept.purpose for kept in privacy.REGISTER if kept.purpose.replace("'", "&#x27;") not in page] == []
    assert [kept.model for kept in privacy.REGISTER if kept.label not in page or kept.model in page] == []
