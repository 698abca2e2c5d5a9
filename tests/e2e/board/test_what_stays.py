"""What others do comes to a page without moving anything under the hands of who reads, writes or listens there."""

from __future__ import annotations

import re
import time
from itertools import product
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Request, expect

from meetings import attending, board, calls, topics
from meetings.boxes import Phase
from meetings.models.board import Board, Topic
from meetings.voting import Thumb
from members.models.person import Person
from tests.e2e.board.conftest import PHONE, Late, Member, Open

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
TITLES = ["Planning without estimates", "Review queues", "One to ones", "Hiring juniors"]
TITLE = "Roundtable"
SENTENCES = 12  # at most in ten busy minutes
# What is spoken, each time that the region changes.
SPOKEN = """window.spoken = [];
addEventListener("DOMContentLoaded", () => {
  const region = document.querySelector("[data-said]");
  new MutationObserver(() => window.spoken.push(region.textContent)).observe(region, { childList: true });
});"""


@pytest.fixture
def asked(gathered: Board, ada: Person, hedy: Person) -> Board:
    """Dots are asked on four topics."""
    for number, title in enumerate(TITLES):
        topics.propose(gathered, by=[ada, hedy][number % 2], title=title, note="", hidden=False, key=uuid4())
    board.begin(gathered, by=ada, step=0)
    board.go(gathered, by=ada, step=1, phase=Phase.DOTS)
    return gathered


def step() -> int:
    return Board.objects.get().step


def hand(member: Member, table: Board, by: Person, *, up: bool) -> None:
    """Somebody's hand goes up or down, and this page shows it."""
    attending.hand(table, by=by, up=up)
    expect(member.page.get_by_text(f"Hands: {by.name}")).to_have_count(int(up))


def test_what_i_pressed_in_another_window_is_here_when_i_turn_to_this_one(
    at_board: Open, asked: Board, hedy: Person
) -> None:
    here = at_board(hedy)
    there = window_beside(here)
    for one in (here, there):
        one.connection("Live")
    there.topic(TITLES[0]).dots(2)
    own: list[Request] = []
    here.page.on("request", lambda request: own.append(request) if "/board/own/" in request.url else None)
    began = time.monotonic()
    for one in (there, here) * 8:
        one.page.bring_to_front()
    expect(here.topic(TITLES[0]).slot(2)).to_have_attribute("aria-pressed", "true")
    expect(here.page.locator(".budget")).to_have_text("You have 1 of 3 dots left.")
    assert len(own) <= time.monotonic() - began + 2


def window_beside(member: Member) -> Member:
    """Another one of the same browser. Which of the two has the focus is no longer feigned for both by the driver."""
    other = Member(member.person, member.context.new_page(), member.complaints)
    other.page.goto(member.page.url)
    for one in (member, other):
        one.context.new_cdp_session(one.page).send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    return other


def test_a_late_answer_about_my_own_part_takes_no_newer_dot_away(at_board: Open, asked: Board, hedy: Person) -> None:
    one = at_board(hedy)
    one.connection("Live")
    late = Late(one, "**/board/own/")
    for window in (window_beside(one), one):
        window.page.bring_to_front()
    late.is_given()
    one.topic(TITLES[0]).dots(1)
    late.comes()
    expect(one.topic(TITLES[0]).slot(1)).to_have_attribute("aria-pressed", "true")


def test_an_event_moves_neither_the_page_nor_the_caret_nor_what_is_open(
    at_board: Open, asked: Board, ada: Person, grace: Person
) -> None:
    one = at_board(ada, PHONE)
    one.connection("Live")
    one.unfold("More for the facilitator")
    one.unfold("Propose a topic")
    field = one.page.get_by_label("A few words on it")
    field.fill("Two have left since spring.")
    field.evaluate("field => field.setSelectionRange(4, 8)")
    for block, up in product(("start", "center", "end"), (True, False)):
        field.evaluate("(field, block) => field.scrollIntoView({ block })", block)
        before = place(one.page)
        hand(one, asked, grace, up=up)
        now = place(one.page)
        assert now == before | {"top": pytest.approx(before["top"], abs=1)}
    field.press_sequentially("five")
    expect(field).to_have_value("Two five left since spring.")
    assert one.page.title() == TITLE


def place(page: Page) -> dict[str, object]:
    """Where who reads and writes there is."""
    found: dict[str, object] = page.evaluate("""() => ({
      field: document.activeElement.name,
      top: document.activeElement.getBoundingClientRect().top,
      caret: [document.activeElement.selectionStart, document.activeElement.selectionEnd],
      open: [...document.querySelectorAll("details[open]")].map((one) => one.id) })""")
    return found


def test_a_busy_stretch_is_told_in_a_dozen_sentences_and_none_of_them_says_what_others_choose(
    at_board: Open, asked: Board, ada: Person, grace: Person, hedy: Person
) -> None:
    one = at_board(hedy, init=SPOKEN)
    one.connection("Live")
    choose(asked, ada, grace)
    wave(one, asked, ada, grace)
    for by in (ada, grace, hedy):
        calls.done(asked, by=by)
    one.on(phase="round")
    discuss(one, asked, ada)
    wave(one, asked, ada, grace)
    for way, box in ((Thumb.UP, "extension"), (Thumb.DOWN, "takeaway")):
        board.enough(asked, by=ada, step=step())
        one.on(box="thumbs")
        for by in (ada, grace, hedy):
            calls.thumb(asked, by=by, way=way, key=uuid4())
        one.on(box=box)
    one.is_told("What do we take along?")
    spoken = one.page.evaluate("window.spoken")
    assert len(spoken) <= SENTENCES, spoken
    assert not re.search("dot|hand|Ada|Grace", " ".join(spoken)), spoken
    assert one.page.title() == TITLE


def choose(table: Board, *people: Person) -> None:
    """Each gives a dot to the first topic, two to the second, and takes the one back."""
    first, second = Topic.objects.order_by("pk")[:2]
    for by in people:
        for topic, dots in ((first, 1), (second, 2), (first, 0)):
            calls.dots(table, by=by, topic=topic.public_id, dots=dots, key=uuid4())


def wave(one: Member, table: Board, *people: Person) -> None:
    for by in people * 2:
        for up in (True, False):
            hand(one, table, by, up=up)


def discuss(one: Member, table: Board, lead: Person) -> None:
    """The first topic is opened, held up for a moment, and gets a minute more."""
    board.next_topic(table, by=lead, step=step())
    one.on(box="sponsor")
    for act in (board.enough, board.pause, board.resume, board.plus_minute):
        act(table, by=lead, step=step())
    one.on(box="discussion")
