"""Rows that are written, change or go, and that nobody asks back for: they travel with the next statement of their
transaction, at the latest with its COMMIT, and cost no way to the server of their own.

What is wrong with one (a constraint) is raised by the statement that it goes with. No signal is sent, and nothing is
deleted that points at a row: both are for plain rows that live as long as one meeting.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models


def insert(*rows: models.Model, ignore_conflicts: bool = False) -> None:
    """Rows of one kind. Where conflicts are ignored, one that breaks a UNIQUE is as if it had not been told.

    Raises TransactionManagementError outside a transaction.
    """
    if not rows:
        return
    line: Any = connections[DEFAULT_DB_ALIAS]
    sql, fields = _insertion(type(rows[0]))
    given = [field.get_db_prep_save(field.pre_save(row, add=True), line) for row in rows for field in fields]
    values = ", ".join(["(" + ", ".join(["%s"] * len(fields)) + ")"] * len(rows))
    line.owe(f"{sql} {values}{' ON CONFLICT DO NOTHING' if ignore_conflicts else ''}", given)


def update(row: models.Model, columns: Collection[str]) -> None:
    """What these columns of a row are now. Raises TransactionManagementError outside a transaction."""
    line: Any = connections[DEFAULT_DB_ALIAS]
    fields = [field for field in row._meta.concrete_fields if field.attname in columns]
    given = [field.get_db_prep_save(field.pre_save(row, add=False), line) for field in fields]
    said, key = ", ".join(f'"{field.column}" = %s' for field in fields), row._meta.pk.column
    line.owe(f'UPDATE "{row._meta.db_table}" SET {said} WHERE "{key}" = %s', [*given, row.pk])  # noqa: S608 -- ours


def delete(model: type[models.Model], **columns: object) -> None:
    """The rows of a kind whose columns have these values. Raises TransactionManagementError outside a transaction."""
    named = " AND ".join(f'"{model._meta.get_field(name).column}" = %s' for name in columns)  # type: ignore[union-attr]
    connections[DEFAULT_DB_ALIAS].owe(  # type: ignore[attr-defined] # ours
        f'DELETE FROM "{model._meta.db_table}" WHERE {named}',  # noqa: S608 -- names of ours
        list(columns.values()),
    )


@cache
def _insertion(model: type[models.Model]) -> tuple[str, list[models.Field[Any, Any]]]:
    """The statement up to its values, and the fields that they are of: all but a key that the database counts."""
    fields = [one for one in model._meta.concrete_fields if not isinstance(one, models.AutoField)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES', fields
