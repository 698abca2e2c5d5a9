"""One organizer composes 86 people, moves one by keys alone, takes it back, locks a group, and solves again; then asks
a group, of which two say no, and it is sealed with who stood by."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.conftest import PHONE, ROOT, Mailbox, Somebody, link_in

ORGANIZER = "organizer@roundtable.example"
SMALL_SCREEN = ViewportSize(width=1366, height=768)


def test_olga_composes_by_hand(somebody: Callable[..., Somebody], mailbox: Mailbox, tmp_path: Path) -> None:
    olga = somebody(SMALL_SCREEN)
    olga.sign_in(ORGANIZER, to="/admin/")
    fill_the_pool(olga.page, tmp_path)
    compose(olga.page)
    look_around(olga)
    move_by_keys(olga.page)
    drag(olga.page)
    lock_and_solve_again(olga.page)
    another_organizer(olga, somebody)
    asked = ask_a_group(olga.page, mailbox)
    answer(somebody, mailbox, asked[:2], "Not now")
    followers = ask_who_stands_by(olga, mailbox, asked)
    before = len(mailbox.messages)
    answer(somebody, mailbox, [*asked[2:], *followers], "Yes, I would like to join")
    sealed(olga.page, mailbox, [*asked[2:], *followers], since=before)


def fill_the_pool(page: Page, folder: Path) -> None:
    """The 86 of the sample under addresses of their own, and everybody who can be is accepted."""
    sheet = folder / "applicants.csv"
    sheet.write_text(
        (ROOT / "samples" / "applicants-86.csv").read_text().replace("@example.org", "@composed.example.org")
    )
    page.goto("/admin/members/program/twin-cities/import/")
    page.locator("input[type=file]").set_input_files(sheet)
    for button in ("Look at its columns", "Show the report", "Take it in"):
        page.get_by_role("button", name=button).click()
    expect(page.locator("main .lede")).to_contain_text("86 to review")
    for _ in range(10):
        before = page.locator("main .lede").inner_text()
        if page.locator("input[name=chosen]").count() == 0:
            return
        page.locator("[data-all]").check()
        page.get_by_role("button", name="Accept ticked").click()
        page.wait_for_load_state()
        if page.locator("main .lede").inner_text() == before:
            return


def compose(page: Page) -> None:
    page.goto("/admin/groups/composition/compose/twin-cities/")
    page.get_by_label("Time to search").fill("5")
    page.get_by_role("button", name="Compose").click()
    expect(page.get_by_role("heading", name="Groups on paper")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Open the board").click()
    expect(page.get_by_role("heading", name="In the pool")).to_be_visible()


def look_around(olga: Somebody) -> None:
    accessible(olga.page)
    olga.picture("composition-board")
    olga.page.reload()  # axe leaves empty style attributes behind


def move_by_keys(page: Page) -> None:
    """Pick up, choose, hear what it would break, drop, undo: no hand leaves the keys."""
    first = page.locator(".draft [data-pick]").first
    first.focus()
    page.keyboard.press("ArrowDown")
    who = page.evaluate("document.activeElement.closest('[data-person]').id")
    home = page.locator(f".seats:has(#{who})").get_attribute("data-group")
    page.keyboard.press("Enter")
    expect(page.locator("#target")).to_be_focused()
    expect(page.locator("#verdict")).to_contain_text("In the pool")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#verdict")).to_contain_text("In group")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text(re.compile(r"is in group \d+ now. Quality"))
    expect(page.locator(f"#{who} [data-pick]")).to_be_focused()
    expect(page.locator(f".seats[data-group='{home}'] #{who}")).to_have_count(0)
    page.keyboard.press("u")
    expect(page.locator("#said")).to_contain_text("Taken back: moved")
    expect(page.locator(f".seats[data-group='{home}'] #{who}")).to_have_count(1)


def drag(page: Page) -> None:
    """The same by mouse, and back by the button."""
    page.locator(".draft [data-person]").first.drag_to(page.locator(".waiting .seats"))
    expect(page.locator("#said")).to_contain_text("is in the pool now")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#said")).to_contain_text("Taken back: moved")


def lock_and_solve_again(page: Page) -> None:
    """A person waits, a group is locked: solving again seats the one and leaves the other as it is."""
    locked = page.locator(".draft").last
    people = locked.locator("[data-person]").count()
    number = locked.get_attribute("id") or ""
    locked.get_by_role("button", name="Lock").click()
    expect(page.locator("#said")).to_contain_text("is locked")
    page.get_by_role("button", name="Solve again around the locks").click()
    expect(page.get_by_role("heading", name="Groups on paper")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Who moved").click()
    expect(page.get_by_role("heading", name="Who moved")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Board").click()
    again = page.locator(f"#{number}")
    expect(again.get_by_text("locked")).to_be_visible()
    assert again.locator("[data-person]").count() >= people


def another_organizer(olga: Somebody, somebody: Callable[..., Somebody]) -> None:
    """The same board in a second window, on a phone: what is done there is told here."""
    second = somebody(PHONE)
    second.sign_in(ORGANIZER, to="/admin/")
    second.page.goto(olga.page.url)
    second.page.locator(".draft").first.get_by_role("button", name="Lock").click()
    expect(second.page.locator("#said")).to_contain_text("is locked")
    expect(olga.page.locator("#said")).to_contain_text("The board has changed")
    olga.page.get_by_role("link", name="Show it as it is now").click()
    expect(olga.page.locator(".draft").first.get_by_text("locked")).to_be_visible()


def ask_a_group(page: Page, mailbox: Mailbox) -> list[str]:
    """A large group that one no does not break; one of it is kept back by keys, the others get a letter each."""
    page.get_by_role("link", name="Reasons and letters").click()
    robust = page.locator(".draft").filter(has_not_text="would break a rule").all()
    size, number = max((one.locator(".person").count(), one.get_by_role("heading").inner_text()) for one in robust)
    page.get_by_role("link", name="Open the board").click()
    draft = page.locator(".draft", has=page.get_by_role("heading", name=number, exact=True))
    if draft.get_attribute("data-state") == "locked":
        draft.get_by_role("button", name="Unlock").click()
        expect(page.locator("#said")).to_contain_text("is unlocked")
    draft.locator("[data-pick]").last.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_contain_text("In the pool")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("is in the pool now")
    before = len(mailbox.messages)
    draft.get_by_role("button", name="Ask these people").click()
    expect(page.get_by_text("Everybody in this group has been asked")).to_be_visible()
    return mailbox.wait_until("would you join", size - 1, after=before)


def answer(somebody: Callable[..., Somebody], mailbox: Mailbox, addresses: list[str], words: str) -> None:
    """One after the other, each by the link of their newest letter, without signing in."""
    for address in addresses:
        person = somebody(PHONE)
        person.page.goto(link_in(mailbox.wait_for(address, "lease answer by"), "/invitations/"))
        person.page.get_by_role("radio", name=words).check()
        person.page.get_by_role("button", name="Send my answer").click()
        expect(person.page.get_by_role("status").first).to_contain_text("You said")


def ask_who_stands_by(olga: Somebody, mailbox: Mailbox, asked: list[str]) -> list[str]:
    """After two noes the organizer presses until nobody more is proposed; who is asked was told nothing before."""
    page, before, followers = olga.page, len(mailbox.messages), 0
    page.reload()
    accessible(page)
    olga.picture("stand-by")
    chair = page.locator(".notice").filter(has_text="A chair is free")
    expect(chair).to_be_visible()
    while chair.is_visible():
        followers += chair.locator("bdi").count()
        page.get_by_role("button", name="Ask from stand-by").click()
        expect(page.get_by_text("Asked, with three days to answer.")).to_be_visible()
    invited = mailbox.wait_until("a chair came free", followers, after=before)
    assert (len(invited), set(invited) & set(asked)) == (followers, set())
    return invited


def sealed(page: Page, mailbox: Mailbox, members: list[str], *, since: int) -> None:
    """With the last yes it is a group: who said no hears nothing of it."""
    page.reload()
    expect(page.locator(".draft .badge").filter(has_text="sealed").first).to_be_visible()
    assert mailbox.wait_until("your circle is sealed", len(members), after=since) == sorted(members)


def accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
