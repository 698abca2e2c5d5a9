"""A spreadsheet of applications in: everything or nothing, and the same file a second time changes nothing.

First a plan is made from a few queries, whatever the number of rows; writing it is a few more. A dry run stops before.
Lock order: upload, program.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import partial

from django.db import transaction

from members.importing.plan import Plan, plan
from members.importing.report import Outcome, Report, RowReport, reported, unreadable
from members.importing.writing import write
from members.models.person import Person
from members.models.program import Program
from members.models.review import Import
from members.spreadsheet import Reading, read_applications
from roundtable import audit, clock, vault

__all__ = ["HowToRead", "Outcome", "Report", "RowReport", "import_applications"]

Tell = Callable[[str, int, int], None]  # what is being done, how many rows of it, of how many


@dataclass(frozen=True, slots=True)
class HowToRead:
    """What only the organizer knows of a file: what its columns ask, and in which words its form asked for consent.

    Without such words sensitive answers are kept as a protection only, until the person says yes or 30 days are over.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    consent_wording: str = ""
    leave_out_refused: bool = False


def _nobody(doing: str, done: int, total: int) -> None:
    """Nobody watches."""


def import_applications(
    program: Program,
    raw: bytes,
    *,
    by: Person | None,
    how: HowToRead = HowToRead(),
    dry_run: bool = False,
    tell: Tell = _nobody,
) -> Report:
    """Takes a file in, or says why not. One row that cannot be taken keeps all out, unless the caller leaves it out."""
    reading = read_applications(raw, how.columns, tell=partial(tell, "read"))
    if nothing := unreadable(reading):
        return nothing
    with nullcontext() if dry_run else transaction.atomic(), vault.keys_held():
        if not dry_run:
            program = Program.objects.select_for_update().get(pk=program.pk)
        return _carry_out(program, reading, by=by, how=how, dry_run=dry_run, tell=tell)


def _carry_out(
    program: Program, reading: Reading, *, by: Person | None, how: HowToRead, dry_run: bool, tell: Tell
) -> Report:
    asked = bool(how.consent_wording)
    found = plan(program, reading.rows, form_asked_consent=asked, tell=partial(tell, "placed"))
    rows = (entry.report() for entry in found.entries)
    report = reported(reading, rows, leave_out_refused=how.leave_out_refused)
    if dry_run or report.refusal:
        return report
    hashed = hashlib.sha256(how.consent_wording.encode()).hexdigest()
    write(program, found, consent_hash=hashed, tell=partial(tell, "written"))
    _note(program, report, found, how.consent_wording, by=by)
    return replace(report, written=True)


def _note(program: Program, report: Report, found: Plan, consent_wording: str, *, by: Person | None) -> None:
    """Counts, findings and the old form's words on consent stay; of the file itself, nothing."""
    findings = [
        {"line": found.line, "column": found.column, "severity": found.severity.value}
        for row in report.rows
        for found in row.findings
    ]
    made = Import.objects.create(
        program=program,
        made_by=by,
        made_at=clock.now(),
        rows=len(report.rows),
        created=report.created,
        updated=report.updated,
        unchanged=report.unchanged,
        findings=findings,
        consent_wording=consent_wording,
    )
    audit.note(by, "imported", f"import:{made.pk}", count=len(report.rows))
    if consents := sum(entry.consents for entry in found.entries):
        audit.note(by, "stated the consent of the old form", f"import:{made.pk}", count=consents)
