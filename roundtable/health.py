"""Is the site well? Numbers, no names: /health/ready/ and the organizers' front page read them here."""

from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from roundtable import chores, clock
from roundtable.outbox.models import Letter, State

LATE = timedelta(minutes=5)
SILENT = timedelta(seconds=60)
MAIL_APART = "mail came in taken apart"  # its last time; a day later it is taken for mended
MENDED = timedelta(days=1)


def report() -> dict[str, Any]:
    """Without the database, or with migrations still to run, the site is down; all else only degrades it."""
    try:
        waiting = migrations_waiting()
        if waiting:
            return {"status": "down", "database": True, "migrations_waiting": waiting}
        numbers = letters() | connections() | {"redis": redis_answers(), "beat_seconds": age_of_beat()}
        numbers["mail_apart"] = mail_comes_apart()
    except DatabaseError:
        return {"status": "down", "database": False}
    return {"status": "degraded" if worries(numbers) else "ok", "database": True, "worries": worries(numbers)} | numbers


def worries(numbers: dict[str, Any]) -> list[str]:
    """What somebody should look at, in words that an alarm can carry."""
    beat = numbers["beat_seconds"]
    found = {
        "redis is away": not numbers["redis"],
        "the schedule stands still": beat is None or beat > SILENT.total_seconds(),
        "letters are late": numbers["oldest_due_seconds"] > LATE.total_seconds(),
        "letters failed": numbers["letters_failed"] > 0,
        "answers from calendars are lost: the mail provider hands in no raw MIME": numbers["mail_apart"],
    }
    return [sentence for sentence, true in found.items() if true]


def migrations_waiting() -> int:
    """How many this code has that the database has not."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def letters() -> dict[str, int]:
    """How many are due and failed, and how long the oldest has waited."""
    now = clock.database_now()
    due = Letter.objects.due(now).order_by("not_before").values_list("not_before", flat=True)
    return {
        "letters_due": len(due),
        "oldest_due_seconds": round((now - due[0]).total_seconds()) if due else 0,
        "letters_failed": Letter.objects.filter(state=State.FAILED).count(),
    }


def connections() -> dict[str, int]:
    """How many this database has, and how many its server takes: threads are the pool, so the number is bounded."""
    here = "SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity"
    with connection.cursor() as cursor:
        cursor.execute(f"{here} WHERE datname = current_database()")
        now, most = cursor.fetchone()
    return {"connections": now, "connections_most": most}


def age_of_beat() -> int | None:
    """Seconds since the schedule last ticked."""
    last = chores.last("beat")
    return None if last is None else round((clock.database_now() - last).total_seconds())


def mail_comes_apart() -> bool:
    """Whether a provider has handed in mail without its calendar part in the last day."""
    last = chores.last(MAIL_APART)
    return last is not None and clock.database_now() - last < MENDED


def redis_answers() -> bool:
    """Within half a second."""
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=0.5)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
