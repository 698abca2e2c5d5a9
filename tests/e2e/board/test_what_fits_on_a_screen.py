"""Whatever people write, a board is as wide as the screen; what I press is in reach, and what is due comes first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import ViewportSize, expect

from meetings import attending, board, handcounting, promising, topics
from meetings.boxes import Phase
from meetings.models.board import Board, Topic
from members.models.person import Person
from tests.e2e.board.conftest import NARROW, SHOWN, WIDE, Led, Member, Open, Running, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PHONE, WALL = ViewportSize(width=360, height=740), ViewportSize(width=1920, height=1080)
ADDRESS = "https://example.org/" + "a" * 400
# How far the page goes beyond the screen, and what stands beyond it; the row of parts goes on to the right by itself,
# and on the wall what does not fit into a list or a line is left out.
BEYOND = """() => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
  const free = (one) => !one.closest(".phases, .unseen, .skip, [data-view=room] :is(.topics, .resources)");
  const seen = [...document.body.querySelectorAll("*")].filter((one) => one.checkVisibility() && free(one));
  const out = seen.filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
  const within = (one) => one.matches("h2, h3, p, .seat, .card") && one.scrollWidth > one.clientWidth + 1;
  const wide = document.documentElement.scrollWidth - innerWidth;
  return [Math.max(wide, 0), ...[...out, ...seen.filter(within)].map((one) => one.outerHTML.slice(0, 120))];
}"""
ASKEW = """(boxes) => boxes.map((one) => one.getBoundingClientRect()).filter((one, at, all) =>
  at && (one.left < all[at - 1].right || one.top !== all[0].top || Math.abs(one.width - all[0].width) > 1)).length"""
MIDDLE = """(element) => {
  const words = document.createRange();
  words.selectNodeContents(element);
  const { top, bottom } = (element.matches("input") ? element : words).getBoundingClientRect();
  return Math.round((top + bottom) / 2);
}"""
BESIDE = """(label) => {
  const [words, field] = ["bdi", "input"].map((name) => label.querySelector(name).getBoundingClientRect());
  return words.left >= field.right;
}"""
STROKE = "(element) => getComputedStyle(element.querySelector('.rest')).stroke"
SIGN = "(element) => getComputedStyle(element, '::before').content"


@pytest.fixture
def endless(gathered: Board, ada: Person, grace: Person, hedy: Person) -> Led:
    """A board on which nobody has made a space."""
    for one in (ada, grace, hedy):
        one.name += "n" * 100
        one.save()
    for number in range(3):
        title = f"{number}" + "w" * 119
        links = f"{ADDRESS} {title}"
        topics.propose(gathered, by=hedy, title=title, note=ADDRESS, hidden=False, key=uuid4(), links=links)
    attending.hand(gathered, by=hedy, up=True)
    return Led(gathered, ada)


@pytest.fixture
def begun(gathered: Board, ada: Person, hedy: Person) -> Led:
    """Four topics of Hedy's, each with two lines of words, and dots are asked."""
    for title in ("Why we plan a quarter and forget the plan in its second week", "Hiring", "Pay", "On call"):
        topics.propose(gathered, by=hedy, title=title, note="One\nTwo", hidden=False, key=uuid4())
    led = Led(gathered, ada)
    led(board.begin)
    led(board.go, phase=Phase.DOTS)
    return led


def open_topic(led: Led) -> None:
    led(board.enough)
    led(board.open_topic, topic=Topic.objects.order_by("pk")[0].public_id)
    led(board.enough)


def test_an_endless_word_makes_no_page_wider(at_board: Open, endless: Led, ada: Person, hedy: Person) -> None:
    all_three = at_board(ada), at_board(hedy, PHONE), at_board(ada, WALL, view="?view=room")
    fits(*all_three, phase="open")
    endless(board.begin)
    for phase in (Phase.INTRODUCE, Phase.DOTS):
        endless(board.go, phase=phase)
        fits(*all_three, phase=phase)
    open_topic(endless)
    fits(*all_three, box="discussion")
    endless(board.enough)
    fits(*all_three, box="thumbs")
    endless(board.decide, extend=False)
    fits(*all_three, box="takeaway")
    board.sum_up(endless.table, by=hedy, text="t" * 150, revision=0)
    fits(*all_three, box="next")
    endless(board.go, phase=Phase.CLOSING)
    promising.promise(endless.table, by=hedy, text="p" * 150)
    for one in all_three:
        one.sees("p" * 150)
    fits(*all_three, phase="closing")


def fits(lead: Member, phone: Member, wall: Member, **state: str) -> None:
    for one, sizes in ((lead, (WIDE, PHONE)), (phone, (PHONE,)), (wall, (WIDE, WALL))):
        one.on(**state)
        for size in sizes:
            one.page.set_viewport_size(size)
            found = one.page.evaluate(BEYOND)
            assert found == [0], (one.person.initials, size, state, found)


def test_the_hand_stays_at_the_edge_of_a_phone(at_board: Open, begun: Led, clock: Running, hedy: Person) -> None:
    """Wherever the page has been scrolled to, and it covers nothing that stands at its end."""
    silent = clock.now() - timedelta(minutes=5)
    Board.objects.filter(pk=begun.table.pk).update(led_until=silent, starts_at=silent)
    phone = at_board(hedy, PHONE)
    bar = [phone.page.get_by_role("button", name=name) for name in ("Raise my hand", "I take over")]
    for top in (0, 600, 100_000):
        phone.page.evaluate("(top) => scrollTo(0, top)", top)
        for one in bar:
            expect(one).to_be_visible()
            assert one.evaluate(SHOWN)
    assert phone.page.get_by_role("link", name="CC BY 4.0").evaluate(SHOWN)


def test_what_is_due_comes_first_on_a_phone(at_board: Open, begun: Led, hedy: Person) -> None:
    """After the clock, before the topics; to propose one more comes last."""
    phone = at_board(hedy, PHONE)
    open_topic(begun)
    begun(board.enough)
    begun(board.decide, extend=False)
    phone.on(box="takeaway")
    in_this_order(phone, "#now", "#takeaway", "#waiting-title", "#here-title", "#new-topic")
    assert phone.page.locator("#now").evaluate("(now) => now.getBoundingClientRect().top") < 300
    begun(board.go, phase=Phase.CLOSING)
    phone.on(phase="closing")
    in_this_order(phone, "#now", "#promise", "#pulse", "#next-title", "#waiting-title", "#here-title")


def in_this_order(member: Member, *names: str) -> None:
    """One below the other, and all of them there."""
    tops = [member.page.locator(name).evaluate("(one) => one.getBoundingClientRect().top") for name in names]
    for name in names:
        expect(member.page.locator(name)).to_be_visible()
    assert tops == sorted(tops), dict(zip(names, tops, strict=True))


def test_hands_stand_beside_the_clock(at_board: Open, begun: Led, ada: Person, hedy: Person) -> None:
    """Who leads sees who wants to speak, and lowers a hand, without scrolling."""
    open_topic(begun)
    attending.hand(begun.table, by=hedy, up=True)
    lead = at_board(ada)
    for one in (lead.page.locator(".now .clock"), lead.page.get_by_role("button", name="Hedy was heard")):
        assert one.evaluate(SHOWN)
    assert lead.page.locator(".now [data-note]").inner_text() == "One\nTwo"


def test_what_is_pressed_has_a_sign(at_board: Open, begun: Led, hedy: Person) -> None:
    """I am done, and +1: a tick, and only while it is pressed."""
    phone = at_board(hedy, PHONE)
    signed(phone, "I am done")
    open_topic(begun)
    begun(board.enough)
    begun(board.decide, extend=False)
    board.sum_up(begun.table, by=hedy, text="Two a day.", revision=0)
    phone.on(box="next")
    signed(phone, "+1")


def signed(member: Member, name: str) -> None:
    button = member.page.get_by_role("button", name=name, exact=True)
    assert "✓" not in button.evaluate(SIGN)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    until(member.page, lambda: "✓" in button.evaluate(SIGN))  # the part may be laid anew just now
    expect(button).not_to_have_attribute("data-sending", "")
    member.picture(f"fits-pressed-{name[-4:].strip()}")


def test_five_equal_boxes_stand_in_one_row(at_board: Open, begun: Led, hedy: Person) -> None:
    begun(board.go, phase=Phase.CLOSING)
    member = at_board(hedy)
    for size in (WIDE, PHONE, NARROW):
        member.page.set_viewport_size(size)
        for name in ("I could say what I needed", "It was worth my time"):
            boxes = member.page.get_by_role("group", name=name).locator("label")
            expect(boxes).to_have_text(["1", "2", "3", "4", "5"])
            assert boxes.evaluate_all(ASKEW) == 0, (size, name)


def test_help_opens_at_its_title_and_can_be_closed(at_board: Open, begun: Led, hedy: Person) -> None:
    member = at_board(hedy)
    for size in (WIDE, PHONE):
        member.page.set_viewport_size(size)
        member.press("Keys and sound")
        title, close = member.page.locator("#keys-title"), member.page.get_by_role("button", name="Close")
        assert title.evaluate(SHOWN)
        last = member.page.get_by_text("Vibrate at 30 seconds")
        last.scroll_into_view_if_needed()
        for one in (title, close, last):
            assert one.evaluate(SHOWN), size
        close.click()


def test_numbers_of_the_room_stand_beside_their_words(
    at_board: Open, begun: Led, person: Callable[..., Person], join: Callable[..., Person], ada: Person
) -> None:
    """A field on the line of its label, a clock in one colour wherever it stands."""
    mary = join(person("Mary"))
    handcounting.seat(begun.table, by=ada, person=mary.public_id, there=True)
    lead = at_board(ada)
    lead.unfold("Dots of 1 in the room")
    for width in (WIDE["width"], PHONE["width"]):
        lead.page.set_viewport_size(ViewportSize(width=width, height=740))
        label = lead.page.locator("#room-dots label").filter(has_text="Why we plan")
        assert label.evaluate(BESIDE)
    lead.page.set_viewport_size(WIDE)
    open_topic(begun)
    begun(board.enough)
    lead.on(box="thumbs")
    line = lead.page.locator(".prompt .controls").filter(has_text="Hands of")
    middles = [int(line.locator(name).first.evaluate(MIDDLE)) for name in ("span", "label", "input", "button")]
    assert max(middles) - min(middles) <= 2, middles
    lead.look("fits-by-hand")
    strokes = {lead.page.locator(f"{place} .clock").evaluate(STROKE) for place in (".now", ".prompt")}
    expect(lead.page.locator(".prompt .clock")).to_have_attribute("data-state", "last")
    assert len(strokes) == 1
