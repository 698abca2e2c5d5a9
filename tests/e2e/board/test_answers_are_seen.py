"""What a press brings is seen where it was pressed, and the focus stays on the board."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect

from meetings import attending, board, topics
from meetings.models.board import Board, Topic
from members.models.person import Person
from tests.e2e.board.conftest import PHONE, Member, Open, Running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def begun(gathered: Board, ada: Person, grace: Person) -> Board:
    for number in range(7):
        by = [ada, grace][number % 2]
        topics.propose(gathered, by=by, title=f"Topic {number}", note="", hidden=False, key=uuid4())
    board.begin(gathered, by=ada, step=0)
    return gathered


def in_sight(part: Locator) -> bool:
    """It is on the screen, and nothing covers its middle; what lets presses through is asked as if it did not."""
    return bool(
        part.evaluate("""(part) => {
          part.style.pointerEvents = "auto";
          const { x, y, width, height } = part.getBoundingClientRect();
          return part.contains(document.elementFromPoint(x + width / 2, y + height / 2));
        }""")
    )


def focused(member: Member) -> str:
    return str(member.page.evaluate("document.activeElement.id || document.activeElement.innerText"))


def test_a_refusal_is_in_sight_and_goes_when_it_is_pressed(at_board: Open, begun: Board, hedy: Person) -> None:
    phone = at_board(hedy, PHONE)
    phone.unfold("Propose a topic")
    phone.page.locator("#propose").get_by_label("What would you like to talk about?").fill("Links")
    phone.page.locator("#propose").get_by_label("Links").fill("javascript:alert(1) Look")
    phone.press("Put it on the board")
    refusal = phone.page.locator("[data-refusal]")
    expect(refusal).to_contain_text("https")
    assert in_sight(refusal)
    refusal.click()
    expect(refusal).to_be_hidden()


def test_what_was_done_is_said_for_the_eye_too(at_board: Open, begun: Board, ada: Person) -> None:
    lead = at_board(ada)
    lead.unfold("Two topics are one")
    lead.page.get_by_label("Put").select_option(label="Topic 1")
    lead.page.get_by_label("into").select_option(label="Topic 0")
    lead.press("Merge")
    told = lead.page.locator("[data-told]")
    expect(told).to_contain_text("Merged.")
    assert in_sight(told)
    expect(lead.page.locator("#tidy")).not_to_have_attribute("open", "")
    assert Topic.objects.filter(state="merged").count() == 1


def test_the_focus_stays_on_the_board_when_its_button_goes(at_board: Open, begun: Board, ada: Person) -> None:
    lead = at_board(ada)
    lead.page.get_by_role("button", name="A moment, please").press("Enter")
    expect(lead.page.get_by_role("button", name="Resume")).to_be_visible()
    assert focused(lead) == "now-title"
    lead.page.keyboard.press("Tab")
    assert focused(lead) != "now-title"


def test_a_question_leaves_room_for_who_comes_late_and_for_who_writes(
    at_board: Open, begun: Board, clock: Running, ada: Person, grace: Person, hedy: Person
) -> None:
    attending.gone(begun, by=hedy)
    late, keeper, lead = at_board(hedy, PHONE), at_board(grace), at_board(ada)
    board.open_topic(begun, by=ada, step=Board.objects.get().step, topic=Topic.objects.earliest("pk").public_id)
    keeper.unfold("Propose a topic")
    keeper.page.locator("#propose").get_by_label("What would you like to talk about?").focus()
    for _ in range(2):
        board.enough(begun, by=ada, step=Board.objects.get().step)
    for one in (late, keeper, lead):
        one.on(box="thumbs")
    assert in_sight(late.page.get_by_role("button", name="I am here"))
    assert in_sight(keeper.page.locator("#propose").get_by_label("What would you like to talk about?"))
    assert in_sight(lead.page.get_by_role("button", name="Count now"))
    late.press("I am here")
    late.on(box="thumbs")
    expect(late.page.locator(".prompt")).to_have_css("position", "fixed")
    keeper.page.locator("h1").evaluate("heading => document.activeElement.blur()")
    expect(keeper.page.locator(".prompt")).to_have_css("position", "fixed")
