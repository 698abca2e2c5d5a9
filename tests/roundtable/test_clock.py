from datetime import UTC, datetime, timedelta

import pytest

from roundtable import clock as stopped
from roundtable.clock import database_now, now  # bound before the test stops them


def test_the_real_clock_is_aware_and_in_utc():
    assert (now().tzinfo, abs(now() - datetime.now(UTC)) < timedelta(seconds=5)) == (UTC, True)


@pytest.mark.django_db
def test_the_databases_clock_moves_within_a_transaction():
    first, second = database_now(), database_now()
    assert (first.tzinfo, first < second, abs(first - now()) < timedelta(minutes=5)) == (UTC, True, True)


def test_today_is_the_day_in_utc(clock):
    clock.to(datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    assert stopped.today().isoformat() == "2026-12-31"
