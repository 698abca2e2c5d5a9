"""Evenings on which not everything is as one would wish: a tunnel, a laptop that shuts, people without a phone or
without scripts, and somebody who leaves while the board is open."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from groups import repairing
from groups.models.group import Membership
from meetings import attending, board, shortening, topics
from meetings.boxes import Phase
from meetings.models.board import Board, Here
from meetings.models.takeaway import Promise, Takeaway
from members.models.person import Person
from tests.e2e.board.conftest import CUT, LINE, PHONE, Member, Open, Running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
TITLES = ["Planning without estimates", "Review queues", "One to ones", "Hiring juniors"]


@pytest.fixture
def begun(gathered: Board, ada: Person, hedy: Person) -> Board:
    """The welcome, with four topics on the board."""
    for number, title in enumerate(TITLES):
        topics.propose(gathered, by=[ada, hedy][number % 2], title=title, note="", hidden=False, key=uuid4())
    board.begin(gathered, by=ada, step=0)
    return gathered


@pytest.fixture
def asked(begun: Board, ada: Person) -> Board:
    """Dots are asked on them."""
    board.go(begun, by=ada, step=1, phase=Phase.DOTS)
    return begun


def test_hedy_is_in_a_tunnel_and_ada_s_laptop_shuts(
    at_board: Open, begun: Board, ada: Person, grace: Person, hedy: Person
) -> None:
    lead, keeper, phone = at_board(ada), at_board(grace), at_board(hedy, PHONE, init=LINE)
    for one in (lead, keeper, phone):
        one.connection("Live")
    lead.unfold("More for the facilitator")
    lead.press("Dots")
    phone.topic(TITLES[0]).dots(1)
    lead.context.close()
    into_the_tunnel(phone)
    keeper.press("Raise my hand")
    keeper.page.get_by_role("button", name="I take over").click(timeout=90_000)
    keeper.is_told("Grace leads now.")
    assert phone.page.get_by_text("Hands:").count() == 0
    out_of_the_tunnel(phone)
    keeper.press("Count now")
    phone.on(phase="round")
    for title in TITLES[:3]:
        phone.topic(title).says("1 dot")
    back = at_board(ada)
    back.sees("Grace leads now and keeps the time")
    back.look("lines-ada-is-back")
    back.press("I lead again")
    keeper.is_told("Ada leads now.")
    keeper.sees("Ada leads")
    expect(keeper.page.get_by_role("button", name="Next topic")).to_have_count(0)
    expect(back.page.get_by_role("button", name="Next topic")).to_be_visible()


def test_a_round_goes_on_without_who_has_opened_it(
    at_board: Open, begun: Board, clock: Running, ada: Person, grace: Person, hedy: Person
) -> None:
    """The laptop of who leads shuts in the middle of a discussion: its time is over when it is over, thumbs come, the
    verdict counts, and somebody takes over."""
    lead, keeper, phone = at_board(ada), at_board(grace), at_board(hedy, PHONE)
    board.go(begun, by=ada, step=1, phase=Phase.ROUND)
    lead.topic(TITLES[1]).whole.get_by_role("button", name="Take this topic").click()
    keeper.on(box="sponsor")
    board.over_to_you(begun, by=hedy, step=Board.objects.get().step)
    keeper.on(box="discussion")
    lead.context.close()
    now = clock.now()
    Board.objects.update(box_ends_at=now + timedelta(seconds=1), led_until=now, starts_at=now - timedelta(minutes=5))
    for one in (keeper, phone):
        one.on(box="thumbs")
        one.press("Up, go on")
    Board.objects.update(box_ends_at=clock.now() + timedelta(seconds=1))
    for one in (keeper, phone):
        one.on(box="extension")
        one.sees("more for going on")
    keeper.press("I take over")
    phone.is_told("Grace leads now.")
    keeper.press("Enough")
    phone.on(box="thumbs")


def into_the_tunnel(phone: Member) -> None:
    """The clock runs on; a dot waits with a mark on it, a word to everybody is refused; after a minute she is asked
    again."""
    phone.context.set_offline(True)
    phone.page.evaluate(CUT)
    phone.connection("Offline, the clock runs on")
    phone.is_told("Connection lost; the clock runs on.")
    clock = phone.page.locator(".now .clock output")
    shown = clock.inner_text()
    expect(clock).not_to_have_text(shown)
    waits(phone, TITLES[1])
    pressed = time.monotonic()
    phone.press("A moment, please")
    phone.is_refused("You are offline: this press was not sent.")
    phone.look("lines-offline")
    phone.page.wait_for_timeout(1000 * (pressed + 45 - time.monotonic()))
    waits(phone, TITLES[2])
    refusal = phone.page.locator("[data-refusal]")
    expect(refusal).to_have_text("This did not get through: press again when you are live.", timeout=30_000)
    assert 53 < time.monotonic() - pressed < 65  # the last try is at most 6 s before the minute is over
    expect(phone.topic(TITLES[1]).slot(1)).not_to_have_attribute("data-sending", "")


def waits(phone: Member, title: str) -> None:
    """A hollow dot: pressed, and not there yet."""
    slot = phone.topic(title).slot(1)
    slot.click()
    expect(slot).to_have_attribute("data-sending", "")
    expect(slot).to_have_attribute("aria-pressed", "false")


def out_of_the_tunnel(phone: Member) -> None:
    """First only presses get through, and the page says of when it is; then all of it, with what happened meanwhile."""
    phone.context.route(re.compile("/board/(live|shared)/"), lambda route: route.abort())
    phone.context.set_offline(False)
    phone.connection(re.compile(r"As of \d\d:\d\d:\d\d"))
    expect(phone.topic(TITLES[2]).slot(1)).to_have_attribute("aria-pressed", "true")
    phone.look("lines-stale")
    phone.context.unroute_all()
    phone.connection("Live")
    expect(phone.page.locator("p[data-said]")).to_have_text(re.compile("(?=.*Live again)(?=.*Grace leads now)"))
    phone.sees("Hands: Grace")
    phone.sees("Grace leads now")
    expect(phone.page.locator("[data-refusal]")).to_be_hidden()
    expect(phone.page.locator(".budget")).to_have_text("You have 1 of 3 dots left.")
    phone.topic(TITLES[1]).dots(1)
    states = phone.page.evaluate("window.states")
    assert (states[0], states[-1], {"offline", "stale"} <= set(states)) == ("live", "live", True), states


def test_three_people_without_a_phone_and_a_wall(
    at_board: Open,
    asked: Board,
    person: Callable[..., Person],
    join: Callable[..., Person],
    ada: Person,
    grace: Person,
    hedy: Person,
) -> None:
    join(person("Joan"))
    mary = join(person("Mary"))
    attending.gone(asked, by=hedy)
    lead, keeper, wall = at_board(ada), at_board(grace, PHONE), at_board(ada, view="?view=room")
    into_the_room(lead, wall)
    count_dots(lead, keeper, wall)
    count_thumbs(lead, keeper, wall)
    phone = at_board(mary, PHONE)
    phone.press("I am here")
    expect(wall.page.get_by_text("In the room without a device")).to_have_text(
        "In the room without a device: Hedy, Joan"
    )
    seated = Here.objects.filter(board=asked, in_room=True).values_list("person__name", flat=True)
    assert sorted(seated) == ["Hedy", "Joan"]


def into_the_room(lead: Member, wall: Member) -> None:
    """Ticked by who leads; hands make a queue, and the wall shows it to all."""
    lead.unfold("More for the facilitator")
    for seated in ("Hedy", "Hedy, Joan", "Hedy, Joan, Mary"):  # each by itself: two presses may overtake each other
        lead.press(f"{seated.rpartition(', ')[2]} is in the room")
        wall.sees(f"In the room without a device: {seated}")
    wall.look("wall-dots")
    assert wall.page.get_by_role("button").count() == 0
    assert wall.page.get_by_text("You have").count() == 0


def count_dots(lead: Member, keeper: Member, wall: Member) -> None:
    """Grace counts what the three point at; more than they may give is refused, and nobody reads a number early."""
    keeper.press("Raise my hand")
    wall.sees("Hands: Grace")
    lead.press("Raise my hand")
    expect(wall.page.get_by_text("Hands:")).to_have_text(re.compile(r"Hands: Grace\s*,\s*Ada"), use_inner_text=True)
    lead.press("Grace was heard", "Lower my hand")
    expect(wall.page.get_by_text("Hands:")).to_have_count(0)
    keeper.topic("Review queues").dots(2)
    keeper.unfold("Dots of 3 in the room")
    by_hand = keeper.page.locator("#room-dots")
    by_hand.get_by_label("Review queues").fill("7")
    keeper.press("Count these dots")
    expect(keeper.page.locator("[data-refusal]")).to_be_visible()
    by_hand.get_by_label("Review queues").fill("4")
    by_hand.get_by_label("One to ones").fill("5")
    keeper.press("Count these dots")
    keeper.is_told("Counted.")
    keeper.look("wall-keeper-dots")
    assert "by hand" not in wall.page.content()
    lead.topic("One to ones").dots(1)
    for one in (lead, keeper):
        one.press("I am done")
    wall.on(phase="round")
    for one in (wall, keeper):
        one.topic("Review queues").says("6 dots, 4 by hand")
        one.topic("One to ones").says("6 dots, 5 by hand")
    wall.look("wall-counted")


def count_thumbs(lead: Member, keeper: Member, wall: Member) -> None:
    """Three raised thumbs are typed in, two come from devices; the verdict is shown as it was reached."""
    lead.topic("Review queues").whole.get_by_role("button", name="Take this topic").click()
    wall.on(box="sponsor")
    lead.press("Over to you")
    keeper.on(box="discussion")
    wall.look("wall-discussion")
    keeper.press("Enough")
    wall.on(box="thumbs")
    keeper.page.get_by_label("up", exact=True).fill("2")
    keeper.page.get_by_label("down", exact=True).fill("1")
    keeper.press("Count these hands")
    keeper.is_told("Counted.")
    keeper.look("wall-keeper-thumbs")
    wall.look("wall-thumbs")
    for one in (lead, keeper):
        one.press("Up, go on")
    wall.on(box="extension")
    wall.sees("Thumbs: 4 up, 0 sideways, 1 down, 3 by hand")
    wall.look("wall-extension")


def test_who_leaves_the_circle_reads_nothing_more(
    at_board: Open, asked: Board, ada: Person, grace: Person, hedy: Person
) -> None:
    lead, phone = at_board(ada), at_board(hedy, PHONE)
    phone.sees("Review queues")
    phone.connection("Live")
    expect(lead.page.locator(".seat").filter(has_text="Hedy")).to_have_count(1)
    repairing.leave(Membership.objects.get(person=hedy), back_to_pool=False)
    phone.sees("You no longer belong to this meeting.")
    assert "Review queues" not in phone.page.content()
    expect(lead.page.locator(".seat").filter(has_text="Hedy")).to_have_count(0)
    expect(lead.page.locator(".seat")).to_have_count(2)
    phone.look("lines-left")
    attending.hand(asked, by=ada, up=True)
    lead.sees("Hands: Ada")
    assert "Hands: Ada" not in phone.page.content()
    phone.page.reload()
    phone.sees("There is nothing here")


def test_a_short_meeting_by_forms_alone(
    at_board: Open, clock: Running, table: Board, ada: Person, grace: Person, hedy: Person
) -> None:
    """Ada, who leads, and Hedy have no scripts: each press is a form, and each look at the others a fresh page."""
    clock.to(table.meeting.starts_at - timedelta(hours=1))
    shortening.shorten(table.meeting, by=ada)
    clock.run()
    lead, phone, keeper = at_board(ada, scripts=False), at_board(hedy, PHONE, scripts=False), at_board(grace)
    for one in (lead, phone, keeper):
        one.press("I am here")
    propose_by_form(lead, "Planning without estimates")
    propose_by_form(phone, "Review queues")
    keeper.sees("Review queues")
    dots_by_form(lead, phone, keeper)
    talk_by_form(lead, phone, keeper)
    close_by_form(lead, phone, keeper)
    assert [one.text for one in Takeaway.objects.all()] == ["Two a day, before lunch."]
    assert [(one.person, one.text) for one in Promise.objects.all()] == [(hedy, "I measure our queue.")]


def propose_by_form(member: Member, title: str) -> None:
    member.write("What would you like to talk about?", title)
    member.press("Put it on the board")
    expect(member.topic(title).whole).to_be_visible()


def dots_by_form(lead: Member, phone: Member, keeper: Member) -> None:
    """The hour at which a box ends is printed; what is mine stands in a list of its own."""
    lead.press("Begin the meeting")
    lead.on(phase="welcome")
    expect(lead.page.locator("noscript time")).to_have_text(re.compile(r"\d\d:\d\d:\d\d UTC"))
    lead.press("Next")
    lead.on(phase="dots")
    phone.refresh()
    phone.topic("Review queues").whole.get_by_role("button", name="2 dots").click()
    mine(phone, "p", "I have 1 of 3 dots left.")
    phone.page.locator("noscript button", has_text="take my dots back").click()
    mine(phone, "p", "I have 3 of 3 dots left.")
    phone.topic("Review queues").whole.get_by_role("button", name="2 dots").click()
    mine(phone, "li", "2 of my dots")
    phone.picture("forms-dots")
    phone.press("I am done")
    lead.press("I am done")
    keeper.press("I am done")
    keeper.on(phase="round")


def mine(member: Member, part: str, words: str) -> None:
    """What is there for who has no scripts; to the driver no such part has a role or a text."""
    expect(member.page.locator(f"noscript {part}").filter(has_text=words)).to_be_visible()


def talk_by_form(lead: Member, phone: Member, keeper: Member) -> None:
    """Whoever likes has the page come anew every ten seconds, and still has it after a press."""
    lead.refresh()
    lead.topic("Review queues").says("2 dots")
    phone.page.locator("noscript a", has_text="Refresh every 10 seconds").click()
    mine(phone, "a", "Refresh by hand")
    phone.press("Raise my hand")
    phone.sees("Hands: Hedy")
    mine(phone, "a", "Refresh by hand")
    phone.press("Lower my hand")
    lead.press("Next topic")
    phone.on(box="sponsor")
    phone.press("Over to you")
    keeper.press("Enough")
    keeper.on(box="thumbs")
    for one in (lead, phone):
        one.refresh()
    phone.picture("forms-thumbs")
    lead.press("Down, move on")
    phone.press("Sideways")
    keeper.press("Down, move on")
    keeper.on(box="takeaway")
    phone.refresh()
    phone.write("What do we take along?", "Two a day, before lunch.")
    phone.press("Keep it")
    phone.on(phase="closing")


def close_by_form(lead: Member, phone: Member, keeper: Member) -> None:
    phone.write("I promise", "I measure our queue.")
    phone.press("I promise it")
    keeper.sees("I measure our queue.")
    phone.page.get_by_role("group", name="I could say what I needed").get_by_label("5").check()
    phone.page.get_by_role("group", name="It was worth my time").get_by_label("4").check()
    phone.press("That is how it was")
    phone.sees("Nobody sees your numbers.")
    phone.picture("forms-closing")
    lead.refresh()
    lead.page.locator("#close-now > summary").click()
    lead.page.get_by_role("button", name="Close it for good").click()
    lead.on(phase="closed")
    keeper.on(phase="closed")
    phone.refresh()
    phone.topic("Review queues").says("Two a day, before lunch.")
