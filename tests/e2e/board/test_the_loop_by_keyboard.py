"""Ada leads a meeting by keys alone, Grace follows on a phone: check-in, two topics that become one, dots, thumbs, the
close. Each part of it is looked at by axe, and nothing on the page is wider than the screen."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from meetings import topics
from meetings.models.board import Board, Topic
from meetings.models.takeaway import Promise, Takeaway
from members.models.person import Person
from tests.e2e.board.conftest import PHONE, Open, look, on

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_a_meeting_by_keys(at_board: Open, gathered: Board, ada: Person, grace: Person, hedy: Person) -> None:
    Board.objects.filter(pk=gathered.pk).update(check_in=True)
    for number in range(7):
        by = [ada, grace, hedy][number % 3]
        topics.propose(gathered, by=by, title=f"Topic {number}", note="", hidden=number == 6, key=uuid4())
    lead, phone = at_board(ada).page, at_board(grace, PHONE).page
    look(lead, "open")
    stay(lead, phone)
    check_in(lead, phone)
    merge(lead)
    vote(lead, phone)
    talk(lead, phone)
    close(lead, phone)
    assert Promise.objects.get().person == grace
    assert Takeaway.objects.count() == 1


def stay(lead: Page, phone: Page) -> None:
    """What others do leaves the focus at the link where it was, and not at another one that looks alike."""
    edit = lead.get_by_role("link", name="Edit").nth(1)
    edit.focus()
    there = edit.get_attribute("href")
    for word in ("Lower my hand", "Raise my hand"):
        phone.keyboard.press("h")
        expect(phone.get_by_role("button", name=word)).to_be_visible()
        expect(lead.get_by_text("Hands:")).to_have_count(1 if word.startswith("Lower") else 0)
        assert lead.evaluate("document.activeElement.getAttribute('href')") == there
    lead.locator("h1").evaluate("heading => document.activeElement.blur()")


def check_in(lead: Page, phone: Page) -> None:
    """n begins, n goes on; h raises a hand; the help lists the keys and switches them off."""
    lead.keyboard.press("n")
    on(lead, phase="welcome")
    lead.keyboard.press("?")
    expect(lead.get_by_role("heading", name="Keys and sound")).to_be_visible()
    look(lead, "keys")
    lead.get_by_label("Single keys act on this device").uncheck()
    lead.keyboard.press("Escape")
    lead.keyboard.press("n")
    lead.get_by_role("button", name="Keys and sound").press("Enter")
    lead.get_by_label("Single keys act on this device").check()
    expect(lead.get_by_label("A soft tone at 30 seconds and at time")).not_to_be_checked()
    lead.keyboard.press("Escape")
    on(lead, phase="welcome")
    lead.locator("h1").evaluate("heading => document.activeElement.blur()")
    lead.keyboard.press("n")
    on(lead, phase="check_in")
    lead.keyboard.press("h")
    expect(lead.get_by_role("button", name="Lower my hand")).to_be_visible()
    on(phone, phase="check_in")
    look(phone, "check-in")


def merge(lead: Page) -> None:
    """From the check-in to the dots by the facilitator's own buttons; two topics become one."""
    lead.get_by_text("More for the facilitator").press("Enter")
    lead.get_by_role("button", name="Dots", exact=True).press("Enter")
    on(lead, phase="dots")
    lead.get_by_text("Two topics are one").press("Enter")
    lead.get_by_label("Put").select_option(label="Topic 1")
    lead.get_by_label("into").select_option(label="Topic 0")
    lead.get_by_role("button", name="Merge").press("Enter")
    expect(lead.locator(".topic").filter(has_text="With Topic 1")).to_have_count(1)
    assert Topic.objects.filter(state="merged").count() == 1


def vote(lead: Page, phone: Page) -> None:
    """A number gives a dot to the topic at that place, with Shift it comes back; d is done."""
    lead.locator("h1").evaluate("heading => document.activeElement.blur()")
    place = lead.locator(".topic h3").all_inner_texts().index("Topic 0") + 1
    lead.keyboard.press(f"{place}")
    expect(lead.locator(".budget")).to_contain_text("2 of 3")
    lead.keyboard.press(f"Shift+{place}")
    expect(lead.locator(".budget")).to_contain_text("3 of 3")
    lead.keyboard.press(f"{place}")
    expect(lead.locator(".budget")).to_contain_text("2 of 3")
    expect(phone.locator(".topic").filter(has_text="With Topic 1")).to_have_count(1)
    look(phone, "dots")
    lead.keyboard.press("d")
    expect(lead.locator("[data-own=done]")).to_have_attribute("aria-pressed", "true")
    lead.keyboard.press("e")
    on(lead, phase="round")
    expect(lead.get_by_text("The lot was")).to_be_visible()
    look(lead, "counted")


def talk(lead: Page, phone: Page) -> None:
    """n opens the first topic, e ends the boxes, arrows are thumbs; a moment is for everybody."""
    lead.keyboard.press("n")
    on(lead, box="sponsor")
    lead.keyboard.press("n")
    on(lead, box="discussion")
    on(phone, box="discussion")
    phone.keyboard.press("m")
    expect(phone.locator(".eyebrow").first).to_contain_text("paused")
    expect(lead.get_by_role("button", name="Resume")).to_be_visible()
    lead.keyboard.press("Space")
    expect(lead.get_by_role("button", name="Resume")).to_have_count(0)
    lead.keyboard.press("e")
    on(lead, box="thumbs")
    on(phone, box="thumbs")
    look(phone, "thumbs")
    lead.keyboard.press("ArrowDown")
    expect(lead.locator("#board")).to_have_attribute("data-thumb", "down")
    phone.keyboard.press("ArrowDown")
    expect(phone.locator("#board")).to_have_attribute("data-thumb", "down")
    lead.keyboard.press("e")
    on(lead, box="takeaway")
    look(lead, "takeaway")
    lead.keyboard.press("t")
    lead.keyboard.type("Ask first.")
    lead.get_by_role("button", name="Keep it").press("Enter")
    on(lead, box="next")


def close(lead: Page, phone: Page) -> None:
    """A promise, two numbers, and the board is read only."""
    if not lead.get_by_role("button", name="Closing", exact=True).is_visible():
        lead.get_by_text("More for the facilitator").press("Enter")
    lead.get_by_role("button", name="Closing", exact=True).press("Enter")
    on(phone, phase="closing")
    phone.get_by_label("I promise").fill("I ask them first.")
    phone.get_by_role("button", name="I promise it").press("Enter")
    expect(phone.locator(".topic").filter(has_text="I ask them first.")).to_have_count(1)
    phone.get_by_role("group", name="I could say what I needed").get_by_label("5").check()
    phone.get_by_role("group", name="It was worth my time").get_by_label("4").check()
    phone.get_by_role("button", name="That is how it was").press("Enter")
    expect(phone.locator("p[data-said]")).to_contain_text("Nobody sees your numbers")
    look(phone, "closing")
    lead.locator("#close-now > summary").press("Enter")
    lead.get_by_role("button", name="Close it for good").press("Enter")
    on(lead, phase="closed")
    look(lead, "closed")
