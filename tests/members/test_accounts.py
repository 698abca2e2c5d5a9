"""Signing in, the demo, the command line, and every letter's three parts."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.template.loader import get_template

from members import letters as members_letters
from members.models.conduct import CodeOfConduct
from members.models.person import Person
from members.models.program import Organizer, Program
from roundtable.outbox.models import Letter

SIGN_IN = "/accounts/login/code/"
EMAILS = Path(__file__).parents[2] / "templates" / "email" / "members"
KINDS = sorted(path.name for path in EMAILS.iterdir())


def test_a_sign_in_code_is_a_letter_whose_code_no_screen_shows(client, stranger, letters):
    client.post(SIGN_IN, {"email": "Stranger@Example.org"})
    assert letters() == [("members/login_code", "stranger@example.org", "queued")]
    letter = Letter.objects.get()
    (code,) = letter.secrets_by_mark().values()
    assert code not in letter.text + letter.html
    assert letter.priority == 0


def test_with_the_code_one_is_signed_in(client, stranger):
    client.post(SIGN_IN, {"email": "stranger@example.org"})
    (code,) = Letter.objects.get().secrets_by_mark().values()
    response = client.post("/accounts/login/code/confirm/", {"code": code})
    assert response.status_code == 302
    assert client.get("/me/").status_code == 200
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("stranger@example.org", True, True)
    ]


def test_an_unknown_address_sees_the_same_page_and_gets_nothing(client, stranger, letters):
    pages = [client.post(SIGN_IN, {"email": email}) for email in ("stranger@example.org", "nobody@example.org")]
    assert [(page.status_code, page.url) for page in pages] == [(302, "/accounts/login/code/confirm/")] * 2
    assert [to for _, to, _ in letters()] == ["stranger@example.org"]


def test_nobody_signs_up(client, db):
    assert client.get("/accounts/signup/").status_code == 404
    assert client.post("/accounts/signup/", {"email": "a@example.org"}).status_code == 405
    assert Person.objects.count() == 0


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_has_a_subject_a_text_and_a_page_of_its_own(kind):
    shown = {
        "name": "Wanda",
        "program": "Circles",
        "page": "https://roundtable.example/status/",
        "home": "https://roundtable.example/",
        "code": "ABCD-EFGH",
        "happened": "A passkey was added",
        "minutes": 10,
        "pools": ["Bay Area: 9 people wait."],
        "advice": "One more hour would help most.",
    }
    subject, text, page = (
        get_template(f"email/members/{kind}/{part}").render(shown) for part in ("subject.txt", "body.txt", "body.html")
    )
    assert subject.strip().startswith("Roundtable: ")
    assert ("{" in subject + text, "\n\n\n\n" in text) == (False, False)
    assert "<h1" in page


def test_every_kind_of_letter_that_a_decision_posts_has_its_words():
    assert {kind.partition("/")[2] for kind in members_letters.OF_DECISIONS} <= set(KINDS)


def test_the_demo_twice_is_the_demo_once(db):
    for _ in range(2):
        call_command("demo", stdout=StringIO())
    assert sorted(Program.objects.values_list("slug", flat=True)) == ["demo", "tech-roundtable", "twin-cities"]
    demo = Program.objects.get(slug="demo")
    assert (demo.roster, demo.size_min, demo.size_target, demo.size_max) == ("fixed", 6, 8, 9)
    counts = [model.objects.count() for model in (Person, Organizer, CodeOfConduct, EmailAddress)]
    assert counts == [2, 3, 3, 2]
    assert demo.current_code().number == 1


def test_the_command_takes_a_file_in_and_says_so(program, code, sheet, tmp_path):
    file = tmp_path / "people.csv"
    file.write_bytes(sheet({}))
    out = StringIO()
    call_command("import_applications", str(file), program="cto", dry_run=True, stdout=out)
    assert out.getvalue().splitlines() == [
        "line 2: created",
        "Dry run, nothing written: 1 created, 0 updated, 0 unchanged, 0 refused.",
    ]
    assert Person.objects.count() == 0
    call_command("import_applications", str(file), program="cto", stdout=out)
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "slug", "sentence"),
    [
        ("missing.csv", "cto", "missing.csv cannot be read: no such file or directory."),
        (".", "cto", "cannot be read: is a directory."),
        ("people.csv", "nowhere", "There is no program 'nowhere'; known are: cto."),
        ("people.csv", "cto", "The file is empty."),
    ],
)
def test_the_command_refuses_in_one_sentence(name, slug, sentence, program, tmp_path):
    (tmp_path / "people.csv").write_bytes(b"")
    with pytest.raises(CommandError, match=f"{sentence}$"):
        call_command("import_applications", str(tmp_path / name), program=slug, stdout=StringIO())


def test_a_code_of_conduct_is_read_in_sections(code):
    code.text = "Why we meet.\r\n\r\nRespect\r\nBe kind.\r\nAlways.\n\n\n\nRoles"
    assert code.sections == [("", "Why we meet."), ("Respect", "Be kind.\nAlways."), ("", "Roles")]
