"""bin/manage import_applications FILE --program SLUG [--dry-run]: a spreadsheet export in, a report per row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from members.importing import HowToRead, Outcome, Report, import_applications
from members.models.program import Program
from members.spreadsheet import MOST_BYTES


class Command(BaseCommand):
    """Prints one line per row that is worth a look, then the counts; refuses with one sentence and exit code 1."""

    help = "Takes the applications of a CSV or XLSX file into a program; the same file twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--program", required=True, metavar="SLUG")
        parser.add_argument("--dry-run", action="store_true", help="report only, write nothing")
        parser.add_argument(
            "--consent-wording",
            default="",
            metavar="WORDS",
            help="in which words the form asked for consent to use sensitive answers; without it they only protect",
        )
        parser.add_argument("--leave-out-refused", action="store_true", help="take the other rows in nevertheless")

    def handle(self, *args: Any, **options: Any) -> None:
        program = _program(options["program"])
        raw = _content(options["file"])
        dry_run = options["dry_run"]
        how = HowToRead(consent_wording=options["consent_wording"], leave_out_refused=options["leave_out_refused"])
        report = import_applications(program, raw, by=None, how=how, dry_run=dry_run)
        for line in _lines(report):
            self.stdout.write(line)
        if report.refusal:
            raise CommandError(report.refusal)
        counts = ", ".join(f"{report.count(outcome)} {outcome}" for outcome in Outcome)
        self.stdout.write(f"{'Dry run, nothing written: ' if dry_run else ''}{counts}.")


def _program(slug: str) -> Program:
    found = Program.objects.filter(slug=slug).first()
    if found is not None:
        return found
    known = ", ".join(Program.objects.order_by("slug").values_list("slug", flat=True))
    raise CommandError(f"There is no program {slug!r}; known are: {known}." if known else "There is no program yet.")


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CommandError(f"{path.name} is larger than {MOST_BYTES // 1024 // 1024} MB.")
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path.name} cannot be read: {(error.strerror or 'unknown reason').lower()}.") from None


def _lines(report: Report) -> list[str]:
    lines = []
    for row in report.rows:
        lines.append(f"line {row.line}: {row.outcome}")
        lines += [f"    {found.column + ': ' if found.column else ''}{found.sentence}" for found in row.findings]
    return lines
