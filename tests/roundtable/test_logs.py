import json
import logging

import pytest
import structlog

from roundtable import logs

FORMATTER = logs.LOGGING["formatters"]["json"]


@pytest.fixture
def lines():
    """What a record becomes."""
    made = {key: value for key, value in FORMATTER.items() if key != "()"}
    formatter = structlog.stdlib.ProcessorFormatter(**made)
    return lambda record: json.loads(formatter.format(record))


def record(message, *args, exc_info=None):
    return logging.LogRecord("django.request", logging.WARNING, "f.py", 1, message, args, exc_info)


def test_a_foreign_line_keeps_its_pattern_and_loses_what_fills_it(lines):
    line = lines(record("Not Found: %s", "/seats/t0ken/"))
    del line["timestamp"]
    assert line == {"event": "Not Found: %s", "level": "warning", "logger": "django.request"}


def test_of_an_exception_remain_class_and_place(lines):
    try:
        raise ValueError("ada@example.com")
    except ValueError as error:
        line = lines(record("broken", exc_info=(ValueError, error, error.__traceback__)))
    assert (line["error"], "ada@example.com" in json.dumps(line), len(line["place"])) == ("ValueError", False, 1)


def test_a_key_that_is_not_on_the_list_is_dropped():
    event = {"event": "x", "letter": 7, "email": "ada@example.com", "topic": "pay", "count": None}
    assert logs.only_known_keys(None, "info", event) == {"event": "x", "letter": 7}
