"""Evenings on which the time is one person's: a talk with discussion, and a case that the others think about."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from meetings import topics
from meetings.agenda import Format
from meetings.models.board import Board
from meetings.models.takeaway import Promise, Takeaway
from members.models.person import Person
from tests.e2e.board.conftest import PHONE, Member, Open

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
Three = tuple[Member, Member, Member]


def of_format(table: Board, chosen: Format, speaker: Person) -> None:
    table.meeting.format, table.meeting.presenter = chosen, speaker
    table.meeting.save(update_fields=["format", "presenter"])


def everybody(three: Three, **state: str) -> None:
    for one in three:
        one.on(**state)


def come(three: Three) -> None:
    for one in three:
        one.press("I am here")
    expect(three[0].page.locator(".seat")).to_have_count(3)


def begin(three: Three) -> None:
    lead, keeper, _ = three
    lead.press("Begin the meeting")
    everybody(three, phase="welcome")
    keeper.press("Next")


def test_hedy_gives_a_talk_and_all_discuss_it(
    at_board: Open, table: Board, ada: Person, grace: Person, hedy: Person
) -> None:
    of_format(table, Format.TALK, hedy)
    three = lead, keeper, phone = at_board(ada), at_board(grace), at_board(hedy, PHONE)
    come(three)
    begin(three)
    everybody(three, phase="talk")
    keeper.sees("Hedy speaks.")
    expect(keeper.page.locator(".seat").filter(has_text="Hedy")).to_contain_text("speaks")
    lead.press("Raise my hand")
    phone.press("Ada was heard")
    expect(lead.page.get_by_text("Hands:")).to_have_count(0)
    keeper.press("Raise my hand")
    phone.sees("Hands: Grace")
    phone.look("talk-phone")
    lead.look("talk")
    discuss(three)
    assert [one.text for one in Takeaway.objects.all()] == ["Ask what it would cost to wait."]


def discuss(three: Three) -> None:
    """A topic that came up while she spoke is where the discussion goes."""
    lead, keeper, phone = three
    keeper.write("What would you like to talk about?", "When is a migration done?")
    keeper.press("Put it on the board")
    expect(phone.topic("When is a migration done?").whole).to_be_visible()
    keeper.press("Next")
    everybody(three, phase="questions")
    keeper.press("Next")
    everybody(three, phase="round")
    lead.press("Next topic")
    everybody(three, box="sponsor")
    keeper.press("Over to you")
    keeper.press("Enough")
    everybody(three, box="thumbs")
    for one in three:
        one.press("Down, move on")
    everybody(three, box="takeaway")
    keeper.write("What do we take along?", "Ask what it would cost to wait.")
    keeper.press("Keep it")
    phone.sees("Ask what it would cost to wait.")


def test_hedy_brings_a_case_and_the_others_their_experience(
    at_board: Open, table: Board, ada: Person, grace: Person, hedy: Person
) -> None:
    of_format(table, Format.DEEP_DIVE, ada)
    three = lead, keeper, phone = at_board(ada), at_board(grace), at_board(hedy, PHONE)
    come(three)
    lead.unfold("More for the facilitator")
    lead.press("Hedy speaks")
    expect(phone.page.locator(".seat").filter(has_text="speaks")).to_contain_text("Hedy")
    begin(three)
    everybody(three, phase="case")
    keeper.sees("Hedy speaks.")
    keeper.press("Next")
    everybody(three, phase="questions")
    phone.sees("Questions to understand, no advice yet.")
    keeper.press("Next")
    tell(three)
    keeper.press("Next")
    everybody(three, phase="promising")
    phone.write("I promise", "I talk to both of them before Friday.")
    phone.press("I promise it")
    lead.sees("I talk to both of them before Friday.")
    lead.look("case-promising")
    keeper.press("Next")
    everybody(three, phase="closing")
    assert [one.person for one in Promise.objects.all()] == [hedy]


def test_hedy_keeps_her_topic_for_ears_only(at_board: Open, table: Board, hedy: Person) -> None:
    """The words beside the button say what it does, and both go once it is done, in the open page and in a new one."""
    topics.propose(table, by=hedy, title="My own boss", note="", hidden=False, key=uuid4())
    phone = at_board(hedy, PHONE)
    card = phone.topic("My own boss")
    explained = card.whole.get_by_text("nothing of it is written down")
    expect(explained).to_be_visible()
    phone.look("ears-only")
    phone.press("Ears only")
    card.says("ears only")
    for _ in range(2):
        expect(card.whole.get_by_role("link", name="Edit")).to_be_visible()
        expect(card.whole.get_by_role("button", name="Ears only")).to_be_hidden()
        expect(explained).to_be_hidden()
        phone.page.reload()


def tell(three: Three) -> None:
    """One after the other, but not whose case it is; who has nothing to say passes."""
    lead, _, phone = three
    everybody(three, phase="experience")
    tellers = {"Ada": three[0], "Grace": three[1]}
    first = lead.page.locator("#now-title").inner_text()
    phone.look("case-experience-phone")
    expect(phone.page.get_by_role("button", name="That was it")).to_be_hidden()
    tellers.pop(first).press("That was it")
    expect(lead.page.locator("#now-title")).to_have_text(*tellers)
    next(iter(tellers.values())).press("I pass")
    everybody(three, phase="lessons")
    phone.sees("Whoever’s case it is says what they take along.")
