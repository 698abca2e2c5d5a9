import socket
import time
from datetime import timedelta

import pytest
from django.core.cache import cache, caches

from roundtable import limits
from roundtable.cache import RedisOrMemory

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests():
    cache.clear()
    caches["process"].clear()


def tries(number, key="ada@example.com", name="apply"):
    for _ in range(number):
        limits.count(name, key, most=3, within=HOUR)


def test_the_fourth_try_of_three_is_too_many(clock):
    tries(3)
    with pytest.raises(limits.TooMany) as refusal:
        tries(1)
    assert refusal.value.wait == HOUR


@pytest.mark.parametrize(("key", "name"), [("grace@example.com", "apply"), ("ada@example.com", "code")])
def test_each_key_and_name_is_counted_apart(clock, key, name):
    tries(3)
    tries(3, key, name)
    with pytest.raises(limits.TooMany):
        tries(1, key, name)


def test_after_the_span_one_may_try_again(clock):
    tries(3)
    clock.forward(hours=1)
    tries(3)
    with pytest.raises(limits.TooMany):
        tries(1)


def test_the_first_few_are_told_with_the_next_one_and_count_all_the_same(clock):
    for number in range(5):
        limits.count("press", "ada", most=5, within=HOUR, trusted=3)
        assert bool(cache._cache) == (number >= 3)
    with pytest.raises(limits.TooMany):
        limits.count("press", "ada", most=5, within=HOUR, trusted=3)


@pytest.fixture
def away():
    """A cache whose Redis does not answer."""
    options = {"OPTIONS": {"socket_connect_timeout": 0.5}}
    found = RedisOrMemory("redis://127.0.0.1:1/0", options)
    yield found
    found.memory.clear()


def test_without_redis_the_cache_counts_in_memory(away):
    assert (away.add("n", 0), away.add("n", 0), away.incr("n"), away.get("n")) == (True, False, 1, 1)


def test_a_redis_that_hangs_is_waited_for_once():
    with socket.create_server(("127.0.0.1", 0)) as hung:
        address = f"redis://127.0.0.1:{hung.getsockname()[1]}/0"
        found = RedisOrMemory(address, {"OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}})
        found.memory.clear()
        began = time.monotonic()
        found.add("hung", 0)
        assert [found.incr("hung") for _ in range(30)][-1] == 30
    assert time.monotonic() - began < 3  # and not 30 times as long


def test_with_redis_it_is_redis_that_counts(settings):
    url = settings.REDIS_URL
    found = RedisOrMemory(url, {})
    found.set("roundtable-test", 5)
    assert (found.get("roundtable-test"), found.memory.get("roundtable-test")) == (5, None)
    found.delete("roundtable-test")
