"""Django's own backend for PostgreSQL, with fewer words to the server.

A press on a board asks about ten short questions, and each way to the server and back costs as much as its answer. Two
of the ways were Django's own: a question whether the connection still stands, and a BEGIN by itself.
"""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, cursor


class Cursor(cursor):
    """Sends BEGIN along with the first statement of a transaction."""

    line: DatabaseWrapper

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 -- psycopg2's own name
        """As psycopg2 does. A statement that PostgreSQL cannot even read begins nothing."""
        if not self.line.owes_begin:
            super().execute(query, vars)
            return
        try:
            super().execute(b"BEGIN; " + self.mogrify(query, vars))
        finally:
            self.line.owes_begin = self.line.is_idle

    def executemany(self, query: Any, vars_list: Any) -> None:
        """psycopg2 runs them one by one by itself."""
        self.line.begin()
        super().executemany(query, vars_list)


class DatabaseWrapper(base.DatabaseWrapper):
    """psycopg2 stays in autocommit; what opens and ends a transaction is said here, and nothing of one that asked
    nothing.
    """

    owes_begin = False

    @property
    def is_idle(self) -> bool:
        """Whether the server is in no transaction; of a connection that has ended nobody knows."""
        return bool(self.connection.info.transaction_status == TRANSACTION_STATUS_IDLE)

    def begin(self) -> None:
        """Now, where it cannot go along."""
        if self.owes_begin:
            self._say("BEGIN")
            self.owes_begin = False

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
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """A named one, which reads on and on, declares itself, so that BEGIN must be there before."""
        if name:
            self.begin()
            return super().create_cursor(name)
        made = self.connection.cursor(cursor_factory=Cursor)
        made.line, made.tzinfo_factory = self, self.tzinfo_factory
        return made

    def _set_autocommit(self, autocommit: bool) -> None:  # noqa: FBT001 -- Django's own
        """Nothing is said yet. Django ends a transaction before it turns this on again."""
        self.owes_begin = not autocommit

    def _commit(self) -> None:
        self._end("COMMIT")

    def _rollback(self) -> None:
        self._end("ROLLBACK")

    def _end(self, word: str) -> None:
        """Raises what psycopg2 raises on a connection that has ended: nobody knows then what became of the rows."""
        if self.connection is None:
            return
        with debug_transaction(self, word):
            if not self.is_idle:
                self._say(word)
        self.owes_begin = not self.autocommit

    def _say(self, word: str) -> None:
        with self.wrap_database_errors, self.connection.cursor() as plain:
            plain.execute(word)
