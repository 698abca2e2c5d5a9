"""A spreadsheet export, read without touching anything: bytes to a table, a table to applications and findings.

Nothing here raises for bad input: whatever is wrong becomes a finding with its line and one sentence.
"""

from members.spreadsheet.columns import KIND_NAMES, Column, beginning_of, look_at, match_columns, missing, settled
from members.spreadsheet.rows import ApplicationRow, Reading, read_applications
from members.spreadsheet.table import MOST_BYTES, MOST_ROWS, Finding, Line, Severity, Table, read_table

__all__ = [
    "KIND_NAMES",
    "MOST_BYTES",
    "MOST_ROWS",
    "ApplicationRow",
    "Column",
    "Finding",
    "Line",
    "Reading",
    "Severity",
    "Table",
    "beginning_of",
    "look_at",
    "match_columns",
    "missing",
    "read_applications",
    "read_table",
    "settled",
]
