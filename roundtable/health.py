"""Is the site well? Numbers, no names."""

from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


def report() -> dict[str, Any]:
    """Without the database, or with migrations still to run, the site is down; all else only degrades it."""
    try:
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return {"status": "down", "database": False}
    return {"status": "down" if waiting else "ok", "database": True, "migrations_waiting": waiting}
