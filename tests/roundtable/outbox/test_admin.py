import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.models.application import Application
from members.models.program import Organizer, Program
from roundtable.outbox import post
from roundtable.outbox.models import Letter, State
from tests.roundtable.outbox.test_mime import ICS

pytestmark = pytest.mark.django_db
TOKEN = "t0ken-that-opens"
LIST = "/admin/outbox/letter/"


@pytest.fixture
def program(organizer, ada):
    """Ada has applied, from Lisbon; Olga organizes all of it."""
    program = Program.objects.create(slug="circles", name="Circles")
    Organizer.objects.create(program=program, person=organizer)
    Application.objects.create(program=program, person=ada, metro="Lisbon")
    return program


@pytest.fixture
def signed_in(organizer, program):
    client = Client()
    client.force_login(organizer)
    return client


@pytest.fixture
def letter(draft):
    post.post(draft(links={"link": TOKEN}, ics=ICS))
    return Letter.objects.get()


def test_an_organizer_reads_a_letter_without_its_secret(signed_in, letter):
    page = signed_in.get(f"{LIST}{letter.pk}/change/").content.decode()
    found = [word in page for word in ("seats/[secret]/", "METHOD:REQUEST", f"{LIST}{letter.pk}/preview/", TOKEN, "~~")]
    assert found == [True, True, True, False, False]


def test_the_preview_is_an_answer_where_nothing_can_run(signed_in, letter):
    response = signed_in.get(f"{LIST}{letter.pk}/preview/")
    assert (response["Content-Security-Policy"], response["X-Frame-Options"]) == (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
        "SAMEORIGIN",
    )
    assert ("/seats/[secret]/" in response.content.decode(), TOKEN in response.content.decode()) == (True, False)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_for_letters_as_often_for_one_as_for_three(signed_in, draft, count):
    post.post(*[draft(dedupe_key=str(number), links={"link": TOKEN}) for number in range(count)])
    with CaptureQueriesContext(connection) as asked:
        page = signed_in.get(LIST).content.decode()
    assert (page.count("ada@example.com"), TOKEN in page) == (count, False)
    assert len([query for query in asked if "outbox_letter" in query["sql"]]) == 3  # count, kinds, letters


@pytest.mark.parametrize(
    ("action", "state", "after"),
    [
        ("send_again", State.FAILED, "queued"),
        ("send_again", State.CANCELLED, "cancelled"),
        ("take_back", State.QUEUED, "cancelled"),
        ("take_back", State.FAILED, "failed"),
    ],
)
def test_an_organizer_sends_again_what_failed_and_takes_back_what_has_not_left(signed_in, letter, action, state, after):
    Letter.objects.update(state=state)
    signed_in.post(LIST, {"action": action, "_selected_action": [letter.pk]})
    assert Letter.objects.get().state == after


@pytest.mark.parametrize(("path", "code"), [(f"{LIST}add/", 404), (f"{LIST}999/preview/", 404)])
def test_nobody_writes_a_letter_by_hand(signed_in, path, code):
    assert signed_in.get(path).status_code == code


def test_a_letter_cannot_be_changed_or_deleted(signed_in, letter):
    answers = [
        signed_in.post(f"{LIST}{letter.pk}/{act}/", {"subject": "x"}).status_code for act in ("change", "delete")
    ]
    assert (answers, Letter.objects.get().subject) == ([404, 404], "About Thursday")


def test_a_member_does_not_reach_the_outbox(ada, letter):
    client = Client()
    client.force_login(ada)
    assert [client.get(f"{LIST}{path}").status_code for path in ("", f"{letter.pk}/preview/")] == [404, 404]


def test_the_front_page_counts_letters_that_wait_and_that_failed(signed_in, draft):
    post.post(*[draft(dedupe_key=str(number)) for number in range(3)])
    Letter.objects.filter(dedupe_key="0").update(state=State.FAILED)
    parts = {part.title: part.lines for part in signed_in.get("/admin/").context["dashboard"]}
    assert parts["Letters"] == [("waiting", 2), ("failed", 1)]


@pytest.mark.parametrize(("metro", "status"), [("", 200), ("Lisbon", 200), ("Porto", 404)])
def test_an_organizer_of_one_city_sees_the_letters_of_that_city(signed_in, letter, organizer, metro, status):
    Organizer.objects.filter(person=organizer).update(metro=metro)
    assert signed_in.get(f"{LIST}{letter.pk}/preview/").status_code == status


def test_staff_who_organize_nothing_find_no_letters(signed_in, letter, organizer):
    Organizer.objects.all().delete()
    assert [signed_in.get(page).status_code for page in (LIST, f"{LIST}{letter.pk}/preview/")] == [404, 404]
