"""What an import says about each line of a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from members.spreadsheet import Finding, Reading, Severity


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowReport:
    """What becomes of one line of the file, and what there is to know about it."""

    line: int
    outcome: Outcome
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The whole file, line by line; nothing was written where `refusal` holds a sentence."""

    rows: tuple[RowReport, ...]
    columns: Mapping[str, str]
    about_file: tuple[Finding, ...] = ()
    refusal: str = ""
    written: bool = False

    def count(self, outcome: Outcome) -> int:
        return sum(row.outcome is outcome for row in self.rows)

    @property
    def created(self) -> int:
        return self.count(Outcome.CREATED)

    @property
    def updated(self) -> int:
        return self.count(Outcome.UPDATED)

    @property
    def unchanged(self) -> int:
        return self.count(Outcome.UNCHANGED)

    @property
    def refused(self) -> int:
        return self.count(Outcome.REFUSED)


def unreadable(reading: Reading) -> Report | None:
    """Why nothing of this file can be taken in, or None."""
    about_file = tuple(found for found in reading.refused if found.line == 1)
    found = _by_line(reading)
    bad = [RowReport(line, Outcome.REFUSED, each) for line, each in found.items() if line > 1 and _is_refused(each)]
    if about_file or not reading.rows:
        sentence = about_file[0].sentence if about_file else "No row of this file can be taken."
        return Report(_in_order(bad), reading.columns, about_file, sentence)
    return None


def reported(reading: Reading, taken: Iterable[RowReport], *, leave_out_refused: bool) -> Report:
    """The rows taken, with what the reading found about them, and those that cannot be: they keep all others out."""
    found = _by_line(reading)
    rows = [RowReport(row.line, row.outcome, (*found.pop(row.line, ()), *row.findings)) for row in taken]
    left_out = [
        RowReport(line, Outcome.REFUSED if _is_refused(each) else Outcome.UNCHANGED, each)
        for line, each in found.items()
    ]
    bad = sum(row.outcome is Outcome.REFUSED for row in left_out)
    sentence = f"{'One row' if bad == 1 else f'{bad} rows'} cannot be taken, so nothing is imported."
    refusal = f"{sentence} Mend the file, or leave such rows out." if bad and not leave_out_refused else ""
    return Report(_in_order([*rows, *left_out]), reading.columns, refusal=refusal)


def _by_line(reading: Reading) -> dict[int, tuple[Finding, ...]]:
    found: dict[int, tuple[Finding, ...]] = {}
    for finding in reading.findings:
        found[finding.line] = (*found.get(finding.line, ()), finding)
    return found


def _is_refused(findings: Iterable[Finding]) -> bool:
    return any(found.severity is Severity.REFUSED for found in findings)


def _in_order(rows: Iterable[RowReport]) -> tuple[RowReport, ...]:
    return tuple(sorted(rows, key=lambda row: row.line))


def packed(report: Report) -> str:
    """The report as text, to be kept closed beside its file."""
    rows = [[row.line, row.outcome.value, [_said(found) for found in row.findings]] for row in report.rows]
    about = [_said(found) for found in report.about_file]
    told = {"rows": rows, "columns": dict(report.columns), "about": about, "refusal": report.refusal}
    return json.dumps(told | {"written": report.written})


def _said(found: Finding) -> list[str]:
    return [found.column, found.sentence, found.severity.value]


def unpacked(text: str) -> Report:
    """The report that was packed."""
    told = json.loads(text)
    rows = [RowReport(line, Outcome(outcome), _findings(line, found)) for line, outcome, found in told["rows"]]
    return Report(tuple(rows), told["columns"], _findings(1, told["about"]), told["refusal"], written=told["written"])


def _findings(line: int, said: Iterable[list[str]]) -> tuple[Finding, ...]:
    return tuple(Finding(line, column, sentence, Severity(severity)) for column, sentence, severity in said)


def without_words(report: Report) -> Report:
    """Lines and outcomes alone: what may stay once the file is gone."""
    return replace(report, rows=tuple(RowReport(row.line, row.outcome) for row in report.rows), columns={})
