"""A whole meeting by mouse: four members at four screens, from the first topic to what stands there afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import F
from playwright.sync_api import expect

from meetings import attending, board, live, promising
from meetings.boxes import Phase
from meetings.models.ballot import Dot
from meetings.models.board import Board, Here
from meetings.models.meeting import Meeting, MeetingRole, Role
from meetings.models.seat import Seat, State
from meetings.models.takeaway import Promise, PromiseState, Takeaway
from members.models.person import Person
from tests.e2e.board.conftest import NARROW, PHONE, Member, Open, Running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SIX_WEEKS = timedelta(days=42)
Four = dict[str, Member]


@pytest.fixture
def joan(person: Callable[..., Person], join: Callable[..., Person], meeting: Meeting) -> Person:
    """The fourth, without a role."""
    joan = join(person("Joan"))
    Seat.objects.create(meeting=meeting, person=joan, state=State.COMING)
    return joan


def another_date(meeting: Meeting, *, after: timedelta, leads: Person, keeps: Person) -> Meeting:
    """Of the same circle."""
    starts_at = meeting.starts_at + after
    made = Meeting.objects.create(
        group=meeting.group,
        occurrence_date=starts_at.date(),
        local_date=starts_at.date(),
        local_time=starts_at.time(),
        zone="UTC",
        minutes=meeting.minutes,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=meeting.minutes),
    )
    MeetingRole.objects.create(meeting=made, role=Role.FACILITATOR, person=leads)
    MeetingRole.objects.create(meeting=made, role=Role.TIMEKEEPER, person=keeps)
    return made


@pytest.fixture
def promised(meeting: Meeting, clock: Running, ada: Person, grace: Person, hedy: Person) -> Promise:
    """What Grace said at the meeting before."""
    before = another_date(meeting, after=-SIX_WEEKS, leads=ada, keeps=hedy)
    clock.to(before.starts_at)
    earlier = board.prepare(before)
    attending.here(earlier, by=grace)
    board.begin(earlier, by=ada, step=0)
    board.go(earlier, by=ada, step=1, phase=Phase.CLOSING)
    promising.promise(earlier, by=grace, text="I write the rota down.")
    board.close(earlier, by=ada, step=2)
    clock.run()
    return Promise.objects.get()


def test_a_meeting_by_mouse(
    at_board: Open, promised: Promise, table: Board, ada: Person, grace: Person, hedy: Person, joan: Person
) -> None:
    another_date(table.meeting, after=SIX_WEEKS, leads=grace, keeps=joan)
    lead, keeper, phone, narrow = at_board(ada), at_board(grace), at_board(hedy, PHONE), at_board(joan, NARROW)
    four = {"Ada": lead, "Grace": keeper, "Hedy": phone, "Joan": narrow}
    come(four)
    begin(four)
    check_in(four)
    what_came_of_it(four)
    write(four)
    introduce(four)
    dots(four)
    talk(four)
    while_time_allows(four, table)
    close(four)
    afterwards(four, table)


def everybody(four: Four, **state: str) -> None:
    for one in four.values():
        one.on(**state)


def come(four: Four) -> None:
    """Each says so; there is to be a check-in; two topics stand there before it begins."""
    lead, keeper, *_ = four.values()
    for one in four.values():
        one.press("I am here")
    for one in four.values():
        expect(one.page.locator(".seat")).to_have_count(4)
    lead.unfold("More for the facilitator")
    lead.press("With a check-in")
    expect(lead.page.get_by_role("button", name="No check-in")).to_be_visible()
    propose(lead, "Keeping seniors", note="Two have left since spring.")
    propose(keeper, "On call without dread")
    expect(lead.page.locator("[data-topic]")).to_have_count(2)
    lead.look("mouse-open")


def propose(member: Member, title: str, *, note: str = "", hidden: bool = False) -> None:
    form = member.page.locator("#propose")
    if not form.is_visible():
        member.unfold("Propose a topic")
    form.get_by_label("What would you like to talk about?").fill(title)
    form.get_by_label("A few words on it").fill(note)
    form.get_by_label("Without my name").set_checked(hidden)
    member.press("Put it on the board")
    expect(member.topic(title).whole).to_be_visible()


def begin(four: Four) -> None:
    """Pressed by accident, and taken back: nothing is lost."""
    lead, keeper, phone, _ = four.values()
    lead.press("Begin the meeting")
    everybody(four, phase="welcome")
    lead.press("Undo")
    everybody(four, phase="open")
    expect(phone.page.locator("[data-topic]")).to_have_count(2)
    lead.press("Begin the meeting")
    everybody(four, phase="welcome")
    phone.sees("What is said here stays here.")
    phone.look("mouse-welcome")
    keeper.press("Next")
    everybody(four, phase="check_in")


def check_in(four: Four) -> None:
    """One after the other in the drawn order; the third one passes."""
    lead, _, _, narrow = four.values()
    narrow.look("mouse-check-in")
    for number in range(len(four)):
        name = lead.page.locator("#now-title").inner_text()
        four[name].press("I pass" if number == 2 else "That was it")
        expect(lead.page.locator("#now-title")).not_to_have_text(name)
        if number == 2:
            narrow.sees(f"Passed: {name}")
    everybody(four, phase="promises")


def what_came_of_it(four: Four) -> None:
    """Grace alone has the buttons for what she promised."""
    _, keeper, phone, _ = four.values()
    phone.sees("I write the rota down.")
    expect(phone.page.get_by_role("button", name="Done", exact=True)).to_have_count(0)
    keeper.look("mouse-promises")
    keeper.press("Done")  # the last one that waited: what follows begins
    everybody(four, phase="propose")


def write(four: Four) -> None:
    """With two topics there is time to write more; one has no name on it."""
    lead, keeper, phone, narrow = four.values()
    propose(narrow, "Pager fatigue", note="Nights above all.")
    propose(phone, "A salary that stayed the same", hidden=True)
    propose(phone, "Ladders for tech leads")
    propose(keeper, "What to stop doing")
    propose(narrow, "Notes that nobody reads")
    expect(lead.page.locator("[data-topic]")).to_have_count(7)
    expect(lead.topic("A salary that stayed the same").whole).to_contain_text("Somebody asks")
    phone.look("mouse-propose")
    lead.press("Next")
    everybody(four, phase="introduce")


def introduce(four: Four) -> None:
    """More than fit: one sentence each, by who brings it; for what nobody has put a name to Ada goes on."""
    lead, _, phone, _ = four.values()
    phone.look("mouse-introduce")
    brought = {"Keeping seniors": "Ada", "On call without dread": "Grace", "Pager fatigue": "Joan"}
    for _ in range(7):
        title = lead.page.locator("#now-title").inner_text()
        if title in brought:
            four[brought[title]].press("That was it")
        else:
            lead.press("Next")
        expect(lead.page.locator("#now-title")).not_to_have_text(title)
    everybody(four, phase="dots")


def dots(four: Four) -> None:
    """Two topics become one while dots lie on both: what is over the limit comes back. Nobody sees a number before."""
    lead, keeper, phone, narrow = four.values()
    phone.topic("Pager fatigue").dots(2)
    phone.topic("On call without dread").dots(1)
    phone.is_told("You have 0 of 3 dots left.")
    lead.unfold("Two topics are one")
    lead.page.get_by_label("Put").select_option(label="Pager fatigue")
    lead.page.get_by_label("into").select_option(label="On call without dread")
    lead.press("Merge")
    phone.is_told("A dot came back: two topics were merged.")
    expect(phone.page.locator(".budget")).to_have_text("You have 1 of 3 dots left.")
    narrow.topic("On call without dread").says("With Pager fatigue, Joan")
    keeper.topic("On call without dread").dots(2)
    lead.topic("Keeping seniors").dots(2)
    narrow.topic("Keeping seniors").dots(1)
    narrow.look("mouse-dots")
    assert Dot.objects.count() == 7
    expect(keeper.page.locator(".tally")).to_have_count(0)
    for one in four.values():
        one.press("I am done")
    everybody(four, phase="round")
    for one in four.values():
        one.topic("On call without dread").says("4 dots")
        one.topic("Keeping seniors").says("3 dots")
    assert not Dot.objects.exists()
    lead.look("mouse-counted")


def talk(four: Four) -> None:
    """Sponsor, a hand in between, thumbs that go on and thumbs that do not, and what is kept."""
    lead, keeper, phone, narrow = four.values()
    lead.press("Next topic")
    everybody(four, box="sponsor")
    keeper.sees("Grace opens")
    keeper.press("Over to you")
    everybody(four, box="discussion")
    phone.press("Raise my hand")
    lead.sees("Hands: Hedy")
    keeper.look("mouse-discussion")
    lead.press("Hedy was heard")
    expect(phone.page.get_by_text("Hands: Hedy")).to_have_count(0)
    keeper.moves("+1 minute")
    keeper.press("Enough")
    thumbs(four, up=[lead, keeper, phone], down=[narrow], name="mouse-thumbs")
    everybody(four, box="extension")
    narrow.sees("Thumbs: 3 up, 0 sideways, 1 down")
    narrow.look("mouse-extension")
    keeper.press("Enough")
    thumbs(four, up=[keeper], down=[lead, phone, narrow])
    everybody(four, box="takeaway")
    keeper.write("What do we take along?", "One week in four, never two nights in a row.")
    keeper.look("mouse-takeaway")
    keeper.press("Keep it")
    everybody(four, box="next")
    narrow.sees("One week in four, never two nights in a row.")
    narrow.press("+1")
    lead.sees("1 takes this along too")


def thumbs(four: Four, *, up: list[Member], down: list[Member], name: str = "") -> None:
    everybody(four, box="thumbs")
    if name:
        up[-1].look(name)
    for one in up:
        one.press("Up, go on")
    for one in down:
        one.press("Down, move on")


def while_time_allows(four: Four, table: Board) -> None:
    """As not all that is left fits, dots once more, and a second topic; after it there is no time for a third."""
    lead, keeper, phone, narrow = four.values()
    later(table, minutes=35)
    lead.press("Next: dots")
    everybody(four, phase="dots")
    phone.topic("Keeping seniors").dots(2)
    keeper.press("Count now")
    everybody(four, phase="round")
    lead.press("Next topic")
    everybody(four, box="sponsor")
    lead.press("Over to you")
    keeper.press("Enough")
    thumbs(four, up=[], down=[lead, keeper, phone, narrow])
    everybody(four, box="takeaway")
    lead.write("What do we take along?", "Ask before they look elsewhere.")
    lead.press("Keep it")
    everybody(four, box="next")
    later(table, minutes=38)
    lead.sees("A short round")
    later(table, minutes=7)
    lead.press("On to the end")
    everybody(four, phase="closing")


def later(table: Board, *, minutes: int) -> None:
    """So much of the evening has gone by."""
    gone = timedelta(minutes=minutes)
    moments = {name: F(name) - gone for name in ("starts_at", "closing_at", "ends_at")}
    Board.objects.filter(pk=table.pk).update(**moments, version=F("version") + 1)
    Meeting.objects.filter(pk=table.meeting_id).update(starts_at=F("starts_at") - gone, ends_at=F("ends_at") - gone)
    Here.objects.filter(board=table).update(since_at=F("since_at") - gone)
    live.changed(table.meeting_id, Board.objects.get(pk=table.pk).version)


def close(four: Four) -> None:
    """The next date and who leads it, one word each, a promise, two numbers; then it is read only."""
    lead, keeper, phone, narrow = four.values()
    phone.sees("Grace is asked to lead it")
    keeper.press("I lead the next one")
    phone.sees("Grace has said yes to leading it")
    for name in four:
        expect(narrow.page.get_by_text("One word each:")).to_contain_text(name)
    phone.write("I promise", "I ask both of them this week.")
    phone.press("I promise it")
    lead.sees("I ask both of them this week.")
    for one in four.values():
        one.page.get_by_role("group", name="I could say what I needed").get_by_label("5").check()
        one.page.get_by_role("group", name="It was worth my time").get_by_label("4").check()
        one.press("That is how it was")
        one.is_told("Thank you. Nobody sees your numbers.")
    phone.look("mouse-closing")
    narrow.look("mouse-closing-narrow")
    lead.page.locator("#close-now > summary").click()
    lead.page.get_by_role("button", name="Close it for good").click()
    everybody(four, phase="closed")


def afterwards(four: Four, table: Board) -> None:
    """What was said stands on the board and among the takeaways; who was here has attended."""
    _, _, phone, narrow = four.values()
    narrow.page.reload()
    narrow.topic("On call without dread").says("One week in four, never two nights in a row.")
    narrow.topic("Keeping seniors").says("Ask before they look elsewhere.")
    narrow.sees("I ask both of them this week.")
    expect(narrow.page.locator("#shared").get_by_role("button")).to_have_count(0)
    narrow.look("mouse-closed")
    phone.page.get_by_role("link", name="Back to the meeting").click()
    expect(phone.page.get_by_label("Present", exact=True)).to_be_checked()
    phone.look("mouse-afterwards")
    phone.page.get_by_role("link", name="What we kept from it").click()
    phone.sees("Ask before they look elsewhere.")
    phone.sees("Grace and 1 more")
    kept = Takeaway.objects.order_by("pk").values_list("written_by__name", "revision")
    assert list(kept) == [("Grace", 1), ("Ada", 1)]
    states = Promise.objects.order_by("pk").values_list("person__name", "state")
    assert list(states) == [("Grace", PromiseState.DONE), ("Hedy", PromiseState.OPEN)]
    assert list(table.meeting.seats.values_list("attendance", flat=True)) == ["present"] * 4
