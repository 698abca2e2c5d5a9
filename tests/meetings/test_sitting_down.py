"""Moments, hands, people in the room without a device, options and speakers: acts around the clock."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from meetings import attending, board, calls, handcounting, ownpart, reading, sitting, tidying, topics
from meetings.boxes import Phase
from meetings.models.ballot import Kind, RoomDots, RoomThumbs, Tally
from meetings.models.board import Board, Here, Round, Topic
from meetings.models.meeting import Format, Meeting, Role
from meetings.models.speaker import Breather
from meetings.voting import Thumb as Way
from members.models.person import Person
from roundtable.errors import NotAllowed
from tests.conftest import Stopped

pytestmark = pytest.mark.django_db
Press = Callable[..., str]
RENEWS = '<meta http-equiv="refresh" content="10">'


@pytest.fixture
def press(gathered: Board) -> Press:
    def act(name: str, person: Person, **details: object) -> str:
        step = Board.objects.get(pk=gathered.pk).step
        said: str = getattr(board, name)(gathered, by=person, step=step, **details)
        return said

    return act


@pytest.fixture
def many(gathered: Board, ada: Person, grace: Person) -> list[Topic]:
    for number in range(8):
        by = [ada, grace][number % 2]
        topics.propose(gathered, by=by, title=f"Topic {number}", note="", hidden=False, key=uuid4())
    return list(Topic.objects.order_by("pk"))


@pytest.fixture
def thumbs_on(gathered: Board, many: list[Topic], press: Press, clock: Stopped, ada: Person) -> Board:
    """The first topic's box is over, and thumbs are asked."""
    press("begin", ada)
    press("open_topic", ada, topic=many[0].public_id)
    clock.forward(minutes=10)
    sitting.advance(gathered)
    return gathered


@pytest.fixture
def in_the_room(gathered: Board, ada: Person, grace: Person, hedy: Person) -> Board:
    """Grace and Hedy sit in the room without a device; Ada leads on her phone."""
    for person in (grace, hedy):
        attending.gone(gathered, by=person)
        handcounting.seat(gathered, by=ada, person=person.public_id, there=True)
    return gathered


def hands(up: int = 0, sideways: int = 0, down: int = 0) -> dict[Way, int]:
    return {Way.UP: up, Way.SIDEWAYS: sideways, Way.DOWN: down}


def test_a_moment_is_for_everybody_once_in_a_box_and_names_nobody(
    gathered: Board, press: Press, ada: Person, grace: Person, hedy: Person
) -> None:
    press("begin", ada)
    press("pause", hedy)
    kept = Breather.objects.get()
    assert hedy.pk not in [getattr(kept, field.attname) for field in kept._meta.concrete_fields]
    press("resume", grace)
    with pytest.raises(NotAllowed, match="had your moment"):
        press("pause", hedy)
    press("pause", grace)
    press("resume", grace)
    press("enough", grace)
    press("pause", hedy)
    assert Breather.objects.count() == 1


def test_hands_counted_in_the_room_bring_the_verdict_and_are_told(
    in_the_room: Board, thumbs_on: Board, ada: Person, hedy: Person
) -> None:
    calls.thumb(thumbs_on, by=ada, way=Way.UP, key=uuid4())
    assert Board.objects.get(pk=thumbs_on.pk).box == "thumbs"
    handcounting.thumbs(thumbs_on, by=ada, counts=hands(down=2))
    assert Board.objects.get(pk=thumbs_on.pk).box == "takeaway"
    tallies = dict(Tally.objects.filter(call__kind=Kind.THUMBS).values_list("way", "number"))
    assert (tallies, RoomThumbs.objects.count()) == ({"up": 1, "sideways": 0, "down": 2}, 0)


def test_more_hands_than_people_in_the_room_are_refused(in_the_room: Board, thumbs_on: Board, ada: Person) -> None:
    with pytest.raises(NotAllowed, match="has 2 people ticked"):
        handcounting.thumbs(thumbs_on, by=ada, counts=hands(up=3))


def test_hands_are_counted_again_when_somebody_leaves_the_room(
    in_the_room: Board, thumbs_on: Board, ada: Person, hedy: Person
) -> None:
    handcounting.thumbs(thumbs_on, by=ada, counts=hands(up=2))
    attending.gone(thumbs_on, by=hedy)
    assert RoomThumbs.objects.count() == 0


def test_who_takes_out_a_phone_leaves_the_number_and_hands_are_counted_again(
    in_the_room: Board, thumbs_on: Board, ada: Person, hedy: Person
) -> None:
    handcounting.thumbs(thumbs_on, by=ada, counts=hands(up=2))
    with pytest.raises(NotAllowed, match="I am here"):
        calls.thumb(thumbs_on, by=hedy, way=Way.UP, key=uuid4())
    attending.here(thumbs_on, by=hedy)
    assert (Here.objects.filter(in_room=True).count(), RoomThumbs.objects.count()) == (1, 0)
    calls.thumb(thumbs_on, by=hedy, way=Way.UP, key=uuid4())
    calls.thumb(thumbs_on, by=ada, way=Way.UP, key=uuid4())
    assert Board.objects.get(pk=thumbs_on.pk).box == "thumbs"
    handcounting.thumbs(thumbs_on, by=ada, counts=hands(up=1))
    assert Board.objects.get(pk=thumbs_on.pk).box == "extension"


def test_for_a_sponsor_without_a_device_who_leads_presses_and_writes(
    in_the_room: Board, many: list[Topic], press: Press, ada: Person, grace: Person
) -> None:
    press("begin", ada)
    press("open_topic", ada, topic=many[1].public_id)
    assert Round.objects.get().sponsor == grace
    press("over_to_you", ada)
    board.sum_up(in_the_room, by=ada, text="Fewer meetings.", revision=0)
    attending.here(in_the_room, by=grace)
    with pytest.raises(NotAllowed, match="sponsor writes"):
        board.sum_up(in_the_room, by=ada, text="None.", revision=1)


def test_a_role_goes_to_nobody_without_a_device(in_the_room: Board, ada: Person, grace: Person) -> None:
    with pytest.raises(NotAllowed, match="with a device of their own"):
        attending.hand_over(in_the_room, by=ada, role=Role.FACILITATOR, to=grace.public_id)


def test_who_is_ticked_and_has_a_device_after_all_is_asked_to_say_so(in_the_room: Board, grace: Person) -> None:
    assert ownpart.own(in_the_room, grace)["here"] is False
    attending.here(in_the_room, by=grace)
    assert ownpart.own(in_the_room, grace)["here"] is True


def test_dots_of_the_room_are_added_within_its_budget(
    in_the_room: Board, many: list[Topic], press: Press, ada: Person
) -> None:
    press("begin", ada)
    press("go", ada, phase=Phase.DOTS)
    with pytest.raises(NotAllowed, match="at most 4 dots for one topic and 6 in all"):
        handcounting.dots(in_the_room, by=ada, counts={many[0].public_id: 5})
    calls.dots(in_the_room, by=ada, topic=many[0].public_id, dots=1, key=uuid4())
    handcounting.dots(in_the_room, by=ada, counts={many[0].public_id: 4, many[1].public_id: 2})
    press("enough", ada)
    counted = Tally.objects.filter(number__gt=0).order_by("-number").values_list("number", "by_hand")
    assert (list(counted), RoomDots.objects.count()) == ([(5, 4), (2, 2)], 0)
    assert reading.read(in_the_room.meeting_id).shared.waiting[0].votes == "5 dots, 4 by hand"


@pytest.mark.parametrize(("counts", "left"), [({1: 1}, [(1, 1, 1)]), ({0: 0, 1: 0}, []), ({}, [(0, 2, 0)])])
def test_hands_replace_what_who_sits_in_the_room_gave_before(
    gathered: Board,
    many: list[Topic],
    press: Press,
    ada: Person,
    hedy: Person,
    *,
    counts: dict[int, int],
    left: list[tuple[int, int, int]],
) -> None:
    calls.dots(gathered, by=hedy, topic=many[0].public_id, dots=2, key=uuid4())
    attending.gone(gathered, by=hedy)
    handcounting.seat(gathered, by=ada, person=hedy.public_id, there=True)
    press("begin", ada)
    press("go", ada, phase=Phase.DOTS)
    if counts:
        handcounting.dots(gathered, by=ada, counts={many[topic].public_id: dots for topic, dots in counts.items()})
    press("enough", ada)
    counted = Tally.objects.filter(number__gt=0).values_list("topic", "number", "by_hand")
    assert [(*pair,) for pair in counted] == [(many[topic].pk, number, hands) for topic, number, hands in left]


def test_a_device_and_a_tick_are_not_both(gathered: Board, ada: Person, hedy: Person) -> None:
    with pytest.raises(NotAllowed, match="device of their own"):
        handcounting.seat(gathered, by=ada, person=hedy.public_id, there=True)


def test_a_hand_is_lowered_by_who_leads_and_by_who_speaks(
    gathered: Board, many: list[Topic], press: Press, ada: Person, grace: Person, hedy: Person
) -> None:
    press("begin", ada)
    press("open_topic", ada, topic=many[1].public_id)
    for person in (ada, hedy):
        attending.hand(gathered, by=person, up=True)
    with pytest.raises(NotAllowed, match="facilitator"):
        attending.lower(gathered, by=hedy, of=ada.public_id)
    attending.lower(gathered, by=grace, of=ada.public_id)
    assert [one["name"] for one in reading.read(gathered.meeting_id).shared.hands] == ["Hedy"]


def test_how_a_meeting_goes_is_chosen_before_it_begins_and_kept_for_the_next(
    gathered: Board, meeting: Meeting, press: Press, ada: Person
) -> None:
    board.choose(gathered, by=ada, option="check_in", on=True)
    board.choose(gathered, by=ada, option="once", on=True)
    press("begin", ada)
    with pytest.raises(NotAllowed, match="has begun"):
        board.choose(gathered, by=ada, option="once", on=False)
    press("enough", ada)
    assert Board.objects.get(pk=gathered.pk).phase == "check_in"


def test_dots_given_once_are_walked_down(
    gathered: Board, many: list[Topic], press: Press, clock: Stopped, ada: Person
) -> None:
    board.choose(gathered, by=ada, option="once", on=True)
    press("begin", ada)
    press("go", ada, phase=Phase.DOTS)
    press("enough", ada)
    ranked = [card.id for card in reading.read(gathered.meeting_id).shared.waiting]
    for _ in range(2):
        press("next_topic", ada)
        press("enough", ada)
        press("enough", ada)
        press("decide", ada, extend=False)
        press("enough", ada)
    opened = Round.objects.order_by("number").values_list("topic__public_id", flat=True)
    assert list(opened) == ranked[:2]


def test_a_deep_dive_gives_all_but_whose_case_it_is_a_turn(
    gathered: Board, meeting: Meeting, press: Press, ada: Person, grace: Person, hedy: Person
) -> None:
    Meeting.objects.update(format=Format.DEEP_DIVE)
    table = Board.objects.select_related("meeting__group").get(pk=gathered.pk)
    attending.name_speaker(table, by=ada, of=hedy.public_id)
    board.begin(table, by=ada, step=0)
    for _ in range(3):
        board.enough(table, by=ada, step=Board.objects.get(pk=table.pk).step)
    shared = reading.read(table.meeting_id).shared
    assert shared.turn is not None
    assert (shared.phase, {shared.turn.name, *shared.turn.following}) == ("experience", {"Ada", "Grace"})
    for _ in range(2):
        board.enough(table, by=ada, step=Board.objects.get(pk=table.pk).step)
    assert Board.objects.get(pk=table.pk).phase == "lessons"


def test_in_a_talk_topics_are_proposed_for_the_rounds_on_it(
    gathered: Board, press: Press, clock: Stopped, ada: Person, hedy: Person
) -> None:
    Meeting.objects.update(format=Format.TALK, presenter=hedy)
    table = Board.objects.select_related("meeting__group").get(pk=gathered.pk)
    board.begin(table, by=ada, step=0)
    board.enough(table, by=ada, step=1)
    shared = reading.read(table.meeting_id).shared
    assert (shared.phase, shared.speaker["name"], shared.clock["digits"]) == ("talk", "Hedy", "20:00")
    topics.propose(table, by=hedy, title="And now?", note="", hidden=False, key=uuid4())
    for _ in range(2):
        board.enough(table, by=ada, step=Board.objects.get(pk=table.pk).step)
    assert Board.objects.get(pk=table.pk).phase == "round"


def test_who_is_equal_is_said_and_the_facilitators_word_is_shown_as_one(
    thumbs_on: Board, press: Press, ada: Person, grace: Person, hedy: Person
) -> None:
    for person, way in [(ada, Way.UP), (grace, Way.DOWN), (hedy, Way.SIDEWAYS)]:
        calls.thumb(thumbs_on, by=person, way=way, key=uuid4())
    assert reading.read(thumbs_on.meeting_id).shared.said.startswith("Equal. The facilitator decides")
    press("decide", ada, extend=True)
    assert Round.objects.get().outcome == "equal; the facilitator's word"


def test_a_topic_that_was_discussed_is_opened_again_with_what_was_concluded(
    thumbs_on: Board, many: list[Topic], press: Press, ada: Person
) -> None:
    press("decide", ada, extend=False)
    board.sum_up(thumbs_on, by=ada, text="Ask them first.", revision=0)
    topics.again(thumbs_on, by=ada, topic=many[0].public_id)
    card = next(card for card in reading.read(thumbs_on.meeting_id).shared.waiting if card.id == many[0].public_id)
    assert card.takeaway == "Ask them first."
    press("open_topic", ada, topic=many[0].public_id)
    assert Round.objects.filter(topic=many[0]).count() == 2


def test_a_topic_that_was_opened_again_and_merged_stands_for_itself_when_its_round_comes_back(
    thumbs_on: Board, many: list[Topic], press: Press, ada: Person
) -> None:
    press("decide", ada, extend=False)
    board.sum_up(thumbs_on, by=ada, text="Ask them first.", revision=0)
    topics.again(thumbs_on, by=ada, topic=many[0].public_id)
    tidying.merge(thumbs_on, by=ada, child=many[0].public_id, parent=many[1].public_id)
    press("undo", ada)
    back = Topic.objects.get(pk=many[0].pk)
    assert (back.state, back.merged_into) == ("discussing", None)


def test_the_takeaway_is_for_the_sponsor_of_the_last_round_though_its_topic_was_on_before(
    gathered: Board, many: list[Topic], clock: Stopped, ada: Person, grace: Person
) -> None:
    for number, (topic, sponsor) in enumerate(((many[0], ada), (many[1], grace), (many[0], ada)), start=1):
        Round.objects.create(
            board=gathered,
            topic=topic,
            number=number,
            sponsor=sponsor,
            opened_at=clock.now(),
            closed_at=clock.now(),
        )
    assert reading.read(gathered.meeting_id).shared.opener == ada.public_id


def test_the_last_dots_counted_by_hand_bring_the_count(
    in_the_room: Board, many: list[Topic], press: Press, ada: Person
) -> None:
    press("begin", ada)
    press("go", ada, phase=Phase.DOTS)
    calls.done(in_the_room, by=ada)  # the only one with a device
    assert not Tally.objects.exists()
    handcounting.dots(in_the_room, by=ada, counts={many[0].public_id: 2})
    assert Tally.objects.filter(topic=many[0], number=2).exists()


@pytest.mark.parametrize("query", ["", "?every=10"])
def test_a_page_that_comes_anew_by_itself_goes_on_so_after_a_press_and_waits_for_who_writes(
    query: str, gathered: Board, many: list[Topic], press: Press, ada: Person, grace: Person
) -> None:
    client, path, renews = Client(), f"/meetings/{gathered.meeting.public_id}/board/", query != ""
    client.force_login(grace)
    press("begin", ada)
    answer = client.post(f"{path}people/", {"act": "hand"}, headers={"Referer": f"http://testserver{path}{query}"})
    assert answer["Location"] == path + query
    assert (RENEWS in client.get(answer["Location"]).content.decode()) == renews
    press("open_topic", ada, topic=many[1].public_id)
    Board.objects.filter(pk=gathered.pk).update(box="takeaway")
    assert RENEWS not in client.get(answer["Location"]).content.decode()
    client.force_login(ada)
    assert (RENEWS in client.get(answer["Location"]).content.decode()) == renews


def test_hands_that_come_too_late_are_not_taken(
    in_the_room: Board, many: list[Topic], press: Press, clock: Stopped, ada: Person
) -> None:
    press("begin", ada)
    press("go", ada, phase=Phase.DOTS)
    clock.forward(minutes=2, seconds=2)
    with pytest.raises(NotAllowed, match="Nothing is asked now"):
        handcounting.dots(in_the_room, by=ada, counts={many[0].public_id: 1})
    assert (RoomDots.objects.count(), Board.objects.get().phase) == (0, "round")


def test_who_opens_a_topic_keeps_it_for_ears_only(
    gathered: Board, press: Press, ada: Person, grace: Person, hedy: Person
) -> None:
    topics.propose(gathered, by=hedy, title="Leaving?", note="", hidden=True, key=uuid4())
    topic = Topic.objects.get()
    topics.sponsor(gathered, by=grace, topic=topic.public_id)
    press("begin", ada)
    press("open_topic", ada, topic=topic.public_id)
    with pytest.raises(NotAllowed, match="sponsor does this"):
        topics.ears_only(gathered, by=ada, topic=topic.public_id)
    topics.ears_only(gathered, by=grace, topic=topic.public_id)
    assert Topic.objects.get().ears_only


def test_who_leads_keeps_a_topic_for_ears_only_for_a_sponsor_who_has_left(
    gathered: Board, press: Press, client: Client, ada: Person, grace: Person
) -> None:
    topics.propose(gathered, by=grace, title="Leaving?", note="", hidden=False, key=uuid4())
    press("begin", ada)
    press("open_topic", ada, topic=Topic.objects.get().public_id)
    attending.gone(gathered, by=grace)
    client.force_login(ada)
    page = f"/meetings/{gathered.meeting.public_id}/board/"
    assert f'value="ears:{Topic.objects.get().public_id}"' in client.get(page).content.decode()
    topics.ears_only(gathered, by=ada, topic=Topic.objects.get().public_id)
    assert Topic.objects.get().ears_only
    assert 'value="ears:' not in client.get(page).content.decode().split('<div id="shared"')[1].split("</section>")[0]
