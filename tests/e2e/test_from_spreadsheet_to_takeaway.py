"""The story of the README: one organizer, 86 applications, one group, its first meeting, and what it keeps."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from axe_playwright_python.sync_playwright import Axe
from icalendar import Calendar
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import PHONE, ROOT, Mailbox, Somebody, link_in, text_of

ORGANIZER = "organizer@roundtable.example"
TOPIC, OTHER_TOPIC = "Deleting dead code was time well spent", "The first time one decides what ten people do"
TAKEAWAY = "Count what nobody has to read any more."


def test_the_whole_job(somebody: Callable[..., Somebody], mailbox: Mailbox) -> None:
    olga = somebody()
    olga.sign_in(ORGANIZER, to="/admin/")
    import_the_spreadsheet(olga)
    review(olga)
    since = len(mailbox.messages)
    invited = compose_and_release(olga, mailbox)
    members = consent(somebody, mailbox, invited)
    seal(olga, mailbox, invited, since)
    answer_from_the_letter(somebody, mailbox, invited[0])
    meeting = meet(members)
    keep(members[0], meeting)
    stay_outside(olga, somebody, meeting)


def import_the_spreadsheet(olga: Somebody) -> None:
    page = olga.page
    page.goto("/admin/members/program/demo/import/")
    page.locator("input[type=file]").set_input_files(ROOT / "samples" / "applicants-86.csv")
    page.get_by_role("button", name="Look at its columns").click()
    check_accessibility(olga)
    page.get_by_role("button", name="Show the report").click()
    expect(page.locator(".tile").first).to_contain_text("86")
    olga.picture("import")
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_text("86").first).to_be_visible()


def review(olga: Somebody) -> None:
    page = olga.page
    page.goto("/admin/members/application/review/?stage=submitted")
    expect(page.get_by_text("86 to review")).to_be_visible()
    olga.picture("review")
    check_accessibility(olga)
    for _ in range(10):
        before = page.locator("main .lede").inner_text()
        if page.locator("input[name=chosen]").count() == 0:
            break
        page.locator("[data-all]").check()
        page.get_by_role("button", name="Accept ticked").click()
        page.wait_for_load_state()
        if page.locator("main .lede").inner_text() == before:
            break
    pooled = re.search(r"(\d+) in the pool", page.locator("main .lede").inner_text())
    assert pooled
    assert int(pooled[1]) >= 60


def compose_and_release(olga: Somebody, mailbox: Mailbox) -> list[str]:
    """The addresses of the people of the largest group on paper, all of them asked."""
    page = olga.page
    page.goto("/admin/groups/composition/compose/demo/")
    page.get_by_label("Time to search").fill("10")
    page.get_by_role("button", name="Compose").click()
    expect(page.get_by_role("heading", name="Groups on paper")).to_be_visible(timeout=60_000)
    olga.picture("composition")
    check_accessibility(olga)
    draft = page.locator(".draft").filter(has_text="by video").first
    names = draft.locator(".person strong").all_inner_texts()
    before = len(mailbox.messages)
    draft.get_by_role("button", name="Ask these people").click()
    expect(page.get_by_text("Everybody in this group has been asked")).to_be_visible()
    return mailbox.wait_until("would you join", len(names), after=before)


def consent(somebody: Callable[..., Somebody], mailbox: Mailbox, invited: list[str]) -> list[Somebody]:
    """Four come with browsers of their own; the others answer one after the other."""
    people = []
    for number, address in enumerate(invited):
        person = somebody(PHONE) if number == 1 else somebody()
        letter = mailbox.wait_for(address, "would you join")
        person.page.goto(link_in(letter, "/invitations/"))
        expect(person.page.get_by_role("heading", name="Would you join this group?")).to_be_visible()
        assert not [other for other in invited if other != address and other in person.page.content()]
        if number == 0:
            person.picture("invitation")
            check_accessibility(person)
        person.page.get_by_label("Yes, I would like to join").check()
        person.page.get_by_role("button", name="Send my answer").click()
        expect(person.page.get_by_role("status").first).to_contain_text("You said yes")
        person.address = address
        people.append(person)
    return people


def seal(olga: Somebody, mailbox: Mailbox, invited: list[str], since: int) -> None:
    """It sealed by itself with the last yes; the organizer sees it, and pressing again does nothing twice."""
    olga.page.reload()
    expect(olga.page.locator(".draft .badge").filter(has_text="sealed").first).to_be_visible()
    assert mailbox.wait_until("Invitation: Roundtable", len(invited), after=since) == invited
    assert mailbox.wait_until("your circle is sealed", len(invited), after=since) == invited
    for address in invited:
        check_calendar(mailbox, address, invited)


def check_calendar(mailbox: Mailbox, address: str, invited: list[str]) -> None:
    """One event, one attendee, in UTC; the attachment holds the same bytes, and no other member's address is there."""
    message = mailbox.wait_for(address, "Invitation: Roundtable")
    parts = [part for part in message.walk() if part.get_content_type() in ("text/calendar", "application/ics")]
    alternative, attachment = (bytes(part.get_payload(decode=True)) for part in parts)
    assert alternative == attachment
    calendar = Calendar.from_ical(alternative)
    (event,) = calendar.events
    assert (str(calendar["METHOD"]), str(event["ATTENDEE"]).lower()) == ("REQUEST", f"mailto:{address}")
    assert event.start > datetime.now(UTC)
    whole = message.as_string() + alternative.decode() + text_of(message)
    assert [other for other in invited if other != address and other in whole.lower()] == []


def answer_from_the_letter(somebody: Callable[..., Somebody], mailbox: Mailbox, address: str) -> None:
    reader = somebody(PHONE)
    reader.page.goto(link_in(mailbox.wait_for(address, "Invitation: Roundtable"), "/seats/"))
    reader.picture("seat")
    check_accessibility(reader)
    reader.page.get_by_label("I am coming").check()
    reader.page.get_by_role("button", name="Save my answer").click()
    expect(reader.page.get_by_role("status").first).to_contain_text("coming")


def meet(members: list[Somebody]) -> str:
    """The address of the board, after one whole round on it."""
    open_the_board(members)
    lead = next(person for person in members if leads(person))
    sponsor, other = [person for person in members if person is not lead][:2]
    propose(sponsor, TOPIC)
    propose(other, OTHER_TOPIC)
    for person in members:
        expect(person.page.get_by_role("heading", name=TOPIC)).to_be_visible()
        person.page.get_by_role("button", name="I am here").click()
    expect(lead.page.locator("#here-title ~ .seats .seat")).to_have_count(len(members))
    lead.picture("board-before")
    begin(lead)
    vote(members, lead, sponsor)
    talk(members, lead, sponsor)
    return lead.page.url


def open_the_board(members: list[Somebody]) -> None:
    """Each from the letter that says the group is sealed: sign in, the group's page, the meeting, the board."""
    for number, person in enumerate(members):
        sealed = person.mailbox.wait_for(person.address, "your circle is sealed")
        person.sign_in(person.address, to=link_in(sealed, "/groups/"))
        expect(person.page.get_by_role("heading", name="Who we are")).to_be_visible()
        expect(person.page.locator(".people .person")).to_have_count(len(members))
        if number == 0:
            person.picture("group")
            check_accessibility(person)
        person.page.get_by_role("link", name="Open the meeting").click()
        if number == 0:
            person.picture("meeting")
            check_accessibility(person)
        person.page.get_by_role("link", name="Propose topics on the board").click()
        expect(person.page.locator("[data-connection]")).to_have_attribute("data-state", "live")


def leads(person: Somebody) -> bool:
    return "lead" in (person.page.locator("#board").get_attribute("data-rights") or "").split()


def propose(person: Somebody, title: str) -> None:
    person.page.get_by_label("What would you like to talk about?").fill(title)
    person.page.get_by_role("button", name="Put it on the board").click()


def begin(lead: Somebody) -> None:
    """The welcome, and then straight to the dots, as a facilitator may."""
    board = lead.page.locator("#board")
    lead.page.get_by_role("button", name="Begin the meeting").click()
    expect(board).to_have_attribute("data-phase", "welcome")
    lead.picture("board-welcome")
    check_accessibility(lead)
    lead.page.get_by_text("More for the facilitator").click()
    lead.page.get_by_role("button", name="Dots", exact=True).click()
    expect(board).to_have_attribute("data-phase", "dots")


def vote(members: list[Somebody], lead: Somebody, sponsor: Somebody) -> None:
    """Two dots each on the first topic, one on the second; a fourth from another tab is refused with a sentence."""
    for person in members:
        dots(person, TOPIC).nth(1).click()
        expect(dots(person, TOPIC).nth(1)).to_have_attribute("aria-pressed", "true")
    refuse_a_fourth_dot(sponsor)
    assert TOPIC in sponsor.page.content()
    for person in members:
        assert "votes" not in person.page.locator("#shared").inner_text().lower()
    sponsor.picture("board-dots")
    check_accessibility(sponsor)
    lead.page.get_by_role("button", name="Count now").click()


def dots(person: Somebody, title: str) -> Locator:
    return person.page.locator(".topic").filter(has_text=title).locator("[data-slot]")


def refuse_a_fourth_dot(person: Somebody) -> None:
    """Two tabs that both believe one dot is left: the second press is refused, and nothing is lost."""
    tab = person.page.context.new_page()
    tab.goto(person.page.url)
    second = tab.locator(".topic").filter(has_text=OTHER_TOPIC).locator("[data-slot]")
    expect(tab.locator(".budget")).to_contain_text("1 of 3")
    dots(person, OTHER_TOPIC).nth(0).click()
    expect(person.page.locator(".budget")).to_contain_text("0 of 3")
    second.nth(1).evaluate("button => button.disabled = false")
    second.nth(1).click()
    expect(tab.locator("[data-refusal]")).to_be_visible()
    tab.close()
    person.page.reload()
    expect(person.page.locator(".budget")).to_contain_text("0 of 3")
    expect(dots(person, TOPIC).nth(1)).to_have_attribute("aria-pressed", "true")


def talk(members: list[Somebody], lead: Somebody, sponsor: Somebody) -> None:
    """Two minutes for the sponsor, the discussion, thumbs on every screen, the takeaway."""
    board = lead.page.locator("#board")
    expect(board).to_have_attribute("data-phase", "round")
    if board.get_attribute("data-box") not in ("sponsor", "discussion"):
        lead.page.locator(".controls [value^=next]").click()
    expect(sponsor.page.get_by_role("button", name="Over to you")).to_be_visible()
    sponsor.page.get_by_role("button", name="Over to you").click()
    expect(board).to_have_attribute("data-box", "discussion")
    sponsor.picture("board-discussion")
    check_accessibility(sponsor)
    clocks = [seconds_left(person) for person in members]
    assert max(clocks) - min(clocks) <= 2 * len(members)  # read one after the other
    lead.page.get_by_role("button", name="Enough").click()
    for number, person in enumerate(members):
        expect(person.page.locator(".prompt")).to_be_visible()
        if number == 1:
            person.picture("board-thumbs")
            check_accessibility(person)
        person.page.locator(".prompt").get_by_role("button", name="Down").click()
    expect(board).to_have_attribute("data-box", "takeaway")
    sponsor.page.get_by_role("textbox", name="What do we take along?").fill(TAKEAWAY)
    sponsor.page.get_by_role("button", name="Keep it").click()


def seconds_left(person: Somebody) -> int:
    minutes, seconds = re.findall(r"(\d+):(\d\d)", person.page.locator(".now .clock").inner_text())[0]
    return int(minutes) * 60 + int(seconds)


def keep(member: Somebody, board: str) -> None:
    """What was said is found again, by the people who were there."""
    page = member.page
    page.goto(board.replace("/board/", "/"))
    page.locator(".eyebrow a").first.click()
    page.get_by_role("link", name="Takeaways of this group").click()
    expect(page.get_by_text(TAKEAWAY)).to_be_visible()
    member.picture("takeaways")
    check_accessibility(member)


def stay_outside(olga: Somebody, somebody: Callable[..., Somebody], board: str) -> None:
    """The board is not there for the organizer, for who runs the site, or for somebody without an account."""
    root = somebody()
    root.sign_in("admin@roundtable.example")
    for person in (olga, root):
        answer = person.page.goto(board)
        assert answer is not None
        assert answer.status == 404
    stranger = somebody()
    stranger.page.goto(board)
    expect(stranger.page).to_have_url(re.compile("/accounts/login/"))


def check_accessibility(person: Somebody) -> None:
    """No violation of WCAG 2.2 AA that axe can see."""
    found = Axe().run(person.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    seen = [f"{one['id']}: {node['html'][:160]}" for one in found.response["violations"] for node in one["nodes"]]
    assert seen == [], "\n".join([person.page.url, *seen])
