"""A server of our own on the tests' database, and members at its boards, each in a browser of their own.

Boards live in real time here: the server process has a clock of its own, and its streams move them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import APIResponse, Browser, BrowserContext, Locator, Page, Route, ViewportSize, expect

from meetings import attending
from meetings.models.board import Board
from meetings.models.meeting import Meeting
from members.models.person import Person
from tests.conftest import Stopped, tell_time
from tests.e2e.conftest import ROOT, note, show_the_end
from tests.meetings.streaming import Server, cookie, serve, wait_for_rest

PHONE, NARROW = ViewportSize(width=360, height=760), ViewportSize(width=320, height=640)
WIDE = ViewportSize(width=1366, height=768)
# Whole on the screen, and nothing lies over it on the line through its middle.
SHOWN = """(element) => {
  const { left, width, right, top, height, bottom } = element.getBoundingClientRect();
  const seen = (part) => element.contains(document.elementFromPoint(left + part * width, top + height / 2));
  return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && [0.2, 0.5, 0.8].every(seen);
}"""
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
# What the page has said of its line; and a stream can be cut as a tunnel does it: the browser's own switch for offline
# lets one that is open live on.
LINE = """window.states = []; window.streams = [];
document.addEventListener("board:state", ({ detail }) => window.states.push(detail.to));
EventSource = class extends EventSource { constructor(...given) { super(...given); window.streams.push(this); } };"""
CUT = """window.streams.forEach((one) => { one.close(); one.dispatchEvent(new Event("error")); });"""


@pytest.fixture(scope="package")
def running(django_db_setup: None) -> Iterator[Server]:
    """One process for all stories here."""
    started = serve()
    yield started
    started.stop()


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    """The same for one story: the next one finds it idle, and its tables are emptied while nobody reads them."""
    yield running
    running.hang_up()
    wait_for_rest()


@pytest.fixture(scope="module")
def beside_a_browser() -> Iterator[None]:
    """Playwright keeps an event loop in this thread, in which Django would refuse to ask the database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@dataclass
class Running(Stopped):
    """A clock that goes with everybody's, except while it is held at a moment."""

    held: datetime | None = None

    def now(self) -> datetime:
        return self.held or datetime.now(UTC)

    def to(self, moment: datetime) -> None:
        self.held = moment

    def run(self) -> None:
        self.held = None


@pytest.fixture
def clock(clock: Stopped, monkeypatch: pytest.MonkeyPatch) -> Running:
    """In place of the one that stands."""
    real = Running()
    tell_time(monkeypatch, real.now)
    return real


@pytest.fixture
def meeting(meeting: Meeting, clock: Running) -> Meeting:
    """The meeting of the cast begins now."""
    now = clock.now()
    meeting.starts_at, meeting.ends_at = now, now + timedelta(minutes=meeting.minutes)
    meeting.occurrence_date = meeting.local_date = now.date()
    meeting.local_time = now.time()
    meeting.save()
    return meeting


@dataclass
class Led:
    """A board whose clock somebody moves from elsewhere, each time from where it stands."""

    table: Board
    by: Person

    def __call__(self, move: Callable[..., str], **more: Any) -> None:
        move(self.table, by=self.by, step=Board.objects.get(pk=self.table.pk).step, **more)


@pytest.fixture
def gathered(table: Board, ada: Person, grace: Person, hedy: Person) -> Board:
    """Its board, with all three here."""
    for person in (ada, grace, hedy):
        attending.here(table, by=person)
    return table


def picture(page: Page, name: str) -> None:
    """For people to look at."""
    page.screenshot(path=ROOT / "var" / "screenshots" / f"board-{name}.png", full_page=True)


def look(page: Page, name: str) -> None:
    """A picture, axe, and nothing on the page is wider than the screen."""
    picture(page, name)
    found = Axe().run(page, options=AXE)
    seen = [f"{one['id']}: {node['html'][:160]}" for one in found.response["violations"] for node in one["nodes"]]
    assert seen == [], name
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, name


def until(page: Page, true: Callable[[], object], *, within: float = 20.0) -> None:
    """What the page itself does not show comes true."""
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)


def on(page: Page, **state: str) -> None:
    """The board has come to this phase or box."""
    for name, value in state.items():
        expect(page.locator("#board")).to_have_attribute(f"data-{name}", value)


@dataclass
class Card:
    """A topic on somebody's page."""

    page: Page
    title: str

    @property
    def whole(self) -> Locator:
        heading = self.page.get_by_role("heading", name=self.title, exact=True)
        return self.page.locator(".topic").filter(has=heading)

    def slot(self, number: int) -> Locator:
        return self.whole.locator(f'[data-slot="{number}"]')

    def dots(self, number: int) -> None:
        """So many of my dots by a click, and the server has said yes."""
        dot = self.slot(number)
        dot.click()
        expect(dot).to_have_attribute("aria-pressed", "true")
        expect(dot).not_to_have_attribute("data-sending", "")

    def says(self, words: str) -> None:
        expect(self.whole).to_contain_text(words)


@dataclass
class Member:
    """Somebody at the board, with a browser of their own."""

    person: Person
    page: Page
    complaints: list[str]

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def on(self, **state: str) -> None:
        on(self.page, **state)

    def look(self, name: str) -> None:
        look(self.page, name)

    def press(self, *names: str) -> None:
        """These buttons one after the other, each by its whole name."""
        for name in names:
            self.page.get_by_role("button", name=name, exact=True).click()

    def write(self, label: str, words: str) -> None:
        self.page.get_by_role("textbox", name=label).fill(words)

    def moves(self, name: str) -> None:
        """The same of a button that moves the clock on: until this page shows it."""
        part = self.page.locator("#shared > div")
        step = part.get_attribute("data-step") or ""
        self.press(name)
        expect(part).not_to_have_attribute("data-step", step)

    def unfold(self, name: str) -> None:
        """What is folded away under this name."""
        self.page.locator("details:not([open]) > summary").filter(has_text=name).click()

    def refresh(self) -> None:
        """As who has no scripts looks at what the others did."""
        self.page.get_by_role("link", name="Refresh", exact=True).click()

    def picture(self, name: str) -> None:
        picture(self.page, name)

    def sees(self, words: str) -> None:
        """These words, somewhere on the page."""
        expect(self.page.get_by_text(words).locator("visible=true").first).to_be_visible()

    def is_told(self, words: str) -> None:
        """What the page speaks to who does not look at it; what comes at one moment is spoken as one."""
        expect(self.page.locator("p[data-said]")).to_contain_text(words)

    def is_refused(self, words: str) -> None:
        expect(self.page.locator("[data-refusal]")).to_have_text(words)

    def connection(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.locator("[data-connection]")).to_have_text(words)

    def topic(self, title: str) -> Card:
        return Card(self.page, title)


class Late:
    """The first answer from this address stays under way until it is let come."""

    def __init__(self, member: Member, address: str) -> None:
        self.member, self.first = member, list[tuple[Route, APIResponse]]()
        member.page.route(address, self.hold)

    def hold(self, route: Route) -> None:
        if self.first:
            route.continue_()
        else:
            self.first.append((route, route.fetch()))

    def is_given(self) -> None:
        """By the server; the page does not have it yet."""
        until(self.member.page, lambda: self.first)

    def comes(self) -> None:
        route, answer = self.first[0]
        route.fulfill(response=answer)
        self.member.page.wait_for_timeout(500)


Open = Callable[..., Member]


@pytest.fixture
def at_board(
    request: pytest.FixtureRequest, chromium: Browser, server: Server, table: Board, beside_a_browser: None
) -> Iterator[Open]:
    """Somebody's page at the board; whatever a browser complains about fails the story."""
    members: list[Member] = []
    path = f"/meetings/{table.meeting.public_id}/board/"

    def make(
        person: Person,
        size: ViewportSize = WIDE,
        *,
        view: str = "",
        init: str = "",
        scripts: bool = True,
        port: int = 0,
    ) -> Member:
        address = f"http://127.0.0.1:{port or server.port}"
        context = chromium.new_context(base_url=address, viewport=size, locale="en-GB", java_script_enabled=scripts)
        context.set_default_timeout(20_000)
        context.set_default_navigation_timeout(60_000)
        name, _, value = cookie(person).partition("=")
        context.add_cookies([{"name": name, "value": value, "url": address}])
        if init:
            context.add_init_script(init)
        one = Member(person, context.new_page(), [])
        one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
        one.page.on("console", lambda said: note(one, said))
        members.append(one)
        one.page.goto(path + view)
        return one

    failures = request.session.testsfailed
    yield make
    if request.session.testsfailed > failures:
        show_the_end([one for one in members if not one.page.is_closed()])
    for one in members:
        one.context.close()
    assert [complaint for one in members for complaint in one.complaints] == []
