from __future__ import annotations

import hashlib
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members import apart, applying, leaving, reviewing
from members.importing import HowToRead, import_applications
from members.models.apart import KeepApart, KeepApartLine
from members.models.application import Application, IdentityAnswers
from members.models.conduct import Acceptance, Consent
from members.models.hours import Hours
from members.models.person import Person
from members.models.place import PlaceAlias
from members.models.review import Import
from members.spreadsheet.workbook import BROKEN
from members.stages import DeclineCode
from members.weekhours import block_names
from roundtable.audit import AuditLine

GRACE = {"Name": "Grace Hopper", "Email": "grace@example.org", "Company": "Navy Yard", "Gender": ""} | {
    "Where would being the only one in the room matter to you?": ""
}
RECORDS = (Person, Application, Hours, IdentityAnswers, Acceptance, Import)


def outcomes(report):
    return [(row.line, row.outcome.value) for row in report.rows]


def counted():
    return [model.objects.count() for model in RECORDS]


def test_a_row_becomes_a_person_with_an_application(program, code, sheet, organizer):
    report = import_applications(program, sheet({}), by=organizer)
    assert (outcomes(report), report.refusal, report.written) == ([(2, "created")], "", True)
    application = Application.objects.select_related("person").get()
    person = application.person
    assert (person.email, person.name, person.initials, person.zone) == (
        "ada@example.org",
        "Ada Lovelace",
        "AL",
        "America/Los_Angeles",
    )
    assert not person.has_usable_password()
    told = ("stage", "placed", "place_name", "metro", "mode", "role", "role_text", "org_size", "company_key")
    assert [getattr(application, name) for name in told] == [
        *("submitted", "resolved", "San Francisco", "Bay Area", "either", "cto", "CTO", "30-99", "analytical engines")
    ]
    assert (application.topics, application.cadences) == (["hiring", "metrics"], ["monthly"])
    assert application.submitted_at.isoformat() == "2026-04-20T09:00:00+00:00"
    hours = Hours.objects.get()
    assert (block_names(int(hours.good, 16)), hours.zone) == (
        ("Mon early", "Tue lunch", "Wed evening"),
        "America/Los_Angeles",
    )
    assert Acceptance.objects.get().how == "import"


def test_sensitive_answers_are_closed_and_wait_for_a_yes(program, code, sheet):
    import_applications(program, sheet({}), by=None)
    identity = IdentityAnswers.objects.get()
    assert json.loads(identity.answers) == {
        "dimensions": ["gender:woman", "gender:yes"],
        "never_alone": ["gender:woman"],
    }
    assert identity.consented_at is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM members_identityanswers")
        assert b"woman" not in bytes(cursor.fetchone()[0])


def test_the_same_file_twice_changes_nothing(program, code, sheet, letters):
    raw = sheet({}, GRACE)
    import_applications(program, raw, by=None)
    before, written = counted(), letters()
    report = import_applications(program, raw, by=None)
    assert outcomes(report) == [(2, "unchanged"), (3, "unchanged")]
    assert (counted()[:-1], letters()) == (before[:-1], written)


def test_a_dry_run_says_the_same_and_writes_nothing(program, code, sheet, letters):
    dry = import_applications(program, sheet({}, GRACE), by=None, dry_run=True)
    assert (counted(), letters(), dry.written) == ([0] * len(RECORDS), [], False)
    wet = import_applications(program, sheet({}, GRACE), by=None)
    assert outcomes(dry) == outcomes(wet) == [(2, "created"), (3, "created")]


@pytest.mark.parametrize(
    ("change", "read"),
    [
        ({"Company": "Babbage & Co"}, lambda one: one.company),
        ({"Where are you based?": "Berlin"}, lambda one: (one.metro, Hours.objects.get().zone)),
        ({"Availability (your local time)": "Fri lunch"}, lambda one: block_names(int(Hours.objects.get().good, 16))),
        ({"Gender": "non-binary"}, lambda one: IdentityAnswers.objects.get().answers),
        ({"Name": "Ada King"}, lambda one: one.person.name),
        ({"In person or video?": "Video only"}, lambda one: one.mode),
    ],
)
def test_what_differs_in_a_later_file_is_taken_over(change, read, program, code, sheet):
    import_applications(program, sheet({}), by=None)
    before = read(Application.objects.get())
    report = import_applications(program, sheet(change), by=None)
    assert outcomes(report) == [(2, "updated")]
    assert read(Application.objects.get()) != before
    assert outcomes(import_applications(program, sheet(change), by=None)) == [(2, "unchanged")]


def test_what_the_person_changed_themselves_stays(program, code, sheet):
    import_applications(program, sheet({}), by=None)
    application = Application.objects.get()
    applying.change_hours(application, good=["Sat early"], possible=[], zone="Europe/Paris")
    report = import_applications(program, sheet({"Company": "Other"}), by=None)
    assert (outcomes(report), len(report.rows[0].findings)) == ([(2, "unchanged")], 1)
    application.refresh_from_db()
    assert (application.company, Hours.objects.get().zone) == ("Analytical Engines Ltd", "Europe/Paris")


def test_a_no_is_not_undone_by_a_file(program, code, sheet, organizer):
    import_applications(program, sheet({}), by=None)
    reviewing.decline(Application.objects.get(), DeclineCode.AUDIENCE, by=organizer)
    assert outcomes(import_applications(program, sheet({"Company": "Other"}), by=None)) == [(2, "unchanged")]
    assert Application.objects.get().stage == "declined"


def test_sensitive_answers_that_a_person_took_back_are_not_brought_back(program, code, sheet):
    import_applications(program, sheet({}), by=None)
    leaving.take_back_sensitive(Application.objects.get())
    wording = HowToRead(consent_wording="We use this to compose groups.")
    assert outcomes(import_applications(program, sheet({}), by=None, how=wording)) == [(2, "unchanged")]
    assert IdentityAnswers.objects.count() == 0


@pytest.mark.parametrize("first", ["", "We use this to compose groups."])
def test_a_consent_that_the_old_form_took_is_recorded_in_its_words(first, program, code, sheet, organizer, letters):
    words = "We use this to compose groups."
    import_applications(program, sheet({}), by=organizer, how=HowToRead(consent_wording=first))
    report = import_applications(program, sheet({}), by=organizer, how=HowToRead(consent_wording=words))
    assert outcomes(report) == [(2, "unchanged" if first else "updated")]
    sent = Application.objects.get().submitted_at
    assert IdentityAnswers.objects.get().consented_at == sent
    told = Consent.objects.values_list("person__email", "purpose", "wording", "given_at", "how", "withdrawn_at")
    hashed = hashlib.sha256(words.encode()).hexdigest()
    assert list(told) == [("ada@example.org", "sensitive", hashed, sent, "import", None)]
    assert Import.objects.order_by("pk").last().consent_wording == words
    stated = AuditLine.objects.filter(verb="stated the consent of the old form")
    assert list(stated.values_list("actor", "count")) == [(organizer.pk, 1)]
    assert bool(letters()) == (not first)  # who was not asked by the form is asked by us


def test_who_took_back_a_consent_elsewhere_is_not_spoken_for_by_an_old_form(program, code, sheet, clock):
    person = Person.objects.create_user("ada@example.org", name="Ada")
    Consent.objects.create(person=person, purpose="sensitive", wording="x", withdrawn_at=clock.now())
    import_applications(program, sheet({}), by=None, how=HowToRead(consent_wording="We use this."))
    assert (IdentityAnswers.objects.get().consented_at, Consent.objects.standing().count()) == (None, 0)


def test_the_name_of_somebody_who_signed_in_is_their_own(program, code, sheet, clock):
    Person.objects.create_user("ada@example.org", name="Countess", last_login=clock.now())
    import_applications(program, sheet({}), by=None)
    assert Person.objects.get().name == "Countess"


def test_without_agreement_it_is_submitted_too_and_asked_for(program, code, sheet, letters):
    import_applications(program, sheet(GRACE, GRACE | {"Email": "late@example.org", "Code of conduct": ""}), by=None)
    assert list(Application.objects.values_list("stage", flat=True)) == ["submitted", "submitted"]
    assert letters() == [("members/question", "late@example.org", "queued")]


def test_a_row_that_cannot_be_taken_keeps_all_out(program, code, sheet):
    raw = sheet({}, GRACE | {"Email": "nobody"})
    report = import_applications(program, raw, by=None)
    assert outcomes(report) == [(2, "created"), (3, "refused")]
    assert report.refusal == "One row cannot be taken, so nothing is imported. Mend the file, or leave such rows out."
    assert counted() == [0] * len(RECORDS)
    report = import_applications(program, raw, by=None, how=HowToRead(leave_out_refused=True))
    assert (outcomes(report), report.written) == ([(2, "created"), (3, "refused")], True)


def test_of_two_rows_with_one_address_the_newer_counts(program, code, sheet):
    newer = {"Company": "Newer", "Submitted at": "2026-04-21 09:00"}
    report = import_applications(program, sheet(newer, {}), by=None)
    assert outcomes(report) == [(2, "created"), (3, "unchanged")]
    assert Application.objects.get().company == "Newer"


def test_companies_that_begin_alike_are_one_also_with_those_who_came_earlier(program, code, sheet):
    import_applications(program, sheet({"Company": "Acme Labs"}), by=None)
    assert Application.objects.get().company_key == "acme labs"
    raw = sheet({"Company": "Acme Labs"}, GRACE | {"Company": "Acme Inc"})
    import_applications(program, raw, by=None)
    assert set(Application.objects.values_list("company_key", flat=True)) == {"acme"}
    assert outcomes(import_applications(program, raw, by=None)) == [(2, "unchanged"), (3, "unchanged")]


def test_what_organizers_taught_is_understood(program, code, sheet, organizer):
    PlaceAlias.objects.create(program=program, text="the big loon", place_id=5037649, made_by=organizer)
    import_applications(program, sheet({"Where are you based?": "The big loon"}), by=None)
    assert Application.objects.get().metro == "Twin Cities"


def test_cells_are_text_whatever_they_begin_with(program, code, sheet):
    poison = {"Name": "=cmd()\u202e\x07 Ada", "Company": "@SUM(1+1)", "Topics": "<script>alert(1)</script>"}
    import_applications(program, sheet(poison), by=None)
    application = Application.objects.get()
    assert (application.person.name, application.company, application.topics) == (
        "=cmd() Ada",
        "@SUM(1+1)",
        ["<script>alert(1)</script>"],
    )


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "The file is empty."),
        (b"   \n\n", "The file is empty."),
        (b"PK\x03\x04rest", BROKEN),
        (b"a,b\n1,2\n", "No heading is one that we know; is the header line missing?"),
        (b"Name,City\nAda,Berlin\n", "No column holds e-mail addresses."),
        (b"Email\nada@example.org\n", "No column holds names."),
        (b"Name,Email\n", "The file has a header and no rows."),
        (b"Name,Email\nAda,nobody\n", "No row of this file can be taken."),
        (b"Name,Email\nAda,ada@example.org,too,many\n", "No row of this file can be taken."),
        (
            b'Name,Email\nGrace,g@example.org\n"Ada,ada@example.org\n',
            "One row cannot be taken, so nothing is imported. Mend the file, or leave such rows out.",
        ),
        (b"Name,Email\n" + b"A,a@example.org\n" * 10_001, "The file has more than 10,000 rows."),
        (b"x" * (10 * 1024 * 1024 + 1), "The file has 10.0 MB; the limit is 10 MB."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(raw, sentence, program, code):
    report = import_applications(program, raw, by=None)
    assert (report.refusal, report.written, Person.objects.count()) == (sentence, False, 0)


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ","), ("utf-16", ","), ("cp1252", ";"), ("utf-8", "\t")]
)
def test_files_of_other_programs_are_read(encoding, delimiter, program, code, sheet):
    raw = sheet({"Name": "Zoë Müller"}, encoding=encoding, delimiter=delimiter)
    assert outcomes(import_applications(program, raw, by=None)) == [(2, "created")]
    assert Person.objects.get().name == "Zoë Müller"


def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(program, code, sheet):
    def queries(prefix, count):
        rows = [
            {"Name": f"{prefix} {n}", "Email": f"{prefix}{n}@example.org", "Company": f"{prefix}{n}"}
            for n in range(count)
        ]
        with CaptureQueriesContext(connection) as captured:
            import_applications(program, sheet(*rows), by=None)
        with CaptureQueriesContext(connection) as again:
            import_applications(program, sheet(*rows), by=None)
        return len(captured), len(again)

    queries("warm", 1)
    assert queries("few", 2) == queries("many", 40)


def test_an_unknown_column_is_kept_for_the_organizer_but_nothing_sensitive(program, code):
    raw = b"Name,Email,Favourite editor,Gender,Gender (again)\nAda,ada@example.org,ed,woman,woman\n"
    import_applications(program, raw, by=None)
    assert Application.objects.get().extra == {"other_columns": {"Favourite editor": "ed"}}


ALL_ANSWERS = (
    "Name,Email,Initials,Sector,Company size,Where in town?,How far would you travel?,How long should a meeting be?"
    ",Size you like,I could,How did you hear of us?,Who sent you?,What I could give,What are you stuck on?"
    ",Keep me apart from\n"
    "Ada Lovelace,ada@example.org,AKL,games,50-249,Mission,half an hour,75 minutes,6-7,host a room; not now"
    ',a friend,Grace Hopper,Pay reviews,A merger,"Rival Corp; Jo Doe"\n'
)


def test_every_answer_of_the_form_can_come_by_a_file(program, code):
    import_applications(program, ALL_ANSWERS.encode(), by=None)
    application = Application.objects.select_related("person").get()
    assert (application.person.initials, application.sector, application.willing) == ("AKL", "games", False)
    assert application.extra == {
        "company_size": "50-249",
        "in_town": "Mission",
        "longest_ride": "30",
        "minutes": "75",
        "size": "6-7",
        "could": ["host", "not_now"],
        "heard": "friend",
        "sent_by": "Grace Hopper",
        "gives": "Pay reviews",
        "stuck_on": "A merger",
    }


def test_whom_to_keep_apart_comes_closed_and_the_same_file_changes_nothing(program, code):
    import_applications(program, ALL_ANSWERS.encode(), by=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM members_keepapartline")
        assert [row for row in cursor.fetchall() if b"Rival" in bytes(row[0])] == []
    assert apart.words_of(Application.objects.get()) == ["Rival Corp", "Jo Doe"]
    assert outcomes(import_applications(program, ALL_ANSWERS.encode(), by=None)) == [(2, "unchanged")]
    emptied = ALL_ANSWERS.replace('"Rival Corp; Jo Doe"', "")
    assert outcomes(import_applications(program, emptied.encode(), by=None)) == [(2, "updated")]
    assert not KeepApartLine.objects.exists()


def test_a_file_leaves_alone_what_was_said_to_an_invitation(program, code, applicant):
    import_applications(program, ALL_ANSWERS.encode(), by=None)
    ada, other = Application.objects.get(), applicant("Zoe", stage="pooled")
    apart.keep_apart_in_private(ada, other, words="the card Z of an invitation")
    assert outcomes(import_applications(program, ALL_ANSWERS.encode(), by=None)) == [(2, "unchanged")]
    emptied = ALL_ANSWERS.replace('"Rival Corp; Jo Doe"', "")
    assert outcomes(import_applications(program, emptied.encode(), by=None)) == [(2, "updated")]
    assert apart.words_of(ada) == ["the card Z of an invitation"]
    assert KeepApart.objects.count() == 1


def test_what_leaves_it_open_is_no_question(program, code):
    raw = b"Name,Email,Size you like,I could\nAda,ada@example.org,any,sing\n"
    report = import_applications(program, raw, by=None)
    about = [found.column for found in report.rows[0].findings]
    assert ("I could" in about, "Size you like" in about) == (True, False)
