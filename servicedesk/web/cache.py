"""The Redis cache that forgives: Redis down or hanging costs one short timeout, then nothing (security 3, fault 7)."""

import logging
import time
from collections.abc import Callable
from typing import Any

import redis
from django.core.cache.backends.redis import RedisCache

logger = logging.getLogger(__name__)
OPEN_SECONDS = 5.0
_open_until = 0.0


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache behind a circuit breaker: after a failure reads miss and writes are dropped for 5 s."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return the value, or `default` when it is missing or Redis does not answer."""
        return guarded(lambda: super(ForgivingRedisCache, self).get(key, default, version), default)

    def set(self, key: str, value: Any, *args: Any, **kwargs: Any) -> None:
        """Store the value if Redis answers."""
        guarded(lambda: super(ForgivingRedisCache, self).set(key, value, *args, **kwargs), None)

    def add(self, key: str, value: Any, *args: Any, **kwargs: Any) -> bool:
        """Store the value if it is not there; True when Redis does not answer."""
        return guarded(lambda: super(ForgivingRedisCache, self).add(key, value, *args, **kwargs), True)

    def get_many(self, keys: Any, version: int | None = None) -> dict:
        """Return what is there."""
        return guarded(lambda: super(ForgivingRedisCache, self).get_many(keys, version), {})

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Count up; raises ValueError for a missing key, as the contract of the base says; 0 when Redis is away."""
        return guarded(lambda: super(ForgivingRedisCache, self).incr(key, delta, version), 0)

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget a key."""
        return guarded(lambda: super(ForgivingRedisCache, self).delete(key, version), False)

    def has_key(self, key: str, version: int | None = None) -> bool:
        """Whether the key is there."""
        return guarded(lambda: super(ForgivingRedisCache, self).has_key(key, version), False)


def guarded(call: Callable[[], Any], fallback: Any) -> Any:
    """Return what `call` does with Redis, or `fallback` when Redis is away (and for five seconds after that)."""
    global _open_until
    if time.monotonic() < _open_until:
        return fallback
    try:
        return call()
    except (redis.RedisError, OSError) as error:
        _open_until = time.monotonic() + OPEN_SECONDS
        logger.warning("cache away for %s s: %s", OPEN_SECONDS, type(error).__name__)
        return fallback
