"""Turns that everybody has, who opens a topic, and who leads: one after the other, drawn or asked."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from groups import repairing
from groups.models.group import Membership
from meetings import attending, board, handcounting, reading, sitting, tidying, topics, voting
from meetings.boxes import Phase
from meetings.models.board import Board, Round, Topic
from meetings.models.meeting import MeetingRole, Role
from members.models.person import Person
from roundtable.errors import NotAllowed
from tests.conftest import Stopped

pytestmark = pytest.mark.django_db
Press = Callable[..., str]


@pytest.fixture
def press(gathered: Board) -> Press:
    def act(name: str, person: Person, **details: object) -> str:
        step = Board.objects.get(pk=gathered.pk).step
        said: str = getattr(board, name)(gathered, by=person, step=step, **details)
        return said

    return act


@pytest.fixture
def many(gathered: Board, ada: Person, grace: Person, hedy: Person) -> list[Topic]:
    for number in range(8):
        by = [ada, grace, hedy][number % 3]
        topics.propose(gathered, by=by, title=f"Topic {number}", note="", hidden=number == 7, key=uuid4())
    return list(Topic.objects.order_by("pk"))


@pytest.fixture
def checking_in(gathered: Board, press: Press, ada: Person, clock: Stopped) -> list[Person]:
    """The check-in has begun: those here, in the order that was drawn."""
    Board.objects.filter(pk=gathered.pk).update(check_in=True)
    press("begin", ada)
    press("enough", ada)
    people = {str(person.pk): person for person in Person.objects.all()}
    return [people[name] for name in voting.drawn(people, lot=Board.objects.get(pk=gathered.pk).lot)]


def turn(table: Board) -> tuple[str, list[str], list[str]]:
    on = reading.read(table.meeting_id).shared.turn
    assert on is not None
    return on.name, on.following, on.passed


def test_everybody_here_has_one_turn_in_the_drawn_order_and_may_pass(
    gathered: Board, checking_in: list[Person], press: Press, clock: Stopped
) -> None:
    first, second, third = checking_in
    assert turn(gathered) == (first.name, [second.name, third.name], [])
    with pytest.raises(NotAllowed, match="somebody else's turn"):
        press("end_turn", second, passed=False)
    press("end_turn", first, passed=True)
    assert turn(gathered) == (second.name, [third.name], [first.name])
    clock.forward(minutes=1)
    sitting.advance(gathered)
    assert turn(gathered) == (third.name, [], [first.name])
    press("end_turn", third, passed=False)
    assert Board.objects.get(pk=gathered.pk).phase == "propose"


def test_who_comes_later_speaks_last_and_who_leaves_leaves_no_gap(
    gathered: Board, checking_in: list[Person], join: Callable[..., Person], person: Callable[..., Person]
) -> None:
    first, second, third = checking_in
    attending.here(gathered, by=join(person("Ida")))
    attending.gone(gathered, by=second)
    assert turn(gathered) == (first.name, [third.name, "Ida"], [])


def test_who_is_ticked_in_the_room_has_a_turn_until_the_tick_is_taken_away(
    gathered: Board, checking_in: list[Person], join: Callable[..., Person], person: Callable[..., Person], ada: Person
) -> None:
    first, second, third = checking_in
    ida = join(person("Ida"))
    for _ in range(2):
        handcounting.seat(gathered, by=ada, person=ida.public_id, there=True)
    assert turn(gathered) == (first.name, [second.name, third.name, "Ida"], [])
    attending.here(gathered, by=ida)  # and now with a device
    assert turn(gathered)[1] == [second.name, third.name, "Ida"]
    attending.gone(gathered, by=ida)
    handcounting.seat(gathered, by=ada, person=ida.public_id, there=True)
    handcounting.seat(gathered, by=ada, person=ida.public_id, there=False)
    assert turn(gathered) == (first.name, [second.name, third.name], [])


def test_topics_are_introduced_with_their_sponsor_in_the_light(
    gathered: Board, many: list[Topic], press: Press, clock: Stopped, ada: Person, grace: Person
) -> None:
    press("begin", ada)
    press("enough", ada)
    on = reading.read(gathered.meeting_id).shared.turn
    assert on is not None
    assert (on.name, on.topic) == ("Ada", "Topic 0")
    press("end_turn", ada, passed=False)
    with pytest.raises(NotAllowed):
        press("end_turn", ada, passed=False)
    for _ in range(6):
        clock.forward(seconds=20)
        sitting.advance(gathered)
    on = reading.read(gathered.meeting_id).shared.turn
    assert on is not None
    assert (on.name, on.topic, on.id) == ("", "Topic 7", "")


def test_another_topic_than_the_first_is_shown_to_be_out_of_order(
    gathered: Board, many: list[Topic], press: Press, ada: Person
) -> None:
    press("begin", ada)
    press("go", ada, phase=Phase.DOTS)
    press("enough", ada)
    ranked = [card.id for card in reading.read(gathered.meeting_id).shared.waiting]
    press("open_topic", ada, topic=ranked[2])
    shown = reading.read(gathered.meeting_id).shared.topic
    assert shown is not None
    assert (shown.id, shown.out_of_order) == (ranked[2], True)
    press("undo", ada)
    press("open_topic", ada, topic=ranked[0])
    assert not Round.objects.get(board=gathered).out_of_order


def test_the_lot_is_shown_with_the_count_and_not_before(
    gathered: Board, many: list[Topic], press: Press, ada: Person
) -> None:
    press("begin", ada)
    press("go", ada, phase=Phase.DOTS)
    assert reading.read(gathered.meeting_id).shared.lot == ""
    press("enough", ada)
    shared = reading.read(gathered.meeting_id).shared
    carried = [card.id for card in shared.waiting]
    assert voting.drawn(carried, lot=int(shared.lot)) == carried


def test_a_topic_that_nobody_brings_is_offered_in_turn(
    gathered: Board, many: list[Topic], press: Press, ada: Person, grace: Person, hedy: Person
) -> None:
    press("begin", ada)
    press("open_topic", ada, topic=many[0].public_id)
    press("undo", ada)
    press("open_topic", ada, topic=many[7].public_id)
    asked: list[int | None] = []
    for _ in range(4):
        talk = Round.objects.get(board=gathered)
        asked.append(talk.asked_id)
        topics.ask_next(gathered, by=ada)
    assert (len(set(asked)), asked[3] == asked[0], talk.sponsor) == (3, True, None)
    topics.sponsor(gathered, by=hedy, topic=many[7].public_id)
    with pytest.raises(NotAllowed, match="Nobody is asked"):
        topics.ask_next(gathered, by=ada)
    assert Round.objects.get(board=gathered).sponsor == hedy


def test_under_autopilot_who_is_asked_opens_and_may_pass_it_on(
    gathered: Board, many: list[Topic], press: Press, ada: Person
) -> None:
    press("autopilot", ada, on=True)
    sitting.advance(gathered)  # at the start it begins by itself
    press("open_topic", ada, topic=many[7].public_id)
    talk = Round.objects.get(board=gathered)
    assert talk.sponsor_id == talk.asked_id
    assert talk.asked is not None
    topics.ask_next(gathered, by=talk.asked)
    after = Round.objects.get(board=gathered)
    assert after.sponsor_id == after.asked_id != talk.asked_id


def test_dots_are_refused_when_no_topic_could_follow_them(
    gathered: Board, many: list[Topic], press: Press, clock: Stopped, ada: Person
) -> None:
    press("begin", ada)
    clock.forward(minutes=71)
    attending.sign_of_life(gathered, by=ada)
    sitting.advance(gathered)
    with pytest.raises(NotAllowed) as refused:
        press("go", ada, phase=Phase.DOTS)
    assert str(refused.value).startswith("Dots and a topic need 15 minutes, 14 are left: ")


def test_a_role_that_was_handed_over_comes_back_within_a_minute(
    gathered: Board, clock: Stopped, ada: Person, hedy: Person
) -> None:
    attending.hand_over(gathered, by=ada, role=Role.FACILITATOR, to=hedy.public_id)
    assert reading.read(gathered.meeting_id).shared.news == "Hedy leads now."
    attending.take_back(gathered, by=ada, role=Role.FACILITATOR)
    attending.hand_over(gathered, by=ada, role=Role.FACILITATOR, to=hedy.public_id)
    clock.forward(seconds=61)
    with pytest.raises(NotAllowed, match="more than a minute ago"):
        attending.take_back(gathered, by=ada, role=Role.FACILITATOR)
    assert MeetingRole.objects.get(role=Role.FACILITATOR).person == hedy


@pytest.fixture
def taken_over(gathered: Board, press: Press, clock: Stopped, ada: Person, grace: Person) -> Board:
    """Ada, who led, has not been seen for a minute, and Grace leads now."""
    press("begin", ada)
    clock.forward(seconds=60)
    attending.take_over(gathered, by=grace)
    return gathered


def test_who_returns_takes_back_what_others_took_over(
    taken_over: Board, clock: Stopped, ada: Person, grace: Person, hedy: Person
) -> None:
    clock.forward(minutes=5)
    attending.take_over(taken_over, by=hedy)
    with pytest.raises(NotAllowed, match="not taken from you"):
        attending.take_back(taken_over, by=grace, role=Role.FACILITATOR)
    attending.take_back(taken_over, by=ada, role=Role.FACILITATOR)
    role = MeetingRole.objects.get(role=Role.FACILITATOR)
    assert (role.person, role.acting, role.before, role.by_right) == (ada, False, None, None)


def test_who_returns_takes_back_also_what_was_handed_on(
    taken_over: Board, clock: Stopped, ada: Person, grace: Person, hedy: Person
) -> None:
    attending.hand_over(taken_over, by=grace, role=Role.FACILITATOR, to=hedy.public_id)
    back = reading.read(taken_over.meeting_id).shared.facilitator["back"].split()
    assert back == [ada.public_id, grace.public_id]
    clock.forward(minutes=5)
    assert reading.read(taken_over.meeting_id).shared.facilitator["back"] == ada.public_id
    with pytest.raises(NotAllowed, match="more than a minute ago"):
        attending.take_back(taken_over, by=grace, role=Role.FACILITATOR)
    attending.take_back(taken_over, by=ada, role=Role.FACILITATOR)
    assert MeetingRole.objects.get(role=Role.FACILITATOR).person == ada


def test_who_hands_on_what_they_took_over_has_a_minute_to_take_it_back(
    taken_over: Board, ada: Person, grace: Person, hedy: Person
) -> None:
    attending.hand_over(taken_over, by=grace, role=Role.FACILITATOR, to=hedy.public_id)
    attending.take_back(taken_over, by=grace, role=Role.FACILITATOR)
    role = MeetingRole.objects.get(role=Role.FACILITATOR)
    assert (role.person, role.acting, role.by_right) == (grace, True, ada)


def test_who_leaves_the_circle_is_not_here_any_more(gathered: Board, checking_in: list[Person]) -> None:
    first, second, last = checking_in
    attending.hand(gathered, by=last, up=True)
    before = Board.objects.get().version
    repairing.leave(Membership.objects.get(person=last), back_to_pool=False)
    shown = reading.read(gathered.meeting_id).shared
    assert (sorted(one["name"] for one in shown.here), shown.hands) == (sorted([first.name, second.name]), [])
    assert shown.version > before
    assert turn(gathered) == (first.name, [second.name], [])


def test_a_topic_that_goes_takes_nobody_s_sentence(
    gathered: Board, many: list[Topic], press: Press, ada: Person
) -> None:
    press("begin", ada)
    press("go", ada, phase=Phase.INTRODUCE)
    press("enough", ada)
    press("enough", ada)
    assert reading.read(gathered.meeting_id).shared.turn.topic == many[2].title  # type: ignore[union-attr] # a turn is on
    topics.withdraw(gathered, by=ada, topic=many[0].public_id)
    assert reading.read(gathered.meeting_id).shared.turn.topic == many[2].title  # type: ignore[union-attr] # the same
    tidying.merge(gathered, by=ada, child=many[1].public_id, parent=many[3].public_id)
    assert reading.read(gathered.meeting_id).shared.turn.topic == many[2].title  # type: ignore[union-attr] # the same
