"""Two topics that are one, and everybody's dots on them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from meetings import attending, ballots, board, calls, handcounting, ownpart, reading, tidying, topics
from meetings.boxes import Phase
from meetings.models.ballot import Kind, RoomDots, Tally
from meetings.models.board import Board, Topic
from members.models.person import Person
from roundtable.errors import NotAllowed

pytestmark = pytest.mark.django_db
Give = Callable[[Person, int, int], None]


@pytest.fixture
def many(gathered: Board, ada: Person, grace: Person, hedy: Person) -> list[Topic]:
    for number in range(8):
        by = [ada, grace, hedy][number % 3]
        topics.propose(gathered, by=by, title=f"Topic {number}", note="", hidden=False, key=uuid4())
    return list(Topic.objects.order_by("pk"))


@pytest.fixture
def give(gathered: Board, many: list[Topic]) -> Give:
    def put(person: Person, topic: int, dots: int) -> None:
        calls.dots(gathered, by=person, topic=many[topic].public_id, dots=dots, key=uuid4())

    return put


@pytest.fixture
def asked(gathered: Board, many: list[Topic], ada: Person) -> Board:
    """The dots call is on."""
    board.begin(gathered, by=ada, step=0)
    board.go(gathered, by=ada, step=1, phase=Phase.DOTS)
    return gathered


@pytest.fixture
def one(asked: Board, many: list[Topic], ada: Person) -> Callable[[int, int], None]:
    def merge(child: int, parent: int) -> None:
        tidying.merge(asked, by=ada, child=many[child].public_id, parent=many[parent].public_id)

    return merge


def own(table: Board, person: Person, many: list[Topic]) -> tuple[dict[int, int], int]:
    """My dots by the number of the topic, and how many are left."""
    number = {topic.public_id: at for at, topic in enumerate(many)}
    mine = ownpart.own(table, person)
    return {number[name]: dots for name, dots in mine["dots"].items()}, mine["rest"]


def count(table: Board, by: Person) -> None:
    board.enough(table, by=by, step=Board.objects.get(pk=table.pk).step)


def test_dots_on_both_are_added_and_what_is_too_much_comes_back(
    asked: Board, many: list[Topic], give: Give, one: Callable[[int, int], None], ada: Person, grace: Person
) -> None:
    give(ada, 0, 2)
    give(ada, 1, 1)
    give(grace, 1, 1)
    give(grace, 4, 2)
    one(1, 0)
    assert own(asked, ada, many) == ({0: 2}, 1)
    assert own(asked, grace, many) == ({0: 1, 4: 2}, 0)
    give(ada, 5, 1)
    count(asked, ada)
    at = {topic.pk: number for number, topic in enumerate(many)}
    counted = {at[tally.topic_id or 0]: tally.number for tally in Tally.objects.all()}
    assert counted == {0: 3, 2: 0, 3: 0, 4: 2, 5: 1, 6: 0, 7: 0}


def test_both_stay_and_the_other_ones_sponsor_opens(
    asked: Board, many: list[Topic], one: Callable[[int, int], None], ada: Person
) -> None:
    one(1, 0)
    count(asked, ada)
    card = next(card for card in reading.read(asked.meeting_id).shared.waiting if card.id == many[0].public_id)
    assert (card.sponsor, [(part.title, part.sponsor) for part in card.merged]) == ("Ada", [("Topic 1", "Grace")])


def test_taken_apart_every_dot_on_the_two_comes_back(
    asked: Board, many: list[Topic], give: Give, one: Callable[[int, int], None], ada: Person, grace: Person
) -> None:
    give(ada, 0, 2)
    give(grace, 1, 1)
    give(grace, 2, 1)
    one(1, 0)
    tidying.split(asked, by=ada, topic=many[1].public_id)
    assert (own(asked, ada, many), own(asked, grace, many)) == (({}, 3), ({2: 1}, 2))
    assert Topic.objects.get(pk=many[1].pk).state == "open"


def test_after_a_count_the_larger_tally_is_shown_and_never_their_sum(
    asked: Board, many: list[Topic], give: Give, one: Callable[[int, int], None], ada: Person, grace: Person
) -> None:
    give(ada, 0, 1)
    give(ada, 1, 2)
    give(grace, 1, 1)
    count(asked, ada)
    one(1, 0)
    cards = {card.title: card.votes for card in reading.read(asked.meeting_id).shared.waiting}
    assert (cards["Topic 0"], "Topic 1" in cards) == ("at least 3 dots", False)
    tidying.split(asked, by=ada, topic=many[1].public_id)
    cards = {card.title: card.votes for card in reading.read(asked.meeting_id).shared.waiting}
    assert (cards["Topic 0"], cards["Topic 1"]) == ("1 dot", "3 dots")


def test_what_was_counted_as_one_stays_one(
    asked: Board, many: list[Topic], one: Callable[[int, int], None], ada: Person
) -> None:
    one(1, 0)
    count(asked, ada)
    with pytest.raises(NotAllowed, match="counted as one"):
        tidying.split(asked, by=ada, topic=many[1].public_id)


def test_what_a_merge_says_is_what_has_happened(asked: Board, many: list[Topic], give: Give, ada: Person) -> None:
    pair = {"child": many[1].public_id, "parent": many[0].public_id}
    assert "came back" in tidying.merge(asked, by=ada, **pair)
    assert "came back" in tidying.split(asked, by=ada, topic=pair["child"])
    count(asked, ada)
    assert tidying.merge(asked, by=ada, **pair) == "Merged. Two counts are never added: the larger one stands."
    assert tidying.split(asked, by=ada, topic=pair["child"]) == "Two topics again, each with its own count."
    topics.propose(asked, by=ada, title="Late", note="", hidden=False, key=uuid4())
    late = Topic.objects.latest("pk").public_id
    topics.propose(asked, by=ada, title="Later", note="", hidden=False, key=uuid4())
    assert tidying.merge(asked, by=ada, child=Topic.objects.latest("pk").public_id, parent=late) == "Merged."


def test_where_topics_came_on_without_dots_a_merge_tells_of_none(gathered: Board, ada: Person) -> None:
    for number in range(3):
        topics.propose(gathered, by=ada, title=f"Topic {number}", note="", hidden=False, key=uuid4())
    first, second, _ = Topic.objects.order_by("pk")
    board.begin(gathered, by=ada, step=0)
    board.go(gathered, by=ada, step=1, phase=Phase.ROUND)
    assert ballots.current(gathered, Kind.DOTS) is not None  # the early one
    assert tidying.merge(gathered, by=ada, child=second.public_id, parent=first.public_id) == "Merged."
    assert tidying.split(gathered, by=ada, topic=second.public_id) == "Two topics again."


def test_taking_apart_is_offered_where_it_can_be(
    asked: Board, many: list[Topic], one: Callable[[int, int], None], ada: Person
) -> None:
    def offered() -> bool:
        return "Take apart" in reading.render(asked.meeting_id).part

    one(1, 0)
    assert offered()
    count(asked, ada)
    assert not offered()
    one(3, 2)
    assert offered()


def test_a_dot_that_comes_while_its_topic_is_merged_lands_on_the_whole_or_comes_back(
    asked: Board, many: list[Topic], give: Give, one: Callable[[int, int], None], ada: Person, grace: Person
) -> None:
    give(ada, 0, 2)
    one(1, 0)
    give(ada, 1, 1)
    give(grace, 1, 1)
    assert (own(asked, ada, many), own(asked, grace, many)) == (({0: 2}, 1), ({0: 1}, 2))


def test_before_the_meeting_its_sponsor_merges_a_topic_and_nobody_else(
    gathered: Board, many: list[Topic], ada: Person, grace: Person
) -> None:
    pair = {"child": many[1].public_id, "parent": many[0].public_id}
    with pytest.raises(NotAllowed, match="its sponsor"):
        tidying.merge(gathered, by=ada, **pair)
    tidying.merge(gathered, by=grace, **pair)
    assert Topic.objects.get(pk=many[1].pk).merged_into == many[0]


@pytest.mark.parametrize(("child", "parent"), [(0, 0), (0, None), (None, 0)])
def test_only_two_open_topics_are_merged(
    asked: Board, many: list[Topic], ada: Person, child: int | None, parent: int | None
) -> None:
    names = ["" if one is None else many[one].public_id for one in (child, parent)]
    with pytest.raises(NotAllowed, match="still to be discussed"):
        tidying.merge(asked, by=ada, child=names[0], parent=names[1])


def test_in_the_meeting_only_the_facilitator_merges(asked: Board, many: list[Topic], grace: Person) -> None:
    with pytest.raises(NotAllowed, match="facilitator"):
        tidying.merge(asked, by=grace, child=many[1].public_id, parent=many[0].public_id)
    assert ballots.current(asked, Kind.DOTS) is not None


def test_hands_are_counted_again_after_a_merge_and_a_split(
    asked: Board, many: list[Topic], ada: Person, hedy: Person
) -> None:
    attending.gone(asked, by=hedy)
    handcounting.seat(asked, by=ada, person=hedy.public_id, there=True)
    again = "Please count the hands in the room again."
    for act in (
        lambda: tidying.merge(asked, by=ada, child=many[0].public_id, parent=many[1].public_id),
        lambda: tidying.split(asked, by=ada, topic=many[0].public_id),
    ):
        handcounting.dots(asked, by=ada, counts={many[1].public_id: 2})
        assert again in act()
        assert not RoomDots.objects.exists()
    assert again not in tidying.merge(asked, by=ada, child=many[0].public_id, parent=many[1].public_id)
