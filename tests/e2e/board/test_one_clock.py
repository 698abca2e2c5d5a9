"""Eight browsers at one board: a wrong date, a slow line, a late arrival and a lost line all show the same clock."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from meetings import attending, board
from meetings.models.board import Board
from members.models.person import Person
from tests.e2e.board.conftest import Member, Open

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


@pytest.fixture
def begun(gathered: Board, ada: Person) -> Board:
    """A meeting that has just begun."""
    board.begin(gathered, by=ada, step=0)
    return gathered


@pytest.fixture
def open_board(at_board: Open, begun: Board) -> Open:
    """Somebody's page at that board, in a browser whose date is wrong by some hours."""

    def make(person: Person, *, hours: int = 0) -> Member:
        return at_board(person, init=DATE % (hours * 3_600_000, hours * 3_600_000))

    return make


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


def test_eight_browsers_agree_on_the_time(open_board: Open, ada: Person, grace: Person, hedy: Person) -> None:
    wrong = [open_board(person, hours=hours) for person, hours in ((ada, 0), (grace, 1), (hedy, -1), (ada, 30))]
    slow, lost = open_board(grace), open_board(hedy)
    slow.context.route("**/clock/", late)
    slow.page.reload()
    lost.connection("Live")
    lost.context.set_offline(True)
    lost.connection("Offline, the clock runs on")
    lost.context.set_offline(False)
    lost.connection("Live")
    come_late = [open_board(person) for person in (ada, hedy)]
    pages = [one.page for one in (*wrong, slow, lost, *come_late)]
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
    one = open_board(hedy)
    one.context.route("**/board/live/**", lambda route: route.abort())
    one.page.reload()
    attending.hand(begun, by=ada, up=True)
    expect(one.page.get_by_text("Hands: Ada")).to_be_visible(timeout=40_000)
    one.connection("Live")


def test_a_hand_waits_for_the_line_and_a_move_of_the_clock_does_not(open_board: Open, ada: Person) -> None:
    one = open_board(ada)
    one.connection("Live")
    one.context.set_offline(True)
    one.press("Raise my hand")
    expect(one.page.locator("[data-own=hand]")).to_have_attribute("data-sending", "")
    one.press("A moment, please")
    one.is_refused("You are offline: this press was not sent.")
    one.context.set_offline(False)
    one.sees("Hands: Ada")
    expect(one.page.locator("[data-own=hand]")).not_to_have_attribute("data-sending", "")
    assert Board.objects.get().box_left is None


def test_news_that_come_between_press_and_release_take_no_press_away(
    open_board: Open, begun: Board, grace: Person, ada: Person
) -> None:
    page = open_board(ada).page
    expect(page.locator("[data-connection]")).to_have_text("Live")
    page.get_by_role("button", name="A moment, please").hover()
    page.mouse.down()
    attending.hand(begun, by=grace, up=True)
    page.wait_for_timeout(500)
    page.mouse.up()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    expect(page.get_by_text("Hands: Grace")).to_be_visible()
