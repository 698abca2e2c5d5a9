"""Django's own backend for PostgreSQL, with fewer words to the server.

A press on a board asks several short questions, and each way to the server and back costs as much as its answer. Two
of the ways were Django's own: a question whether the connection still stands, and a BEGIN by itself. A third was for
rows that nobody asks back for (later.py).
"""

from __future__ import annotations

import select
from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from django.db.transaction import TransactionManagementError
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, cursor


class Cursor(cursor):
    """Sends along what is owed: BEGIN with the first statement of a transaction, and what nobody waits for."""

    line: DatabaseWrapper

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 -- psycopg2's own name
        """As psycopg2 does. A statement that PostgreSQL cannot even read begins nothing."""
        along = self.line.along
        if not along:
            super().execute(query, vars)
            return
        said = along + self.mogrify(query, vars)
        try:
            super().execute(said)
        finally:
            self.line.went()

    def executemany(self, query: Any, vars_list: Any) -> None:
        """psycopg2 runs them one by one by itself."""
        self.line.go()
        super().executemany(query, vars_list)


class DatabaseWrapper(base.DatabaseWrapper):
    """psycopg2 stays in autocommit; what opens and ends a transaction is said here, and nothing of one that asked
    nothing.
    """

    owes_begin = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owed: list[bytes] = []

    @property
    def along(self) -> bytes:
        """What goes before the next statement."""
        return b"".join([b"BEGIN; " if self.owes_begin else b"", *(one + b"; " for one in self.owed)])

    def went(self) -> None:
        """It has gone along, and failed or not. Where not even BEGIN was read, all of it is owed still."""
        self.owes_begin = self.owes_begin and self.is_idle
        if not self.owes_begin:
            self.owed.clear()

    def owe(self, sql: str, values: Sequence[Any]) -> None:
        """A statement of this transaction that may wait for the next one (later.py). Raises TransactionManagementError
        outside of one, where nothing might ever follow."""
        if not self.in_atomic_block:
            raise TransactionManagementError("What goes along needs a transaction to go with.")
        with self.wrap_database_errors, self.connection.cursor() as plain:
            self.owed.append(plain.mogrify(sql, values))

    @property
    def is_idle(self) -> bool:
        """Whether the server is in no transaction; of a connection that has ended nobody knows."""
        return bool(self.connection.info.transaction_status == TRANSACTION_STATUS_IDLE)

    def go(self) -> None:
        """Now, where it cannot go along."""
        if self.along:
            self._say()

    def is_usable(self) -> bool:
        """A server that ends a connection says so on it, and says nothing else while nobody asks. Where something has
        come, Django's question decides: it may be a notice."""
        if self.connection is None or self.connection.closed:
            return False
        line = select.poll()
        line.register(self.connection.fileno(), select.POLLIN)
        return not line.poll(0) or bool(super().is_usable())

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """One that is in autocommit to its end."""
        connection = super().get_new_connection(conn_params)
        connection.autocommit, self.owes_begin = True, False
        self.owed.clear()
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """A named one, which reads on and on, declares itself, so that BEGIN must be there before."""
        if name:
            self.go()
            return super().create_cursor(name)
        made = self.connection.cursor(cursor_factory=Cursor)
        made.line, made.tzinfo_factory = self, self.tzinfo_factory
        return made

    def _set_autocommit(self, autocommit: bool) -> None:  # noqa: FBT001 -- Django's own
        """Nothing is said yet. Django ends a transaction before it turns this on again."""
        self.owes_begin = not autocommit

    def _commit(self) -> None:
        self._end(b"COMMIT")

    def _rollback(self) -> None:
        self.owed.clear()
        self._end(b"ROLLBACK")

    def _savepoint_rollback(self, sid: str) -> None:
        """The savepoint took along what was owed before it, so that all of this came after."""
        self.owed.clear()
        super()._savepoint_rollback(sid)  # type: ignore[misc] # Django has it, its stubs do not

    def _end(self, word: bytes) -> None:
        """Raises what psycopg2 raises on a connection that has ended: nobody knows then what became of the rows."""
        if self.connection is None:
            return
        with debug_transaction(self, word.decode()):
            if self.owed or not self.is_idle:
                self._say(word)
        self.owed.clear()
        self.owes_begin = not self.autocommit

    def _say(self, word: bytes = b"") -> None:
        """With what is owed. Where that fails, what has begun is to be ended yet."""
        try:
            with self.wrap_database_errors, self.connection.cursor() as plain:
                plain.execute(self.along + word)
        finally:
            self.went()
