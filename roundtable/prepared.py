"""Questions that are put many times a second: their SQL is made once per process, with blanks for what changes.

Django makes the SQL of a query anew each time, which costs more than PostgreSQL's answer where a query has conditions
inside conditions. Here the queryset is written as elsewhere, with `blank("name")` where a value will stand.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models.expressions import RawSQL, Subquery
from django.db.models.query import get_related_populators

Record = TypeVar("Record", bound=models.Model)


@dataclass(frozen=True)
class Blank:
    """Stands among the parameters of a statement until somebody asks."""

    name: str


def blank(name: str, field: models.Field[Any, Any] | None = None) -> Any:
    """A value to be filled in with each asking; unless said otherwise it is a number."""
    return RawSQL("%s", (Blank(name),), output_field=field or models.BigIntegerField())


class Prepared(Generic[Record]):
    """One question about records of one kind."""

    def __init__(self, build: Callable[[], models.QuerySet[Record]]) -> None:
        self.build = build

    @cached_property
    def made(self) -> tuple[Any, str, tuple[Any, ...]]:
        """The compiler, which knows what the columns mean, with the statement and its parameters."""
        queryset = self.build()
        compiler = queryset.query.get_compiler(queryset.db)
        sql, parameters = compiler.as_sql()
        return compiler, sql, tuple(parameters)

    def ask(self, **values: object) -> list[Record]:
        """The records for these values, with the related ones and the annotations that the queryset names."""
        compiler, sql, parameters = self.made
        given: list[Any] = [values[one.name] if isinstance(one, Blank) else one for one in parameters]
        with connections[compiler.using].cursor() as cursor:
            cursor.execute(sql, given)
            rows = cursor.fetchall()
        return self._records(compiler, rows)

    def first(self, **values: object) -> Record | None:
        """The first of them."""
        found = self.ask(**values)
        return found[0] if found else None

    def _records(self, compiler: Any, rows: list[Any]) -> list[Record]:
        """What Django's own iteration over a queryset does with the rows."""
        kind, select = compiler.klass_info, compiler.select
        begin, end = kind["select_fields"][0], kind["select_fields"][-1] + 1
        names = [column[0].target.attname for column in select[begin:end]]
        related = get_related_populators(kind, select, compiler.using)  # type: ignore[call-arg] # of another version
        records: list[Record] = []
        for row in compiler.results_iter([rows]):
            record = kind["model"].from_db(compiler.using, names, row[begin:end])
            for each in related:
                each.populate(row, record)
            for name, column in (compiler.annotation_col_map or {}).items():
                setattr(record, name, row[column])
            records.append(record)
        return records


class Rows(Subquery):
    """Many rows of another table in one column of this statement, as JSON: `records` makes them records again."""

    template = "(SELECT coalesce(json_agg(found), '[]')::text FROM (%(subquery)s) found)"
    output_field = models.TextField()


def records(model: type[Record], text: str) -> list[Record]:
    """What `Rows` brought. Columns that were not asked for are read when somebody needs them, one by one."""
    return [_record(model, row) for row in json.loads(text)]


def _record(model: type[Record], row: dict[str, Any]) -> Record:
    columns = _columns(model)
    given = {name.rpartition("__")[2]: value for name, value in row.items()}
    known = [(attname, given[column], convert) for column, attname, convert in columns if column in given]
    record = model.from_db("default", [one[0] for one in known], [convert(value) for _, value, convert in known])
    for name in given.keys() - {column for column, _, _ in columns}:
        setattr(record, name, given[name])
    return record


@cache
def _columns(model: type[models.Model]) -> list[tuple[str, str, Callable[[Any], Any]]]:
    """Column, attribute, and what makes the value of JSON a value of the field."""
    return [(field.column or "", field.attname, _converter(field)) for field in model._meta.concrete_fields]


def _converter(field: Any) -> Callable[[Any], Any]:
    if field.get_internal_type() == "BinaryField":
        opened = getattr(field, "from_db_value", None)

        def of_bytes(value: str | None) -> Any:
            found = None if value is None else bytes.fromhex(value.removeprefix("\\x"))
            return opened(found, None, None) if opened else found

        return of_bytes
    if isinstance(field, models.ForeignKey):
        return _converter(field.target_field)
    if isinstance(field, (models.TextField, models.CharField, models.BooleanField, models.IntegerField)):
        return lambda value: value
    to_python: Callable[[Any], Any] = field.to_python
    return to_python
