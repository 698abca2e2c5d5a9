"""What no action writes the database refuses too, and says by which rule: each named constraint of board, ballots and
takeaways has its proof here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import F

from meetings.models import ballot, board, takeaway
from meetings.models.ballot import Call, Done, Dot, Kind, RecordingYes, RoomDots, Tally, Thumb
from meetings.models.board import Board, Hand, Here, Move, Round, Topic, TopicState
from meetings.models.takeaway import Agreement, Promise, Takeaway
from meetings.voting import Thumb as Way
from members.models.person import Person
from tests.conftest import Stopped

pytestmark = pytest.mark.django_db

MODULES = {module.__name__ for module in (ballot, board, takeaway)}
VOTER = b"v" * 32


@dataclass
class Rows:
    """One sound row of each kind, all of one board."""

    board: Board
    topic: Topic  # under discussion
    other: Topic
    talk: Round
    call: Call
    dot: Dot
    thumb: Thumb
    room: RoomDots
    of_topic: Tally
    of_way: Tally
    done: Done
    here: Here
    hand: Hand
    move: Move
    yes: RecordingYes
    takeaway: Takeaway
    agreement: Agreement
    promise: Promise


@pytest.fixture
def rows(table: Board, ada: Person, clock: Stopped) -> Rows:
    now, mine = clock.now(), {"board": table, "person": ada}
    topics = [Topic.objects.create(board=table, title=title, sponsor=ada) for title in ("One", "Two")]
    change(topics[0], state=TopicState.DISCUSSING)
    talk = Round.objects.create(board=table, topic=topics[0], number=1, opened_at=now)
    call = Call.objects.get(board=table)
    kept = Takeaway.objects.create(round=talk, written_by=ada, written_at=now, text="Ask.")
    limits = {"dots": call.dots, "per_topic": call.per_topic}
    return Rows(
        board=table,
        topic=Topic.objects.get(pk=topics[0].pk),
        other=topics[1],
        talk=talk,
        call=call,
        dot=Dot.objects.create(call=call, voter=VOTER, topic=topics[0], slot=1, nth=1, **limits),
        thumb=Thumb.objects.create(call=call, voter=VOTER, way=Way.UP),
        room=RoomDots.objects.create(call=call, topic=topics[0], number=1),
        of_topic=Tally.objects.create(call=call, topic=topics[0], number=1),
        of_way=Tally.objects.create(call=call, way=Way.UP, number=1),
        done=Done.objects.create(call=call, person=ada),
        here=Here.objects.create(**mine),
        hand=Hand.objects.create(**mine),
        move=Move.objects.create(board=table, step=0, what="begin", before={}, at=now),
        yes=RecordingYes.objects.create(**mine),
        takeaway=kept,
        agreement=Agreement.objects.create(takeaway=kept, person=ada),
        promise=Promise.objects.create(**mine, text="I ask."),
    )


def change(row: models.Model, **columns: object) -> None:
    """The row with other values in these columns."""
    type(row)._default_manager.filter(pk=row.pk).update(**columns)


def again(row: models.Model, **columns: object) -> None:
    """A second row like this one, with other values in these columns and a key of its own."""
    same = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.unique}
    type(row)._default_manager.create(**same | columns)


MINUTE = timedelta(minutes=1)
BROKEN: list[tuple[str, Callable[[Rows], None]]] = [
    ("a_box_runs_or_rests", lambda it: change(it.board, box="turn")),
    ("a_box_runs_or_rests", lambda it: change(it.board, box="turn", box_left=MINUTE, box_ends_at=F("ends_at"))),
    ("a_box_runs_or_rests", lambda it: change(it.board, box_left=MINUTE)),
    ("a_parked_box_keeps_its_rest", lambda it: change(it.board, parked_box="discussion")),
    ("a_parked_box_keeps_its_rest", lambda it: change(it.board, parked_left=MINUTE)),
    ("dots_on_one_topic_fit_a_budget_of_at_most_9", lambda it: change(it.board, per_topic=4)),
    ("dots_on_one_topic_fit_a_budget_of_at_most_9", lambda it: change(it.board, per_topic=0)),
    ("dots_on_one_topic_fit_a_budget_of_at_most_9", lambda it: change(it.board, dots=10)),
    ("the_closing_begins_before_the_end", lambda it: change(it.board, closing_at=F("ends_at"))),
    ("a_topic_sent_twice_is_one_topic", lambda it: again(it.other)),
    ("one_topic_under_discussion_per_board", lambda it: again(it.topic, request_key=uuid4())),
    ("a_merged_topic_names_what_it_is_part_of", lambda it: change(it.other, state=TopicState.MERGED)),
    ("a_merged_topic_names_what_it_is_part_of", lambda it: change(it.other, merged_into=it.topic)),
    ("no_topic_is_merged_into_itself", lambda it: change(it.other, state=TopicState.MERGED, merged_into=it.other)),
    ("a_hidden_author_is_no_named_sponsor", lambda it: change(it.other, hidden_author=VOTER)),
    ("rounds_are_numbered_once_per_board", lambda it: again(it.talk, closed_at=it.talk.opened_at)),
    ("one_open_round_per_board", lambda it: again(it.talk, number=2)),
    ("a_person_is_here_once_per_board", lambda it: again(it.here)),
    ("one_raised_hand_per_person_and_board", lambda it: again(it.hand)),
    ("one_move_per_board_and_step", lambda it: again(it.move)),
    ("calls_are_numbered_once_per_board_and_kind", lambda it: again(it.call, secret=None, closed_at=it.move.at)),
    ("one_open_call_per_board_and_kind", lambda it: again(it.call, number=2)),
    ("an_open_call_has_a_secret_and_a_closed_one_none", lambda it: change(it.call, secret=None)),
    ("an_open_call_has_a_secret_and_a_closed_one_none", lambda it: change(it.call, closed_at=it.move.at)),
    ("thumbs_are_asked_in_a_round", lambda it: again(it.call, kind=Kind.THUMBS)),
    ("a_slot_holds_one_dot_per_voter_and_call", lambda it: again(it.dot, nth=2)),
    ("dots_on_a_topic_are_numbered_once_per_voter", lambda it: again(it.dot, slot=2)),
    ("a_slot_is_within_the_budget", lambda it: again(it.dot, nth=2, slot=4)),
    ("a_slot_is_within_the_budget", lambda it: again(it.dot, nth=2, slot=0)),
    ("dots_on_a_topic_are_within_its_limit", lambda it: again(it.dot, slot=2, nth=3)),
    ("dots_on_a_topic_are_within_its_limit", lambda it: again(it.dot, slot=2, nth=0)),
    ("one_thumb_per_voter_and_call", lambda it: again(it.thumb, way=Way.DOWN)),
    ("a_thumb_points_up_sideways_or_down", lambda it: change(it.thumb, way="away")),
    ("dots_in_the_room_are_counted_once_per_topic", lambda it: again(it.room)),
    ("a_topic_is_counted_once_per_call", lambda it: again(it.of_topic)),
    ("a_way_is_counted_once_per_call", lambda it: again(it.of_way)),
    ("a_tally_is_of_a_topic_or_of_a_way", lambda it: change(it.of_topic, topic=None)),
    ("a_tally_is_of_a_topic_or_of_a_way", lambda it: change(it.of_topic, way=Way.DOWN)),
    ("a_person_is_done_once_per_call", lambda it: again(it.done)),
    ("one_yes_to_a_recording_per_person_and_board", lambda it: again(it.yes)),
    ("one_takeaway_per_round", lambda it: again(it.takeaway)),
    ("a_person_agrees_once_to_a_takeaway", lambda it: again(it.agreement)),
    ("one_new_promise_per_person_and_meeting", lambda it: again(it.promise)),
]


@pytest.mark.parametrize(("name", "breaks"), BROKEN)
def test_the_database_refuses_what_breaks_a_rule_and_names_it(
    rows: Rows, name: str, breaks: Callable[[Rows], None]
) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        breaks(rows)
    assert refused.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr] # of psycopg2


def test_every_rule_of_the_board_has_its_proof() -> None:
    ours = [model for model in apps.get_app_config("meetings").get_models() if model.__module__ in MODULES]
    assert {name for name, _ in BROKEN} == {one.name for model in ours for one in model._meta.constraints}
