"""The first sheet of an Excel workbook as rows of text, behind limits that are checked before anything is unpacked.

A formula stays the text that it is and is never computed. The only module that knows openpyxl.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MOST_UNPACKED = 60 * 1024 * 1024
MOST_PARTS = 2_000
WIDEST = 256  # a header beyond that is over the limit of columns anyway

LOCKED = (
    "The workbook is locked with a password, or an old .xls; please save it as .xlsx without a password, or as CSV."
)
BROKEN = "The workbook is damaged and cannot be read; please save it again as .xlsx, or as CSV."
NOT_A_WORKBOOK = "The file is packed, but holds no Excel sheet; please export the answers as CSV or XLSX."
TOO_LARGE = f"The workbook holds more than {MOST_UNPACKED // 1024 // 1024} MB once unpacked; please save it as CSV."
OTHER_SHEETS = "The workbook has more sheets than one; only “{}” was read."
FORMULA = "Column {} holds a formula; its text is taken, not its result."


@dataclass(frozen=True, slots=True)
class Sheet:
    """Row number and cells; notes by row number; or one sentence why there is nothing to read."""

    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()
    notes: tuple[tuple[int, str], ...] = ()
    refusal: str = ""


def is_workbook(raw: bytes) -> bool:
    return raw.startswith((ZIP, OLE))


def first_sheet(raw: bytes, *, most_rows: int) -> Sheet:
    """Reads on until one row with anything in it more than `most_rows`: the caller sees that there are too many."""
    if refusal := _refusal(raw):
        return Sheet(refusal=refusal)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that openpyxl leaves out; we read cells alone
            return _read(raw, most_rows)
    except Exception:  # the format is large, and a damaged file makes its reader fail in a hundred ways
        return Sheet(refusal=BROKEN)


def _refusal(raw: bytes) -> str:
    """What the directory of the packed file says already: `zipfile` unpacks no part beyond the size given there."""
    if raw.startswith(OLE):
        return LOCKED
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return BROKEN
    if any(part.flag_bits & 1 for part in parts):
        return LOCKED
    if not any(part.filename.startswith("xl/") for part in parts):
        return NOT_A_WORKBOOK
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        return TOO_LARGE
    return ""


def _read(raw: bytes, most_rows: int) -> Sheet:
    book = load_workbook(io.BytesIO(raw), read_only=True, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if isinstance(sheet, ReadOnlyWorksheet)]
    if not sheets:
        return Sheet(refusal=NOT_A_WORKBOOK)
    notes = [(1, OTHER_SHEETS.format(sheets[0].title))] if len(sheets) > 1 else []
    rows: list[tuple[int, tuple[str, ...]]] = []
    for number, cells in _filled(sheets[0]):
        rows.append((number, tuple(_text(cell) for cell in cells)))
        notes += [(number, FORMULA.format(place)) for place, cell in enumerate(cells, start=1) if _is_formula(cell)]
        if len(rows) > most_rows:
            break
    return Sheet(tuple(rows), tuple(notes))


def _filled(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Rows with anything in them. What the sheet says of its own size is not believed: it may be short or endless."""
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_col=WIDEST, values_only=True), start=1):
        if cells.count(None) < len(cells):  # a gap may be a million rows long
            yield number, cells


def _is_formula(cell: object) -> bool:
    return isinstance(cell, ArrayFormula | DataTableFormula) or (isinstance(cell, str) and cell.startswith("="))


def _text(cell: object) -> str:
    """A cell as somebody would type it into a CSV file."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:.10g}"
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, ArrayFormula | DataTableFormula):
        return str(getattr(cell, "text", None) or "=")
    return str(cell)
