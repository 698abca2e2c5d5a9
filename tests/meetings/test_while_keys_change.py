"""A circle whose words are closed with two keys, because new ones are just being made, notices nothing."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from meetings import reading
from meetings.models.board import Topic
from meetings.models.takeaway import Takeaway
from roundtable import rekeying
from tests.conftest import Held

pytestmark = pytest.mark.django_db


def test_a_board_is_read_with_both_keys_and_no_more_questions(
    held: Held, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    table = held(date(2026, 5, 5), Ladders="We write it.")
    reading.read(table.meeting_id)  # what is asked once per connection has been asked
    with CaptureQueriesContext(connection) as asked:
        before = reading.read(table.meeting_id).shared
    rekeying.begin()
    assert [dict(batch) for batch in rekeying.move(Topic._meta.get_field("title"))] == [{"group": 1}]
    used = {*rekeying.named(Topic._meta.get_field("title")).values_list("key", flat=True)}
    used |= {*rekeying.named(Takeaway._meta.get_field("text")).values_list("key", flat=True)}
    assert len(used) == 2
    with django_assert_num_queries(len(asked)):
        assert reading.read(table.meeting_id).shared == before
