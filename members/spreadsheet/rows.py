"""A table to applications: each line read cell by cell, with what came up while it was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from members import answers, wishes
from members.spreadsheet.columns import EXTRA, cells_of, match_columns, missing, settled
from members.spreadsheet.table import Finding, Line, Severity, read_table
from members.weekhours import from_blocks, zone_name

T = TypeVar("T")
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
Tell = Callable[[int, int], None]  # how many rows are done, of how many
TOLD_EVERY = 250


def _nobody(done: int, total: int) -> None:
    """Nobody watches."""


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
    initials: str = ""
    sector: str = ""
    apart: tuple[str, ...] = ()
    smaller: Mapping[str, object] = field(default_factory=dict)  # as the form keeps them, by their names there
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


def read_applications(raw: bytes, chosen: Mapping[str, str] | None = None, *, tell: Tell = _nobody) -> Reading:
    """The applications of a file. Of two rows with one address the later submitted counts, at a draw the lower one.

    `chosen` says what a heading asks for where the organizer knows better than the proposal.
    """
    table = read_table(raw)
    columns = settled(table.header, chosen) if chosen else match_columns(table.header)
    absent = missing(columns) if table.header else []
    if absent or not table.lines:
        return Reading((), (*table.findings, *absent), columns)
    day_first = answers.writes_day_first(cells_of(table, columns, "submitted_at"))
    read = []
    for done, line in enumerate(table.lines):
        if done % TOLD_EVERY == 0:
            tell(done, len(table.lines))
        read.append(_read_line(line, columns, day_first=day_first))
    rows, repeated = _once_per_address([row for row, _ in read if row is not None])
    findings = sorted(
        [*table.findings, *(found for _, each in read for found in each), *repeated], key=lambda f: f.line
    )
    return Reading(rows, tuple(findings), columns)


class _Cells:
    """One line by what its columns ask for, and what came up while it was read."""

    def __init__(self, line: Line, columns: Mapping[str, str]) -> None:
        pairs = list(zip(columns.items(), line.cells, strict=True))
        self.number = line.number
        self.headings = {kind: heading for heading, kind in columns.items()}
        self.told = {kind: cell for (_, kind), cell in pairs if kind != EXTRA}
        self.extra = {heading: cell for (heading, kind), cell in pairs if kind == EXTRA and cell}
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
        initials=cells.text("initials", most=6),
        sector=cells.text("sector", most=80),
        apart=wishes.apart_of(cells.told.get("apart", "")),
        smaller=_smaller(cells),
        extra=cells.extra,
    )


_CHOSEN: Mapping[str, Callable[[str], str | None]] = {
    "company_size": wishes.company_size_of,
    "longest_ride": wishes.ride_of,
    "minutes": wishes.minutes_of,
    "size": wishes.size_of,
    "heard": wishes.heard_of,
}
_WRITTEN = {"in_town": 120, "sent_by": 120, "gives": 300, "stuck_on": 300}


def _smaller(cells: _Cells) -> dict[str, object]:
    """The answers without a column of their own; what leaves it open is not kept."""
    told: dict[str, object] = {kind: cells.text(kind, most=most) for kind, most in _WRITTEN.items()}
    for kind, reader in _CHOSEN.items():
        told[kind] = "" if wishes.says_any(cells.told.get(kind, "")) else cells.value(kind, reader)
    told["could"] = list(cells.value("could", wishes.could_of) or ())
    return {kind: value for kind, value in told.items() if value}


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
