"""The records of the project itself; each lives in the module of its subject."""

from roundtable.audit import AuditLine
from roundtable.chores import Chore
from roundtable.links import Link
from roundtable.vault import DataKey

__all__ = ["AuditLine", "Chore", "DataKey", "Link"]
