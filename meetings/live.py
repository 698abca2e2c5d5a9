"""Says that a board has changed. Redis is the bell, never a store: it hears a meeting's key and a version only.

Behind the bell stands the backstop of the streams (views/live.py), so a bell that nobody heard costs two seconds.
"""

import threading

import redis
import structlog
from django.conf import settings
from django.db import transaction
from redis.backoff import NoBackoff
from redis.retry import Retry

CHANNEL = "boards"
PATIENCE = 0.5  # seconds that an act waits for a Redis that hangs; one that is gone is asked once more, and at once

log = structlog.get_logger(__name__)


class Bell(threading.local):
    """Each thread has a line of its own, which it need not borrow, look at and give back for every ring."""

    made: redis.Redis | None = None

    @property
    def line(self) -> redis.Redis:
        """Raises redis.RedisError while there is none."""
        if self.made is None:
            again = Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,))
            limits = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "retry": again}
            self.made = redis.Redis.from_url(settings.REDIS_URL, single_connection_client=True, **limits)
        return self.made


bell = Bell()


def changed(meeting_id: int, version: int) -> None:
    """Once this transaction is committed, ring. An act that is committed never fails because the bell is broken."""
    transaction.on_commit(lambda: ring(meeting_id, version), robust=True)


def ring(meeting_id: int, version: int) -> None:
    """Tell the stream processes. Without Redis nothing is told, and nothing is lost."""
    try:
        bell.line.publish(CHANNEL, f"{meeting_id}:{version}")
    except redis.RedisError as error:
        log.warning("bell not rung", failure=type(error).__name__)
