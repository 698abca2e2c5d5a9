"""Eight browsers at one board: a wrong date, a slow line, a late arrival and a lost line all show the same clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from meetings import attending, board
from meetings.models.board import Board
from meetings.models.meeting import Meeting
from members.models.person import Person
from tests.conftest import Stopped
from tests.meetings.streaming import Server, cookie, serve

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
APART = 150  # milliseconds
TRIES = 4
# The page's own date is wrong by so much; the true one is kept for us, who compare.
DATE = """
const true_now = Date.now.bind(Date); window.trueNow = true_now;
Date = class extends Date { constructor(...given) { given.length ? super(...given) : super(true_now() + %d); } };
Date.now = () => true_now() + %d;
"""
AHEAD = """() => { const asked = {}; document.dispatchEvent(new CustomEvent("clock:ask", { detail: asked }));
  return asked.now === undefined ? null : asked.now - window.trueNow(); }"""


@pytest.fixture(scope="module", autouse=True)
def _the_browser_s_loop_is_in_this_thread() -> Iterator[None]:
    """So Django would take each question of ours for one of an asynchronous program."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture
def server(django_db_setup: None) -> Iterator[Server]:
    started = serve()
    yield started
    started.stop()


@pytest.fixture
def begun(meeting: Meeting, clock: Stopped, ada: Person, grace: Person, hedy: Person) -> Board:
    """A meeting that has just begun, in real time."""
    clock.to(datetime.now(UTC))
    meeting.starts_at, meeting.ends_at = clock.now(), clock.now() + timedelta(hours=2)
    meeting.local_date = meeting.starts_at.date()
    meeting.save()
    table = board.prepare(meeting)
    for person in (ada, grace, hedy):
        attending.here(table, by=person)
    board.begin(table, by=ada, step=0)
    return table


Open = Callable[..., Page]


@pytest.fixture
def open_board(chromium: Browser, server: Server, begun: Board) -> Iterator[Open]:
    """Somebody's page at the board, in a browser whose date is wrong by some hours."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(person: Person, *, hours: int = 0, slow: bool = False) -> Page:
        address = f"http://127.0.0.1:{server.port}"
        context = chromium.new_context(base_url=address)
        context.set_default_timeout(60_000)
        context.set_default_navigation_timeout(90_000)
        name, _, value = cookie(person).partition("=")
        context.add_cookies([{"name": name, "value": value, "url": address}])
        context.add_init_script(DATE % (hours * 3_600_000, hours * 3_600_000))
        if slow:
            context.route("**/clock/", late)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"/meetings/{begun.meeting.public_id}/board/")
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def late(route: Route) -> None:
    """A tenth of a second there, and a tenth back."""
    time.sleep(0.1)
    answer = route.fetch()
    time.sleep(0.1)
    route.fulfill(response=answer)


def ahead(page: Page) -> float:
    """By how many milliseconds this page's clock is ahead of the machine that it runs on."""
    page.wait_for_selector('.clock[data-sure="yes"]')
    found: Any = page.evaluate(AHEAD)
    assert found is not None
    return float(found)


def anew(page: Page) -> float:
    """The same with samples taken anew: what a page knows is as good as its quickest answer, and this machine does
    other things beside."""
    page.evaluate('() => document.dispatchEvent(new CustomEvent("clock:lost"))')
    page.wait_for_timeout(1000)
    return ahead(page)


def test_eight_browsers_agree_on_the_time(
    open_board: Open, begun: Board, ada: Person, grace: Person, hedy: Person
) -> None:
    wrong = [open_board(person, hours=hours) for person, hours in ((ada, 0), (grace, 1), (hedy, -1), (ada, 30))]
    slow = open_board(grace, slow=True)
    lost = open_board(hedy)
    expect(lost.locator("[data-connection]")).to_have_text("Live")
    lost.context.set_offline(True)
    expect(lost.locator("[data-connection]")).to_have_text("Offline, the clock runs on")
    lost.context.set_offline(False)
    expect(lost.locator("[data-connection]")).to_have_text("Live")
    come_late = [open_board(person) for person in (ada, hedy)]
    pages = [*wrong, slow, lost, *come_late]
    assert len(pages) == 8
    clocks = [ahead(page) for page in pages]
    for _ in range(TRIES):
        if max(clocks) - min(clocks) <= APART:
            break
        clocks = [anew(page) for page in pages]
    assert max(clocks) - min(clocks) <= APART, clocks


def test_a_line_that_lets_no_stream_through_is_polled(
    open_board: Open, begun: Board, ada: Person, hedy: Person
) -> None:
    page = open_board(hedy)
    page.context.route("**/board/live/**", lambda route: route.abort())
    page.reload()
    attending.hand(begun, by=ada, up=True)
    expect(page.get_by_text("Hands: Ada")).to_be_visible(timeout=40_000)
    expect(page.locator("[data-connection]")).to_have_text("Live")


def test_a_hand_waits_for_the_line_and_a_move_of_the_clock_does_not(
    open_board: Open, begun: Board, ada: Person
) -> None:
    page = open_board(ada)
    expect(page.locator("[data-connection]")).to_have_text("Live")
    page.context.set_offline(True)
    page.get_by_role("button", name="Raise my hand").click()
    expect(page.locator("[data-own=hand]")).to_have_attribute("data-sending", "")
    page.get_by_role("button", name="A moment, please").click()
    expect(page.locator("[data-refusal]")).to_have_text("You are offline: this press was not sent.")
    page.context.set_offline(False)
    expect(page.get_by_text("Hands: Ada")).to_be_visible()
    expect(page.locator("[data-own=hand]")).not_to_have_attribute("data-sending", "")
    assert Board.objects.get().box_left is None


def test_news_that_come_between_press_and_release_take_no_press_away(
    open_board: Open, begun: Board, grace: Person, ada: Person
) -> None:
    page = open_board(ada)
    expect(page.locator("[data-connection]")).to_have_text("Live")
    page.get_by_role("button", name="A moment, please").hover()
    page.mouse.down()
    attending.hand(begun, by=grace, up=True)
    page.wait_for_timeout(500)
    page.mouse.up()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    expect(page.get_by_text("Hands: Grace")).to_be_visible()
