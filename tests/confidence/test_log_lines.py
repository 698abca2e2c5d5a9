"""Neither the log of a whole life nor that of an error holds a word that was said in confidence."""

from __future__ import annotations

import json
import logging

import pytest
import structlog
from django.test import Client

from roundtable import logs
from tests.confidence.reading import found_in
from tests.confidence.world import Words, live
from tests.conftest import Stopped

pytestmark = pytest.mark.django_db
SAID = Words().said()


def test_no_log_line_of_a_whole_life_holds_one(clock: Stopped, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        live(Words(), clock)
    assert len(caplog.records) > 3
    assert found_in("\n".join(str(vars(record)) for record in caplog.records), SAID) == set()


@pytest.mark.urls("tests.confidence.broken")
def test_an_error_shows_none_on_its_page_and_none_in_its_log_line(caplog: pytest.LogCaptureFixture) -> None:
    answer = Client(raise_request_exception=False).post("/broken/", {"title": SAID[0]})
    made = {key: value for key, value in logs.LOGGING["formatters"]["json"].items() if key != "()"}
    formatter = structlog.stdlib.ProcessorFormatter(**made)
    lines = [formatter.format(record) for record in caplog.records]
    assert answer.status_code == 500
    assert [json.loads(line)["error"] for line in lines if "error" in json.loads(line)] == ["RuntimeError"]
    assert found_in(answer.content.decode() + "".join(lines), SAID) == set()
