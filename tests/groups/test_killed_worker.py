"""A real worker, a real broker, and `kill -9` in the middle of a shard: another worker ends the run, and once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from celery import Celery
from django.db import connection

from groups import composing
from groups.models.draft import Composition
from groups.models.invitation import Invitation
from groups.models.shard import FrozenPool, Shard, ShardState
from tests.groups.crowd import crowd

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240.0
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MANY = 2001  # more than are composed in one go


@pytest.fixture
def worker(db: None) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts a worker as docker-compose.yml does, on the database of the tests."""
    started: list[subprocess.Popen[bytes]] = []
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    address = f"{server}/{connection.settings_dict['NAME']}"
    surroundings = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "roundtable.settings"}
    command = [sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "--app=roundtable", "worker"]

    def start() -> subprocess.Popen[bytes]:
        made = subprocess.Popen(
            [*command, "--concurrency=1", "--loglevel=error", "--without-gossip", "--without-mingle"],
            cwd=ROOT,
            env=surroundings,
            start_new_session=True,
        )
        started.append(made)
        return made

    yield start
    for process in started:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """The worker and the process in which its tasks run, at once and without a word."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def nudged_until(reached: Callable[[], bool]) -> None:
    """Nudges as the schedule does, once a second."""
    with Celery("nudge", broker=broker(), set_as_current=False) as nudge:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not reached():
            nudge.send_task("groups.tasks.compose_waiting", expires=5, ignore_result=True)
            time.sleep(1)
    assert reached(), list(Shard.objects.values_list("step", "number", "state", "tries"))


def broker() -> str:
    return os.environ["REDIS_URL"].replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")


@pytest.mark.django_db(transaction=True)
def test_a_killed_workers_shard_runs_again_without_doubling(program, organizer, worker):
    crowd(program, MANY)
    composition = composing.start(program, by=organizer, seconds=4)
    first = worker()
    at_work = Shard.objects.filter(step="improve", number__gte=1, state=ShardState.RUNNING)
    nudged_until(at_work.exists)
    kill(first)
    held = at_work.get()
    worker()
    Shard.objects.filter(pk=held.pk).update(lease_until=LONG_AGO)  # as if its five minutes were over

    def taken_over() -> bool:
        return not Shard.objects.filter(pk=held.pk, state=ShardState.RUNNING, tries=1).exists()

    nudged_until(taken_over)
    Shard.objects.filter(number__gte=3, step="improve").update(state=ShardState.DONE)  # the others are not the point
    nudged_until(lambda: not Composition.objects.get().under_way)
    composition.refresh_from_db()
    assert (composition.progress, composition.placed, composition.differences) == ("done", MANY, "")
    seated = Invitation.objects.filter(draft__composition=composition)
    assert (seated.count(), seated.values("application").distinct().count()) == (MANY, MANY)
    assert (Shard.objects.count(), FrozenPool.objects.count()) == (0, 0)
