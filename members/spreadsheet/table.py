"""Bytes to a table: CSV in the encodings and with the delimiters that people send, or a workbook's first sheet."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from enum import StrEnum

from members import answers
from members.folding import plain
from members.spreadsheet import workbook

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 10_000
MOST_COLUMNS = 60
MOST_CHARACTERS = 2_000
MOST_OF_A_HEADING = 200
DELIMITERS = (",", ";", "\t")
NO_TEXT = "The file is no text in UTF-8, UTF-16 or Windows-1252; please save it as CSV in UTF-8."
# What a file of another kind begins with, whatever its name says.
OTHER_KINDS = ((b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"), (b"%PDF", "a PDF"))


class Severity(StrEnum):
    REFUSED = "refused"  # the row, or on line 1 the file, cannot be taken
    ASK = "ask"  # taken, and somebody has to ask the person
    NOTE = "note"  # taken, worth a look


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about a line of the file. Never holds a sensitive answer."""

    line: int
    column: str
    sentence: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The file as header and lines of equal length; lines that cannot be read are findings instead."""

    header: tuple[str, ...]
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]


def read_table(raw: bytes) -> Table:
    """Header and lines: CSV in UTF-8, UTF-16 with its mark, or Windows-1252 with comma, semicolon or tab; or XLSX."""
    if len(raw) > MOST_BYTES:
        return unreadable(f"The file has {len(raw) / 1024 / 1024:.1f} MB; the limit is 10 MB.")
    if kind := next((kind for first, kind in OTHER_KINDS if raw.startswith(first)), None):
        return unreadable(f"The file is {kind}, whatever its name says; please export the answers as CSV or XLSX.")
    if workbook.is_workbook(raw):
        return _from_workbook(raw)
    text = _decoded(raw)
    if text is None:
        return unreadable(NO_TEXT)
    if not text.strip():
        return unreadable("The file is empty.")
    return _table(*_records(text, _delimiter(text)))


def unreadable(sentence: str) -> Table:
    return Table((), (), (Finding(1, "", sentence, Severity.REFUSED),))


def _from_workbook(raw: bytes) -> Table:
    sheet = workbook.first_sheet(raw, most_rows=MOST_ROWS + 1)
    if sheet.refusal:
        return unreadable(sheet.refusal)
    cells = ((number, tuple(plain(cell) for cell in row)) for number, row in sheet.rows)
    records = [Line(number, row) for number, row in cells if any(row)]
    if not records:
        return unreadable("The first sheet of the workbook is empty.")
    notes = [Finding(number, "", sentence, Severity.NOTE) for number, sentence in sheet.notes]
    return _table([Line(one.number, _trimmed(one.cells)) for one in records], notes)


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    """A sheet goes on to the right for ever; a row of it ends with its last filled cell."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _decoded(raw: bytes) -> str | None:
    """The text of the file, or None: half of it being control characters, or two wide marks, is no text."""
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _is_noise(text) else text.replace("\x00", "")
    return None


def _is_noise(text: str) -> bool:
    """More than a tenth of the beginning is characters that nobody types; a lonely NUL is dirt and is dropped."""
    start = text[:4000]
    odd = sum(char < " " and char not in "\t\r\n\x0b\x0c" for char in start)
    return odd > max(len(start) // 10, 8)


def _table(records: list[Line], findings: list[Finding]) -> Table:
    if not records:
        return Table((), (), tuple(findings))
    header, *lines = records
    if refusal := _refusal(header, lines):
        return unreadable(refusal)
    width = len(header.cells)
    fitting = [line for line in lines if _fits(line, width, findings)]
    padded = (Line(line.number, (line.cells + ("",) * width)[:width]) for line in fitting)
    if not lines:
        findings.append(Finding(header.number, "", "The file has a header and no rows.", Severity.REFUSED))
    return Table(_named(header.cells), tuple(padded), tuple(findings))


def _refusal(header: Line, lines: list[Line]) -> str:
    if len(header.cells) > MOST_COLUMNS:
        return f"The file has {len(header.cells)} columns; the limit is {MOST_COLUMNS}."
    if len(lines) > MOST_ROWS:
        return f"The file has more than {MOST_ROWS:,} rows."
    if any(answers.address_of(cell) for cell in header.cells):
        return "The first line holds an e-mail address, so the header line is missing; please put the questions there."
    return ""


def _records(text: str, delimiter: str) -> tuple[list[Line], list[Finding]]:
    """Lines with anything in them, each with the number of the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[Line] = []
    begins = 1
    try:
        for cells in reader:
            cleaned = tuple(plain(cell) for cell in cells)
            if any(cleaned):
                records.append(Line(begins, cleaned))
            begins = reader.line_num + 1
            if len(records) > MOST_ROWS + 1:
                break
    except csv.Error:
        sentence = "From here on the file cannot be read: a quotation mark is not closed, or a cell is far too long."
        return records, [Finding(begins, "", sentence, Severity.REFUSED)]
    return records, []


def _delimiter(text: str) -> str:
    """The mark that cuts the first line into the most cells."""
    first = next(line for line in text.splitlines() if line.strip())

    def cells(delimiter: str) -> int:
        return len(next(csv.reader([first], delimiter=delimiter), []))

    return max(DELIMITERS, key=cells)


def _fits(line: Line, width: int, findings: list[Finding]) -> bool:
    if any(line.cells[width:]):
        sentence = f"The row has {len(line.cells)} cells, the header only {width}."
    elif any(len(cell) > MOST_CHARACTERS for cell in line.cells):
        sentence = f"A cell of this row is longer than {MOST_CHARACTERS:,} characters."
    else:
        return True
    findings.append(Finding(line.number, "", sentence, Severity.REFUSED))
    return False


def _named(header: tuple[str, ...]) -> tuple[str, ...]:
    """Each heading once and not endless, so that no column hides another."""
    names: list[str] = []
    for number, heading in enumerate(header, start=1):
        name = heading[:MOST_OF_A_HEADING] or f"column {number}"
        while name in names:
            name = f"{name} ({number})"
        names.append(name)
    return tuple(names)
