"""What is pressed on a board is large enough for a thumb, whoever looks, on a wide screen and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import ViewportSize, expect

from meetings import attending, board, handcounting, tidying, topics
from meetings.models.board import Board, Topic
from meetings.models.takeaway import Promise
from members.models.person import Person
from tests.conftest import Held
from tests.e2e.board.conftest import NARROW, PHONE, WIDE, Member, Open, Running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
TARGET = 44
HIGH = 6000  # the whole board at once: nothing has to be scrolled to be hit
WIDTHS = [size["width"] for size in (WIDE, PHONE, NARROW)]
# From the middle of each control to all four sides, as far as a press still means it: what covers it makes it smaller,
# and so does a neighbour; a label is pressed for its box. Behind the prompt of the thumbs and a dialog nothing is.
PRESSED = """(target) => {
  const kinds = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  const pressed = (element) => element?.closest("label")?.control ?? element?.closest(kinds);
  function reach(control, x, y, across, down) {
    const at = (far) => document.elementFromPoint(x + across * (far + 0.5), y + down * (far + 0.5));
    let far = 0;
    while (far < target && pressed(at(far)) === control) far += 1;
    return far;
  }
  function size(control) {
    const boxed = ["checkbox", "radio"].includes(control.type);
    const { x, y, width, height } = (boxed ? control.labels[0] : control).getBoundingClientRect();
    const [h, v] = [x + width / 2, y + height / 2];
    const wide = reach(control, h, v, 1, 0) + reach(control, h, v, -1, 0);
    const high = reach(control, h, v, 0, 1) + reach(control, h, v, 0, -1);
    return [Math.min(width, wide), Math.min(height, high)];
  }
  const words = (control) => control.ariaLabel ?? (control.innerText || control.labels?.[0]?.innerText || control.name);
  const name = (control) => words(control).trim();
  for (const folded of document.querySelectorAll("details")) folded.open = true;
  const prompt = [...document.querySelectorAll(".prompt")].filter((one) => getComputedStyle(one).position === "fixed");
  const front = document.querySelector("dialog[open]") ?? prompt[0] ?? document;
  const shown = [...front.querySelectorAll(kinds)].filter((one) => one.checkVisibility() && !one.matches(".skip"));
  return {
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    names: shown.map(name),
    small: shown.map((one) => [name(one), ...size(one)]).filter(([, ...sides]) => Math.min(...sides) < target),
  };
}"""
# One of each kind: a word in a line, a small button, what unfolds, and the box before a text.
AMONG_THEM = {"Ears only", "Withdraw", "Take apart", "Hedy was heard", "talk about it again", "My yes or no", "Edit"}
AMONG_THEM |= {"Take this topic", "I bring it", "Merge", "Close it for good", "Hand over to Grace", "Carry it on", "+1"}
AMONG_THEM |= {
    "More for the facilitator",
    "Two topics are one",
    "Dots of 1 in the room",
    "Propose a topic",
    "take my dots back",
}
AMONG_THEM |= {"Without my name", "Single keys act on this device", "Queues, a study", "Privacy", "Profile"}


@dataclass
class Measured:
    """What was seen in a meeting, and by name what of it was too small or wider than the screen, and where."""

    seen: set[str] = field(default_factory=set)
    wrong: dict[str, str] = field(default_factory=dict)

    def look(self, where: str, *members: Member) -> None:
        for one in members:
            for width in WIDTHS:
                one.page.set_viewport_size(ViewportSize(width=width, height=HIGH))
                found = one.page.evaluate(PRESSED, TARGET)
                at = f"{where}, {one.person}, {width} px"
                self.seen |= set(found["names"])
                self.wrong |= {name: f"{wide} x {high} ({at})" for name, wide, high in found["small"]}
                self.wrong |= {"the page": f"{found['wide']} wider than the screen ({at})"} if found["wide"] > 0 else {}


@pytest.fixture
def full(
    gathered: Board,
    held: Held,
    clock: Running,
    person: Callable[..., Person],
    join: Callable[..., Person],
    ada: Person,
    grace: Person,
    hedy: Person,
) -> Board:
    """All that there is to press: a talk and promises of the time before, topics that are carried, merged, with a link
    and of nobody, a hand, somebody in the room without a device, and one who is not there."""
    before = held((clock.now() - timedelta(days=42)).date(), Estimates="We dropped them.")
    for one in (ada, hedy):
        Promise.objects.create(board=before, person=one, text="I write it down.")
    joan, _ = join(person("Joan")), join(person("Mary"))
    link = "https://example.org/queues Queues, a study"
    for by, title, hidden, links in [
        (hedy, "Review queues", False, link),
        (ada, "Pay", True, ""),
        (hedy, "Interviews", False, ""),
        (ada, "Hiring", False, ""),
        (grace, "On call", False, ""),
    ]:
        topics.propose(gathered, by=by, title=title, note="", hidden=hidden, key=uuid4(), links=links)
    board.begin(gathered, by=ada, step=0)
    ids = {one.title: one.public_id for one in Topic.objects.filter(board=gathered)}
    tidying.merge(gathered, by=ada, child=ids["Interviews"], parent=ids["Hiring"])
    Topic.objects.filter(public_id=ids["Review queues"]).update(times_carried=3)
    handcounting.seat(gathered, by=ada, person=joan.public_id, there=True)
    attending.hand(gathered, by=hedy, up=True)
    return gathered


def test_everything_that_is_pressed_is_large_enough(
    at_board: Open, full: Board, ada: Person, grace: Person, hedy: Person
) -> None:
    lead, member, keeper = both = at_board(ada), at_board(hedy), at_board(grace, scripts=False)
    two, measured = both[:2], Measured()
    keeper.topic("On call").whole.get_by_role("button", name="1 dot").click()
    measured.look("welcome", *both)
    lead.press("Keys and sound")
    measured.look("keys", lead)
    lead.press("Close")
    for name, phase in (("What came of it", "promises"), ("Dots", "dots")):
        lead.press(name)
        reach(two, phase=phase)
        measured.look(phase, *two)
    lead.press("Count now")
    reach(two, phase="round", box="next")
    measured.look("counted", *two)
    talk(lead, member, measured)
    lead.press("Closing")
    reach(two, phase="closing")
    measured.look("closing", *two)
    assert measured.wrong == {}, "\n".join(f"{name}: {what}" for name, what in measured.wrong.items())
    assert measured.seen >= AMONG_THEM


def reach(members: tuple[Member, ...], **state: str) -> None:
    for one in members:
        one.on(**state)


def talk(lead: Member, member: Member, measured: Measured) -> None:
    """A round whose thumbs are equal, and what is kept of it."""
    two = (lead, member)
    lead.topic("Review queues").whole.get_by_role("button", name="Take this topic").click()
    reach(two, box="sponsor")
    measured.look("sponsor", *two)
    member.press("Over to you")
    reach(two, box="discussion")
    measured.look("discussion", *two)
    lead.look("pressed-discussion")
    lead.press("Enough")
    reach(two, box="thumbs")
    measured.look("thumbs", *two)
    member.press("Up, go on")
    lead.press("Down, move on")
    for one in two:
        expect(one.page.locator("#board")).not_to_have_attribute("data-thumb", "")
    measured.look("thumbs given", *two)
    lead.press("Count now")
    reach(two, box="decision")
    measured.look("decision", *two)
    lead.press("Move on")
    reach(two, box="takeaway")
    measured.look("takeaway", *two)
    member.write("What do we take along?", "Two a day.")
    member.press("Keep it")
    reach(two, box="next")
    measured.look("next", *two)
