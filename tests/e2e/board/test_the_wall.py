"""A whole meeting on the wall: one screen that nobody scrolls, nothing to press, and what the room needs now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, ViewportSize, expect

from meetings import attending, board, promising, topics
from meetings.boxes import Phase
from meetings.models.board import Board, Topic
from members.models.person import Person
from tests.e2e.board.conftest import SHOWN, WIDE, Led, Member, Open, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
WALL = ViewportSize(width=1920, height=1080)
TITLES = ["Engineering metrics that do not hurt", "A career ladder that people believe in", "On call without dread"]
TITLES += ["Hiring juniors", "Pager fatigue", "A salary that stayed the same"]
LONGEST = "Telling a boss who is no engineer why deleting dead code was time well spent"
SCROLLS = "[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]"
PRESSED = "button, input, select, textarea, summary"


@pytest.fixture
def evening(
    gathered: Board, person: Callable[..., Person], join: Callable[..., Person], ada: Person, hedy: Person
) -> Led:
    """Nine people and seven topics, a hand, and words and a link with the longest."""
    for name in ("Joan", "Katherine", "Mary", "Radia", "Barbara", "Frances"):
        attending.here(gathered, by=join(person(name)))
    for title in [*TITLES, LONGEST]:
        links = "https://example.org/study A study of it"
        topics.propose(gathered, by=hedy, title=title, note="One\nTwo", hidden=False, key=uuid4(), links=links)
    attending.hand(gathered, by=hedy, up=True)
    return Led(gathered, ada)


def shows(wall: Member, name: str, *parts: Locator) -> None:
    """These parts whole, nothing to scroll and nothing to press; on a small projector too."""
    assert all(part.count() for part in parts), name
    for size in (WIDE, WALL):
        wall.page.set_viewport_size(size)
        until(wall.page, lambda: unseen(wall, parts) == [], within=5.0)
        assert wall.page.evaluate(SCROLLS) == [0, 0], name
    assert wall.page.locator(PRESSED).locator("visible=true").count() == 0
    wall.look(f"room-{name}")


def unseen(wall: Member, parts: Iterable[Locator]) -> list[str | None]:
    """What of them is cut or covered; while a new part is laid out that is for a moment more."""
    return [one.text_content() for part in parts for one in part.all() if not one.evaluate(SHOWN)]


def test_a_meeting_on_the_wall(at_board: Open, evening: Led, hedy: Person) -> None:
    wall = at_board(hedy, WALL, view="?view=room")
    expect(wall.page.locator(".topic")).to_have_count(7)
    gather(wall, evening)
    talk(wall, evening)
    close(wall, evening, hedy)
    wall.page.get_by_role("link", name="Back to my board").click()
    expect(wall.page.get_by_role("button", name="Lower my hand")).to_be_visible()


def always(wall: Member) -> list[Locator]:
    """What the room is asked, whose hand is up, who is here and how to join."""
    names = ["#now-title", "[data-part=hands]", ".seat", ".qr", ".board a"]
    return [wall.page.locator(name).locator("visible=true") for name in names]


def gather(wall: Member, evening: Led) -> None:
    """All topics, before the meeting, while they are introduced and while dots are given."""
    every = wall.page.locator(".topic")
    shows(wall, "open", every, *always(wall))
    evening(board.begin)
    for phase in (Phase.INTRODUCE, Phase.DOTS):
        evening(board.go, phase=phase)
        wall.on(phase=phase)
        shows(wall, phase, every, wall.page.locator(".now .clock"), *always(wall))


def talk(wall: Member, evening: Led) -> None:
    """The topic with its words and its link, three thumbs on the whole screen, and then what was kept."""
    evening(board.enough)
    evening(board.open_topic, topic=topic(LONGEST))
    evening(board.enough)
    wall.on(box="discussion")
    link = wall.page.locator(".now").get_by_role("link", name="A study of it")
    assert wall.page.locator(".now [data-note]").inner_text() == "One\nTwo"
    shows(wall, "discussion", link, wall.page.locator(".now .clock"), *always(wall))
    evening(board.enough)
    wall.on(box="thumbs")
    prompt = wall.page.locator(".prompt")
    expect(prompt.get_by_role("listitem")).to_have_text(["Up, go on", "Sideways", "Down, move on"])
    shows(
        wall,
        "thumbs",
        prompt,
        prompt.get_by_role("listitem"),
        prompt.locator(".clock"),
        prompt.locator("p").locator("visible=true"),
    )
    assert prompt.bounding_box() == {"x": 0, "y": 0, **WALL}
    evening(board.decide, extend=False)


def topic(title: str) -> str:
    return next(one.public_id for one in Topic.objects.all() if one.title == title)


def close(wall: Member, evening: Led, hedy: Person) -> None:
    board.sum_up(evening.table, by=hedy, text="One week in four.", revision=0)
    wall.on(box="next")
    kept = wall.page.get_by_text("One week in four.")
    shows(wall, "next", kept, *always(wall))
    evening(board.go, phase=Phase.CLOSING)
    promising.promise(evening.table, by=hedy, text="I measure our queue.")
    wall.on(phase="closing")
    wall.sees("I measure our queue.")
    promise, following = wall.page.get_by_text("I measure our queue."), wall.page.locator("#next-title ~ p")
    shows(wall, "closing", kept, promise, following, *always(wall))
