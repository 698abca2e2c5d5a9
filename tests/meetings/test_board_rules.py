"""A board goes by the rules of its program, from its first call on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from groups.models.group import Group
from meetings import access, ballots, board, calls, sitting, topics, voting
from meetings.boxes import Phase
from meetings.models.ballot import Call, Kind, Tally
from meetings.models.board import Board, Topic
from meetings.models.meeting import Meeting
from meetings.voting import Thumb
from members.models.person import Person
from members.models.program import Program, ThumbRule, TieAnswer
from roundtable.errors import NotAllowed
from tests.conftest import START, Stopped

pytestmark = pytest.mark.django_db

USUAL = {"dots": 3, "per_topic": 2, "boxes": [8, 5], "rule": "more_up", "tie": "facilitator"}
OWN = {"dots": 5, "per_topic": 3, "boxes": [6, 4], "rule": "most_here", "tie": "move_on"}


@pytest.fixture
def program(program: Program, request: pytest.FixtureRequest) -> Program:
    """With rules of its own, changed since it was read."""
    Program.objects.filter(pk=program.pk).update(**OWN | getattr(request, "param", {}))
    return program


@pytest.fixture
def three(table: Board, ada: Person) -> list[Topic]:
    for title in ("Pay", "Rust", "Hiring"):
        topics.propose(table, by=ada, title=title, note="", hidden=False, key=uuid4())
    return list(Topic.objects.filter(board=table).order_by("pk"))


@pytest.fixture
def press(gathered: Board, ada: Person) -> Callable[..., str]:
    """An act of whoever leads, with the step that is on."""

    def act(name: str, **details: object) -> str:
        said: str = getattr(board, name)(gathered, by=ada, step=Board.objects.get(pk=gathered.pk).step, **details)
        return said

    return act


def rules(table: Board) -> dict[str, object]:
    return Board.objects.values(*USUAL).get(pk=table.pk)


def changed(program: Program) -> None:
    Program.objects.filter(pk=program.pk).update(dots=9, per_topic=1, boxes=[20], rule="more_up", tie="extend")


def to_the_verdict(table: Board, three: list[Topic], press: Callable[..., str], clock: Stopped) -> None:
    """The sponsor's two minutes, and six of discussion."""
    press("begin")
    press("open_topic", topic=three[0].public_id)
    clock.forward(minutes=8)
    sitting.advance(table)


def test_a_new_board_goes_by_its_program_and_no_other_board_does(table: Board, meeting: Meeting) -> None:
    elsewhere = Program.objects.create(slug="elsewhere", name="Elsewhere")
    meeting.pk, meeting.public_id = None, "elsewhere"
    meeting.group = Group.objects.create(
        program=elsewhere, name="Porto 1", mode="video", zone="Europe/Lisbon", window=36, sealed_at=START
    )
    meeting.save()
    assert (rules(table), rules(board.prepare(meeting))) == (OWN, USUAL)


def test_a_program_offers_what_a_board_knows_and_begins_with_the_same() -> None:
    usual = [{name: getattr(fresh, name) for name in USUAL} for fresh in (Program(), Board())]
    assert usual == [USUAL, USUAL]
    assert (set(ThumbRule.values), set(TieAnswer.values)) == (set(voting.Rule), set(voting.Outcome))


def test_everybody_has_the_dots_of_the_program(
    gathered: Board, three: list[Topic], press: Callable[..., str], ada: Person, grace: Person
) -> None:
    press("begin")
    press("go", phase=Phase.DOTS)
    for person, given in ((ada, (3, 2, 0)), (grace, (3, 0, 0))):
        for topic, dots in zip(three, given, strict=True):
            calls.dots(gathered, by=person, topic=topic.public_id, dots=dots, key=uuid4())
    with pytest.raises(NotAllowed, match="You have 5 dots, and 0 of them are free for this topic"):
        calls.dots(gathered, by=ada, topic=three[2].public_id, dots=1, key=uuid4())
    with pytest.raises(NotAllowed, match="One topic takes 0 to 3 of your dots"):
        calls.dots(gathered, by=grace, topic=three[0].public_id, dots=4, key=uuid4())
    press("enough")
    counted = Tally.objects.order_by("place").values_list("topic", "number")
    assert list(counted) == [(topic.pk, number) for topic, number in zip(three, (6, 2, 0), strict=True)]


def test_the_page_has_as_many_dots(table: Board, three: list[Topic], client: Client, ada: Person) -> None:
    client.force_login(ada)
    page = client.get(reverse("meetings:board", args=[table.meeting.public_id])).content.decode()
    assert 'data-budget="5"' in page
    assert [page.count(f'value="{three[0].public_id}:{dots}"') for dots in range(5)] == [0, 1, 1, 1, 0]


@pytest.mark.parametrize(
    ("program", "thumbs", "box"),
    [
        ({}, (Thumb.UP,), "takeaway"),
        ({}, (Thumb.UP, Thumb.UP), "extension"),
        ({"rule": "more_up"}, (Thumb.UP,), "extension"),
        ({"rule": "more_up"}, (Thumb.UP, Thumb.DOWN), "takeaway"),
        ({"rule": "more_up", "tie": "extend"}, (Thumb.UP, Thumb.DOWN), "extension"),
        ({"rule": "more_up", "tie": "facilitator"}, (Thumb.UP, Thumb.DOWN), "decision"),
    ],
    indirect=["program"],
)
def test_the_verdict_is_by_the_rule_and_the_tie_answer_of_the_program(
    thumbs: tuple[Thumb, ...],
    box: str,
    gathered: Board,
    three: list[Topic],
    press: Callable[..., str],
    clock: Stopped,
    ada: Person,
    grace: Person,
) -> None:
    to_the_verdict(gathered, three, press, clock)
    for person, way in zip((ada, grace), thumbs, strict=False):
        calls.thumb(gathered, by=person, way=way, key=uuid4())
    clock.forward(seconds=61)
    sitting.advance(gathered)
    assert Board.objects.get(pk=gathered.pk).box == box


@pytest.mark.parametrize(
    ("program", "lengths"),
    [({"tie": "facilitator"}, [4, 4]), ({"tie": "facilitator", "boxes": [6, 4, 1]}, [4, 1])],
    indirect=["program"],
)
def test_whoever_leads_reads_how_long_the_topic_would_go_on_and_so_long_it_does(
    lengths: list[int],
    gathered: Board,
    three: list[Topic],
    press: Callable[..., str],
    clock: Stopped,
    client: Client,
    ada: Person,
) -> None:
    client.force_login(ada)
    to_the_verdict(gathered, three, press, clock)
    for minutes in lengths:
        Board.objects.filter(pk=gathered.pk).update(box="decision")
        page = client.get(reverse("meetings:board", args=[gathered.meeting.public_id])).content.decode()
        assert f">Go on, {minutes} minute{'' if minutes == 1 else 's'}<" in page
        press("decide", extend=True)
        now = Board.objects.get(pk=gathered.pk)
        assert now.box_ends_at == clock.now() + timedelta(minutes=minutes)


def test_a_board_whose_first_call_is_open_keeps_its_rules(
    gathered: Board, three: list[Topic], program: Program, press: Callable[..., str]
) -> None:
    changed(program)
    board.prepare(gathered.meeting)
    press("begin")
    for _ in range(2):
        press("go", phase=Phase.DOTS)
        press("enough")
    asked = Call.objects.filter(board=gathered).values_list("kind", "number", "dots", "per_topic")
    assert (rules(gathered), list(asked)) == (OWN, [("dots", 1, 5, 3), ("dots", 2, 5, 3)])


def test_so_does_one_whose_date_was_called_off_and_takes_place_after_all(table: Board, program: Program) -> None:
    ballots.drop(table, Kind.DOTS, now=START)
    changed(program)
    assert rules(board.prepare(table.meeting)) == OWN


def test_a_board_without_a_call_takes_the_rules_of_the_moment_at_which_the_first_opens(meeting: Meeting) -> None:
    waiting = Board.objects.create(meeting=meeting, starts_at=START, closing_at=START, ends_at=meeting.ends_at)
    assert rules(waiting) == USUAL
    board.prepare(meeting)
    asked = Call.objects.values_list("number", "dots", "per_topic").get(board=waiting)
    assert (rules(waiting), asked) == (OWN, (1, 5, 3))


def test_what_a_group_chooses_comes_along_and_the_rules_do_not(
    held: Callable[..., Board], meeting: Meeting, ada: Person
) -> None:
    Board.objects.filter(pk=held(date(2026, 3, 1)).pk).update(check_in=True, once=True, dots=1, per_topic=1, boxes=[30])
    table = board.prepare(meeting)
    assert (table.check_in, table.once, rules(table)) == (True, True, OWN)


def test_the_checklist_counts_with_the_minutes_of_the_program(table: Board, ada: Person) -> None:
    found = access.outlook(table.meeting.seats.get(person=ada))
    assert (found.needed, found.room) == (4 + 2 + 2 + 6 + 1 + 2 + 5, "about 5 topics")
