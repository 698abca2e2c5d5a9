"""One sitting: an organizer decides all 86 applications of a spreadsheet, and no hand leaves the keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.conftest import ROOT, Somebody

ORGANIZER = "organizer@roundtable.example"
SMALL_SCREEN = ViewportSize(width=1366, height=768)
REVIEW = "/admin/members/application/review/"


def test_olga_decides_86(somebody: Callable[..., Somebody], tmp_path: Path) -> None:
    olga = somebody(SMALL_SCREEN)
    olga.sign_in(ORGANIZER, to="/admin/")
    take_in(olga, tmp_path)
    page = olga.page
    page.goto(f"{REVIEW}?program=twin-cities")
    everything_fits(page)
    picture(olga, "review-small")
    accessible(page)
    page.reload()  # axe leaves empty style attributes behind
    decided = sit_down(page)
    assert sum(decided.values()) == 86
    assert decided["accepted"] >= 60
    page.goto(f"{REVIEW}?program=twin-cities")
    expect(page.get_by_text("Nothing here")).to_be_visible()
    look_back(olga)


def take_in(olga: Somebody, folder: Path) -> None:
    """The same 86 people under addresses of their own, so that no other story meets them."""
    sheet = folder / "applicants.csv"
    sheet.write_text(
        (ROOT / "samples" / "applicants-86.csv").read_text().replace("@example.org", "@decided.example.org")
    )
    page = olga.page
    page.goto("/admin/members/program/twin-cities/import/")
    page.locator("input[type=file]").set_input_files(sheet)
    page.get_by_role("button", name="Look at its columns").click()
    page.get_by_role("button", name="Show the report").click()
    page.get_by_role("button", name="Take it in").click()
    expect(page.locator("main .lede")).to_contain_text("86 to review", timeout=60_000)  # a worker takes it in


def everything_fits(page: Page) -> None:
    """List, card and buttons at once: the decision is never below the edge of a small screen."""
    for button in ("Accept", "Hold and ask", "Decline", "Score"):
        box = page.locator("#card").get_by_text(button).first.bounding_box()
        assert box
        assert box["y"] + box["height"] <= SMALL_SCREEN["height"], button


def sit_down(page: Page) -> dict[str, int]:
    """a for whoever can be accepted, d and a number for some, w for who has something open; all without a page load."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(f"{request.method} {request.resource_type}"))
    decided = {"accepted": 0, "declined": 0, "held": 0}
    first_try(page)
    for number in range(86):
        before = page.locator("#card article").get_attribute("data-application")
        act = "declined" if number % 10 == 9 else "held" if open_question(page) else "accepted"
        with page.expect_response(lambda response: response.request.method == "POST"):
            for key in {"accepted": "a", "held": "w", "declined": "d1"}[act]:
                page.keyboard.press(key)
        decided[act] += 1
        expect(page.locator("#said")).to_contain_text(f"1 {act}")
        if number < 85:
            expect(page.locator(f'#card article:not([data-application="{before}"])')).to_be_visible()
    assert requests.count("POST xhr") == 86 + 1  # each decision is one, and so is the score
    assert [kind for kind in requests if kind.endswith("document")] == []
    return decided


def first_try(page: Page) -> None:
    """A score by keys; and a decision taken back leaves everything as it was."""
    name = page.locator("#card h2").inner_text()
    for key in "s212":
        page.keyboard.press(key)
    expect(page.locator("#said")).to_contain_text("Scored 5 of 6")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("#card h2")).not_to_have_text(name)
    assert re.search(r"card=", page.url)
    page.keyboard.press("k")
    expect(page.locator("#card h2")).to_have_text(name)


def open_question(page: Page) -> bool:
    return page.locator("#card").get_by_text(re.compile("place unclear|agreement missing")).count() > 0


def look_back(olga: Somebody) -> None:
    """Undo from the list of what was just decided; the pictures; a letter in other words."""
    page = olga.page
    page.goto(f"{REVIEW}?program=twin-cities&stage=pooled")
    page.keyboard.press("u")
    expect(page.locator("#said")).to_contain_text("1 taken back")
    expect(page.locator("#card .badge").last).to_contain_text("submitted")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.keyboard.press("a")
    page.goto("/admin/members/application/pictures/twin-cities/")
    expect(page.get_by_role("heading", name="Place and time zone")).to_be_visible()
    picture(olga, "pictures")
    accessible(page)
    page.goto("/admin/members/application/duplicates/twin-cities/")
    picture(olga, "duplicates")
    accessible(page)


def picture(olga: Somebody, name: str) -> None:
    folder = ROOT / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    olga.page.screenshot(path=folder / f"{name}.png", full_page=name != "review-small")


def accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
