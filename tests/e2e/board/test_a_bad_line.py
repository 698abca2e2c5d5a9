"""Lines that are bad in ways that no browser reports: a proxy that holds the stream back, a press that fails, a server
that falls silent. The page asks beside its stream, as seldom as it promises, and calls its line no worse than it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Request, Route, expect

from meetings import attending, board
from meetings.models.board import Board
from members.models.person import Person
from tests.e2e.board.conftest import CUT, LINE, Late, Member, Open, until
from tests.e2e.board.proxy import Proxy
from tests.meetings.streaming import Server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
FAILED = "This did not get through: press again when you are live."
AGAIN = 'dispatchEvent(new Event("online"))'  # tried at once, not after a while
HIDDEN = """Object.defineProperty(document, "hidden", { configurable: true, value: %s });
document.dispatchEvent(new Event("visibilitychange"));"""


@pytest.fixture
def begun(gathered: Board, ada: Person) -> Board:
    """A meeting that has just begun."""
    board.begin(gathered, by=ada, step=0)
    return gathered


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    made = Proxy(server.port)
    yield made
    made.stop()


class Asked:
    """When a page has asked for this part of a board."""

    def __init__(self, member: Member, part: str) -> None:
        self.part, self.at = f"/board/{part}/", list[float]()
        member.page.on("request", self.note)

    def note(self, request: Request) -> None:
        if self.part in request.url:
            self.at.append(time.monotonic())

    @property
    def apart(self) -> list[float]:
        """The seconds between one time and the next."""
        return [later - earlier for earlier, later in pairwise(self.at)]


def fails(route: Route) -> None:
    route.fulfill(status=500)


def hand(member: Member, table: Board, by: Person, *, up: bool = True, within: float = 15.0) -> None:
    """Somebody's hand goes up or down, and this page shows it."""
    attending.hand(table, by=by, up=up)
    shown = member.page.get_by_text(f"Hands: {by.name}")
    expect(shown).to_have_count(int(up), timeout=1000 * within)


def test_a_proxy_that_holds_the_stream_back_is_asked_around(
    at_board: Open, begun: Board, proxy: Proxy, ada: Person, hedy: Person
) -> None:
    """From the twelfth second on, every five seconds; until the stream comes through."""
    opened = time.monotonic()
    one = at_board(hedy, port=proxy.port)
    asked = Asked(one, "shared")
    one.connection("Catching up")
    hand(one, begun, ada)
    assert time.monotonic() - opened < 15
    one.connection("Live")
    hand(one, begun, ada, up=False, within=7)
    proxy.passes.set()
    until(one.page, lambda: time.monotonic() > asked.at[-1] + 7, within=25)
    assert all(3.9 < seconds < 6.5 for seconds in asked.apart), asked.apart
    hand(one, begun, ada, within=3)


def test_the_second_failure_is_enough_to_ask_but_a_line_that_comes_and_goes_is_no_reason_to_ask_more(
    at_board: Open, begun: Board, ada: Person, hedy: Person
) -> None:
    one = at_board(hedy, init=LINE)
    one.connection("Live")
    asked = Asked(one, "shared")
    with one.page.expect_request("**/board/shared/**", timeout=1500):
        breaks(one)
    one.context.unroute_all()
    one.page.evaluate(AGAIN)
    hand(one, begun, ada, within=3)
    assert len(asked.at) == 1
    breaks(one)
    hand(one, begun, ada, up=False, within=9)
    assert min(asked.apart) > 3.9
    one.connection("Live")


def test_an_answer_that_the_stream_has_overtaken_takes_nothing_back(
    at_board: Open, begun: Board, ada: Person, hedy: Person
) -> None:
    one = at_board(hedy, init=LINE)
    one.connection("Live")
    late = Late(one, "**/board/shared/**")

    def news(route: Route) -> None:
        attending.hand(begun, by=ada, up=True)
        route.fallback()

    one.page.route("**/board/shared/**", news, times=1)
    breaks(one)
    late.is_given()
    one.context.unroute("**/board/live/**")
    one.page.evaluate(AGAIN)
    one.sees("Hands: Ada")
    hand(one, begun, ada, up=False)
    late.comes()
    expect(one.page.get_by_text("Hands: Ada")).to_have_count(0)
    one.connection("Live")


def breaks(member: Member) -> None:
    """The stream ends, and the next one is refused at once."""
    member.context.route("**/board/live/**", lambda route: route.abort())
    member.page.evaluate(CUT)
    member.page.evaluate(AGAIN)
    closed = "window.streams.every((one) => one.readyState === EventSource.CLOSED)"
    until(member.page, lambda: member.page.evaluate(closed))


def test_a_press_that_fails_does_not_put_the_page_offline_and_three_do_until_the_server_is_heard(
    at_board: Open, begun: Board, ada: Person, grace: Person
) -> None:
    one = at_board(ada, init=LINE)
    one.context.route("**/board/people/", fails)
    with one.page.expect_response("**/board/people/"):  # the sign of life of who leads
        one.page.reload()
    one.connection("Live")
    one.context.route("**/board/turn/", fails)
    hand(one, begun, grace)
    one.press("A moment, please")
    one.is_refused(FAILED)
    assert one.page.evaluate("window.states") == ["live"]
    one.press(*["A moment, please"] * 3)  # a sign of life may have come between the first one and these
    one.connection("Offline, the clock runs on")
    one.is_told("Connection lost; the clock runs on.")
    one.is_refused(FAILED)
    hand(one, begun, grace, up=False)
    one.connection("Live")
    one.is_told("Live again.")
    assert one.page.evaluate("window.states") == ["live", "offline", "live"]


def test_a_stream_that_falls_silent_is_asked_beside_until_it_speaks_again(
    at_board: Open, begun: Board, ada: Person, hedy: Person
) -> None:
    one = at_board(hedy)
    one.page.clock.install()
    one.page.reload()
    one.connection("Live")
    asked = Asked(one, "shared")
    one.page.clock.fast_forward(11_000)
    assert asked.at == []
    with one.page.expect_response("**/board/shared/**"):
        one.page.clock.fast_forward(3_500)
    hand(one, begun, ada)  # which the stream brings
    count = len(asked.at)
    one.page.clock.fast_forward(7_000)
    hand(one, begun, ada, up=False)
    assert len(asked.at) == count
    one.connection("Live")


def test_a_page_that_nobody_looks_at_asks_nothing_and_asks_at_once_on_sight(
    at_board: Open, begun: Board, ada: Person, hedy: Person
) -> None:
    one = at_board(hedy)
    one.context.route("**/board/live/**", lambda route: route.abort())
    one.page.clock.install()
    one.page.reload()
    asked = Asked(one, "shared")
    with one.page.expect_request("**/board/shared/**"):
        one.page.clock.fast_forward(3_000)
    one.page.evaluate(HIDDEN % "true")
    for _ in range(5):
        one.page.clock.fast_forward(7_000)
    count = len(asked.at)
    one.page.clock.fast_forward(20_000)
    attending.hand(begun, by=ada, up=True)
    one.page.clock.fast_forward(20_000)
    assert len(asked.at) == count
    one.page.evaluate(HIDDEN % "false")
    one.sees("Hands: Ada")
    assert len(asked.at) == count + 1
