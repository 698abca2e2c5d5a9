"""Between two meetings: a turn is taken and swapped, the next meeting gets a theme and a topic, and whoever organizes
reads how the circles are.
"""

from __future__ import annotations

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.conftest import Mailbox, Somebody

ORGANIZER = "organizer@roundtable.example"
NARROW = ViewportSize(width=360, height=760)
SHEET = ViewportSize(width=718, height=1047)  # A4 less half an inch on each side
NEXT = """
from meetings.models.meeting import Meeting
meeting = Meeting.objects.filter(group__roster="fixed").order_by("starts_at").first()
print(meeting.public_id, meeting.roles.get(role="facilitator").person.email)
"""
OFFERED = """
from meetings.models.rota import RoleOffer
print(*RoleOffer.objects.values_list("to__email", flat=True))
"""


def test_between_two_meetings(somebody: Callable[..., Somebody], mailbox: Mailbox, manage: Callable[..., str]) -> None:
    meeting, leader = manage("shell", "-v0", "-c", NEXT).split()
    first = somebody(NARROW)
    first.sign_in(leader, to=f"/your-turn/{meeting}/")
    take_it_and_ask(first)
    second = somebody()
    second.sign_in(manage("shell", "-v0", "-c", OFFERED).strip(), to=f"/your-turn/{meeting}/")
    take_it_over(second)
    propose(first, meeting)
    agree(second, meeting)
    bring_a_topic(second.page, meeting)
    olga = somebody()
    olga.sign_in(ORGANIZER, to="/admin/groups/group/health/")
    how_they_live(olga)


def take_it_and_ask(leader: Somebody) -> None:
    page = leader.page
    page.get_by_role("button", name="Yes, I do it").click()
    expect(page.get_by_text("Thank you. It is yours.")).to_be_visible()
    accessible(page, "turn")
    page.get_by_role("button", name="Ask to take it").first.click()
    expect(page.get_by_text("is asked to take it; until then it is yours.")).to_be_visible()


def take_it_over(other: Somebody) -> None:
    page = other.page
    expect(page.get_by_text("asks you to lead the meeting.")).to_be_visible()
    accessible(page, "offered turn")
    page.get_by_role("button", name="Yes, I lead the meeting").click()
    expect(page.get_by_text("Thank you. It is yours, and whoever asked is told.")).to_be_visible()
    page.get_by_role("link", name="The rota of the season").click()
    expect(page.get_by_role("heading", name="Whose turn it is")).to_be_visible()
    accessible(page, "rota")


def propose(member: Somebody, meeting: str) -> None:
    """On a phone, and by who does not lead any more."""
    page = member.page
    page.goto(f"/meetings/{meeting}/")
    page.get_by_text("Propose what it is about").click()
    page.get_by_role("textbox", name="What it is about").fill("Metrics that do not hurt")
    page.get_by_label("Format").select_option(label="Deep dive")
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_role("heading", name="Metrics that do not hurt")).to_be_visible()
    accessible(page, "meeting, proposed")


def agree(leader: Somebody, meeting: str) -> None:
    page = leader.page
    page.goto(f"/meetings/{meeting}/")
    page.get_by_role("button", name="Take it").click()
    expect(page.locator("#agree")).to_contain_text("Metrics that do not hurt, deep dive.")
    accessible(page, "meeting, agreed")


def bring_a_topic(page: Page, meeting: str) -> None:
    page.goto(f"/meetings/{meeting}/board/")
    page.get_by_text("Propose a topic for another time").click()  # folded: a deep dive has one case
    page.get_by_label("What would you like to talk about?").fill("What we count and why")
    page.get_by_label("Links").fill("https://dora.dev/guides/ Guides")
    page.get_by_role("button", name="Put it on the board").click()
    link = page.locator(".topic").filter(has_text="What we count and why").get_by_role("link", name="Guides")
    expect(link).to_have_attribute("href", "https://dora.dev/guides/")
    accessible(page, "board")


def how_they_live(olga: Somebody) -> None:
    """From health to the circles' lives, the quarter and the brief."""
    page = olga.page
    accessible(page, "health")
    on_paper(page, "health")
    page.get_by_role("link", name="how they live").or_(
        page.get_by_role("link", name="How the circles live")
    ).first.click()
    expect(page.get_by_role("heading", name="How long circles live")).to_be_visible()
    accessible(page, "lives")
    on_paper(page, "lives")
    page.get_by_role("link", name="The last quarter in pictures").click()
    page.get_by_role("link", name="The quarter after").click()
    expect(page.get_by_role("heading", name="Which circles live")).to_be_visible()
    for size in (NARROW, page.viewport_size or NARROW):
        page.set_viewport_size(size)
        accessible(page, f"quarter at {size['width']}")
    on_paper(page, "quarter")
    olga.picture("quarter")
    page.get_by_role("link", name="Health", exact=True).first.click()
    page.get_by_role("link", name="Weekly brief").click()
    expect(page.get_by_role("heading", name="Now")).to_be_visible()
    accessible(page, "brief")


def on_paper(page: Page, name: str) -> None:
    """Nothing is cut at the edge of a sheet."""
    kept = page.viewport_size or NARROW
    page.set_viewport_size(SHEET)
    page.emulate_media(media="print")
    edges = page.locator(".scroll > *").evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
    assert max(edges, default=0) <= SHEET["width"], name
    page.emulate_media(media="screen")
    page.set_viewport_size(kept)


def accessible(page: Page, name: str) -> None:
    """Nothing that axe complains about, and nothing wider than the screen."""
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], name
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, name
    page.reload()  # axe leaves empty style attributes behind
