"""Says that a board has changed. Redis is the bell, never a store: it hears a meeting's key and a version only.

Behind the bell stands the backstop of the streams (views/live.py), so a bell that nobody heard costs two seconds.
"""

from functools import cache

import redis
import structlog
from django.conf import settings
from django.db import transaction

CHANNEL = "boards"

log = structlog.get_logger(__name__)


@cache
def bell() -> redis.Redis:
    """One client per process; half a second is all that an act waits for it."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)


def changed(meeting_id: int, version: int) -> None:
    """Once this transaction is committed, ring. An act that is committed never fails because the bell is broken."""
    transaction.on_commit(lambda: ring(meeting_id, version), robust=True)


def ring(meeting_id: int, version: int) -> None:
    """Tell the stream processes. Without Redis nothing is told, and nothing is lost."""
    try:
        bell().publish(CHANNEL, f"{meeting_id}:{version}")
    except redis.RedisError as error:
        log.warning("bell not rung", failure=type(error).__name__)
