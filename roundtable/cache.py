"""The cache: Redis, and this process's memory while Redis is away.

Only counters live here. Without Redis a limit counts per process: neither an error page nor no limit. One that hangs is
left alone for some seconds, else each request would wait for it again.
"""

import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisSlow

LEFT_ALONE = 5.0

log = structlog.get_logger(__name__)
WITH_FALLBACK = (
    "tally",
    "add",
    "get",
    "set",
    "touch",
    "delete",
    "get_many",
    "has_key",
    "incr",
    "set_many",
    "delete_many",
)


class Memory(LocMemCache):
    """What is counted while Redis is away."""

    def tally(self, key: str, *, seconds: int, more: int = 1) -> int:
        """So many more under this key, which is forgotten so many seconds after the first."""
        self.add(key, 0, timeout=seconds)
        try:
            return self.incr(key, more)
        except ValueError:  # forgotten between the two
            return more


class RedisOrMemory(RedisCache):
    """Each operation goes to Redis; if nobody answers there, to memory."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.away_until = 0.0
        self.memory = Memory("while-redis-is-away", {key: value for key, value in params.items() if key != "OPTIONS"})
        for name in WITH_FALLBACK:
            setattr(self, name, self.either(getattr(self, name), getattr(self.memory, name)))

    @cached_property
    def line(self) -> Any:
        """One client for what is asked with every press; its connections are the pool's."""
        return self._cache.get_client(None, write=True)

    def tally(self, key: str, *, seconds: int, more: int = 1) -> int:
        """The same in Redis: one round trip, and a second one the first time."""
        name = self.make_and_validate_key(key)
        tries = int(self.line.incr(name, more))
        if tries == more:
            self.line.expire(name, seconds)
        return tries

    def either(self, first: Callable[..., Any], second: Callable[..., Any]) -> Callable[..., Any]:
        """The second where the first finds no Redis."""

        def ask(*args: Any, **kwargs: Any) -> Any:
            if time.monotonic() < self.away_until:
                return second(*args, **kwargs)
            try:
                return first(*args, **kwargs)
            except (RedisAway, RedisSlow) as error:
                log.warning("redis is away, counting in memory")
                self.away_until = time.monotonic() + LEFT_ALONE * isinstance(error, RedisSlow)
                return second(*args, **kwargs)

        return ask
