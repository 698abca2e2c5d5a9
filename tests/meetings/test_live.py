"""Streams over a real server process: who hears what, when, and how they end."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from pytest_django import Settings

from groups.models.group import Membership
from meetings import access, attending, board, calls, live, reading, topics
from meetings.models.ballot import Dot
from meetings.models.board import Board, Topic
from meetings.models.meeting import Meeting
from meetings.views import shown
from members.models.person import Person
from tests.conftest import Outcome, Stopped
from tests.meetings.streaming import PATIENCE, Buttons, OwnRedis, Page, Server, SlowPage, cookie, serve, wait_for_rest
from tests.waiting import until_they_wait, waiting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def running(django_db_setup: None) -> Iterator[Server]:
    """One process for all tests here; each closes its own streams."""
    started = serve()
    yield started
    started.stop()


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    yield running
    running.hang_up()
    wait_for_rest()


@pytest.fixture
def soon(meeting: Meeting, clock: Stopped) -> Board:
    """The server process has a clock of its own: this board begins in an hour of real time."""
    clock.to(datetime.now(UTC))
    meeting.starts_at, meeting.ends_at = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=3)
    meeting.local_date = meeting.starts_at.date()
    meeting.save()
    return board.prepare(meeting)


def test_no_word_of_a_part_can_begin_a_line_of_the_stream_by_itself() -> None:
    told = shown.event("board", "a\rid: 9\r\nevent: end\n\ndata: x\u2028\x0bz\n", version=7)
    assert told.decode().split("\n") == [
        *("event: board", "id: 7", "data: a", "data: id: 9", "data: event: end", "data: "),
        *("data: data: x\u2028\x0bz", "", ""),
    ]


def test_what_others_may_see_reaches_an_open_page_and_a_dot_does_not(
    server: Server, soon: Board, ada: Person, hedy: Person
) -> None:
    topics.propose(soon, by=ada, title="One", note="", hidden=False, key=uuid4())
    page = Page(server, soon, hedy)
    assert "One" in page.until("board")
    calls.dots(soon, by=ada, topic=Topic.objects.get().public_id, dots=1, key=uuid4())
    attending.hand(soon, by=ada, up=True)
    version = Board.objects.get(pk=soon.pk).version
    part = page.until("board")
    assert (f'data-version="{version}"' in part, "Hands: <bdi>Ada</bdi>" in part) == (True, True)


def test_a_page_that_knows_the_version_hears_a_beat_only(server: Server, soon: Board, hedy: Person) -> None:
    page = Page(server, soon, hedy, after=str(soon.version))
    beats = [page.event() for _ in range(2)]
    assert [name for name, _ in beats] == ["beat", "beat"]
    assert json.loads(beats[1][1])["version"] == soon.version


@pytest.mark.parametrize("after", ["1", "99999", "nonsense"])
def test_any_other_version_brings_the_present_state(server: Server, soon: Board, hedy: Person, after: str) -> None:
    attending.here(soon, by=hedy)
    assert f'data-version="{soon.version}"' in Page(server, soon, hedy, after=after).until("board")


@pytest.mark.parametrize("who", ["stranger", "organizer", "superuser", "other", "former"])
def test_others_find_no_stream(server: Server, soon: Board, who: str, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(who)
    assert Page(server, soon, person).answer.status == 404


def test_a_stream_is_for_one_s_own_pages_only(server: Server, soon: Board, hedy: Person) -> None:
    path = f"/meetings/{soon.meeting.public_id}/board/live/"
    signed_in = cookie(hedy)
    answers = [
        server.ask(path, Cookie=signed_in, **{"Sec-Fetch-Site": "cross-site"}).status,
        server.ask(path, method="POST", Cookie=signed_in).status,
        server.ask(path).status,
    ]
    assert answers == [403, 405, 404]


def test_who_is_removed_hears_nothing_more(server: Server, soon: Board, ada: Person, hedy: Person) -> None:
    page = Page(server, soon, hedy)
    page.until("board")
    Membership.objects.filter(person=hedy).update(left_on=datetime.now(UTC).date())
    attending.hand(soon, by=ada, up=True)
    assert page.news() == ("end", "no longer a reader")
    assert page.event() == ("", "")


def test_who_is_removed_without_a_word_is_gone_in_seconds(server: Server, soon: Board, hedy: Person) -> None:
    page = Page(server, soon, hedy)
    page.until("board")
    Membership.objects.filter(person=hedy).update(left_on=datetime.now(UTC).date())
    assert page.news() == ("end", "no longer a reader")


def test_a_page_that_reads_too_slowly_is_let_go_and_the_others_go_on(
    server: Server, soon: Board, ada: Person, hedy: Person
) -> None:
    for number in range(18):
        topics.propose(soon, by=ada, title=f"Topic {number}", note="𝄞" * 1000, hidden=False, key=uuid4())
    slow = SlowPage(server, soon, hedy)
    quick = Page(server, soon, ada)
    quick.until("board")
    for up in [True, False] * 30:  # more than the system keeps for a page on its own
        attending.hand(soon, by=ada, up=up)
        quick.until("board")
    assert slow.rest() < 55 * len(reading.render(soon.meeting_id).part.encode())
    attending.hand(soon, by=ada, up=True)
    assert "Hands: <bdi>Ada</bdi>" in quick.until("board")


def test_a_lost_bell_costs_seconds_and_no_change(soon: Board, ada: Person, hedy: Person) -> None:
    deaf = serve(REDIS_URL="redis://127.0.0.1:1/0")
    try:
        page = Page(deaf, soon, hedy)
        page.until("board")
        attending.hand(soon, by=ada, up=True)
        assert "Hands: <bdi>Ada</bdi>" in page.until("board")
    finally:
        deaf.stop()


def test_the_server_moves_the_clock_while_somebody_watches(
    server: Server, soon: Board, clock: Stopped, ada: Person, hedy: Person
) -> None:
    attending.here(soon, by=ada)
    board.begin(soon, by=ada, step=0)
    page = Page(server, soon, hedy)
    page.until("board")
    Board.objects.filter(pk=soon.pk).update(box_ends_at=datetime.now(UTC) + timedelta(seconds=1))
    assert 'data-box=""' in page.until("board")


def test_the_clock_is_a_bare_number_near_the_real_time(server: Server) -> None:
    before = time.time() * 1000
    said = int(server.ask("/clock/").read())
    assert before - 1000 <= said <= time.time() * 1000 + 1000


def test_a_server_that_stops_ends_its_streams_first(soon: Board, hedy: Person) -> None:
    ending = serve()
    try:
        page = Page(ending, soon, hedy)
        page.until("board")
        ending.process.send_signal(signal.SIGTERM)
        assert page.until("end") == "restart"
        assert ending.process.wait(timeout=2) in (0, -signal.SIGTERM)
    finally:
        ending.stop()


def test_of_five_pages_of_one_person_the_oldest_gives_way(server: Server, soon: Board, hedy: Person) -> None:
    pages = [Page(server, soon, hedy) for _ in range(5)]
    assert pages[0].until("end") == "too many"
    assert ["data-version" in page.until("board") for page in pages[1:]] == [True] * 4


def test_who_signs_out_no_longer_counts_as_signed_in(hedy: Person, ada: Person) -> None:
    keys = [cookie(person).partition("=")[2] for person in (hedy, ada)]
    assert access.signed_in(keys) == set(keys)
    Session.objects.filter(session_key=keys[0]).delete()
    assert access.signed_in(keys) == {keys[1]}


HASTY = """import sys, uvicorn; from roundtable import asgi; from meetings.views import watch
watch.SESSIONS_ASKED = 0.2; uvicorn.main(sys.argv[1:])"""


def test_who_signs_out_hears_so_and_nothing_more_and_the_others_go_on(soon: Board, ada: Person, hedy: Person) -> None:
    hasty = serve("-c", HASTY)
    try:
        leaves, stays = Page(hasty, soon, hedy), Page(hasty, soon, ada)
        assert [bool(page.until("board")) for page in (leaves, stays)] == [True, True]
        Session.objects.filter(session_key=leaves.session).delete()
        assert (leaves.news(), leaves.event()) == (("end", "signed out"), ("", ""))
        attending.hand(soon, by=ada, up=True)
        assert "Hands: <bdi>Ada</bdi>" in stays.until("board")
    finally:
        hasty.stop()


def test_a_stream_goes_through_proxies_whole_and_at_once(server: Server, soon: Board, hedy: Person) -> None:
    path, signed_in = f"/meetings/{soon.meeting.public_id}/board/live/", cookie(hedy)
    answer = server.ask(path, Cookie=signed_in, **{"Accept-Encoding": "gzip, deflate, br, zstd"})
    named = ("Content-Type", "Cache-Control", "X-Accel-Buffering", "Content-Encoding")
    assert [answer.getheader(name) for name in named] == [
        *("text/event-stream; charset=utf-8", "no-store, no-transform", "no", None)
    ]
    assert answer.readline().startswith(b"retry: ")


def test_while_a_reading_hangs_the_clock_answers_and_other_pages_come(
    server: Server, soon: Board, ada: Person, hedy: Person, at_once: Callable[..., Outcome]
) -> None:
    page, signed_in = Page(server, soon, hedy), cookie(ada)
    page.until("board")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE meetings_topic")  # which each reading asks
        at_once(lambda: Board.objects.filter(pk=soon.pk).update(version=soon.version + 1))
        hanging = until_they_wait()
        assert server.ask("/clock/").status == 200
        comes = server.ask(f"/meetings/{soon.meeting.public_id}/board/live/", Cookie=signed_in)
        assert (comes.status, comes.readline()[:7], waiting()) == (200, b"retry: ", hanging)
    assert f'data-version="{soon.version + 1}"' in page.until("board")


def test_connections_that_broke_cost_no_page_and_no_change(
    server: Server, soon: Board, ada: Person, hedy: Person
) -> None:
    page = Page(server, soon, hedy)
    page.until("board")
    break_connections()
    attending.hand(soon, by=ada, up=True)
    assert "Hands: <bdi>Ada</bdi>" in page.until("board")


def break_connections() -> None:
    """All but our own, as a database does that is started again."""
    with connection.cursor() as cursor:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        cursor.execute(f"{others} AND pid <> pg_backend_pid()")


@pytest.fixture
def dot(server: Server, soon: Board, ada: Person, hedy: Person) -> Callable[[], int]:
    """The status of one and the same press of Hedy, however often it is sent. The database has heard of her before."""
    topics.propose(soon, by=ada, title="One", note="", hidden=False, key=uuid4())
    page, place, key = Buttons(server, soon, hedy), f"{Topic.objects.get().public_id}:1", uuid4()
    assert page.press("people", act="here") == 200
    return lambda: page.press("dot", place=place, key=key, call=1)


def test_a_dot_that_meets_broken_connections_is_told_truly_and_sent_again_it_is_one(dot: Callable[[], int]) -> None:
    break_connections()
    status = dot()
    assert (status, Dot.objects.count()) in [(200, 1), (500, 0)]
    assert (dot(), Dot.objects.count()) == (200, 1)


def test_a_dot_whose_connection_breaks_on_the_way_is_told_truly_and_sent_again_it_is_one(
    soon: Board, dot: Callable[[], int]
) -> None:
    with ThreadPoolExecutor(1) as sender, transaction.atomic():
        Board.objects.select_for_update().get(pk=soon.pk)
        sent = sender.submit(dot)
        until_they_wait()
        break_connections()
        assert sent.result(PATIENCE) == 500
    assert Dot.objects.count() == 0
    assert (dot(), Dot.objects.count()) == (200, 1)


@pytest.fixture
def own_redis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[OwnRedis]:
    """One that may be killed: the tests' own serves others."""
    started = OwnRedis(tmp_path / "redis.sock")
    settings.REDIS_URL = started.url
    live.bell.made = None
    yield started
    started.stop()
    live.bell.made = None


def test_a_redis_that_dies_and_comes_back_costs_seconds_and_no_change(
    own_redis: OwnRedis, soon: Board, ada: Person, hedy: Person
) -> None:
    own = serve(REDIS_URL=own_redis.url)
    try:
        page = Page(own, soon, hedy)
        page.until("board")
        own_redis.stop()
        attending.hand(soon, by=ada, up=True)
        assert "Hands: <bdi>Ada</bdi>" in page.until("board")
        own_redis.start()
        attending.hand(soon, by=ada, up=False)
        assert "Hands: <bdi>Ada</bdi>" not in page.until("board")
    finally:
        own.stop()


def test_a_redis_that_is_emptied_costs_nothing(own_redis: OwnRedis, soon: Board, ada: Person, hedy: Person) -> None:
    """Its counters stand in it as they do outside of tests, of who presses more than a few times in a minute."""
    as_it_runs = {"DJANGO_SETTINGS_MODULE": "roundtable.settings", "ALLOWED_HOSTS": "127.0.0.1"}
    own = serve(REDIS_URL=own_redis.url, **as_it_runs)
    try:
        page, buttons, store = Page(own, soon, hedy), Buttons(own, soon, ada), redis.Redis.from_url(own_redis.url)
        page.until("board")
        while not store.dbsize():
            assert buttons.press("people", act="lower") == 200
        store.flushall()
        assert buttons.press("people", act="hand") == 200
        while "Hands: <bdi>Ada</bdi>" not in page.until("board"):
            pass
    finally:
        own.stop()


AHEAD = "import time, sys; real = time.time; time.time = lambda: real() + 5; import uvicorn; uvicorn.main(sys.argv[1:])"


def test_a_machine_whose_clock_is_wrong_tells_the_database_s_time(soon: Board) -> None:
    wrong = serve("-c", AHEAD)
    try:
        said = int(wrong.ask("/clock/").read())
        assert abs(said - time.time() * 1000) < 1500
    finally:
        wrong.stop()
