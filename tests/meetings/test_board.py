"""The board from its planning to its close, act by act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from meetings import access, attending, board, calls, ownpart, reading, sitting, topics, voting
from meetings.agenda import Opening
from meetings.boxes import Phase
from meetings.models.ballot import Call, Dot, Kind, RequestKey, Tally, Thumb
from meetings.models.board import Board, Here, Round, Topic
from meetings.models.meeting import Meeting, MeetingRole, Role, State
from meetings.models.seat import Attendance
from meetings.models.takeaway import Takeaway
from meetings.voting import Thumb as Way
from members.models.person import Person
from roundtable.errors import NotAllowed
from tests.conftest import START, Stopped

pytestmark = pytest.mark.django_db


@pytest.fixture
def propose(table: Board) -> Callable[..., Topic]:
    def make(person: Person, title: str, *, hidden: bool = False) -> Topic:
        topics.propose(table, by=person, title=title, note="", hidden=hidden, key=uuid4())
        return Topic.objects.filter(board=table).latest("pk")

    return make


@pytest.fixture
def many(propose: Callable[..., Topic], ada: Person, grace: Person, hedy: Person) -> list[Topic]:
    """Eight topics: more than fit, so that dots are asked."""
    return [propose([ada, grace, hedy][number % 3], f"Topic {number}") for number in range(8)]


@pytest.fixture
def press(gathered: Board) -> Callable[..., str]:
    """One clock act by a person, with the step that is on."""

    def act(name: str, person: Person, **details: object) -> str:
        step = Board.objects.get(pk=gathered.pk).step
        said: str = getattr(board, name)(gathered, by=person, step=step, **details)
        return said

    return act


def state(table: Board) -> tuple[str, str]:
    now = Board.objects.get(pk=table.pk)
    return now.phase, now.box


def give(table: Board, person: Person, topic: Topic, dots: int) -> None:
    calls.dots(table, by=person, topic=topic.public_id, dots=dots, key=uuid4())


def test_a_whole_meeting_from_the_welcome_to_the_close(
    gathered: Board,
    many: list[Topic],
    press: Callable[..., str],
    clock: Stopped,
    ada: Person,
    grace: Person,
    hedy: Person,
) -> None:
    press("begin", ada)
    assert state(gathered) == ("welcome", "segment")
    press("go", ada, phase=Phase.DOTS)
    give(gathered, ada, many[3], 2)
    give(gathered, grace, many[3], 1)
    press("enough", grace)
    assert state(gathered) == ("round", "next")
    press("next_topic", ada)
    assert Topic.objects.get(state="discussing") == many[3]
    clock.forward(minutes=2)
    sitting.advance(gathered)
    assert state(gathered) == ("round", "discussion")
    clock.forward(minutes=8)
    sitting.advance(gathered)
    assert state(gathered) == ("round", "thumbs")
    for person, way in [(ada, Way.UP), (grace, Way.UP), (hedy, Way.DOWN)]:
        calls.thumb(gathered, by=person, way=way, key=uuid4())
    assert state(gathered) == ("round", "extension")
    clock.forward(minutes=5)
    sitting.advance(gathered)
    for person in (ada, grace, hedy):
        calls.thumb(gathered, by=person, way=Way.DOWN, key=uuid4())
    assert state(gathered) == ("round", "takeaway")
    board.sum_up(gathered, by=ada, text="Ask them first.", revision=0)
    assert state(gathered) == ("round", "next")
    press("close", ada)
    talk = Round.objects.get(board=gathered)
    assert (talk.extensions, talk.spent, talk.closed_at is not None) == (1, timedelta(minutes=15), True)
    assert Takeaway.objects.get(round=talk).text == "Ask them first."


def test_the_count_leaves_tallies_and_no_ballot(
    gathered: Board, many: list[Topic], press: Callable[..., str], ada: Person, grace: Person
) -> None:
    press("begin", ada)
    press("go", ada, phase=Phase.DOTS)
    give(gathered, ada, many[0], 2)
    give(gathered, grace, many[1], 1)
    give(gathered, grace, many[0], 1)
    press("enough", ada)
    call = Call.objects.get(board=gathered, kind=Kind.DOTS)
    numbers = Tally.objects.filter(call=call).order_by("topic").values_list("number", flat=True)
    assert list(numbers) == [3, 1, 0, 0, 0, 0, 0, 0]
    assert (call.secret, Dot.objects.count(), RequestKey.objects.count()) == (None, 0, 0)


def test_only_dots_of_those_who_are_here_decide(
    table: Board, many: list[Topic], clock: Stopped, press: Callable[..., str], ada: Person, hedy: Person
) -> None:
    Here.objects.filter(person=hedy).delete()
    press("begin", ada)
    Board.objects.filter(pk=table.pk).update(phase="open", box="", box_ends_at=None)
    give(table, hedy, many[0], 2)
    give(table, ada, many[1], 1)
    press("begin", ada)
    press("go", ada, phase=Phase.DOTS)
    press("enough", ada)
    counted = Tally.objects.filter(number__gt=0).values_list("topic__public_id", "number")
    assert list(counted) == [(many[1].public_id, 1)]


def test_early_dots_are_counted_in_the_first_count(
    table: Board, many: list[Topic], press: Callable[..., str], ada: Person, grace: Person
) -> None:
    give(table, ada, many[5], 1)
    press("begin", ada)
    press("go", ada, phase=Phase.DOTS)
    press("enough", ada)
    assert Tally.objects.get(number__gt=0).topic == many[5]


@pytest.mark.parametrize(
    ("act", "details", "allowed"),
    [
        ("begin", {}, {"ada"}),
        ("close", {}, {"ada"}),
        ("autopilot", {"on": True}, {"ada"}),
        ("put_off", {}, {"ada"}),
    ],
)
def test_only_the_facilitator_leads(
    act: str,
    details: dict[str, object],
    allowed: set[str],
    press: Callable[..., str],
    ada: Person,
    grace: Person,
    hedy: Person,
) -> None:
    may = set()
    for person in (hedy, grace, ada):
        try:
            press(act, person, **details)
        except NotAllowed:
            continue
        may.add(person.name.lower())
    assert may == allowed


def test_the_timekeeper_ends_a_box_and_a_member_does_not(
    press: Callable[..., str], gathered: Board, ada: Person, grace: Person, hedy: Person
) -> None:
    press("begin", ada)
    with pytest.raises(NotAllowed, match="timekeeper"):
        press("enough", hedy)
    press("enough", grace)
    assert state(gathered) == ("propose", "segment")


def test_a_page_that_shows_an_old_step_skips_nothing(gathered: Board, ada: Person, grace: Person) -> None:
    board.begin(gathered, by=ada, step=0)
    board.enough(gathered, by=ada, step=1)
    before = state(gathered)
    with pytest.raises(sitting.Outdated):
        board.enough(gathered, by=grace, step=1)
    assert state(gathered) == before


def test_what_the_clock_owes_is_written_though_the_act_is_refused(
    gathered: Board, many: list[Topic], press: Callable[..., str], clock: Stopped, ada: Person, grace: Person
) -> None:
    press("begin", ada)
    press("open_topic", ada, topic=many[0].public_id)
    step = Board.objects.get(pk=gathered.pk).step
    clock.forward(minutes=2, seconds=5)
    with pytest.raises(sitting.Outdated):
        board.pause(gathered, by=grace, step=step)
    assert state(gathered) == ("round", "discussion")


def test_pause_keeps_the_rest_and_resume_gives_it_back(
    gathered: Board, press: Callable[..., str], clock: Stopped, ada: Person, hedy: Person
) -> None:
    press("begin", ada)
    clock.forward(minutes=1)
    press("pause", hedy)
    clock.forward(seconds=20)
    press("resume", ada)
    now = Board.objects.get(pk=gathered.pk)
    assert (now.box_left, now.box_ends_at) == (None, START + timedelta(minutes=4, seconds=20))


def test_one_minute_more_goes_once_per_box(
    gathered: Board, press: Callable[..., str], ada: Person, grace: Person
) -> None:
    press("begin", ada)
    press("plus_minute", grace)
    with pytest.raises(NotAllowed, match="has had its minute"):
        press("plus_minute", grace)
    assert Board.objects.get(pk=gathered.pk).box_ends_at == START + timedelta(minutes=5)


def test_a_begin_pressed_by_accident_is_undone(gathered: Board, press: Callable[..., str], ada: Person) -> None:
    press("begin", ada)
    press("undo", ada)
    assert state(gathered) == ("open", "")


def test_undoing_a_topic_takes_its_round_back(
    gathered: Board, many: list[Topic], press: Callable[..., str], ada: Person
) -> None:
    press("begin", ada)
    press("open_topic", ada, topic=many[0].public_id)
    press("undo", ada)
    assert (Round.objects.count(), Topic.objects.get(pk=many[0].pk).state) == (0, "open")
    assert state(gathered) == ("welcome", "segment")


@pytest.fixture
def thumbs_on(gathered: Board, many: list[Topic], press: Callable[..., str], clock: Stopped, ada: Person) -> Board:
    """The time of the first topic is over, and thumbs are asked."""
    press("begin", ada)
    press("open_topic", ada, topic=many[0].public_id)
    clock.forward(minutes=10)
    sitting.advance(gathered)
    return gathered


def test_equal_thumbs_wait_for_the_facilitator(
    thumbs_on: Board, press: Callable[..., str], clock: Stopped, ada: Person, grace: Person
) -> None:
    calls.thumb(thumbs_on, by=ada, way=Way.UP, key=uuid4())
    calls.thumb(thumbs_on, by=grace, way=Way.DOWN, key=uuid4())
    clock.forward(seconds=61)
    sitting.advance(thumbs_on)
    assert state(thumbs_on) == ("round", "decision")
    press("decide", ada, extend=True)
    assert state(thumbs_on) == ("round", "extension")


def test_a_second_thumb_replaces_the_first(thumbs_on: Board, ada: Person) -> None:
    for way in (Way.UP, Way.DOWN):
        calls.thumb(thumbs_on, by=ada, way=way, key=uuid4())
    assert list(Thumb.objects.values_list("way", flat=True)) == ["down"]


def test_a_repeated_request_does_not_overwrite_a_newer_choice(table: Board, many: list[Topic], ada: Person) -> None:
    key = uuid4()
    calls.dots(table, by=ada, topic=many[0].public_id, dots=2, key=key)
    give(table, ada, many[0], 1)
    calls.dots(table, by=ada, topic=many[0].public_id, dots=2, key=key)
    assert Dot.objects.count() == 1


def test_a_dot_changes_no_version_and_a_hand_does(gathered: Board, many: list[Topic], ada: Person) -> None:
    before = Board.objects.get(pk=gathered.pk).version
    give(gathered, ada, many[0], 1)
    between = Board.objects.get(pk=gathered.pk).version
    attending.hand(gathered, by=ada, up=True)
    assert (between - before, Board.objects.get(pk=gathered.pk).version - between) == (0, 1)


def test_a_topic_without_a_name_is_edited_by_its_author_alone(
    table: Board, propose: Callable[..., Topic], ada: Person, hedy: Person
) -> None:
    topic = propose(hedy, "Leaving?", hidden=True)
    change: dict[str, Any] = {"topic": topic.public_id, "title": "Staying?", "note": "", "revision": 1}
    with pytest.raises(NotAllowed):
        topics.edit(table, by=ada, **change)
    topics.edit(table, by=hedy, **change)
    kept = Topic.objects.get(pk=topic.pk)
    assert (kept.title, kept.sponsor, kept.revision) == ("Staying?", None, 2)


def test_two_edits_of_one_text_lose_nothing(table: Board, propose: Callable[..., Topic], ada: Person) -> None:
    topic = propose(ada, "First")
    topics.edit(table, by=ada, topic=topic.public_id, title="Second", note="", revision=1)
    with pytest.raises(NotAllowed, match="meanwhile"):
        topics.edit(table, by=ada, topic=topic.public_id, title="Third", note="", revision=1)
    assert Topic.objects.get(pk=topic.pk).title == "Second"


def test_the_same_page_sent_twice_is_one_topic(table: Board, ada: Person) -> None:
    key = uuid4()
    for _ in range(2):
        topics.propose(table, by=ada, title="Once", note="", hidden=False, key=key)
    assert Topic.objects.count() == 1


def test_after_a_minute_of_silence_the_timekeeper_may_take_over(
    gathered: Board, press: Callable[..., str], clock: Stopped, ada: Person, grace: Person, hedy: Person
) -> None:
    press("begin", ada)
    clock.forward(seconds=59)
    with pytest.raises(NotAllowed):
        attending.take_over(gathered, by=grace)
    clock.forward(seconds=1)
    with pytest.raises(NotAllowed):
        attending.take_over(gathered, by=hedy)
    attending.take_over(gathered, by=grace)
    role = MeetingRole.objects.get(role=Role.FACILITATOR)
    assert (role.person, role.acting) == (grace, True)


def test_the_close_turns_presence_into_attendance_and_leaves_nothing_fleeting(
    gathered: Board,
    meeting: Meeting,
    many: list[Topic],
    press: Callable[..., str],
    clock: Stopped,
    ada: Person,
    hedy: Person,
) -> None:
    attending.gone(gathered, by=hedy)
    clock.forward(minutes=11)
    attending.here(gathered, by=hedy)
    give(gathered, ada, many[0], 1)
    press("close", ada)
    attendance = dict(meeting.seats.values_list("person__name", "attendance"))
    assert attendance == {"Ada": Attendance.PRESENT, "Grace": Attendance.PRESENT, "Hedy": Attendance.LATE}
    assert (Here.objects.count(), Dot.objects.count(), Tally.objects.count()) == (0, 0, 0)
    assert set(Topic.objects.values_list("state", flat=True)) == {"offered"}
    assert Meeting.objects.get(pk=meeting.pk).state == State.HELD


def test_the_board_closes_itself_an_hour_after_the_end(gathered: Board, clock: Stopped) -> None:
    clock.to(START + timedelta(minutes=150))
    sitting.advance(gathered)
    assert state(gathered) == ("closed", "")


def test_what_was_not_discussed_comes_along_with_its_history(
    gathered: Board, meeting: Meeting, propose: Callable[..., Topic], press: Callable[..., str], ada: Person
) -> None:
    topic = propose(ada, "Hiring")
    press("close", ada)
    following = Meeting.objects.get(pk=meeting.pk)
    following.pk, following.public_id, following.occurrence_date = None, "next", (START + timedelta(days=42)).date()
    following.starts_at, following.ends_at = START + timedelta(days=42), START + timedelta(days=42, minutes=90)
    following.save()
    carried = Topic.objects.get(board=board.prepare(following))
    assert (carried.title, carried.carried_from, carried.times_carried) == ("Hiring", topic, 1)


def test_a_topic_for_ears_only_loses_its_words_at_the_close(
    gathered: Board, propose: Callable[..., Topic], press: Callable[..., str], ada: Person
) -> None:
    topic = propose(ada, "A secret")
    topics.ears_only(gathered, by=ada, topic=topic.public_id)
    press("close", ada)
    assert Topic.objects.get(pk=topic.pk).title == ""


@pytest.mark.parametrize(
    ("slot", "nth", "name"),
    [
        (4, 1, "a_slot_is_within_the_budget"),
        (2, 3, "dots_on_a_topic_are_within_its_limit"),
        (1, 2, "a_slot_holds_one_dot_per_voter_and_call"),
        (2, 1, "dots_on_a_topic_are_numbered_once_per_voter"),
    ],
)
def test_the_database_itself_refuses_a_dot_too_many(
    slot: int, nth: int, name: str, table: Board, many: list[Topic]
) -> None:
    call = Call.objects.get(board=table)
    dot = {"call": call, "voter": b"v" * 32, "topic": many[0], "dots": 3, "per_topic": 2}
    Dot.objects.create(slot=1, nth=1, **dot)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Dot.objects.create(slot=slot, nth=nth, **dot)


def test_how_many_statements_a_press_takes(
    gathered: Board, many: list[Topic], hedy: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(5):  # two of them the savepoint that stands for the transaction here
        give(gathered, hedy, many[0], 1)
    with django_assert_num_queries(3):
        attending.hand(gathered, by=hedy, up=True)
    with django_assert_num_queries(1):
        reading.read(gathered.meeting_id)
    with django_assert_num_queries(1):
        access.board(hedy, gathered.meeting.public_id)


def test_the_sweep_moves_boards_that_nobody_watches_and_leaves_the_others(
    gathered: Board, many: list[Topic], press: Callable[..., str], clock: Stopped, ada: Person
) -> None:
    press("begin", ada)
    assert sitting.advance_all() == 0
    clock.forward(minutes=4)
    assert sitting.advance_all() == 1
    assert state(gathered) == ("introduce", "turn")


def test_a_board_without_anybody_who_leads_neither_hangs_nor_races(
    gathered: Board, many: list[Topic], press: Callable[..., str], clock: Stopped, ada: Person
) -> None:
    press("begin", ada)
    seen = []
    for _ in range(110):
        clock.forward(minutes=1)
        sitting.advance_all()
        seen.append(state(gathered))
    phases = list(dict.fromkeys(phase for phase, _ in seen))
    assert phases == ["welcome", "introduce", "dots", "round", "closing"]
    assert Round.objects.filter(closed_at__isnull=False).count() >= 4


def test_a_board_that_breaks_keeps_no_other_waiting(
    gathered: Board, ada: Person, grace: Person, clock: Stopped
) -> None:
    board.begin(gathered, by=ada, step=0)
    other = Meeting.objects.get(pk=gathered.meeting_id)
    other.pk, other.public_id, other.occurrence_date = None, "another-meeting", date(2026, 6, 1)
    other.format = "no format"
    other.save()
    values = {name: getattr(gathered, name) for name in ("starts_at", "closing_at", "ends_at")}
    Board.objects.create(meeting=other, phase="welcome", box="segment", box_ends_at=clock.now(), **values)
    clock.forward(hours=3)
    assert sitting.advance_all() == 1
    assert Board.objects.get(pk=gathered.pk).phase == "closed"


def test_own_ballots_come_with_the_own_part_and_with_the_next_dot(
    gathered: Board,
    many: list[Topic],
    press: Callable[..., str],
    ada: Person,
    grace: Person,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    press("begin", ada)
    press("go", ada, phase=Phase.DOTS)
    for topic, dots in ((many[0], 2), (many[1], 1)):
        give(access.board(grace, gathered.meeting.public_id), grace, topic, dots)
    guarded = access.board(grace, gathered.meeting.public_id)
    with django_assert_num_queries(1):
        found = ownpart.own(guarded, grace)
    assert (found["dots"], found["rest"]) == ({many[0].public_id: 2, many[1].public_id: 1}, 0)
    assert found == ownpart.own(Board.objects.get(pk=gathered.pk), grace)
    with pytest.raises(NotAllowed):
        give(guarded, grace, many[2], 1)


def test_own_ballots_in_a_call_that_was_opened_since_are_asked_by_themselves(
    gathered: Board, many: list[Topic], press: Callable[..., str], ada: Person, grace: Person
) -> None:
    before = access.board(grace, gathered.meeting.public_id)
    press("begin", ada)
    press("open_topic", ada, topic=many[0].public_id)
    press("enough", ada)
    press("enough", ada)
    calls.thumb(access.board(grace, gathered.meeting.public_id), by=grace, way=Way.UP, key=uuid4())
    assert ownpart.own(before, grace)["thumb"] == "up"
    assert ownpart.own(before, ada)["thumb"] == ""


def test_undo_takes_the_facilitator_s_word_back(
    thumbs_on: Board, press: Callable[..., str], ada: Person, grace: Person
) -> None:
    calls.thumb(thumbs_on, by=ada, way=Way.UP, key=uuid4())
    press("enough", ada)
    verdict = Round.objects.get().outcome
    press("decide", ada, extend=False)
    assert Round.objects.get().outcome == f"{verdict}; the facilitator's word"
    press("undo", ada)
    assert (state(thumbs_on), Round.objects.get().outcome) == (("round", "extension"), verdict)


def test_the_next_button_does_what_it_says_or_says_why_not(
    gathered: Board, many: list[Topic], press: Callable[..., str], clock: Stopped, ada: Person
) -> None:
    press("begin", ada)
    press("go", ada, phase=Phase.ROUND)
    Board.objects.update(led_until=gathered.ends_at)
    clock.to(gathered.closing_at - timedelta(minutes=15))
    sitting.advance(gathered)
    shown = reading.read(gathered.meeting_id).shared
    assert (shown.opening, shown.short) == ("dots", False)
    clock.forward(minutes=1)
    said = press("next_topic", ada, offered=Opening.DOTS)
    assert said == "Dots and a topic need 15 minutes, 14 are left: the next of the last count (13)?"
    fresh = reading.read(gathered.meeting_id).shared
    assert (fresh.opening, fresh.version > shown.version, Round.objects.count()) == ("round", True, 0)
    clock.forward(minutes=2)
    said = press("open_topic", ada, topic=many[0].public_id)
    assert said == "A topic needs 13 minutes, 12 are left: a short round of 5 fits."
    assert (reading.read(gathered.meeting_id).shared.short, Round.objects.count()) == (True, 0)
    press("open_topic", ada, topic=many[0].public_id, short=True)
    assert Round.objects.get().short


def test_where_all_topics_fit_equal_dots_order_them_and_the_page_says_how(
    gathered: Board, propose: Callable[..., Topic], press: Callable[..., str], ada: Person, grace: Person
) -> None:
    few = [propose(person, f"Topic {number}") for number, person in enumerate((ada, grace, ada))]
    names = voting.drawn([topic.public_id for topic in few], lot=gathered.lot)
    press("begin", ada)
    press("enough", ada)
    assert state(gathered) == ("round", "next")
    shown = reading.read(gathered.meeting_id).shared
    assert [(card.id, card.reason) for card in shown.waiting] == [
        (names[0], "Equal dots: by lot."),
        (names[1], "Equal dots: by lot."),
        (names[2], ""),
    ]
    assert shown.lot == str(gathered.lot)
    press("open_topic", ada, topic=names[1])
    assert Round.objects.get().out_of_order
    press("undo", ada)
    press("next_topic", ada)
    assert (Round.objects.get().topic.public_id, Round.objects.get().out_of_order) == (names[0], False)


def test_nobody_waits_for_who_has_left(
    thumbs_on: Board,
    ada: Person,
    grace: Person,
    hedy: Person,
) -> None:
    for person in (ada, grace):
        calls.thumb(thumbs_on, by=person, way=Way.UP, key=uuid4())
    assert state(thumbs_on) == ("round", "thumbs")
    attending.gone(thumbs_on, by=hedy)
    assert state(thumbs_on) == ("round", "extension")


def test_without_scripts_the_disc_shows_what_is_left(
    gathered: Board, many: list[Topic], press: Callable[..., str], clock: Stopped, client: Client, ada: Person
) -> None:
    press("begin", ada)
    press("open_topic", ada, topic=many[0].public_id)
    clock.forward(minutes=2)
    sitting.advance(gathered)
    clock.forward(minutes=2)
    press("pause", ada)
    client.force_login(ada)
    page = client.get(f"/meetings/{gathered.meeting.public_id}/board/").content.decode()
    assert ('stroke-dasharray="75 200"' in page, 'data-box="480000"' in page) == (True, True)
