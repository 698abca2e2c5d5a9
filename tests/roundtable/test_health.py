from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from roundtable import health
from roundtable.chores import Chore
from roundtable.outbox import post
from roundtable.outbox.models import Letter, State
from roundtable.tasks import beat

pytestmark = pytest.mark.django_db


@pytest.fixture
def well(clock):
    beat()


def ready():
    response = Client().get("/health/ready/")
    return response.status_code, response.json()


def test_the_process_answers_without_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Client().get("/health/live/").json() == {"status": "ok"}


def test_a_site_that_is_well_says_so_in_numbers(well):
    code, report = ready()
    assert 0 < report.pop("connections") <= report.pop("connections_most")
    assert (code, report) == (
        200,
        {
            "status": "ok",
            "database": True,
            "worries": [],
            "letters_due": 0,
            "oldest_due_seconds": 0,
            "letters_failed": 0,
            "redis": True,
            "beat_seconds": 0,
            "mail_apart": False,
        },
    )


def test_without_redis_the_site_is_degraded_and_still_ready(well, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    code, report = ready()
    assert (code, report["status"], report["worries"]) == (200, "degraded", ["redis is away"])


def test_a_schedule_that_stands_still_is_told(well, clock):
    clock.forward(seconds=61)
    assert ready()[1]["worries"] == ["the schedule stands still"]
    Chore.objects.all().delete()
    assert ready()[1]["worries"] == ["the schedule stands still"]


def test_late_and_failed_letters_are_told(well, clock, draft):
    post.post(draft(dedupe_key="late", not_before=clock.moment - timedelta(seconds=301)), draft(dedupe_key="failed"))
    Letter.objects.filter(dedupe_key="failed").update(state=State.FAILED)
    report = health.report()
    assert (report["worries"], report["letters_due"]) == (["letters are late", "letters failed"], 1)


def test_migrations_that_wait_mean_not_ready():
    waiting = sum(app == "outbox" for app, _ in MigrationLoader(connection).graph.nodes)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'outbox'")
    assert ready() == (503, {"status": "down", "database": True, "migrations_waiting": waiting})


def test_without_the_database_the_site_is_down(monkeypatch):
    def away():
        raise OperationalError

    monkeypatch.setattr(health, "migrations_waiting", away)
    assert ready() == (503, {"status": "down", "database": False})
