"""How long 10,000 rows take: read, checked, taken in, taken in again. `bin/bench importing`. Leaves nothing behind.

One table; then a line for each goal missed, and exit 1 if there is one.
"""

import csv
import io
import logging
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import django
from django.test.utils import setup_databases, teardown_databases
from openpyxl import Workbook

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roundtable.settings")
django.setup()

from members.importing import import_applications  # noqa: E402 -- models want the settings first
from members.models.program import Program  # noqa: E402
from members.spreadsheet import read_applications  # noqa: E402
from roundtable import clock  # noqa: E402

T = TypeVar("T")
SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "applicants-1000.csv"
ROWS = 10_000
GOAL = 60.0  # seconds for the whole way in


def cells() -> list[list[str]]:
    """The sample over and over, everybody with an address and a company of their own."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    made = [header]
    for number in range(ROWS):
        name, email, company, *rest = rows[number % len(rows)]
        made.append([f"{name} {number}", f"{number}.{email}", f"{company} {number}", *rest])
    return made


def as_csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def as_workbook(rows: list[list[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def timed(what: str, act: Callable[[], T]) -> tuple[float, T]:
    since = time.monotonic()
    result = act()
    seconds = time.monotonic() - since
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what:<28}{seconds:>8.1f}{ROWS / seconds:>10.0f}{megabytes:>8}", flush=True)
    return seconds, result


def measure() -> float:
    """The seconds that an organizer waits in all: the report, then the import."""
    rows = cells()
    raw, book = as_csv(rows), as_workbook(rows)
    program = Program.objects.create(slug=f"bench-{clock.now():%H%M%S%f}", name="Bench")
    program.codes.create(number=1, text="Be kind.", published_on=clock.today())
    timed("read, CSV", lambda: read_applications(raw))
    timed("read, XLSX", lambda: read_applications(book))
    checked, _ = timed("report", lambda: import_applications(program, raw, by=None, dry_run=True))
    taken, report = timed("taken in", lambda: import_applications(program, raw, by=None))
    _, again = timed("the same file again", lambda: import_applications(program, raw, by=None))
    assert (report.created, again.unchanged) == (ROWS, ROWS), "every row is somebody, and known the second time"
    return checked + taken


def main() -> int:
    """Print the table; 1 if the goal was missed."""
    logging.disable(logging.INFO)
    made = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
    try:
        print(f"{ROWS} rows\n{'step':<28}{'seconds':>8}{'rows/s':>10}{'MB':>8}")
        seconds = measure()
    finally:
        teardown_databases(made, verbosity=0)
    reached = seconds <= GOAL
    print("\nEvery goal is reached." if reached else f"\nMISSED: {seconds:.0f} s, goal {GOAL:.0f}")
    return int(not reached)


if __name__ == "__main__":
    sys.exit(main())
