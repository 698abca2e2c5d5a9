"""The way of a file through the organizers' pages and the command: whatever it holds, a sentence and never an error."""

from __future__ import annotations

import csv
import io
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import Workbook

from members import exporting
from members.forms.imports import ASKED, PROTECTION
from members.importing import uploads
from members.models.application import Application, IdentityAnswers
from members.models.person import Person
from members.models.review import Upload
from members.spreadsheet import workbook
from members.spreadsheet.table import NO_TEXT
from roundtable.audit import AuditLine
from tests.members.conftest import HEADER, ROW

IMPORT, EXPORT = "/admin/members/program/cto/import/", "/admin/members/program/cto/export/"
GOOD = ",".join(f'"{cell}"' for cell in ROW.values())
HTMX = {"HTTP_HX_REQUEST": "true"}


def rows(*lines, header=HEADER):
    return "\n".join([header, *lines]).encode()


def book(*lines):
    made, out = Workbook(), io.BytesIO()
    for line in lines:
        made.active.append(line)
    made.save(out)
    return out.getvalue()


ADA = ("Ada", "ada@example.org")
TWO = ("Name", "Email")
# What comes in, by what is wrong with it: who is in it all the same (None: nobody can be), and what is said, by line.
BAD = {
    "empty": (b"", None, (0, "The submitted file is empty.")),
    "blank": (b"  \n \n", None, (0, "The file is empty.")),
    "header alone": (b"Name,Email\n", None, (0, "The file has a header and no rows.")),
    "no header": (b"Ada,ada@example.org\nBo,bo@example.org\n", None, (0, "The first line holds an e-mail address, so")),
    "unknown encoding": (b"Name,Email\n\x81\x8d,a@example.org\n", None, (0, NO_TEXT)),
    "UTF-16": (rows(GOOD).decode().encode("utf-16"), 1, None),
    "Windows-1252": ("Name;Email\nZoë;zoe@example.org\n".encode("cp1252"), 1, None),
    "semicolons": (b"Name;Email\nAda;ada@example.org\n", 1, None),
    "tabs": (b"Name\tEmail\nAda\tada@example.org\n", 1, None),
    "too many cells": (rows(GOOD, f"{GOOD},more"), 1, (3, "The row has 15 cells, the header only 14.")),
    "no address": (rows(GOOD, "Bo,nobody"), 1, (3, "“nobody” is no e-mail address.")),
    "same address twice": (rows(GOOD, GOOD), 1, (2, "Line 3 has the same e-mail address and is newer; this row is")),
    "formulas": (b"Name,Email\n=1+1,ada@example.org\n", 1, None),
    "controls and NUL": (b"Na\x00me,Email\nA\x07d\x00a,ada@example.org\n", 1, None),
    "open quotation mark": (b'Name,Email\nAda,ada@example.org\n"Bo,bo@example.org\n', 1, (3, "From here on the file")),
    "too long a cell": (
        b"Name,Email\n" + b"x" * 2001 + b",ada@example.org\n",
        None,
        (0, "A cell of this row is longer"),
    ),
    "a picture": (
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
        None,
        (0, "The file is a picture, whatever its name says"),
    ),
    "noise": (bytes(range(32)) * 200, None, (0, NO_TEXT)),
    "locked workbook": (b"\xd0\xcf\x11\xe0" + bytes(900), None, (0, workbook.LOCKED)),
    "broken workbook": (book(TWO, ADA)[:-200], None, (0, workbook.BROKEN)),
    "workbook": (book(TWO, ADA), 1, None),
    "workbook with a formula": (book(TWO, ("=A1", ADA[1])), 1, (2, "Column 1 holds a formula; its text is taken,")),
    "more than 10,000 rows": (
        b"Name,Email\n" + b"A,a@example.org\n" * 10_001,
        None,
        (0, "The file has more than 10,000"),
    ),
    "50 MB": (b"x" * (50 * 1024**2), None, (0, "The file has 50.0 MB; the limit is 10 MB.")),
}
CASES = pytest.mark.parametrize(("raw", "people", "finding"), BAD.values(), ids=BAD.keys())


@pytest.fixture
def bring(sign_in, organizer):
    """Uploads a file and says yes to its columns as proposed: the page that it ends on."""
    client = sign_in(organizer)

    def send(raw, **settled):
        file = SimpleUploadedFile("people.csv", raw, content_type="text/csv")
        page = client.post(IMPORT, {"file": file}, follow=True)
        assert page.status_code == 200
        if "form" not in page.context or not hasattr(page.context["form"], "columns"):
            return page
        chosen = {f"column{n}": column.kind for n, column in enumerate(page.context["form"].columns)}
        return client.post(page.request["PATH_INFO"], {"consent": PROTECTION, **chosen, **settled}, follow=True)

    send.client = client
    return send


def first_sentence(page):
    return next(iter(page.context["form"].errors.values()))[0]


@CASES
def test_whatever_comes_in_gets_a_page_that_names_line_and_reason_and_nothing_is_half_imported(
    raw, people, finding, code, bring
):
    page = bring(raw)
    assert (page.status_code, Application.objects.count()) == (200, 0)
    if people is None:
        assert first_sentence(page).startswith(finding[1])
        assert Upload.objects.count() == 0
        return
    report = page.context["report"]
    said = [(row.line, found.sentence[: len(finding[1])]) for row in report.rows for found in row.findings if finding]
    assert (report.created, finding in said if finding else True) == (people, True)
    page = bring.client.post(page.request["PATH_INFO"], {"leave_out": "yes"}, follow=True)
    assert (page.status_code, Application.objects.count(), Upload.objects.get().content) == (200, people, "")


@CASES
def test_the_command_says_the_same_and_stops_without_a_traceback(raw, people, finding, program, code, tmp_path):
    (tmp_path / "people.csv").write_bytes(raw)
    out = StringIO()
    arguments = ("import_applications", str(tmp_path / "people.csv"), "--program", "cto", "--leave-out-refused")
    if people is None:
        with pytest.raises(CommandError):
            call_command(*arguments, stdout=out)
    else:
        call_command(*arguments, stdout=out)
        assert finding is None or f"line {finding[0]}:" in out.getvalue()
    assert Application.objects.count() == (people or 0)


def test_a_file_goes_from_columns_to_report_to_people(sheet, code, bring):
    page = bring(sheet({}))
    assert (page.context["report"].created, Application.objects.count()) == (1, 0)
    page = bring.client.post(page.request["PATH_INFO"], follow=True)
    assert [row.application.person.name for row in page.context["rows"]] == ["Ada Lovelace"]
    assert [str(message) for message in page.context["messages"]] == [
        "Imported: 1 new, 0 changed, 0 unchanged. No copy of the file was kept."
    ]


def test_the_page_of_columns_shows_no_sensitive_answer_and_no_hour(sheet, code, sign_in, organizer):
    file = SimpleUploadedFile("people.csv", sheet({"Gender": "zyzzyva", "Availability (your local time)": "qwertz"}))
    page = sign_in(organizer).post(IMPORT, {"file": file}, follow=True)
    assert [word for word in ("zyzzyva", "qwertz", "Ada Lovelace") if word in page.content.decode()] == ["Ada Lovelace"]
    assert page.context["form"].asks_sensitive


def test_a_file_without_sensitive_columns_asks_nothing_about_them(code, sign_in, organizer):
    file = SimpleUploadedFile("people.csv", b"Name,Email\nAda,ada@example.org\n")
    page = sign_in(organizer).post(IMPORT, {"file": file}, follow=True)
    assert "consent" not in page.context["form"].fields


def test_the_organizer_corrects_a_column(sheet, code, bring):
    page = bring(sheet({}), column2="left_out")
    bring.client.post(page.request["PATH_INFO"])
    assert Application.objects.get().company == ""


@pytest.mark.parametrize(
    ("settled", "sentence"),
    [
        ({"column1": "name"}, None),
        ({"column1": "nonsense"}, "Select a valid choice. nonsense is not one of the available choices."),
        ({"column7": "company"}, "Select a valid choice. company is not one of the available choices."),
        ({"consent": ASKED}, "Copy the words of the form here, or choose the first answer."),
    ],
)
def test_what_cannot_be_is_said_on_the_page_of_columns(settled, sentence, sheet, code, bring):
    page = bring(sheet({}), **settled)
    said = [str(error) for errors in page.context["form"].errors.values() for error in errors]
    expected = "No column holds e-mail addresses. Two columns are “Name”; leave one of them out."
    assert said == [sentence or expected]


def test_a_consent_that_the_form_took_is_stated_in_its_words(sheet, code, bring):
    page = bring(sheet({}), consent=ASKED, consent_wording="We use this to compose groups.")
    bring.client.post(page.request["PATH_INFO"])
    assert IdentityAnswers.objects.get().consented_at is not None
    assert AuditLine.objects.filter(verb="stated the consent of the old form").count() == 1


def test_a_long_file_shows_how_far_it_is_and_the_page_asks_again_by_itself(code, bring):
    lines = [f"Person {n},p{n}@example.org" for n in range(uploads.AT_ONCE + 1)]
    page = bring(rows(*lines, header="Name,Email"))
    address = page.request["PATH_INFO"]
    assert ('hx-trigger="every 1s"' in page.content.decode(), 'http-equiv="refresh"' in page.content.decode()) == (
        True,
        True,
    )
    uploads.run_waiting()
    part = bring.client.get(address, **HTMX).content.decode()
    assert ("<html" in part, "hx-trigger" in part, "Take it in" in part) == (False, False, True)
    bring.client.post(address)
    assert "being taken in" in bring.client.get(address, **HTMX).content.decode()
    uploads.run_waiting()
    assert "The file is taken in" in bring.client.get(address).content.decode()
    assert Person.objects.filter(email__startswith="p").count() == uploads.AT_ONCE + 1
    assert bring.client.get(f"{address}columns/").status_code == 302


def test_a_file_that_stopped_says_why(code, sheet, bring, monkeypatch):
    page = bring(sheet({}))
    monkeypatch.setattr("members.importing.writing._ask", lambda entries: 1 / 0)
    page = bring.client.post(page.request["PATH_INFO"], follow=True)
    assert (uploads.OURS in page.content.decode(), Application.objects.count()) == (True, 0)


def test_findings_are_leafed_through_the_gravest_first(code, bring):
    lines = [f"Person {n},p{n}@example.org" for n in range(120)]
    page = bring(rows(*lines, "Nobody,", header="Name,Email"))
    assert page.context["found"].paginator.num_pages == 2
    assert [row.line for row in page.context["found"]][:2] == [122, 2]


def test_a_kept_file_is_its_uploaders_alone(program, code, sheet, sign_in, organizer, superuser):
    upload = uploads.check(uploads.keep(program, sheet({}), by=organizer), {})
    for name in ("admin:import_confirm", "admin:import_columns"):
        url = reverse(name, args=["cto", upload.public_id])
        assert (sign_in(superuser).get(url).status_code, sign_in(organizer).get(url).status_code) == (404, 200)


def test_a_file_whose_day_is_over_leads_back_to_the_beginning(program, code, sheet, sign_in, organizer, clock):
    upload = uploads.keep(program, sheet({}), by=organizer)
    clock.forward(hours=24)
    client = sign_in(organizer)
    page = client.get(reverse("admin:import_columns", args=["cto", upload.public_id]), follow=True)
    assert [str(message) for message in page.context["messages"]] == [uploads.GONE]


def test_a_chapter_takes_in_no_files(sign_in, chapter):
    assert sign_in(chapter).get(IMPORT).status_code == 404


# --- out again ---


def told(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_an_export_holds_what_organizers_see_and_nothing_else(applicant, sensitive, program, sign_in, organizer):
    application = applicant("Wanda", extra={"stuck_on": "zyzzyva", "other_columns": {"Secret": "zyzzyva"}})
    sensitive(application, '{"never_alone": ["gender:zyzzyva"]}')
    application.notes.create(text="zyzzyva")
    response = sign_in(organizer).post(EXPORT)
    row = told(response)[0]
    assert "zyzzyva" not in response.content.decode()
    assert (row["Name"], row["Email"], row["Metro"], row["Stage"], row["Topics"], row["Code of conduct"]) == (
        *("Wanda", "wanda@applied.example.org", "Bay Area", "submitted", "hiring", "agreed"),
    )
    assert response["Content-Disposition"].startswith('attachment; filename="applications-cto-')
    line = AuditLine.objects.get(verb="exported applications")
    assert (line.actor_id, line.about, line.count) == (organizer.pk, f"program:{program.pk}", 1)


def test_an_export_tells_pronouns_zone_offers_sector_size_and_source(applicant, program, sign_in, organizer):
    source = program.sources.create(slug="wit", name="Women in Tech")
    extra = {"could": ["host", "start"], "company_size": "10-49"}
    wanda = applicant("Wanda", zone="Europe/Berlin", sector="games", source=source, extra=extra).person
    wanda.pronouns = "she/her"
    wanda.save()
    row = told(sign_in(organizer).post(EXPORT))[0]
    assert [row[name] for name in ("Pronouns", "Time zone", "I could", "Sector", "Company size", "Source")] == [
        *("she/her", "Europe/Berlin", "host a room; help start a city", "games", "10-49", "Women in Tech")
    ]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", "\r", "  ="])
def test_no_cell_of_an_export_is_a_formula(begin, applicant, sign_in, organizer):
    applicant("Wanda", company=f"{begin}cmd()", place_text=f"{begin}1")
    row = told(sign_in(organizer).post(EXPORT))[0]
    assert (row["Company"], row["Where are you based?"]) == (f"'{begin}cmd()", f"'{begin}1")


@pytest.mark.parametrize(("value", "text"), [(None, ""), (0, "0"), ("a=b", "a=b"), ("", ""), (-1, "'-1")])
def test_other_cells_stay_as_they_are(value, text):
    assert exporting.harmless(value) == text


def test_an_export_of_a_chapter_is_its_city(applicant, sign_in, chapter, organizer):
    applicant("Here", metro="Chicago")
    applicant("There")
    applicant("Unsent", stage="draft", submitted_at=None)
    assert [row["Name"] for row in told(sign_in(chapter).post(EXPORT))] == ["Here"]
    assert [row["Name"] for row in told(sign_in(organizer).post(EXPORT))] == ["Here", "There"]


def test_looking_at_the_export_page_exports_nothing(applicant, sign_in, organizer):
    applicant("Wanda")
    page = sign_in(organizer).get(EXPORT)
    assert (page.context["count"], AuditLine.objects.count(), "wanda@" in page.content.decode()) == (1, 0, False)


def test_somebody_elses_program_is_not_exported(program, sign_in, stranger, person):
    clerk = person("Clerk", is_staff=True)
    assert {sign_in(who).post(EXPORT).status_code for who in (stranger, clerk)} == {404}


@pytest.mark.parametrize("count", [1, 3])
def test_an_export_asks_the_same_questions_for_one_and_for_many(
    count, applicant, program, organizer, django_assert_num_queries
):
    for name in ["Wanda", "Xenia", "Yoko"][:count]:
        applicant(name)
    with django_assert_num_queries(5):
        exporting.export(program, by=organizer)


@pytest.mark.parametrize("count", [1, 3])
def test_the_import_page_asks_the_same_questions_for_one_and_for_many(
    count, program, code, sheet, sign_in, organizer, django_assert_num_queries
):
    for _ in range(count):
        upload = uploads.keep(program, sheet({}), by=organizer)
        uploads.take(uploads.check(upload, {}))
    client = sign_in(organizer)
    with django_assert_num_queries(5):
        assert client.get(IMPORT).status_code == 200
