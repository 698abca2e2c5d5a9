"""A circle finds another time by a poll, calendars follow and answer; at a roundtable a seat changes hands."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

from axe_playwright_python.sync_playwright import Axe
from icalendar import Calendar, Event
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, Mailbox, Somebody, link_in

ORGANIZER, ADA = "organizer@roundtable.example", "ada@roundtable.example"
Manage = Callable[..., str]

MIDDAY = """
from datetime import datetime
from zoneinfo import ZoneInfo
from members.models.person import Person
from members.weekhours import zone_names
zones = sorted(zone_names() - {"UTC"})
Person.objects.update(zone=next(zone for zone in zones if datetime.now(ZoneInfo(zone)).hour == 12))
"""
CIRCLE = """
from groups.models.group import Group
group = Group.objects.get(roster="fixed")
people = group.memberships.values_list("person__email", flat=True)
print(group.public_id, *sorted(people))
"""
NEXT = """
from meetings.models.meeting import Meeting
meeting = Meeting.objects.filter(group__roster="fixed").order_by("starts_at").first()
print(meeting.public_id, meeting.local_date, meeting.roles.get(role="facilitator").person.email)
"""
ROUNDTABLE = """
from datetime import timedelta
from groups.models.group import Group
from meetings import calling
from members.models.person import Person
from members.models.program import Program
from roundtable import clock
program = Program.objects.get(slug="tech-roundtable")
table = Group.objects.create(program=program, name="Tech roundtable", roster="open", mode="video", zone="UTC",
                             window=34, sealed_at=clock.now())
host = Person.objects.get(email="organizer@roundtable.example")
meeting = calling.open_date(table, on=clock.today() + timedelta(days=21), host=host)
meeting.cap = 2
meeting.save()
people = [Person.objects.create_user(f"{name}@story.example.org", name=name.title(), initials=name[0].upper())
          for name in ("first", "second")]
print(calling.invite_pool(meeting, people))
"""


def test_a_date_and_its_seats(somebody: Callable[..., Somebody], mailbox: Mailbox, manage: Manage) -> None:
    group, *members = manage("shell", "-v0", "-c", MIDDAY + CIRCLE).split()
    olga = somebody()
    olga.sign_in(ORGANIZER, to=f"/admin/groups/group/living/{group}/hours/")
    open_a_poll(olga, mailbox, members)
    answer_by_letter(somebody, mailbox, members[:4])
    before = len(mailbox.messages)
    hour = settle(olga.page)
    invitation = mailbox.wait_for(ADA, hour, after=before)
    first = event_in(invitation)
    answer_from_the_calendar(manage, first)
    meeting, day, leader = manage("shell", "-v0", "-c", NEXT).split()
    lead = somebody(PHONE)
    lead.sign_in(leader, to=f"/meetings/{meeting}/")
    until_the_page_says(lead.page, "Ada Lindqvist coming")
    moved(lead, mailbox, date.fromisoformat(day), first)
    an_older_letter_tells_of_it(somebody, invitation)
    a_seat_changes_hands(somebody, mailbox, manage)


def open_a_poll(olga: Somebody, mailbox: Mailbox, members: list[str]) -> None:
    page, before = olga.page, len(mailbox.messages)
    expect(page.get_by_role("heading", name="The hours that suit best")).to_be_visible()
    accessible(page)
    olga.picture("hours")
    about = page.get_by_label("What shall the group choose?")
    about.select_option(about.locator("option", has_text="another time for").first.get_attribute("value"))
    page.get_by_role("button", name="Open a poll").click()
    expect(page.get_by_role("heading", name="The poll:")).to_be_visible()
    assert mailbox.wait_until("which hour suits you", len(members), after=before) == members


def answer_by_letter(somebody: Callable[..., Somebody], mailbox: Mailbox, members: list[str]) -> None:
    """Their own hours are filled in, where they gave any; what is open they call possible."""
    for number, address in enumerate(members):
        person = somebody(PHONE)
        person.page.goto(link_in(mailbox.wait_for(address, "which hour suits you"), "/polls/"))
        expect(person.page.get_by_role("heading", name="Which hour suits you?")).to_be_visible()
        if number == 0:
            accessible(person.page)
            person.picture("poll")
        for hour in person.page.get_by_role("group").filter(has=person.page.get_by_label("Possible")).all():
            if hour.locator("input:checked").count() == 0:
                hour.get_by_label("Possible").check()
        person.page.get_by_role("button", name="Send my answer").click()
        expect(person.page.get_by_text("You have answered.")).to_be_visible()


def settle(page: Page) -> str:
    """On the first hour on the page; the time at which it begins."""
    page.reload()
    hours = page.get_by_role("group", name="Settle it on")
    words = hours.locator("label").first.inner_text()
    hours.get_by_role("radio").first.check()
    page.get_by_label("Why this one").fill("Most of us can.")
    page.get_by_role("button", name="Settle the poll").click()
    expect(page.get_by_text("Settled. Every calendar follows").first).to_be_visible()
    found = re.search(r"\d\d:\d\d", words)
    assert found, words
    return found[0]


def event_in(message: EmailMessage) -> Event:
    """The one event in a letter."""
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    (event,) = Calendar.from_ical(bytes(part.get_payload(decode=True))).events
    return event


def answer_from_the_calendar(manage: Manage, event: Event) -> None:
    """What Ada's calendar program sends when she presses Yes there, handed in as a mail server would."""
    said = "\r\n".join(
        [
            *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Calendar//EN", "METHOD:REPLY", "BEGIN:VEVENT"),
            *(f"UID:{event['UID']}", f"SEQUENCE:{event['SEQUENCE']}", f"DTSTAMP:{datetime.now(UTC):%Y%m%dT%H%M%SZ}"),
            *(f"DTSTART:{event.start:%Y%m%dT%H%M%SZ}", f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{ADA}"),
            *("END:VEVENT", "END:VCALENDAR", ""),
        ]
    )
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = ADA, "calendar@roundtable.example", "Accepted: Roundtable"
    mail["Message-ID"] = "<yes@calendar.example.org>"
    mail.set_content("Yes")
    mail.add_alternative(said.encode(), maintype="text", subtype="calendar")
    manage("receive_mail", given=mail.as_bytes())


def until_the_page_says(page: Page, words: str) -> None:
    """A worker judges the mail; the page is loaded again until it shows what came of it."""
    for _ in range(30):
        if words in " ".join(page.locator("main").inner_text().split()):
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(page.locator("main").inner_text())


def moved(lead: Somebody, mailbox: Mailbox, day: date, first: Event) -> None:
    """The date goes to the next day: the same entry, one SEQUENCE later, and everybody is asked again."""
    page, before = lead.page, len(mailbox.messages)
    page.get_by_text("Move this date").click()
    form = page.locator("details", has_text="Move this date")
    form.get_by_label("Day").fill(f"{day + timedelta(days=1)}")
    form.get_by_role("button", name="Move it").click()
    after = event_in(mailbox.wait_for(ADA, "Updated: Roundtable", after=before))
    assert (str(after["UID"]), after.sequence) == (str(first["UID"]), first.sequence + 1)
    assert after.start - first.start == timedelta(days=1)
    until_the_page_says(page, "Ada Lindqvist invited")


def an_older_letter_tells_of_it(somebody: Callable[..., Somebody], letter: EmailMessage) -> None:
    ada = somebody(PHONE)
    ada.page.goto(link_in(letter, "/seats/"))
    expect(ada.page.get_by_text("This date has moved.")).to_be_visible()
    accessible(ada.page)
    ada.picture("moved")


def a_seat_changes_hands(somebody: Callable[..., Somebody], mailbox: Mailbox, manage: Manage) -> None:
    """Of two seats the host has one. The first guest takes the other and lets it go; the second, in line, takes it."""
    assert manage("shell", "-v0", "-c", ROUNDTABLE).split()[-1] == "2"
    first, second = (guest(somebody, mailbox, name) for name in ("first", "second"))
    press(first, "Take a seat", "You have a seat.")
    press(second, "Take a seat", "You are 1st of 1 in line")  # their page was opened while a seat was free
    accessible(second.page)
    second.picture("in-line")
    before = len(mailbox.messages)
    first.page.reload()
    press(first, "Let the seat go", "You are not coming.")
    gone = mailbox.wait_for(first.address, "Cancelled: Roundtable", after=before)
    assert str(event_in(gone)["STATUS"]) == "CANCELLED"
    offered = mailbox.wait_for(second.address, "A seat is kept for you", after=before)
    assert str(event_in(offered)["STATUS"]) == "TENTATIVE"
    second.page.reload()
    press(second, "Take the seat", "You have a seat.")
    taken = event_in(mailbox.wait_for(second.address, "Your seat: Roundtable", after=before))
    assert (str(taken["UID"]), str(taken["STATUS"])) == (str(event_in(offered)["UID"]), "CONFIRMED")


def guest(somebody: Callable[..., Somebody], mailbox: Mailbox, name: str) -> Somebody:
    person = somebody(PHONE)
    person.address = f"{name}@story.example.org"
    person.page.goto(link_in(mailbox.wait_for(person.address, "a seat for you"), "/seats/"))
    return person


def press(person: Somebody, button: str, says: str) -> None:
    person.page.get_by_role("button", name=button).click()
    expect(person.page.get_by_role("status").first).to_contain_text(says)


def accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    page.reload()  # axe leaves empty style attributes behind
