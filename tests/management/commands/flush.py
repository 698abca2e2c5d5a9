"""How a database is emptied between tests that commit: rows go from the few tables that have any.

Django truncates all tables, nearly a hundred, and makes the rights of all models anew, which takes ten times as long.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.commands import flush
from django.db import connections, transaction
from psycopg2.sql import SQL, Identifier, Literal

STAYS = {Permission._meta.db_table, ContentType._meta.db_table, "django_migrations"}  # what migrating made
HAS_ROWS, EMPTY = SQL("SELECT {} WHERE EXISTS (SELECT FROM {})"), SQL("DELETE FROM {}")


class Command(flush.Command):
    """Called as Django's own."""

    def handle(self, **options: Any) -> None:
        """One transaction: foreign keys are looked at when it ends, so the order does not matter."""
        connection = connections[options["database"]]
        names = sorted(set(connection.introspection.django_table_names(only_existing=True)) - STAYS)
        asked = SQL(" UNION ALL ").join(HAS_ROWS.format(Literal(name), Identifier(name)) for name in names)
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(asked)
            for (name,) in cursor.fetchall():
                cursor.execute(EMPTY.format(Identifier(name)))
