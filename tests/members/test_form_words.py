"""What the form says when something is wrong: our own sentence at the field, once, nothing typed lost."""

from __future__ import annotations

import pytest

from members import applying
from members.forms.application import PAGES, Check
from members.models.application import Application
from tests.members.conftest import APPLY

DJANGOS = ("This field is required", "Select a valid choice", "Ensure this value", "Enter a whole", "Enter a valid")


@pytest.mark.parametrize(
    ("page", "changed", "field", "said"),
    [
        ("you", {"name": ""}, "name", "Please fill in “Name to use”."),
        ("you", {"name": "\u202e\u200b\x01"}, "name", "There is nothing to read in this: please use letters."),
        (
            "you",
            {"email": "nobody"},
            "email",
            "one looks like name@example.org.",
        ),
        ("work", {"role": "king"}, "role", "Please choose one of the answers that are offered under “Your role”."),
        ("work", {"org_size": ""}, "org_size", "Please choose under “People in your part of the organisation”."),
        ("work", {"years_in_tech": "many"}, "years_in_tech", "as a whole number from 0 to 80."),
        ("work", {"years_leading": "81"}, "years_leading", "as a whole number from 0 to 80."),
        ("where", {"place_text": "x" * 10_240}, "place_text", "“City or area” holds at most 200 characters"),
        ("wishes", {"topics": ["chess"]}, "topics", "the answers that are offered under “Topics”."),
        ("wishes", {"topics": []}, "topics", "Choose at least one topic, or write your own"),
        ("work", {"shows_company": "no"}, "sector", "please name one"),
        ("check", {"agree_data": None}, "agree_data", "Please tick this to go on."),
    ],
)
def test_a_mistake_is_named_once_in_our_words(page, changed, field, said, client, fill):
    form = fill(client, **{page: changed}).context["form"]
    assert {name: len(errors) for name, errors in form.errors.items()} == {field: 1}
    assert said in form.errors[field][0]


@pytest.mark.parametrize("page", [page for page in PAGES if page != "you"])
def test_an_empty_page_speaks_no_words_of_the_framework(page, client, fill):
    fill(client)
    words = client.post(f"{APPLY}{page}/", {}).content.decode()
    assert [said for said in DJANGOS if said in words] == []


def test_a_city_of_ten_kilobytes_is_still_there(client, fill):
    form = fill(client, where={"place_text": "x" * 10_240}).context["form"]
    assert len(form["place_text"].value()) == 10_240


def test_the_check_page_speaks_of_another_version_only_where_one_was_seen(client, fill):
    assert fill(client, check={"conduct": None}).status_code == 302
    errors = Check({"conduct": "1", "agree_conduct": "on", "agree_data": "on", "agree_coming": "on"}, version=2).errors
    assert errors == {"agree_conduct": ["The code of conduct changed meanwhile; this is version 2."]}


def test_an_own_topic_alone_will_do(fill, sign_in, stranger):
    assert fill(sign_in(stranger), wishes={"topics": [], "own_topic": "tea"}).url == "/status/"
    assert Application.objects.get().topics == ["tea"]


@pytest.mark.parametrize("chosen", ["between jobs", "rather not say"])
def test_no_company_is_chosen_and_found_again(chosen, fill, answers, sign_in, stranger):
    client = sign_in(stranger)
    assert fill(client, work={"company_is": chosen, "company": ""}).url == "/status/"
    application = Application.objects.get()
    assert (application.company, application.company_key) == (chosen, "")
    client.post(f"{APPLY}?then=check", answers("you"))
    form = client.get(f"{APPLY}work/").context["form"]
    assert (form["company_is"].value(), form["company"].value()) == (chosen, "")


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Ada King Lovelace", "AL"), ("Zoë 😀", "Z"), ("Z😀", "Z"), ("“Ed” O'Neil", "EO"), ("😀", "")],
)
def test_initials_come_from_the_letters_of_a_name(name, initials):
    assert applying.initials_of(name) == initials


def test_initials_that_somebody_typed_are_letters_too(stranger):
    applying.change_profile(stranger, name="Zoë Ito", initials="Z😀", pronouns="", zone="UTC")
    assert stranger.initials == "Z"


@pytest.mark.parametrize("page", PAGES)
def test_every_choice_begins_with_a_capital(page, client, fill):
    fill(client)
    form = client.get(f"{APPLY}{page}/" if page != "you" else APPLY).context["form"]
    shown = [one.data["label"] for field in form if field.widget_type == "radioselect" for one in field.subwidgets]
    assert [label for label in shown if label != label[:1].upper() + label[1:]] == []
