"""What the board says is so: parts that take place, room for topics, hours, turns, buttons that can be pressed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from meetings import attending, board, reading, sitting, topics
from meetings.boxes import MINUTE, Box, Phase
from meetings.forms import PulseForm
from meetings.models.board import Board, Topic
from meetings.models.meeting import Format, Meeting
from meetings.models.takeaway import Promise
from meetings.parts import Shared
from members.models.person import Person
from tests.conftest import START, Held, Stopped

pytestmark = pytest.mark.django_db
Press = Callable[..., str]
Propose = Callable[[int], list[Topic]]
DOT = re.compile(r"\bdots?\b", re.IGNORECASE)
FOR_SOME = re.compile(r"<(\w+)[^>]* data-may=.*?</\1>", re.DOTALL)
EARS = "Ears only: nothing of it is written down, and its words go at the close."


@pytest.fixture
def press(gathered: Board) -> Press:
    def act(name: str, person: Person, **details: object) -> str:
        now = Board.objects.select_related("meeting__group").get(pk=gathered.pk)
        said: str = getattr(board, name)(now, by=person, step=now.step, **details)
        return said

    return act


@pytest.fixture
def propose(table: Board, ada: Person, grace: Person) -> Propose:
    """So many topics, by Ada and Grace in turn."""

    def act(count: int) -> list[Topic]:
        for number in range(count):
            by = [ada, grace][number % 2]
            topics.propose(table, by=by, title=f"Topic {number}", note="", hidden=False, key=uuid4())
        return list(Topic.objects.filter(board=table).order_by("pk"))

    return act


def shown(table: Board) -> Shared:
    return reading.read(table.meeting_id).shared


def page(table: Board) -> str:
    return reading.render(table.meeting_id).part


def words(table: Board) -> str:
    return strip_tags(page(table))


def ribbon(table: Board) -> dict[str, str]:
    """The parts that everybody sees, each with its state."""
    found = re.search(r'<ol class="phases".*?</ol>', page(table), re.DOTALL)
    assert found is not None
    return {title: state for state, title in re.findall(r'<li data-state="([\w-]+)"[^>]*>([^<]+)</li>', found[0])}


def of_format(form: Format) -> None:
    Meeting.objects.update(format=form)


def promised(held: Held, person: Person) -> None:
    before = held((START - timedelta(days=42)).date())
    Promise.objects.create(board=before, person=person, text="I write it down.")


@pytest.mark.parametrize("phase", [Phase.OPEN, Phase.WELCOME])
def test_where_a_format_has_no_round_nothing_is_said_of_dots(
    phase: Phase, gathered: Board, propose: Propose, press: Press, ada: Person, client: Client
) -> None:
    propose(2)
    client.force_login(ada)
    said = {}
    for form in (Format.LEAN_COFFEE, Format.DEEP_DIVE):
        of_format(form)
        Board.objects.update(phase=phase)
        whole = client.get(f"/meetings/{gathered.meeting.public_id}/board/").content.decode()
        said[form] = bool(DOT.search(strip_tags(whole.partition("<dialog")[0])))
    assert said == {Format.LEAN_COFFEE: True, Format.DEEP_DIVE: False}
    assert "For another time" in words(gathered)


@pytest.mark.parametrize(
    ("form", "offered"),
    [
        (Format.LEAN_COFFEE, [True, True, True]),
        (Format.DEEP_DIVE, [True, True, False]),
        (Format.ICE_BREAKER, [False, False, False]),
    ],
)
def test_only_what_changes_something_in_this_format_is_offered(form: Format, offered: list[bool], table: Board) -> None:
    of_format(form)
    assert [f"option:{choice}:" in page(table) for choice in ("check_in", "promises", "once")] == offered


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (Format.LEAN_COFFEE, "There is room for 4 or 5 topics."),
        (Format.ICE_BREAKER, ""),
        (Format.DEEP_DIVE, ""),
    ],
)
def test_there_is_a_number_of_topics_where_there_is_more_than_one(form: Format, sentence: str, table: Board) -> None:
    of_format(form)
    assert re.findall(r"There is room for [^.]*\.", words(table)) == [sentence] * bool(sentence)


def test_a_promise_takes_its_time_and_its_part_only_where_one_waits_for_its_word(
    table: Board, held: Held, ada: Person, former: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Board.objects.update(promises=True)
    promised(held, former)
    assert (shown(table).fits, "What came of it" in ribbon(table)) == ("4 or 5 topics", False)
    Promise.objects.update(person=ada)
    with django_assert_num_queries(1):
        found = shown(table)
    assert (found.fits, "What came of it" in ribbon(table)) == ("about 4 topics", True)


def test_what_was_left_out_is_no_part_that_is_done(
    gathered: Board, propose: Propose, press: Press, ada: Person
) -> None:
    Board.objects.update(promises=True)
    assert ribbon(gathered)["Write topics"] == "to-come"
    propose(3)
    ends = {"Closing": "to-come"}
    to_come = {"Welcome": "to-come", "Dots": "to-come", "Topics": "to-come"}
    assert ribbon(gathered) == {"Before the meeting": "on", **to_come, **ends}
    press("begin", ada)
    press("enough", ada)
    begun = {"Before the meeting": "done", "Welcome": "done"}
    assert ribbon(gathered) == {**begun, "Topics": "on", **ends}
    press("go", ada, phase=Phase.CLOSING)
    assert ribbon(gathered) == {**begun, "Closing": "on"}
    assert "go:promises" in page(gathered)


def test_dots_and_topics_that_took_place_are_done(gathered: Board, propose: Propose, press: Press, ada: Person) -> None:
    first, *_ = propose(7)
    assert "Introduce topics" in ribbon(gathered)
    press("begin", ada)
    press("go", ada, phase=Phase.DOTS)
    press("enough", ada)
    press("open_topic", ada, topic=first.public_id)
    press("go", ada, phase=Phase.CLOSING)
    done = ["Before the meeting", "Welcome", "Dots", "Topics"]
    assert ribbon(gathered) == {**dict.fromkeys(done, "done"), "Closing": "on"}


def test_the_close_is_told_with_its_day_where_that_is_another_one_and_not_once_it_has_begun(
    gathered: Board, press: Press, ada: Person, clock: Stopped
) -> None:
    Meeting.objects.update(zone="Asia/Tokyo")
    assert "The close begins at 04:25 Tokyo." in words(gathered)
    clock.to(START - timedelta(hours=4))  # Tuesday evening there, and the meeting is on Wednesday
    assert "The close begins on Wed 13 May, 04:25 Tokyo." in words(gathered)
    press("begin", ada)
    press("go", ada, phase=Phase.CLOSING)
    assert "The close begins" not in words(gathered)


def test_who_is_not_here_is_not_asked_for_a_sentence_and_two_topics_are_named_ahead(
    gathered: Board, propose: Propose, press: Press, ada: Person, grace: Person
) -> None:
    propose(8)
    press("begin", ada)
    press("go", ada, phase=Phase.INTRODUCE)
    assert "Ada: one sentence." in words(gathered)
    assert "Then Topic 1, Topic 2 and 5 more" in words(gathered)
    attending.gone(gathered, by=grace)
    press("enough", ada)
    turn = shown(gathered).turn
    assert turn is not None
    assert (turn.id, turn.name, turn.topic) == ("", "", "Topic 1")
    assert "One sentence, by whoever is here and knows it." in words(gathered)
    for _ in range(4):
        press("enough", ada)
    assert re.search(r"Then Topic 6, Topic 7\s*[^ a]", words(gathered))


def test_rules_lead_to_the_code_of_conduct_of_the_program(gathered: Board, press: Press, ada: Person) -> None:
    of_format(Format.ICE_BREAKER)
    press("begin", ada)
    assert "conduct" not in page(gathered)
    press("enough", ada)
    found = re.search(r'<a href="([^"]+)"[^>]*>Our code of conduct', page(gathered))
    assert found is not None
    assert Client().get(found[1]).status_code == 200


def test_an_open_count_says_that_it_takes_late_topics_in(
    gathered: Board, propose: Propose, press: Press, ada: Person
) -> None:
    propose(7)
    press("begin", ada)
    press("go", ada, phase=Phase.DOTS)
    assert "Late topics are welcome: this count takes them in." in words(gathered)


def test_names_of_hands_stand_before_their_comma(gathered: Board, grace: Person, hedy: Person) -> None:
    for person in (grace, hedy):
        attending.hand(gathered, by=person, up=True)
    assert "Hands: Grace, Hedy<" in FOR_SOME.sub("", re.sub("</?bdi>", "", page(gathered)))


def test_a_minute_more_is_offered_while_it_can_be_given(
    gathered: Board, propose: Propose, press: Press, ada: Person, clock: Stopped
) -> None:
    first, *_ = propose(1)

    def offered() -> bool:
        return "+1 minute" in page(gathered)

    press("begin", ada)
    assert offered()
    press("plus_minute", ada)
    assert not offered()
    press("open_topic", ada, topic=first.public_id)
    assert offered()
    press("pause", ada)
    assert not offered()
    press("resume", ada)
    Board.objects.update(closing_at=clock.now() + 4 * MINUTE)  # the takeaway needs two of them
    assert not offered()


def test_a_choice_that_waits_for_who_leads_has_no_clock(
    gathered: Board, propose: Propose, press: Press, ada: Person, clock: Stopped
) -> None:
    propose(1)
    press("begin", ada)
    press("go", ada, phase=Phase.ROUND)
    assert (shown(gathered).box, shown(gathered).clock["runs"], shown(gathered).said) == (Box.NEXT, False, "What next?")
    Board.objects.update(led_until=clock.now() - MINUTE)
    assert shown(gathered).clock["runs"]


def test_ears_only_is_explained_and_without_scripts_too_a_button_beside_my_topics(
    gathered: Board, propose: Propose, press: Press, ada: Person, client: Client
) -> None:
    mine, theirs = propose(2)
    client.force_login(ada)
    address = f"/meetings/{gathered.meeting.public_id}/board/"
    found = client.get(address).content.decode()
    template = re.search("<template data-tools.*?</template>", found, re.DOTALL)
    own = re.search(r"<noscript>\s*<section.*?</noscript>", found, re.DOTALL)
    assert template is not None
    assert own is not None
    assert [EARS in each[0] for each in (template, own)] == [True, True]
    assert re.findall(r'value="ears:([^"]+)"', own[0]) == [mine.public_id]
    client.post(f"{address}bring/", {"act": f"ears:{mine.public_id}"})
    found = client.get(address).content.decode()
    assert (f"ears:{mine.public_id}" in found, found.count(" data-ears-only>")) == (False, 1)
    press("begin", ada)
    press("open_topic", ada, topic=theirs.public_id)
    assert EARS in page(gathered)


def test_the_pulse_says_which_end_is_good() -> None:
    for field in PulseForm():
        assert field.help_text == "From 1, not at all, to 5, fully."


def test_a_short_round_is_offered_at_each_topic(
    gathered: Board, propose: Propose, press: Press, ada: Person, clock: Stopped
) -> None:
    propose(2)
    press("begin", ada)
    press("go", ada, phase=Phase.ROUND)
    assert "Take this topic, short" not in words(gathered)
    clock.to(gathered.closing_at - 8 * MINUTE)
    Board.objects.update(led_until=clock.now())
    sitting.advance(gathered)
    assert "Take this topic, short" in words(gathered)
