"""Counting wrong links and codes, in the cache that all processes share."""

import logging
from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger("zhike.public")


def note_wrong(address: str | None) -> None:
    """A link or code from `address` was wrong. Told to who keeps watch where there are very many together."""
    with suppress(RedisError):  # guessing 144 bits stays hopeless without a count
        _count(_key(address))
        if _count(_key("all")) == settings.PUBLIC_WRONG_OF_ALL:
            log.warning("%d wrong links within minutes: somebody guesses", settings.PUBLIC_WRONG_OF_ALL)


def locked_out(address: str | None) -> bool:
    """Whether `address` was wrong too often of late: whatever it asks, right links included, is answered the same."""
    with suppress(RedisError):
        return bool(int(cache.get(_key(address), 0)) >= settings.PUBLIC_WRONG_OF_ONE)
    return False


def _count(key: str) -> int:
    cache.add(key, 0, settings.PUBLIC_WRONG_WITHIN)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ended between the two
        cache.set(key, 1, settings.PUBLIC_WRONG_WITHIN)
        return 1


def _key(whose: str | None) -> str:
    return f"public-wrong:{whose or 'unknown'}"
