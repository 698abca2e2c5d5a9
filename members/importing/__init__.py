"""A spreadsheet of applications in: everything or nothing, and the same file a second time changes nothing.

First a plan is made from a few queries, whatever the number of rows; writing it is a few more. A dry run stops before.
Lock order: program.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.db import transaction

from members.importing.plan import plan
from members.importing.report import Outcome, Report, RowReport, reported, unreadable
from members.importing.writing import write
from members.models.person import Person
from members.models.program import Program
from members.models.review import Import, Upload
from members.spreadsheet import read_applications
from roundtable import audit, clock, vault
from roundtable.errors import NotAllowed

__all__ = ["Outcome", "Report", "RowReport", "import_applications", "keep", "take"]

UPLOAD_LIVES = timedelta(hours=1)


def import_applications(
    program: Program, raw: bytes, *, by: Person | None, dry_run: bool = False, leave_out_refused: bool = False
) -> Report:
    """Takes a file in, or says why not. One row that cannot be taken keeps all out, unless the caller leaves it out."""
    reading = read_applications(raw)
    if nothing := unreadable(reading):
        return nothing
    with transaction.atomic(), vault.keys_held():
        program = Program.objects.select_for_update().get(pk=program.pk)
        found = plan(program, reading.rows)
        rows = (entry.report() for entry in found.entries)
        report = reported(reading, rows, leave_out_refused=leave_out_refused)
        if dry_run or report.refusal:
            return report
        write(program, found)
        _note(program, report, by=by)
    return replace(report, written=True)


def keep(program: Program, raw: bytes, *, by: Person) -> Upload:
    """Holds a file, closed, between its report and the organizer's yes."""
    text = raw.decode("latin-1")  # every byte as one character: what comes out again is the file as it came
    return Upload.objects.create(program=program, made_by=by, made_at=clock.now(), content=text)


@transaction.atomic
def take(upload: Upload, *, by: Person, leave_out_refused: bool = False) -> Report:
    """The organizer's yes: the kept file is taken in, and no copy of it stays."""
    upload = Upload.objects.select_for_update().select_related("program").get(pk=upload.pk)
    if clock.now() >= upload.made_at + UPLOAD_LIVES:
        raise NotAllowed("The file was kept for an hour and is gone; please upload it again.")
    raw = upload.content.encode("latin-1")
    report = import_applications(upload.program, raw, by=by, leave_out_refused=leave_out_refused)
    if report.written:
        upload.delete()
    return report


def _note(program: Program, report: Report, *, by: Person | None) -> None:
    """Counts and findings stay; of the file itself, nothing."""
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
    )
    audit.note(by, "imported", f"import:{made.pk}", count=len(report.rows))
