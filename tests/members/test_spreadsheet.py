"""A spreadsheet export in any of the shapes that people send, and what is said about what is wrong in it."""

import csv
import io
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from members.answers import Cadence, Coding, Mode, Role
from members.spreadsheet import (
    MOST_BYTES,
    MOST_ROWS,
    ApplicationRow,
    Finding,
    Reading,
    Severity,
    match_columns,
    read_applications,
    read_table,
)
from members.spreadsheet.table import NO_TEXT
from members.spreadsheet.workbook import BROKEN
from members.weekhours import from_blocks

KIND = "whatever its name says; please export the answers as CSV or XLSX."
SAMPLES = Path(__file__).parents[2] / "samples"
HEADER = "Name,Email,Availability,Where are you based?,Code of conduct"
ADA = "Ada,ada@example.org,Mon early,London,agreed"
MONDAY_EARLY = from_blocks("Mon early")[0]


def sheet(*lines, header=HEADER):
    return "\n".join([header, *lines]).encode()


def said(reading):
    return [(finding.line, finding.column, finding.sentence, finding.severity.value) for finding in reading.findings]


def ada(**answers):
    """Ada's row from a file whose columns are given by heading."""
    cells = {"Name": "Ada", "Email": "ada@example.org", "Availability": "Mon early", "City": "London", "I agree": "yes"}
    cells |= answers
    out = io.StringIO()
    csv.writer(out).writerows([cells.keys(), cells.values()])
    return read_applications(out.getvalue().encode())


# --- the two samples ---


@pytest.mark.parametrize(("name", "rows", "waiting"), [("applicants-86.csv", 86, 2), ("applicants-1000.csv", 1000, 22)])
def test_a_sample_loses_no_row_and_asks_only_for_the_code_of_conduct(name, rows, waiting):
    reading = read_applications((SAMPLES / name).read_bytes())
    sentence = "The code of conduct is not agreed to; the application waits until it is."
    assert len(reading.rows) == rows
    assert Counter((found.sentence, found.severity) for found in reading.findings) == {
        (sentence, Severity.ASK): waiting
    }


@pytest.mark.parametrize("name", ["applicants-86.csv", "applicants-1000.csv"])
def test_a_sample_loses_no_cell(name):
    """Cell by cell: what the file says is in the row, and what it leaves empty is empty there."""
    with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
        told = list(csv.DictReader(file))
    rows = read_applications((SAMPLES / name).read_bytes()).rows
    assert [row.name for row in rows] == [cell["Name"] for cell in told]
    assert [row.email for row in rows] == [cell["Email"].lower() for cell in told]
    assert [row.location for row in rows] == [cell["Where are you based?"] for cell in told]
    assert [row.title for row in rows] == [cell["Role"] for cell in told]
    assert [row.years_in_tech for row in rows] == [int(cell["Years in tech"]) for cell in told]
    assert [row.years_leading for row in rows] == [int(cell["Years leading"]) for cell in told]
    assert [row.pronouns for row in rows] == [cell["Pronouns"] for cell in told]
    assert ["; ".join(row.topics) for row in rows] == [cell["Topics"] for cell in told]
    assert [f"{row.submitted_at:%Y-%m-%d %H:%M}" for row in rows] == [cell["Submitted at"] for cell in told]
    assert [row.hours_good for row in rows] == [from_blocks(cell["Availability (your local time)"])[0] for cell in told]


MEANT: dict[str, dict[str, object]] = {
    "Role": {
        **dict.fromkeys(["CTO", "Chief Technology Officer", "Founder / CTO"], Role.CTO),
        **dict.fromkeys(["VP Engineering", "VP of Eng", "VPE", "Vice President, Engineering"], Role.VP),
        **dict.fromkeys(["Director of Engineering", "Head of Engineering"], Role.VP),
        **dict.fromkeys(["Staff Engineer", "Staff SWE", "Principal Engineer"], Role.STAFF),
    },
    "People in your org": {
        "0": "0",
        "4": "1-9",
        "8": "1-9",
        "15": "10-29",
        "22": "10-29",
        "35": "30-99",
        "60": "30-99",
        "120": "100-499",
        "250": "100-499",
        "600": "500+",
    },
    "In person or video?": {
        "In person": Mode.IN_PERSON,
        "Prefer in person": Mode.PREFER_IN_PERSON,
        "Either": Mode.EITHER,
        "Video only": Mode.VIDEO,
    },
    "Gender (self-identify, optional)": {
        "man": ("man",),
        "woman": ("woman",),
        "non-binary": ("non-binary",),
        "": (),
        "prefer not to say": (),
    },
    "Do you still code?": {
        "most days": Coding.MOST_DAYS,
        "sometimes": Coding.SOMETIMES,
        "rarely": Coding.RARELY,
        "no": Coding.NO,
    },
    "How often?": {
        "monthly": {Cadence.MONTHLY},
        "every 6-8 weeks": {Cadence.SIX_TO_EIGHT_WEEKS},
        "either": set(Cadence),
    },
    "Code of conduct": {"agreed": True, "": False},
}


@pytest.mark.parametrize("name", ["applicants-86.csv", "applicants-1000.csv"])
def test_every_answer_of_a_sample_is_read_as_exactly_one_value(name):
    with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
        told = list(csv.DictReader(file))
    rows = read_applications((SAMPLES / name).read_bytes()).rows
    fields = dict(
        zip(MEANT, ["role", "org_size", "mode", "genders", "still_coding", "cadences", "agreed"], strict=True)
    )
    read = {heading: [getattr(row, fields[heading]) for row in rows] for heading in MEANT}
    assert read == {heading: [values[cell[heading]] for cell in told] for heading, values in MEANT.items()}


def test_no_company_of_a_sample_is_a_clash_with_another():
    rows = read_applications((SAMPLES / "applicants-1000.csv").read_bytes()).rows
    without = [row for row in rows if row.company_key is None]
    assert (len(without), {row.company for row in without}) == (61, {""})


# --- bytes to a table ---

TEXT = "Náme,Email\nZoë,zoe@example.org\n"


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode("utf-8"),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("cp1252"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        ('"Náme","Email"\n"Zoë", zoe@example.org\n').encode(),
        TEXT.replace("Zoë", "Z\x00o\x07ë\u200b\u202e").encode(),
        (TEXT + "\n,\n  ,\n").encode(),
        TEXT.replace("Zoë,", "\tZoë  ,").encode(),
    ],
)
def test_encodings_delimiters_line_ends_and_dirt_make_no_difference(raw):
    table = read_table(raw)
    assert (table.header, table.findings) == (("Náme", "Email"), ())
    assert [(line.number, line.cells) for line in table.lines] == [(2, ("Zoë", "zoe@example.org"))]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf \r\n\r\n", "The file is empty."),
        (b"PK\x03\x04rest", BROKEN),
        (
            b"Name,Email\n\x81,a@example.org",
            NO_TEXT,
        ),
        (b"x" * (MOST_BYTES + 1024 * 1024), "The file has 11.0 MB; the limit is 10 MB."),
        (",".join(["Name"] * 61).encode(), "The file has 61 columns; the limit is 60."),
        (b"Name,Email\n" + b"A,a@example.org\n" * (MOST_ROWS + 1), "The file has more than 10,000 rows."),
        (b"Name,Email\n", "The file has a header and no rows."),
        (
            b"Ada,ada@example.org\nBo,bo@example.org",
            "The first line holds an e-mail address, so the header line is missing; please put the questions there.",
        ),
        (b"Favourite colour,Shoe size\nred,40", "No heading is one that we know; is the header line missing?"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", f"The file is a picture, {KIND}"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", f"The file is a picture, {KIND}"),
        (b"%PDF-1.7", f"The file is a PDF, {KIND}"),
        (b"\x00\x01\x02\x03" * 100, NO_TEXT),
        (b"Name,Company\nAda,Acme", "No column holds e-mail addresses."),
        (b"Email,Company\nada@example.org,Acme", "No column holds names."),
    ],
)
def test_a_file_that_cannot_be_taken_is_one_sentence_on_line_1(raw, sentence):
    reading = read_applications(raw)
    assert (reading.rows, said(reading)) == ((), [(1, "", sentence, "refused")])


def test_ten_thousand_rows_are_not_too_many():
    lines = [f"P{n},p{n}@example.org,Mon early,London,agreed" for n in range(MOST_ROWS)]
    assert len(read_applications(sheet(*lines)).rows) == MOST_ROWS


def test_an_open_quotation_mark_refuses_the_rest_and_keeps_what_came_before():
    reading = read_applications(sheet(ADA, '"Grace,grace@example.org', "Hedy,hedy@example.org"))
    sentence = "From here on the file cannot be read: a quotation mark is not closed, or a cell is far too long."
    assert [row.name for row in reading.rows] == ["Ada"]
    assert said(reading) == [(3, "", sentence, "refused")]


def test_a_cell_with_line_breaks_is_one_line_and_the_next_row_keeps_its_number():
    reading = read_applications(
        sheet('"Ada\nLovelace",ada@example.org,Mon early,London,agreed', ADA.replace("ada@", "a@"))
    )
    assert [(row.line, row.name) for row in reading.rows] == [(2, "Ada Lovelace"), (4, "Ada")]


def test_too_many_cells_and_too_long_ones_refuse_their_row_alone():
    reading = read_applications(sheet(ADA, f"{ADA.replace('ada@', 'b@')},surplus", f"{'x' * 2001},c@example.org"))
    assert [row.email for row in reading.rows] == ["ada@example.org"]
    assert said(reading) == [
        (3, "", "The row has 6 cells, the header only 5.", "refused"),
        (4, "", "A cell of this row is longer than 2,000 characters.", "refused"),
    ]


def test_trailing_commas_are_no_surplus_cells_and_short_rows_are_filled_up():
    reading = read_applications(sheet(f"{ADA},,,", "Grace,grace@example.org,Mon early,Paris"))
    assert [(row.name, row.agreed) for row in reading.rows] == [("Ada", True), ("Grace", False)]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_no_file_is_an_error_of_ours(raw):
    assert isinstance(read_applications(raw), Reading)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.text(max_size=30), min_size=16, max_size=16), min_size=1, max_size=3))
def test_no_cell_is_an_error_of_ours_and_none_is_left_with_a_control_character(cells):
    out = io.StringIO()
    header = (SAMPLES / "applicants-86.csv").read_text(encoding="utf-8").splitlines()[0]
    people = [[f"P{n}", f"p{n}@example.org", *row] for n, row in enumerate(cells)]
    csv.writer(out).writerows([next(csv.reader([header])), *people])
    reading = read_applications(out.getvalue().encode("utf-8", "replace"))
    texts = [text for row in reading.rows for text in (row.name, row.company, row.title, row.location, row.pronouns)]
    assert all(text.isprintable() for text in texts)


# --- columns ---


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Name", "name"),
        ("What should people call you?", "name"),
        ("First name", "given_name"),
        ("Last Name", "family_name"),
        ("E-mail", "email"),
        ("Email Address", "email"),
        ("Timestamp", "submitted_at"),
        ("Submitted at", "submitted_at"),
        ("Company", "company"),
        ("Company name", "company"),
        ("Where do you work?", "company"),
        ("Company size", "company_size"),
        ("Job title", "title"),
        ("Role", "title"),
        ("People in your org", "org_size"),
        ("How many engineers report to you?", "org_size"),
        ("Years in tech", "years_in_tech"),
        ("Years of experience", "years_in_tech"),
        ("Years leading", "years_leading"),
        ("Years managing people in tech", "years_leading"),
        ("Where are you based?", "location"),
        ("City", "location"),
        ("Time zone", "zone"),
        ("In person or video?", "mode"),
        ("Pronouns", "pronouns"),
        ("Gender (self-identify, optional)", "genders"),
        ("Where would being the only one in the room matter to you?", "never_alone"),
        ("Do you still code?", "still_coding"),
        ("Topics", "topics"),
        ("Availability (your local time)", "hours"),
        ("How often?", "cadence"),
        ("Code of conduct", "agreed"),
        ("Ethnicity", "dimension:race_or_ethnicity"),
        ("First language", "dimension:first_language"),
        ("Do you identify as LGBTQ+?", "dimension:lgbtq"),
        ("What are you stuck on?", "stuck_on"),
        ("How did you hear about us?", "heard"),
        ("", "extra"),
    ],
)
def test_a_heading_is_understood_by_its_sense(heading, kind):
    assert match_columns((heading,)) == {heading: kind}


def test_a_second_column_of_a_kind_is_kept_as_an_extra_answer():
    reading = ada(**{"Work email": "", "Email (2nd)": "ada@home.example"})
    assert reading.rows[0].extra == {"Email (2nd)": "ada@home.example"}


def test_two_equal_headings_and_an_empty_one_hide_nothing():
    table = read_table(b"Name,Note,Note,\nAda,one,two,three\n")
    assert table.header == ("Name", "Note", "Note (3)", "column 4")


def test_unknown_columns_are_kept_where_they_hold_anything():
    reading = ada(**{"Blog": "https://ada.example", "Shoe size": ""})
    assert (reading.rows[0].extra, reading.columns["Blog"]) == ({"Blog": "https://ada.example"}, "extra")


# --- rows ---


def test_a_full_row_becomes_typed_values():
    header = (SAMPLES / "applicants-86.csv").read_text(encoding="utf-8").splitlines()[0]
    line = (
        'Ada Byron,ADA@Example.org,"Amber Studio, Inc.",Founder / CTO,35,15+,2 years,Berlin DE,Prefer in person,'
        "she/her,woman,gender; caregiver,most days,Hiring; own band,Mon early; Tue 17:00-18:00,either,agreed,"
        "2026-01-22 08:04"
    )
    reading = read_applications(f"{header}\n{line}".encode())
    assert reading.findings == ()
    assert reading.rows == (
        ApplicationRow(
            line=2,
            name="Ada Byron",
            email="ada@example.org",
            company="Amber Studio, Inc.",
            company_key="amber studio",
            title="Founder / CTO",
            role=Role.CTO,
            org_size="30-99",
            years_in_tech=15,
            years_leading=2,
            location="Berlin DE",
            zone=None,
            mode=Mode.PREFER_IN_PERSON,
            pronouns="she/her",
            genders=("woman",),
            dimensions=frozenset({"gender:woman", "gender:yes", "carer:yes"}),
            never_alone=frozenset({"gender:woman", "carer:yes"}),
            still_coding=Coding.MOST_DAYS,
            topics=("hiring", "own band"),
            hours_good=MONDAY_EARLY | from_blocks("Tue 17:00-18:00")[0],
            cadences=frozenset(Cadence),
            agreed=True,
            submitted_at=datetime(2026, 1, 22, 8, 4, tzinfo=UTC),
            extra={},
        ),
    )


def test_missing_columns_mean_any():
    (row,) = ada().rows
    assert (row.role, row.org_size, row.mode, row.cadences, row.topics) == (None, None, None, frozenset(), ())


@pytest.mark.parametrize(
    ("line", "column", "sentence"),
    [
        (",x@example.org,Mon early,London,agreed", "Name", "The row has no name."),
        ("Ada,,Mon early,London,agreed", "Email", "The row has no e-mail address."),
        ("Ada,ada(at)example.org,Mon early,London,agreed", "Email", "“ada(at)example.org” is no e-mail address."),
        (f"Ada,{'a' * 60},Mon early,London,agreed", "Email", f"“{'a' * 39}…” is no e-mail address."),
    ],
)
def test_a_row_without_a_person_is_refused(line, column, sentence):
    reading = read_applications(sheet(ADA, line))
    assert [row.line for row in reading.rows] == [2]
    assert reading.refused == (Finding(3, column, sentence, Severity.REFUSED),)


@pytest.mark.parametrize(
    ("heading", "cell", "sentence"),
    [
        ("Availability", "Mon early; whenever", "“whenever” was not understood."),
        ("Availability", "", "The row gives no hours, so no group can be found."),
        ("City", "", "The row names no place."),
        ("I agree", "", "The code of conduct is not agreed to; the application waits until it is."),
        ("I agree", "perhaps", "The code of conduct is not agreed to; the application waits until it is."),
        ("Years in tech", "many", "“many” was not understood."),
        ("Years in tech", "81", "“81” was not understood."),
        ("Team size", "huge", "“huge” was not understood."),
        ("Time zone", "EST", "“EST” was not understood."),
        ("In person or video?", "carrier pigeon", "“carrier pigeon” was not understood."),
        ("How often?", "now and then", "“now and then” was not understood."),
        ("Do you still code?", "define code", "“define code” was not understood."),
        ("Timestamp", "last week", "“last week” was not understood."),
    ],
)
def test_what_is_missing_or_not_understood_is_asked_and_the_row_is_taken(heading, cell, sentence):
    reading = ada(**{heading: cell})
    assert len(reading.rows) == 1
    assert said(reading) == [(2, heading, sentence, "ask")]


def test_a_text_beyond_its_length_is_cut_and_noted():
    reading = ada(Company="x" * 121)
    assert reading.rows[0].company == "x" * 120
    assert said(reading) == [(2, "Company", "The text is longer than 120 characters and was cut.", "note")]


def test_first_and_last_name_make_one_name():
    reading = read_applications(b"First name,Last name,Email\nAda,Lovelace,ada@example.org\n")
    assert reading.rows[0].name == "Ada Lovelace"


def test_of_two_rows_with_one_address_the_later_submitted_counts():
    header = f"{HEADER},Submitted at"
    newer = f"{ADA.replace('London', 'Paris').replace('ada@', 'ADA@')},2026-01-22 08:04"
    reading = read_applications(sheet(newer, f"{ADA},2026-01-21 08:04", header=header))
    sentence = "Line 2 has the same e-mail address and is newer; this row is left out."
    assert [(row.line, row.location) for row in reading.rows] == [(2, "Paris")]
    assert said(reading) == [(3, "", sentence, "note")]


def test_of_two_rows_without_a_date_the_lower_one_counts():
    reading = read_applications(sheet(ADA, ADA.replace("London", "Paris")))
    assert [(row.line, row.location) for row in reading.rows] == [(3, "Paris")]


def test_dates_with_slashes_are_read_by_what_the_whole_column_shows():
    lines = [f"{ADA.replace('ada@', f'{n}@')},{date}" for n, date in enumerate(["2/1/2026 8:04", "22/1/2026 8:04"])]
    reading = read_applications(sheet(*lines, header=f"{HEADER},Timestamp"))
    assert [row.submitted_at.date().isoformat() for row in reading.rows] == ["2026-01-02", "2026-01-22"]


# --- what people may not want to be alone with ---


@pytest.mark.parametrize(
    ("answers", "dimensions", "never_alone"),
    [
        ({}, set(), set()),
        ({"Gender": "woman"}, {"gender:woman"}, set()),
        ({"Gender": "prefer not to say"}, set(), set()),
        ({"Gender": "Female", "Only one": "gender"}, {"gender:woman", "gender:yes"}, {"gender:woman"}),
        ({"Only one": "gender"}, {"gender:yes"}, {"gender:yes"}),
        ({"Only one": "LGBTQ+"}, {"lgbtq:yes"}, {"lgbtq:yes"}),
        (
            {"Only one": "first language: Polish"},
            {"first_language:yes", "first_language:polish"},
            {"first_language:polish"},
        ),
        (
            {"First language": "Polish", "Only one": "first language"},
            {"first_language:yes", "first_language:polish"},
            {"first_language:polish"},
        ),
        ({"Role": "Staff Engineer"}, {"role:staff"}, set()),
        (
            {"Role": "Staff Engineer", "Only one": "only staff engineer among managers"},
            {"role:staff"},
            {"role:staff"},
        ),
        ({"Role": "CTO", "Only one": "only staff engineer among managers"}, set(), {"role:staff"}),
        ({"Only one": "left-handed"}, {"own:left handed", "own:yes"}, {"own:left handed"}),
        (
            {"Gender": "woman, non-binary", "Only one": "gender"},
            {"gender:woman", "gender:non-binary", "gender:yes"},
            {"gender:woman", "gender:non-binary"},
        ),
    ],
)
def test_sensitive_answers_become_dimensions_that_the_solver_can_compare(answers, dimensions, never_alone):
    (row,) = ada(**answers).rows
    assert (set(row.dimensions), set(row.never_alone)) == (dimensions, never_alone)


def test_a_sensitive_answer_is_neither_an_extra_nor_in_a_finding():
    reading = ada(**{"Ethnicity": "Basque", "Gender": "agender", "Only one": "being Basque"})
    assert (reading.rows[0].extra, reading.findings) == ({}, ())
