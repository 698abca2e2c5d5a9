"""The question where somebody is: a letter, a page without sign-in, one button per place; and what organizers teach."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from members import letters as letters_of
from members import reviewing, whereabouts
from members.importing import import_applications
from members.models.application import Application, Placed
from members.models.hours import Hours
from members.models.place import PlaceAlias
from members.models.program import Organizer, Program
from roundtable import links
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

OREGON, MAINE, MINNEAPOLIS, OAKLAND = 5746545, 4975802, 5037649, 5378538
PORTLANDS = [
    {"id": OREGON, "label": "Portland, OR, United States", "zone": "America/Los_Angeles"},
    {"id": MAINE, "label": "Portland, ME, United States", "zone": "America/New_York"},
]
CST = [{"id": None, "label": zone, "zone": zone} for zone in ("America/Chicago", "Asia/Shanghai")]
ASKED = {"placed": Placed.ASK, "place_text": "Portland", "place_name": "", "metro": "", "candidates": PORTLANDS}


@pytest.fixture
def open_letter():
    """A browser in which the link of this application's letter was opened, and the page that it came to."""

    def make(application):
        token = letters_of.place_tokens([application])[0]
        client = Client()
        return client, client.get(f"/where/{token}/", follow=True)

    return make


def told(application):
    application.refresh_from_db()
    return (
        application.placed,
        application.place_name,
        application.metro,
        Hours.objects.get(application=application).zone,
    )


def test_an_unclear_place_in_a_file_is_asked_by_a_letter_with_its_choices(program, code, sheet):
    import_applications(program, sheet({"Where are you based?": "Portland"}), by=None)
    letter = Letter.objects.get()
    labels = [f"Portland, {state}, United States" for state in ("OR", "ME", "TX")]
    assert f"Your words may mean {', or '.join(labels)}." in letter.text
    assert links.Link.objects.get().about == f"application:{Application.objects.get().pk}"
    address = re.search(r"/where/(\S+)/", letter.text)[1]
    token = letter.secrets_by_mark()[address]
    page = Client().get(f"/where/{token}/", follow=True)
    assert re.findall(r'name="choice" value="(\d+)"', page.content.decode())[:2] == [str(OREGON), str(MAINE)]


def test_a_letter_about_something_else_brings_no_link(applicant, organizer):
    reviewing.hold(applicant("Wanda", agreed=False), by=organizer)
    assert ("/where/" in Letter.objects.get().text, links.Link.objects.count()) == (False, 0)


def test_a_letter_of_an_organizer_who_asks_brings_the_choices_too(applicant, organizer):
    reviewing.hold(applicant("Wanda", **ASKED), by=organizer)
    assert ("Portland, ME" in Letter.objects.get().text, links.Link.objects.count()) == (True, 1)


def test_opening_changes_nothing_and_one_button_answers(applicant, open_letter):
    application = applicant("Wanda", zone="", **ASKED)
    client, page = open_letter(application)
    before = told(application)
    for _ in range(2):
        assert client.get(page.request["PATH_INFO"]).status_code == 200
    assert told(application) == before == ("ask", "", "", "")
    page = client.post(page.request["PATH_INFO"], {"choice": str(MAINE)}, follow=True)
    assert told(application) == ("resolved", "Portland", "", "America/New_York")
    assert [str(message) for message in page.context["messages"]] == [
        "Thank you. You are in Portland, ME, United States."
    ]


def test_a_bare_clock_is_chosen_and_no_place_is_made_up(applicant, open_letter):
    application = applicant("Wanda", **ASKED | {"place_text": "CST", "candidates": CST}, mode="video")
    client, page = open_letter(application)
    client.post(page.request["PATH_INFO"], {"choice": "America/Chicago"})
    assert told(application) == ("resolved", "", "", "America/Chicago")


@pytest.mark.parametrize("choice", ["1", "999999999", "Europe/Berlin", "x"])
def test_what_was_not_offered_cannot_be_chosen(choice, applicant, open_letter):
    application = applicant("Wanda", **ASKED)
    client, page = open_letter(application)
    page = client.post(page.request["PATH_INFO"], {"choice": choice})
    assert (page.status_code, told(application)[0]) == (200, "ask")


def test_pressing_twice_is_no_error(applicant, open_letter):
    application = applicant("Wanda", **ASKED)
    client, page = open_letter(application)
    answers = [client.post(page.request["PATH_INFO"], {"choice": str(OREGON)}).status_code for _ in range(2)]
    assert (answers, told(application)[:2]) == ([302, 200], ("resolved", "Portland"))


def test_none_of_these_is_said_in_own_words(applicant, open_letter):
    application = applicant("Wanda", **ASKED)
    client, page = open_letter(application)
    client.post(page.request["PATH_INFO"], {"place_text": "Oakland, CA"})
    assert told(application)[:3] == ("resolved", "Oakland", "Bay Area")
    page = client.post(page.request["PATH_INFO"], {"place_text": ""})
    assert page.status_code == 200
    client.post(page.request["PATH_INFO"], {"place_text": "Springfield"})
    assert told(application)[0] == "ask"


def test_nobody_else_gets_there(applicant, open_letter, sign_in, organizer):
    mine, other = applicant("Wanda", **ASKED), applicant("Xenia", **ASKED)
    client, _ = open_letter(mine)
    addresses = [(Client(), mine), (client, other), (sign_in(organizer), mine)]
    assert [one.get(f"/where/{of.public_id}/").status_code for one, of in addresses] == [404, 404, 404]
    assert Client().get("/where/invented.token/").status_code == 404


@pytest.mark.parametrize("stage", ["declined", "withdrawn"])
def test_a_closed_application_asks_nothing_any_more(stage, applicant, open_letter):
    application = applicant("Wanda", **ASKED)
    client, page = open_letter(application)
    Application.objects.update(stage=stage)
    assert client.post(page.request["PATH_INFO"], {"choice": str(OREGON)}).status_code == 404
    with pytest.raises(NotAllowed, match="closed"):
        whereabouts.choose(application, str(OREGON))


def test_a_link_ends_after_a_month(applicant, open_letter, clock):
    token = letters_of.place_tokens([applicant("Wanda", **ASKED)])[0]
    clock.forward(days=30)
    assert Client().get(f"/where/{token}/").status_code == 404


def test_many_links_are_one_statement_and_each_opens_its_own(applicant, django_assert_num_queries):
    people = [applicant(name, **ASKED) for name in ("Wanda", "Xenia", "Yoko")]
    with django_assert_num_queries(1):
        tokens = letters_of.place_tokens(people)
    pages = [Client().get(f"/where/{token}/", follow=True) for token in tokens]
    assert [page.context["application"].pk for page in pages] == [one.pk for one in people]


# --- what organizers teach ---

LOON = {"placed": Placed.UNKNOWN, "place_text": "by the big loon", "place_name": "", "metro": ""}


@pytest.fixture
def elsewhere(person):
    """Another program with its own organizer, and somebody there who wrote the same words."""

    def make(name="Other"):
        program = Program.objects.create(slug=name.lower(), name=name)
        organizer = person(f"{name}s", is_staff=True)
        Organizer.objects.create(program=program, person=organizer)
        return program, organizer

    return make


def test_a_fix_settles_all_who_wrote_the_same_and_those_of_later_files(applicant, organizer, program, code, sheet):
    first, second = applicant("Wanda", zone="", **LOON), applicant("Xenia", zone="", **LOON)
    assert reviewing.settle_place(first, MINNEAPOLIS, by=organizer) == [first, second]
    assert told(second) == ("resolved", "Minneapolis", "Twin Cities", "America/Chicago")
    import_applications(program, sheet({"Where are you based?": "By the BIG loon"}), by=None)
    assert Application.objects.get(person__name="Ada Lovelace").metro == "Twin Cities"


def test_whose_clock_contradicts_the_fix_is_still_asked(applicant, organizer):
    first, second = applicant("Wanda", zone="", **LOON), applicant("Xenia", zone="Europe/Berlin", **LOON)
    assert reviewing.settle_place(first, MINNEAPOLIS, by=organizer) == [first]
    assert told(second)[::3] == ("confirm", "Europe/Berlin")
    second.refresh_from_db()
    assert [one["id"] for one in second.candidates] == [MINNEAPOLIS]


def test_a_fix_holds_for_its_program_and_for_all_once_a_second_organizer_made_it(applicant, organizer, elsewhere):
    theirs, colleague = elsewhere()
    third, _ = elsewhere("Third")
    people = {name: applicant(name, zone="", **LOON) for name in ("Wanda", "Xenia", "Yoko", "Zora")}
    for name, program in {"Xenia": theirs, "Yoko": theirs, "Zora": third}.items():
        Application.objects.filter(pk=people[name].pk).update(program=program)
        people[name].refresh_from_db()
    assert reviewing.settle_place(people["Wanda"], MINNEAPOLIS, by=organizer) == [people["Wanda"]]
    assert PlaceAlias.objects.meanings(third) == {}
    settled = reviewing.settle_place(people["Xenia"], MINNEAPOLIS, by=colleague)
    assert settled == [people["Xenia"], people["Yoko"], people["Zora"]]
    assert PlaceAlias.objects.meanings(third) == {"by the big loon": MINNEAPOLIS}


def test_one_organizer_of_two_programs_is_not_two(applicant, organizer, elsewhere):
    theirs, _ = elsewhere()
    PlaceAlias.objects.create(program=theirs, text="by the big loon", place_id=MINNEAPOLIS, made_by=organizer)
    third, _ = elsewhere("Third")
    reviewing.settle_place(applicant("Wanda", **LOON), MINNEAPOLIS, by=organizer)
    assert PlaceAlias.objects.meanings(third) == {}


def test_two_who_agree_and_two_others_who_agree_otherwise_teach_nobody(elsewhere, program):
    for name, place_id in {"A": OREGON, "B": OREGON, "C": MAINE, "D": MAINE}.items():
        theirs, organizer = elsewhere(name)
        PlaceAlias.objects.create(program=theirs, text="the loft", place_id=place_id, made_by=organizer)
    assert PlaceAlias.objects.meanings(program) == {}
    assert PlaceAlias.objects.meanings(theirs) == {"the loft": MAINE}


@pytest.mark.parametrize("text", ["Portland", "Springfield", "Cambridge", "room 12", "me@example.org"])
def test_a_text_with_rivals_or_something_personal_teaches_nothing(text, applicant, organizer):
    first = applicant("Wanda", **LOON | {"place_text": text})
    second = applicant("Xenia", **LOON | {"place_text": text})
    assert reviewing.settle_place(first, OAKLAND, by=organizer) == [first]
    assert (PlaceAlias.objects.count(), told(second)[0]) == (0, "unknown")
