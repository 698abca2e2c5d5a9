"""The same life with other words, votes and pairs: whoever is no member gets the same bytes, page by page."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from roundtable.audit import AuditLine
from roundtable.outbox.models import Letter
from tests.confidence.own import Things, where
from tests.confidence.permissions import addresses
from tests.confidence.reading import masked
from tests.confidence.world import Words, World, live, stopped

pytestmark = pytest.mark.django_db
WATCHERS = ("organizer", "chapter", "superuser")
NIGHT = datetime(2026, 4, 1, 3, tzinfo=UTC)  # for what reads the time by itself, as sessions do
LETTER = ("kind", "to", "subject", "text", "html", "about", "dedupe_key", "state", "not_before", "expires_at")
ONE = Words()
OTHER = Words(
    topics=("Zephyr", "A far longer topic about the budget of next year", "Kin", "Pay & promotion", "Layoffs?"),
    note="Another note, which is longer than the first one was, and on two lines.\nYes.",
    takeaway="Short.",
    link="On-writing-it-down-in-the-first-place",
    theme="What we do when half of the team leaves",
    identity="Xylo",
    reason="I know somebody in this group, and would rather not sit with them.",
    dots=(2, 2, 3),
    apart=("Grace", "Hedy"),
)


@pytest.fixture
def start_alike(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Ids and lots are drawn alike in both worlds, and sequences start alike."""

    def start() -> None:
        chance = random.Random(7)  # noqa: S311 -- repeatable on purpose
        monkeypatch.setattr(secrets, "token_bytes", chance.randbytes)
        monkeypatch.setattr(secrets, "token_hex", lambda size: chance.randbytes(size).hex())
        monkeypatch.setattr(secrets, "token_urlsafe", lambda size: chance.randbytes(size).hex())
        monkeypatch.setattr(secrets, "randbelow", chance.randrange)
        with connection.cursor() as cursor:
            cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'ALTER SEQUENCE "{name}" RESTART WITH 1000')

    return start


@pytest.fixture
def seen(start_alike: Callable[[], None], caplog: pytest.LogCaptureFixture) -> Callable[[Words], dict[str, str]]:
    """Every page of the site as each of the watchers gets it, every letter, audit line and log line."""
    return lambda words: watched(words, start_alike, caplog)


def watched(words: Words, start_alike: Callable[[], None], caplog: pytest.LogCaptureFixture) -> dict[str, str]:
    with time_machine.travel(NIGHT, tick=False), stopped() as clock, transaction.atomic():
        start_alike()
        caplog.clear()
        world = live(words, clock)
        lines = [{name: vars(record)[name] for name in ("name", "levelname", "msg")} for record in caplog.records]
        pages = look(world) | {
            "letters": str([*Letter.objects.order_by("pk").values_list(*LETTER)]),
            "calendar parts": str(
                [bytes(one or b"") for one in Letter.objects.order_by("pk").values_list("ics", flat=True)]
            ),
            "audit": str([*AuditLine.objects.order_by("pk").values_list("at", "actor", "verb", "about", "count")]),
            "log": str(lines),
        }
        transaction.set_rollback(True)
    return pages


def look(world: World) -> dict[str, str]:
    things = Things(world)
    pages = {}
    for part in WATCHERS:
        client = Client(raise_request_exception=False)
        client.force_login(world.cast[part])
        for name in addresses():
            for path in where(things, name, part):
                cache.clear()
                answer = client.get(path)
                pages[f"{part} {path}"] = f"{answer.status_code} {masked(answer.content)}"
    return pages


def test_two_worlds_look_the_same_from_outside(seen: Callable[[Words], dict[str, str]]) -> None:
    one, other = seen(ONE), seen(OTHER)
    assert len([page for page in one.values() if page.startswith("200")]) > 60
    assert min(len(one[name]) for name in ("letters", "calendar parts", "audit", "log")) > 100
    assert one.keys() == other.keys()
    assert [path for path in one if one[path] != other[path]] == []
