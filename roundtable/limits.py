"""How often somebody may try. The counters live in the cache: gone with it, never wrong for long."""

import hashlib
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.core.cache import cache, caches
from django.http import HttpRequest

from roundtable import clock


class TooMany(Exception):
    """Too many tries; the page says so with a time (429)."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("Too many tries in a short time.")
        self.wait = wait


def address(request: HttpRequest) -> str:
    """The client's address, by as many proxies as are trusted: no more, or a client invents its own."""
    return str(get_adapter().get_client_ip(request))


def count(name: str, key: object, *, most: int, within: timedelta, trusted: int = 0) -> None:
    """One more try under this name and key. Raises TooMany above `most` in the present span.

    The first `trusted` tries are known to this process alone, and told with the next one: who presses a button now and
    then asks Redis nothing. Of several processes each may have so many that the others have not heard of.
    """
    seconds = int(within.total_seconds())
    span = int(clock.now().timestamp()) // seconds
    place = f"limit:{hashlib.sha256(f'{name}|{key}|{span}'.encode()).hexdigest()}"  # a key may be an address
    tries = caches["process"].tally(place, seconds=seconds) if trusted else 1  # type: ignore[attr-defined] # of roundtable/cache.py
    if tries <= trusted:
        return
    more = tries if tries == trusted + 1 else 1
    if cache.tally(place, seconds=seconds, more=more) > most:  # type: ignore[attr-defined] # the same
        raise TooMany(within)
