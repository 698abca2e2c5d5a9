"""The first sheet of a workbook as text; whatever is wrong with the file is one sentence, and costs little."""

import io
import time
import tracemalloc
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from members.spreadsheet import MOST_ROWS, match_columns, read_applications, read_table
from members.spreadsheet import workbook as books

HEADER = ("Name", "Email", "Availability", "City", "I agree")
ADA = ("Ada", "ada@example.org", "Mon early", "London", "yes")


def book(*rows, sheets=()):
    made = Workbook()
    for row in rows:
        made.active.append(row)
    for title in sheets:
        made.create_sheet(title).append(["other"])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def packed(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def with_sheet(xml):
    """A sound workbook whose sheet is replaced by this XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(HEADER))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, xml if part.filename.endswith("sheet1.xml") else old.read(part))
    return out.getvalue()


def refusal(raw):
    table = read_table(raw)
    return [(found.line, found.sentence, found.severity.value) for found in table.findings], table.lines


def test_a_sheet_is_read_like_a_file_of_text():
    reading = read_applications(book(HEADER, ADA))
    assert reading.findings == ()
    assert [(row.line, row.name, row.email, row.location, row.agreed) for row in reading.rows] == [
        (2, "Ada", "ada@example.org", "London", True)
    ]


def test_empty_rows_and_cells_to_the_right_are_nothing_and_lines_keep_their_numbers():
    table = read_table(book(HEADER, (None,) * 5, (*ADA, None, " "), (None, None), ("Bo", "bo@example.org")))
    assert [(line.number, line.cells[:2]) for line in table.lines] == [
        (3, ("Ada", "ada@example.org")),
        (5, ("Bo", "bo@example.org")),
    ]
    assert table.findings == ()


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (35, "35"),
        (35.0, "35"),
        (2.5, "2.5"),
        (True, "yes"),
        (False, "no"),
        (datetime(2026, 1, 27, 17, 34), "2026-01-27 17:34:00"),  # noqa: DTZ001 -- a sheet knows no zones
        (date(2026, 1, 27), "2026-01-27 00:00:00"),
        ("=1+1", "=1+1"),
        ('=HYPERLINK("http://x","y")', '=HYPERLINK("http://x","y")'),
        ("#N/A", "#N/A"),
        ("a\u202eb\x7f", "ab"),
    ],
)
def test_a_cell_is_the_text_that_somebody_would_type(cell, text):
    assert read_table(book(HEADER, (*ADA[:4], cell))).lines[0].cells[4] == text


def test_a_formula_is_taken_as_it_stands_and_noted():
    findings = read_table(book(HEADER, ("=A1", *ADA[1:]))).findings
    assert [(found.line, found.sentence, found.severity.value) for found in findings] == [
        (2, "Column 1 holds a formula; its text is taken, not its result.", "note")
    ]


def test_of_several_sheets_the_first_is_read_and_that_is_said():
    table = read_table(book(HEADER, ADA, sheets=("Notes",)))
    assert [found.sentence for found in table.findings] == [
        "The workbook has more sheets than one; only “Sheet” was read."
    ]
    assert len(table.lines) == 1


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, books.LOCKED),
        (b"PK\x03\x04" + b"\0" * 100, books.BROKEN),
        (book(HEADER, ADA)[:-300], books.BROKEN),
        (packed(a_dot_txt="hello"), books.NOT_A_WORKBOOK),
        (packed(xl__workbook_dot_xml="<nonsense"), books.BROKEN),
        (with_sheet("<worksheet><sheetData><row>"), books.BROKEN),
        (with_sheet('<!DOCTYPE a [<!ENTITY b "c">]><worksheet><sheetData/></worksheet>'), books.BROKEN),
        (book(), "The first sheet of the workbook is empty."),
        (book(("Name",) * 61, ADA), "The file has 61 columns; the limit is 60."),
    ],
    ids=["locked", "a head alone", "torn off", "another zip", "no workbook", "torn sheet", "entities", "empty", "wide"],
)
def test_a_workbook_that_cannot_be_taken_is_one_sentence_on_line_1(raw, sentence):
    assert refusal(raw) == ([(1, sentence, "refused")], ())


def test_a_part_marked_as_encrypted_is_a_locked_workbook():
    raw = bytearray(book(HEADER, ADA))
    at = raw.index(b"PK\x01\x02")
    raw[at + 8] |= 1
    assert refusal(bytes(raw)) == ([(1, books.LOCKED, "refused")], ())


def test_a_bomb_is_refused_by_what_it_says_of_its_own_size_and_costs_nothing():
    raw = packed(xl__worksheets__sheet1_dot_xml=b"\0" * (books.MOST_UNPACKED + 1))
    assert len(raw) < 100_000
    tracemalloc.start()
    assert refusal(raw) == ([(1, books.TOO_LARGE, "refused")], ())
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_too_many_parts_are_refused_before_any_is_opened():
    assert refusal(packed(**{f"xl__{n}": "" for n in range(books.MOST_PARTS + 1)})) == (
        [(1, books.TOO_LARGE, "refused")],
        (),
    )


def test_a_row_at_the_far_end_of_the_sheet_is_found_in_time():
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{text}</t></is></c></row>'
        for n, text in ((1, "Email"), (1048576, "x"))
    )
    xml = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
    since = time.monotonic()
    table = read_table(with_sheet(xml))
    assert ([(line.number, line.cells) for line in table.lines], time.monotonic() - since < 10) == (
        [(1048576, ("x",))],
        True,
    )


def test_one_row_too_many_is_refused_without_reading_all():
    raw = book(HEADER, *[ADA] * (MOST_ROWS + 1))
    assert refusal(raw) == ([(1, "The file has more than 10,000 rows.", "refused")], ())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 4000), st.binary(min_size=1, max_size=30))
def test_no_damage_to_a_workbook_is_an_error_of_ours(at, dirt):
    raw = bytearray(book(HEADER, ADA))
    raw[at : at + len(dirt)] = dirt
    table = read_table(bytes(raw))
    assert match_columns(table.header) is not None
