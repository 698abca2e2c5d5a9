import pytest
from django.test import Client

from roundtable.outbox import deliver, folder, post, views
from roundtable.outbox.models import Letter
from tests.roundtable.outbox.test_mime import ICS

pytestmark = pytest.mark.django_db
FAR = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def home(settings, tmp_path):
    """Letters go into a folder, as in a private installation."""
    settings.EMAIL_BACKEND = settings.INVITE_EMAIL_BACKEND = "roundtable.outbox.folder.Folder"
    settings.EMAIL_FILE_PATH = str(tmp_path)


@pytest.fixture
def letter(draft, home):
    post.post(draft(links={"link": "t0ken"}, ics=ICS))
    return Letter.objects.get()


def seen(letter):
    client = Client()
    page = client.get(f"/outbox/{letter.pk}/").content.decode()
    frame = client.get(f"/outbox/{letter.pk}/html/").content.decode()
    return ["/seats/t0ken/" in page, "METHOD:REQUEST" in page, "/seats/t0ken/" in frame]


def test_a_letter_is_shown_as_its_reader_sees_it_before_and_after_it_was_sent(letter):
    assert seen(letter) == [True, True, True]
    deliver.due(letters=1, seconds=9)
    assert (Letter.objects.get().state, seen(letter)) == ("sent", [True, True, True])


def test_a_sent_letter_is_one_file_that_mail_programs_open(letter, tmp_path):
    deliver.due(letters=1, seconds=9)
    assert [path.name for path in tmp_path.iterdir()] == [folder.place(letter.message_id).name]
    assert b"Message-ID: " + letter.message_id.encode() in folder.sent(letter)


def test_a_letter_that_went_elsewhere_is_shown_without_its_secret(letter, settings):
    settings.INVITE_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    deliver.due(letters=1, seconds=9)
    assert seen(letter) == [False, True, False]


def test_letters_to_one_address_can_be_picked(letter, draft):
    post.post(draft(dedupe_key="two", address="grace@example.com"))
    page = Client().get("/outbox/", {"to": "Grace@example.com"}).content.decode()
    assert ("grace@example.com</td>" in page, "ada@example.com</td>" in page) == (True, False)


def test_older_letters_are_on_further_pages_which_keep_the_address_that_was_picked(
    letter, draft, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(views, "ON_A_PAGE", 2)
    for number in range(3):
        post.post(draft(dedupe_key=f"more {number}", address="grace+1@example.com"))
    for page, rows in ((1, 2), (2, 2), (9, 2)):  # past the end the last page stands
        with django_assert_num_queries(2):
            shown = Client().get("/outbox/", {"page": page}).content.decode()
        assert shown.count("@example.com</td>") == rows
    assert "ada@example.com</td>" in shown
    assert (
        'href="?page=2&amp;to=grace%2B1%40example.com"'
        in Client().get("/outbox/", {"to": "grace+1@example.com"}).content.decode()
    )


@pytest.mark.parametrize("path", ["/outbox/", "/outbox/{pk}/", "/outbox/{pk}/html/"])
def test_from_afar_the_outbox_is_open_for_staff_only(letter, ada, organizer, path):
    answers = []
    for person in (None, ada, organizer):
        client = Client(**FAR)
        if person is not None:
            client.force_login(person)
        answers.append(client.get(path.format(pk=letter.pk)).status_code)
    assert answers == [404, 404, 200]


@pytest.mark.parametrize(("name", "value"), [("DEVELOPMENT_PAGES", False), ("TRUSTED_PROXY_COUNT", 1)])
def test_in_production_and_behind_a_proxy_it_does_not_exist(letter, settings, name, value):
    setattr(settings, name, value)
    assert Client().get("/outbox/").status_code == 404
