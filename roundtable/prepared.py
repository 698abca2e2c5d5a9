"""Questions that are put many times a second: made into SQL once per process, planned once per connection.

Django makes the SQL of a query anew each time, and PostgreSQL plans it anew, which together costs several times the
answer where a query has conditions inside conditions. Here the queryset is written as elsewhere, with `blank("name")`
where a value will stand; each connection prepares it at its first use (PREPARE), so no pooler may share connections
between transactions.
"""

from __future__ import annotations

import hashlib
import json
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connections, models
from django.db.models.base import ModelState
from django.db.models.expressions import RawSQL, Subquery
from django.db.models.query import get_related_populators
from psycopg2.extensions import AsIs

Record = TypeVar("Record", bound=models.Model)

_known: weakref.WeakKeyDictionary[Any, set[str]] = weakref.WeakKeyDictionary()  # by connection


@dataclass(frozen=True)
class Blank:
    """Stands among the parameters of a statement until somebody asks."""

    name: str
    kind: str


def blank(name: str, kind: str = "bigint") -> Any:
    """A value to be filled in with each asking, of a kind that PostgreSQL knows."""
    return RawSQL("%s", (Blank(name, kind),), output_field=KINDS[kind]())


KINDS: dict[str, type[models.Field[Any, Any]]] = {
    "bigint": models.BigIntegerField,
    "text": models.TextField,
    "date": models.DateField,
    "timestamptz": models.DateTimeField,
    "bytea": models.BinaryField,
    "uuid": models.UUIDField,
}


@dataclass(frozen=True)
class Shape:
    """Which columns of a row are the record's own, how values are converted, and what else a record carries."""

    model: type[models.Model]
    own: slice
    names: list[str]
    converters: dict[int, Any]
    related: list[Any]
    annotations: list[tuple[str, int]]


@dataclass(frozen=True)
class Statement:
    """What is prepared, and how it is asked for."""

    compiler: Any
    name: str
    text: str
    blanks: tuple[Blank, ...]

    @cached_property
    def shape(self) -> Shape:
        """How rows become records, worked out once."""
        compiler = self.compiler
        kind, select = compiler.klass_info, compiler.select
        begin, end = kind["select_fields"][0], kind["select_fields"][-1] + 1
        return Shape(
            kind["model"],
            slice(begin, end),
            [column[0].target.attname for column in select[begin:end]],
            compiler.get_converters([column[0] for column in select[: compiler.col_count]]),
            get_related_populators(kind, select, compiler.using),  # type: ignore[call-arg] # of another version
            list((compiler.annotation_col_map or {}).items()),
        )

    @property
    def prepare(self) -> str:
        return f"PREPARE {self.name} ({', '.join(one.kind for one in self.blanks)}) AS {self.text}"

    @property
    def execute(self) -> str:
        return f"EXECUTE {self.name} ({', '.join(['%s'] * len(self.blanks))})"


class Prepared(Generic[Record]):
    """One question about records of one kind, with one blank at least."""

    def __init__(self, build: Callable[[], models.QuerySet[Record]]) -> None:
        self.build = build

    @cached_property
    def made(self) -> Statement:
        """The statement, with the compiler, which knows what its columns mean."""
        queryset = self.build()
        compiler = queryset.query.get_compiler(queryset.db)
        sql, parameters = compiler.as_sql()
        blanks = tuple(dict.fromkeys(one for one in parameters if isinstance(one, Blank)))
        places = {one: AsIs(f"${number}") for number, one in enumerate(blanks, start=1)}
        connections[compiler.using].ensure_connection()
        with connections[compiler.using].connection.cursor() as cursor:
            given = [places[one] if isinstance(one, Blank) else one for one in parameters]
            text = cursor.mogrify(sql, given).decode()
        return Statement(compiler, f"asked_{hashlib.sha256(text.encode()).hexdigest()[:24]}", text, blanks)

    def ask(self, *, after: str = "", **values: object) -> list[Record]:
        """The records for these values, with the related ones and the annotations that the queryset names; `after` a
        statement that goes the same way to the server and brings nothing back.
        """
        made = self.made
        line = connections[made.compiler.using]
        with line.cursor() as cursor:
            self._prepare(line, made)
            try:
                said = f"{after}; {made.execute}" if after else made.execute
                cursor.execute(said, [values[one.name] for one in made.blanks])  # type: ignore[misc] # any value
            except NotSupportedError:  # a column has another type since: the next request has a line without old plans
                line.close_at = 0
                raise
            rows = cursor.fetchall()
        return self._records(made, rows)

    def _prepare(self, line: Any, made: Statement) -> None:
        known = _known.setdefault(line.connection, set())
        if made.name in known:
            return
        with line.wrap_database_errors, line.connection.cursor() as cursor:
            if not known:  # one plan for all values: they differ in nothing that matters to it
                cursor.execute("SET plan_cache_mode = force_generic_plan")
            cursor.execute(made.prepare)
        known.add(made.name)

    def first(self, *, after: str = "", **values: object) -> Record | None:
        """The first of them."""
        found = self.ask(after=after, **values)
        return found[0] if found else None

    def _records(self, made: Statement, rows: list[Any]) -> list[Record]:
        """What Django's own iteration over a queryset does with the rows."""
        shape, using = made.shape, made.compiler.using
        records: list[Record] = []
        for row in made.compiler.apply_converters(rows, shape.converters) if shape.converters else rows:
            record: Any = _record(shape.model, dict(zip(shape.names, row[shape.own], strict=True)), using)
            for each in shape.related:
                each.populate(row, record)
            for name, column in shape.annotations:
                setattr(record, name, row[column])
            records.append(record)
        return records


def _record(model: type[Record], values: dict[str, Any], using: str = DEFAULT_DB_ALIAS) -> Record:
    """What `Model.from_db` makes of these columns, set at once instead of one by one: a third of the time.

    Neither `__init__` nor its signals run, so these are for records that have none of their own.
    """
    record = model.__new__(model)
    record._state = ModelState()
    record._state.db, record._state.adding = using, False
    vars(record).update(values)
    return record


class Rows(Subquery):
    """Many rows of another table in one column of this statement, as JSON: `records` makes them records again."""

    template = "(SELECT coalesce(json_agg(found), '[]')::text FROM (%(subquery)s) found)"
    output_field = models.TextField()


def records(model: type[Record], text: str) -> list[Record]:
    """What `Rows` brought. Columns that were not asked for are read when somebody needs them, one by one."""
    rows = plain(text)
    if not rows:
        return []
    names, converters = _layout(model, tuple(rows[0]))
    found = []
    for row in rows:
        values = dict(zip(names, row.values(), strict=True))
        for name, convert in converters:
            values[name] = convert(values[name])
        found.append(_record(model, values))
    return found


def plain(text: str) -> list[dict[str, Any]]:
    """The same as plain values, where they are no records."""
    found: list[dict[str, Any]] = [] if text == "[]" else json.loads(text)
    return found


Convert = Callable[[Any], Any] | None


@cache
def _layout(
    model: type[models.Model], keys: tuple[str, ...]
) -> tuple[list[str], list[tuple[str, Callable[[Any], Any]]]]:
    """Of rows with these keys: the attribute of each, and the converters of those that need one."""
    columns = {field.column or "": field for field in model._meta.concrete_fields}
    fields = [columns.get(key.rpartition("__")[2]) for key in keys]
    names = [field.attname if field else key.rpartition("__")[2] for field, key in zip(fields, keys, strict=True)]
    converters = [(name, _converter(field)) for name, field in zip(names, fields, strict=True) if field]
    return names, [(name, convert) for name, convert in converters if convert]


def _converter(field: Any) -> Convert:
    """What makes the value of JSON a value of the field; nothing where they are the same."""
    if field.get_internal_type() == "BinaryField":
        opened = getattr(field, "from_db_value", None)

        def of_bytes(value: str | None) -> Any:
            found = None if value is None else bytes.fromhex(value.removeprefix("\\x"))
            return opened(found, None, None) if opened else found

        return of_bytes
    if isinstance(field, models.ForeignKey):
        return _converter(field.target_field)
    if isinstance(field, (models.TextField, models.CharField, models.BooleanField, models.IntegerField)):
        return None
    to_python: Callable[[Any], Any] = field.to_python
    return to_python
