import json
import logging

import pytest
import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.test import Client
from django.urls import path, resolve
from django.utils.log import log_response

from members.models.person import Person
from roundtable import logs, middleware

FORMATTER = logs.LOGGING["formatters"]["json"]


@login_not_required
def doubled(request):
    """Breaks a rule of the database with what was sent."""
    Person(email=request.POST["email"]).save()


urlpatterns = [path("doubled/", doubled)]


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


def test_of_an_answer_it_complains_of_a_line_has_status_route_and_request(lines, rf):
    complained = record("%s: %s", "Not Found", "/meetings/Qu4rry/board/")
    complained.request, complained.status_code = rf.get("/meetings/Qu4rry/board/"), 404
    complained.request.resolver_match = resolve("/meetings/Qu4rry/board/")
    middleware.request_id(lambda request: None)(complained.request)
    line = lines(complained)
    assert (line["status"], line["route"], len(line["request_id"])) == (404, "meetings:board", 16)
    assert "Qu4rry" not in json.dumps(line)


@pytest.mark.parametrize(("status", "lines_written"), [(409, 0), (404, 1), (400, 1), (503, 1)])
def test_a_refused_press_is_nothing_to_warn_of(status, lines_written, rf, caplog):
    answer = HttpResponse(status=status)
    log_response("%s: %s", "Because", "/", response=answer, request=rf.get("/"))
    assert len(caplog.records) == lines_written


def test_of_an_exception_remain_class_and_place(lines):
    try:
        raise ValueError("ada@example.com")
    except ValueError as error:
        line = lines(record("broken", exc_info=(ValueError, error, error.__traceback__)))
    assert (line["error"], "ada@example.com" in json.dumps(line), len(line["place"])) == ("ValueError", False, 1)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_of_a_rule_that_a_request_breaks_remains_its_name_and_no_value(lines, caplog):
    Person.objects.create_user("ada@example.com")
    answer = Client(raise_request_exception=False).post("/doubled/", {"email": "ADA@example.com"})
    told = [line for line in map(lines, caplog.records) if "error" in line]
    assert answer.status_code == 500
    assert [(line["error"], line["constraint"]) for line in told] == [
        ("IntegrityError", "one_account_per_address_whatever_its_case")
    ]
    assert "ada@example.com" not in json.dumps(told).lower()


def test_a_key_that_is_not_on_the_list_is_dropped():
    event = {"event": "x", "letter": 7, "email": "ada@example.com", "topic": "pay", "count": None}
    assert logs.only_known_keys(None, "info", event) == {"event": "x", "letter": 7}
