"""Who waits for whom in the tests' database, for tests of what happens meanwhile."""

from __future__ import annotations

import time

from django.db import connection

PATIENCE = 10.0
WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


def waiting() -> list[int]:
    """The sessions that wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return [pid for (pid,) in cursor.fetchall()]


def until_they_wait(number: int = 1) -> list[int]:
    """As soon as so many sessions wait for a lock."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if len(found := waiting()) >= number:
            return found
        time.sleep(0.02)
    raise AssertionError(f"Not {number} sessions wait, but {len(found)}.")
