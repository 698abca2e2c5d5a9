import asyncio
import io
import threading

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import connection
from django.http import FileResponse, HttpResponse
from django.test import override_settings
from django.urls import path

from roundtable.asgi import FixedThreads

pytestmark = pytest.mark.django_db(transaction=True)
SEEN: list[object] = []


def backend(request):
    """Which thread and which database connection answered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        SEEN.append((threading.get_ident(), cursor.fetchone()[0]))
    return HttpResponse("fine")


def file(request):
    """As static files are answered."""
    return FileResponse(io.BytesIO(b"x" * 10_000))


urlpatterns = [path("backend/", backend), path("file/", file)]


async def get(application, address="/backend/"):
    sent = []

    async def receive():
        if sent_request:
            await asyncio.sleep(60)
        sent_request.append(True)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    sent_request = []
    scope = {"type": "http", "method": "GET", "path": address, "headers": [(b"host", b"testserver")]}
    await application(scope | {"query_string": b""}, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


async def several(application, number, *, at_once):
    if at_once:
        return await asyncio.gather(*(get(application) for _ in range(number)))
    return [await get(application) for _ in range(number)]


@pytest.fixture
def application():
    """Two threads, and nothing between the request and the view that would need a session."""
    SEEN.clear()
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        made = FixedThreads(threads=2)
        yield made
    for lane in made.lanes:
        lane.executor.submit(lambda: connection.close()).result()  # the thread's own, not ours
        lane.executor.shutdown()


@pytest.mark.parametrize(("at_once", "connections"), [(False, 1), (True, 2)])
def test_threads_and_their_connections_last_and_are_bounded(application, at_once, connections):
    answers = asyncio.run(several(application, 6, at_once=at_once))
    assert answers == [(200, b"fine")] * 6
    assert (len(SEEN), len({thread for thread, _ in SEEN}), len(set(SEEN))) == (6, connections, connections)


def test_a_file_comes_whole_and_without_a_warning(application):
    assert asyncio.run(get(application, "/file/")) == (200, b"x" * 10_000)


def test_a_request_is_on_its_thread_from_the_first_signal_to_the_last(application):
    heard = []

    def hear(**said):
        heard.append(threading.get_ident())

    request_started.connect(hear)
    request_finished.connect(hear)
    try:
        asyncio.run(get(application))
    finally:
        request_started.disconnect(hear)
        request_finished.disconnect(hear)
    assert heard == [SEEN[0][0]] * 2 != [threading.get_ident()] * 2


def test_what_breaks_after_an_answer_takes_it_from_nobody(application):
    def breaks(**said):
        raise RuntimeError

    request_finished.connect(breaks)
    try:
        assert asyncio.run(get(application)) == (200, b"fine")
    finally:
        request_finished.disconnect(breaks)


def test_only_requests_are_answered(application):
    with pytest.raises(ValueError, match="websocket"):
        asyncio.run(application({"type": "websocket"}, None, None))


def test_who_leaves_before_the_request_is_whole_has_asked_nothing(application):
    told = [{"type": "http.request", "body": b"half", "more_body": True}, {"type": "http.disconnect"}]
    answered = []

    async def receive():
        return told.pop(0)

    async def send(message):
        answered.append(message)

    scope = {"type": "http", "method": "POST", "path": "/backend/", "headers": [], "query_string": b""}
    asyncio.run(application(scope, receive, send))
    assert (told, answered, SEEN) == ([], [], [])


def test_the_connections_are_kept_between_requests():
    assert (settings.DATABASES["default"]["CONN_MAX_AGE"], settings.DATABASES["default"]["CONN_HEALTH_CHECKS"]) == (
        600,
        True,
    )
