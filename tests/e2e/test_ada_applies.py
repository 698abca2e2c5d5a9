"""Ada applies on her phone, by keyboard alone: she leaves half-way, comes back by the letter, and confirms her code."""

from __future__ import annotations

import re
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE, Mailbox, Somebody, link_in, text_of

ADDRESS = "ada.king@example.org"
PATIENT = 3200  # milliseconds; nobody types faster


def test_ada_applies(somebody: Callable[..., Somebody], mailbox: Mailbox) -> None:
    ada = somebody(PHONE)
    begin(ada)
    tell_the_work(ada)
    leave_for_later(ada, mailbox)
    ada = somebody(PHONE)  # another device
    come_back(ada, mailbox)
    find_the_place(ada)
    paint_the_hours(ada)
    say_what_to_talk_about(ada)
    say_what_matters(ada)
    check_and_send(ada)
    confirm(ada, mailbox)


def begin(ada: Somebody) -> None:
    page = ada.page
    page.goto("/")
    reach(page, page.get_by_role("link", name=re.compile("^Apply")).first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Apply")).to_be_visible()
    look(ada, "apply-1-you")
    page.wait_for_timeout(PATIENT)
    press(page, "Go on")
    expect(page.locator(".errors")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    check_accessibility(ada)
    write(page, "Name to use", "Ada King")
    write(page, "E-mail", ADDRESS)
    press(page, "Go on")


def tell_the_work(ada: Somebody) -> None:
    page = ada.page
    expect(page.get_by_role("heading", name="Your work")).to_be_visible()
    look(ada, "apply-2-work")
    choose(page, page.get_by_label("CTO or founder-CTO"))
    reach(page, page.get_by_label("People in your part of the organisation"))
    page.keyboard.type("10-29")
    write(page, "Company", "Analytical Engines")
    write(page, "Keep me apart from", "Difference Machines")


def leave_for_later(ada: Somebody, mailbox: Mailbox) -> None:
    press(ada.page, "Save and come back later")
    expect(ada.page.get_by_role("heading", name="Saved")).to_be_visible()
    look(ada, "apply-8-saved")


def come_back(ada: Somebody, mailbox: Mailbox) -> None:
    page = ada.page
    page.goto(link_in(mailbox.wait_for(ADDRESS, "back to your application"), "/drafts/"))
    expect(page.get_by_role("heading", name="waits for you")).to_be_visible()
    look(ada, "apply-9-return")
    press(page, "Go on where I left")
    expect(page.get_by_label("Company", exact=True)).to_have_value("Analytical Engines")
    press(page, "Go on")


def find_the_place(ada: Somebody) -> None:
    page = ada.page
    expect(page.get_by_role("heading", name="Where and how")).to_be_visible()
    choose(page, page.get_by_label("in person preferred"))
    city = page.get_by_role("combobox", name="City or area")
    reach(page, city)
    page.keyboard.type("San Fr", delay=40)
    expect(page.get_by_role("option").first).to_contain_text("San Francisco")
    look(ada, "apply-3-where")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(city).to_have_value("San Francisco, CA, United States")
    reach(page, page.get_by_label("Time zone"))
    page.keyboard.type("America/Los A")
    press(page, "Go on")


def paint_the_hours(ada: Somebody) -> None:
    """Monday to Thursday early is good, Friday at lunch possible; then one half hour is taken away again."""
    page = ada.page
    expect(page.get_by_role("heading", name="Your hours")).to_be_visible()
    monday = page.get_by_label("Monday early, 07:00 to 09:00: good")
    reach(page, monday)
    for key in ("Space", "ArrowRight", "Space", "ArrowRight", "Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
    reach(page, page.get_by_role("button", name="Possible", exact=True), "Shift+Tab")
    page.keyboard.press("Space")
    reach(page, page.locator("td > [name=possible][tabindex='0']"))
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "Space"):
        page.keyboard.press(key)
    reach(page, page.get_by_label("half hours, early"), "Shift+Tab")
    page.keyboard.press("Space")
    reach(page, page.get_by_role("button", name="Good", exact=True), "Shift+Tab")
    page.keyboard.press("Space")
    half = page.get_by_label("Monday 08:30 to 09:00: good")
    expect(half).to_be_checked()
    half.focus()
    page.keyboard.press("Space")
    expect(monday).not_to_be_checked()
    expect(page.get_by_label("Friday lunch, 12:00 to 14:00: possible")).to_be_checked()
    look(ada, "apply-4-hours")
    choose(page, page.get_by_label("every month"))
    press(page, "Go on")


def say_what_to_talk_about(ada: Somebody) -> None:
    page = ada.page
    expect(page.get_by_role("heading", name="Topics and wishes")).to_be_visible()
    look(ada, "apply-5-wishes")
    for topic in ("Hiring", "Architecture"):
        choose(page, page.get_by_label(topic, exact=True))
    press(page, "Go on")


def say_what_matters(ada: Somebody) -> None:
    page = ada.page
    expect(page.get_by_role("heading", name="Not the only one")).to_be_visible()
    look(ada, "apply-6-alone")
    choose(page, page.get_by_role("checkbox", name="first language"))
    press(page, "Go on")
    expect(page.locator(".errors")).to_contain_text("Tick this, or empty the answers above it.")
    choose(page, page.get_by_label("Use these answers"))
    press(page, "Go on")


def check_and_send(ada: Somebody) -> None:
    page = ada.page
    expect(page.get_by_role("heading", name="Check and send")).to_be_visible()
    expect(page.get_by_text("Mon 07:00–08:30; Tue 07:00–09:00; Wed 07:00–09:00; Thu 07:00–09:00")).to_be_visible()
    look(ada, "apply-7-check")
    for words in ("I accept the code of conduct", "You may keep what I wrote", "I come to five of six"):
        choose(page, page.get_by_label(words))
    press(page, "Send, and get my code")


def confirm(ada: Somebody, mailbox: Mailbox) -> None:
    page = ada.page
    expect(page.get_by_role("heading", name="One code")).to_be_visible()
    look(ada, "apply-confirm")
    code = re.search(r"^\s+([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", text_of(mailbox.wait_for(ADDRESS, "one code")), re.MULTILINE)
    assert code
    write(page, "Code", code[1])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Where I am")).to_be_visible()
    expect(page.get_by_text("In review").first).to_be_visible()
    check_accessibility(ada)


def reach(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """As somebody without a mouse does: from stop to stop until it is there."""
    expect(wanted.first).to_be_attached()
    for _ in range(90):
        if wanted.first.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"The keyboard does not lead to {wanted}")


def choose(page: Page, wanted: Locator) -> None:
    """A tick; or one of several, to which arrows lead from whichever the tab key reaches."""
    if wanted.get_attribute("type") == "radio":
        name = wanted.get_attribute("name")
        reach(page, page.locator(f"input[name={name}]:focus, input[name={name}]:checked, input[name={name}]"))
        for _ in range(12):
            if wanted.is_checked():
                return
            page.keyboard.press("ArrowDown" if page.locator(f"input[name={name}]:checked").count() else "Space")
        raise AssertionError(f"No arrow leads to {wanted}")
    reach(page, wanted)
    page.keyboard.press("Space")


def write(page: Page, label: str, words: str) -> None:
    reach(page, page.get_by_label(label, exact=True).or_(page.get_by_label(re.compile(f"^{label} \\(optional\\)$"))))
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


def press(page: Page, name: str) -> None:
    reach(page, page.get_by_role("button", name=name))
    page.keyboard.press("Enter")


def look(ada: Somebody, name: str) -> None:
    """A picture for people, and what axe says."""
    ada.picture(name)
    check_accessibility(ada)


def check_accessibility(person: Somebody) -> None:
    """No violation of WCAG 2.2 AA that axe can see."""
    found = Axe().run(person.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    seen = [f"{one['id']}: {node['html'][:160]}" for one in found.response["violations"] for node in one["nodes"]]
    assert seen == [], "\n".join([person.page.url, *seen])
