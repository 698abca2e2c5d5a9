"""A spreadsheet export, read without touching anything: bytes to a table, a table to applications and findings.

Nothing here raises for bad input: whatever is wrong becomes a finding with its line and one sentence.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from members import answers
from members.folding import fold, plain
from members.weekhours import from_blocks, zone_name

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 10_000
MOST_COLUMNS = 60
MOST_CHARACTERS = 2_000
DELIMITERS = (",", ";", "\t")
T = TypeVar("T")
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


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


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One application as the file tells it. None and empty sets mean that the file does not say: any will do."""

    line: int
    name: str
    email: str
    company: str = ""
    company_key: str | None = None
    title: str = ""
    role: answers.Role | None = None
    org_size: str | None = None
    years_in_tech: int | None = None
    years_leading: int | None = None
    location: str = ""
    zone: str | None = None
    mode: answers.Mode | None = None
    pronouns: str = ""
    genders: tuple[str, ...] = ()
    dimensions: frozenset[str] = frozenset()
    never_alone: frozenset[str] = frozenset()
    still_coding: answers.Coding | None = None
    topics: tuple[str, ...] = ()
    hours_good: int = 0
    cadences: frozenset[answers.Cadence] = frozenset()
    agreed: bool = False
    submitted_at: datetime | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything a file holds: its applications, what is to be known about them, and what its columns are."""

    rows: tuple[ApplicationRow, ...]
    findings: tuple[Finding, ...]
    columns: Mapping[str, str]

    @property
    def refused(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.REFUSED)


def read_applications(raw: bytes) -> Reading:
    """The applications of a file. Of two rows with one address the later submitted counts, at a draw the lower one."""
    table = read_table(raw)
    columns = match_columns(table.header)
    missing = _missing(columns) if table.header else []
    if missing or not table.lines:
        return Reading((), (*table.findings, *missing), columns)
    day_first = answers.writes_day_first(_cells_of(table, columns, "submitted_at"))
    read = [_read_line(line, columns, day_first=day_first) for line in table.lines]
    rows, repeated = _once_per_address([row for row, _ in read if row is not None])
    findings = sorted(
        [*table.findings, *(found for _, each in read for found in each), *repeated], key=lambda f: f.line
    )
    return Reading(rows, tuple(findings), columns)


# --- bytes to a table ---


def read_table(raw: bytes) -> Table:
    """Header and lines of a CSV file: UTF-8, UTF-16 with its mark, or Windows-1252; comma, semicolon or tab."""
    if len(raw) > MOST_BYTES:
        return _unreadable(f"The file has {len(raw) / 1024 / 1024:.1f} MB; the limit is 10 MB.")
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _unreadable("This is a workbook; please save the sheet as CSV and try again.")
    text = _decoded(raw)
    if text is None:
        return _unreadable("The file is no text in UTF-8, UTF-16 or Windows-1252; please save it as CSV in UTF-8.")
    if not text.strip():
        return _unreadable("The file is empty.")
    return _table(text)


def _unreadable(sentence: str) -> Table:
    return Table((), (), (Finding(1, "", sentence, Severity.REFUSED),))


def _decoded(raw: bytes) -> str | None:
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding).replace("\x00", "")
        except UnicodeDecodeError:
            continue
    return None


def _table(text: str) -> Table:
    records, findings = _records(text, _delimiter(text))
    if not records:
        return Table((), (), tuple(findings))
    header, *lines = records
    if len(header.cells) > MOST_COLUMNS:
        return _unreadable(f"The file has {len(header.cells)} columns; the limit is {MOST_COLUMNS}.")
    if len(lines) > MOST_ROWS:
        return _unreadable(f"The file has more than {MOST_ROWS:,} rows.")
    fitting = [line for line in lines if _fits(line, len(header.cells), findings)]
    width = len(header.cells)
    padded = (Line(line.number, (line.cells + ("",) * width)[:width]) for line in fitting)
    if not lines:
        findings.append(Finding(header.number, "", "The file has a header and no rows.", Severity.REFUSED))
    return Table(_named(header.cells), tuple(padded), tuple(findings))


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
    """Each heading once, so that no column hides another."""
    names: list[str] = []
    for number, heading in enumerate(header, start=1):
        name = heading or f"column {number}"
        names.append(f"{name} ({number})" if name in names else name)
    return tuple(names)


# --- what each column is about ---

# Tried from the top: the more particular question stands above the general word that it contains.
_HEADINGS = (
    ("email", r"\be ?mails?\b"),
    ("submitted_at", r"\btimestamp\b|\bsubmi(tted|ssion)\b|\bapplied (at|on)\b|^(date|created)( at)?$"),
    ("agreed", r"\bcode of conduct\b|\bi agree\b|^agree(ment|d)?$"),
    ("zone", r"\btime ?zone\b"),
    ("hours", r"\bavailab|\bwhen (can|could) you\b|^hours$"),
    ("cadence", r"\bhow often\b|\bcadence\b|\brhythm\b|\bfrequency\b"),
    ("mode", r"\bin person\b|\bhow (to|would you like to|do you want to) meet\b|^(mode|format)$"),
    ("pronouns", r"\bpronouns?\b"),
    ("never_alone", r"\bonly one\b|\bthe only\b"),
    ("genders", r"\bgender\b"),
    ("still_coding", r"\bstill (cod|writ)|\bdo you (still )?code\b|\bwrit(e|ing) code\b"),
    ("years_leading", r"\byears?\b.*\b(lead|manag)"),
    ("years_in_tech", r"\byears?\b.*\b(tech|technology|experience|industry|engineering|software)\b"),
    (
        "org_size",
        r"\b(people|engineers) in your\b|\bhow many (people|engineers|reports)\b|\b(team|org|organi[sz]ation) size\b",
    ),
    ("topics", r"\btopics?\b|\binterests?\b"),
    ("company", r"^(?!.*\b(size|website|url|stage|industry)\b).*\b(company|employer|where do you work)\b"),
    ("title", r"\brole\b|\bjob title\b|^title$|\bposition\b"),
    ("location", r"\bwhere\b.*\b(based|live|located)\b|^(your )?(city|location|place)\b|\bcity\b"),
    ("given_name", r"\b(first|given) name\b"),
    ("family_name", r"\b(last|family) name\b|\bsurname\b"),
    ("name", r"^name\b|\b(your|full|preferred) name\b|\bcall you\b"),
)


def match_columns(header: tuple[str, ...]) -> dict[str, str]:
    """What each heading asks for: a field, "dimension:<name>" for a sensitive answer, or "extra" for everything else.

    The first column of a kind has it; a second one is kept as an extra answer.
    """
    columns: dict[str, str] = {}
    for heading in header:
        kind = _kind(heading)
        columns[heading] = "extra" if kind in columns.values() else kind
    return columns


def _kind(heading: str) -> str:
    words = fold(heading)
    known = next((kind for kind, pattern in _HEADINGS if re.search(pattern, words)), None)
    sensitive = None if known else answers.dimension_of(words)
    return known or (f"dimension:{sensitive}" if sensitive and sensitive not in ("role", "remote") else "extra")


def _missing(columns: Mapping[str, str]) -> list[Finding]:
    kinds = set(columns.values())
    if not kinds - {"extra"}:
        return [Finding(1, "", "No heading is one that we know; is the header line missing?", Severity.REFUSED)]
    names = {"name"} if "name" in kinds else {"given_name", "family_name"} & kinds
    absent = [what for what, there in (("e-mail addresses", "email" in kinds), ("names", bool(names))) if not there]
    return [Finding(1, "", f"No column holds {what}.", Severity.REFUSED) for what in absent]


def _cells_of(table: Table, columns: Mapping[str, str], kind: str) -> Iterator[str]:
    places = [place for place, heading in enumerate(table.header) if columns[heading] == kind]
    return (line.cells[place] for line in table.lines for place in places)


# --- one line, one application ---


class _Cells:
    """One line by what its columns ask for, and what came up while it was read."""

    def __init__(self, line: Line, columns: Mapping[str, str]) -> None:
        pairs = list(zip(columns.items(), line.cells, strict=True))
        self.number = line.number
        self.headings = {kind: heading for heading, kind in columns.items()}
        self.told = {kind: cell for (_, kind), cell in pairs if kind != "extra"}
        self.extra = {heading: cell for (heading, kind), cell in pairs if kind == "extra" and cell}
        self.findings: list[Finding] = []

    def find(self, kind: str, sentence: str, severity: Severity = Severity.ASK) -> None:
        self.findings.append(Finding(self.number, self.headings.get(kind, ""), sentence, severity))

    def text(self, kind: str, *, most: int) -> str:
        cell = self.told.get(kind, "")
        if len(cell) > most:
            self.find(kind, f"The text is longer than {most} characters and was cut.", Severity.NOTE)
        return cell[:most].rstrip()

    def value(self, kind: str, reader: Callable[[str], T | None]) -> T | None:
        """What a reader makes of a cell; words that it does not know are asked about."""
        cell = self.told.get(kind, "")
        value = reader(cell) if cell else None
        if cell and not value and value != 0:
            self.find(kind, f"“{_short(cell)}” was not understood.")
        return value


def _short(cell: str) -> str:
    return cell if len(cell) <= 40 else f"{cell[:39]}…"


def _read_line(
    line: Line, columns: Mapping[str, str], *, day_first: bool
) -> tuple[ApplicationRow | None, list[Finding]]:
    cells = _Cells(line, columns)
    name = _name(cells)
    email = answers.address_of(cells.told["email"])
    if not name:
        cells.find("name", "The row has no name.", Severity.REFUSED)
    if email is None:
        written = _short(cells.told["email"])
        sentence = f"“{written}” is no e-mail address." if written else "The row has no e-mail address."
        cells.find("email", sentence, Severity.REFUSED)
    if not name or email is None:
        return None, cells.findings
    return _application(cells, name, email, day_first=day_first), cells.findings


def _name(cells: _Cells) -> str:
    if "name" in cells.told:
        return cells.text("name", most=120)
    parts = (cells.text("given_name", most=60), cells.text("family_name", most=59))
    return " ".join(part for part in parts if part)


def _application(cells: _Cells, name: str, email: str, *, day_first: bool) -> ApplicationRow:
    company, title = cells.text("company", most=120), cells.text("title", most=120)
    role = answers.role_of(title)
    genders, dimensions, never_alone = _identity(cells.told, role)
    return ApplicationRow(
        line=cells.number,
        name=name,
        email=email,
        company=company if answers.company_key(company) else "",
        company_key=answers.company_key(company),
        title=title,
        role=role,
        org_size=cells.value("org_size", answers.size_band),
        years_in_tech=cells.value("years_in_tech", _years),
        years_leading=cells.value("years_leading", _years),
        location=_location(cells),
        zone=cells.value("zone", zone_name),
        mode=cells.value("mode", answers.mode_of),
        pronouns=cells.text("pronouns", most=40),
        genders=genders,
        dimensions=dimensions,
        never_alone=never_alone,
        still_coding=cells.value("still_coding", answers.coding_of),
        topics=answers.topics_of(cells.told.get("topics", "")),
        hours_good=_hours(cells),
        cadences=cells.value("cadence", answers.cadences_of) or frozenset(),
        agreed=_agreed(cells),
        submitted_at=cells.value("submitted_at", lambda text: answers.moment_of(text, day_first=day_first)),
        extra=cells.extra,
    )


def _years(text: str) -> int | None:
    return answers.number_of(text, most=answers.MOST_YEARS)


def _location(cells: _Cells) -> str:
    location = cells.text("location", most=200)
    if not location:
        cells.find("location", "The row names no place.")
    return location


def _hours(cells: _Cells) -> int:
    mask, unread = from_blocks(cells.told.get("hours", ""))
    for piece in unread:
        cells.find("hours", f"“{_short(piece)}” was not understood.")
    if not mask:
        cells.find("hours", "The row gives no hours, so no group can be found.")
    return mask


def _agreed(cells: _Cells) -> bool:
    said = answers.agreed_to(cells.told.get("agreed", ""))
    if not said:
        cells.find("agreed", "The code of conduct is not agreed to; the application waits until it is.")
    return bool(said)


def _identity(
    told: Mapping[str, str], role: answers.Role | None
) -> tuple[tuple[str, ...], frozenset[str], frozenset[str]]:
    """Genders, dimensions and wishes never to be alone, as "gender:woman".

    Who ticks a dimension without a value is not alone beside anybody else who ticked it: "carer:yes". A wish about
    gender means each of the own genders. "role:staff" comes from the role and is held by every staff engineer.
    """
    genders = answers.genders_of(told.get("genders", ""))
    own = {("gender", gender) for gender in genders}
    own |= {("role", "staff")} if role is answers.Role.STAFF else set()
    for kind, cell in told.items():
        topic, _, dimension = kind.partition(":")
        own |= {(dimension, value) for value in answers.genders_of(cell)} if topic == "dimension" else set()
    wishes: set[tuple[str, str]] = set()
    for dimension, value in answers.wishes_of(told.get("never_alone", "")):
        values = {held for kind, held in own if kind == dimension and value == "yes"}
        wishes |= {(dimension, held) for held in values or {value}}
        own |= {(dimension, "yes"), (dimension, value)} if dimension != "role" else set()
    return genders, _written(own), _written(wishes)


def _written(pairs: Iterable[tuple[str, str]]) -> frozenset[str]:
    return frozenset(f"{dimension}:{value}" for dimension, value in pairs)


def _once_per_address(rows: list[ApplicationRow]) -> tuple[tuple[ApplicationRow, ...], list[Finding]]:
    """Each address once, in the file's order; the row that counts is the latest."""
    counts: dict[str, ApplicationRow] = {}
    set_aside: list[Finding] = []
    for row in sorted(rows, key=lambda row: (row.submitted_at or _LONG_AGO, row.line)):
        earlier = counts.get(row.email)
        if earlier is not None:
            sentence = f"Line {row.line} has the same e-mail address and is newer; this row is left out."
            set_aside.append(Finding(earlier.line, "", sentence, Severity.NOTE))
        counts[row.email] = row
    return tuple(sorted(counts.values(), key=lambda row: row.line)), set_aside
