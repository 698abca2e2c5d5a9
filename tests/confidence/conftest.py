"""The whole life of a program, built once for all tests of a module, and a client for each of the cast."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.confidence.world import Words, World, live, stopped
from tests.conftest import Stopped

FAR_AWAY = "203.0.113.7"  # the development pages are open to who sits at the machine itself
Ask = Callable[..., HttpResponse]


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One transaction around all tests of the module; nothing of it is left afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        with stopped() as clock:
            world = live(Words(), clock)
        yield world
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def sessions(built: World) -> dict[str, str]:
    """A session key for everybody who is signed in."""
    keys = {}
    for part, person in built.cast.items():
        client = Client()
        client.force_login(person)
        keys[part] = client.session.session_key or ""
    return keys


@pytest.fixture
def world(built: World, clock: Stopped) -> Iterator[World]:
    """That life, with the clock where it ended; what a test changes is taken back."""
    clock.to(built.now)
    with transaction.atomic():
        yield built
        transaction.set_rollback(True)


@pytest.fixture
def ask(world: World, sessions: dict[str, str], settings: object) -> Iterator[Ask]:
    """`ask("member", "GET", "/me/")`, from a browser that holds the session and nothing else."""
    logging.disable(logging.CRITICAL)  # thousands of refusals, each of them meant

    def one(part: str, method: str, path: str, **more: object) -> HttpResponse:
        cache.clear()  # nobody meets a limit
        client = Client(raise_request_exception=False, REMOTE_ADDR=FAR_AWAY)
        if part in sessions:
            client.cookies["sessionid"] = sessions[part]
        with transaction.atomic():
            answer: HttpResponse = getattr(client, method.lower())(path, **more)
            transaction.set_rollback(method == "POST")
        return answer

    yield one
    logging.disable(logging.NOTSET)
