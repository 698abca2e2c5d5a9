"""Two presses at once at one board: promises, the two numbers at the end, hands counted in the room, and roles."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from meetings import attending, board, closing, handcounting, moving, promising, seating
from meetings.boxes import Phase
from meetings.models.ballot import RoomDots, RoomThumbs
from meetings.models.board import Board, Topic
from meetings.models.meeting import Meeting, MeetingRole, Role
from meetings.models.pulse import PulseAnswer
from meetings.models.takeaway import Promise, PromiseState
from meetings.voting import Thumb
from members.models.person import Person
from roundtable.errors import NotAllowed
from tests.conftest import START, Outcome, Stopped
from tests.together.test_dots_race import fresh, many  # noqa: F401 - the fixture of this name

pytestmark = pytest.mark.django_db(transaction=True)
Together = Callable[..., Outcome]
ONCE = ["Each says what came of their own promise, once."]


@pytest.fixture
def begun(gathered: Board, ada: Person) -> Board:
    board.begin(gathered, by=ada, step=0)
    return gathered


def refusals(outcome: Outcome) -> list[str]:
    """The sentences, and nothing that is none."""
    assert {type(error) for error in outcome.errors} <= {NotAllowed}
    return [str(error) for error in outcome.errors]


def another_date(meeting: Meeting, days: int, name: str) -> Meeting:
    other = Meeting.objects.get(pk=meeting.pk)
    other.pk, other.public_id, other.occurrence_date = None, name, (START + timedelta(days=days)).date()
    other.local_date, other.starts_at = other.occurrence_date, START + timedelta(days=days)
    other.ends_at = other.starts_at + timedelta(minutes=90)
    other.save()
    return other


def test_two_promises_of_one_person_at_once_are_one(begun: Board, hedy: Person, at_once: Together) -> None:
    texts = ["I ask them.", "I write it down."]
    outcome = at_once(*[partial(promising.promise, fresh(begun), by=hedy, text=text) for text in texts * 2])
    assert (refusals(outcome), [one.text in texts for one in Promise.objects.all()]) == ([], [True])


def test_a_promise_that_is_carried_on_twice_at_once_is_carried_once(
    begun: Board, meeting: Meeting, hedy: Person, at_once: Together
) -> None:
    before = board.prepare(another_date(meeting, -42, "before"))
    made = Promise.objects.create(board=before, person=hedy, text="Ask.")
    words = [PromiseState.CARRIED, PromiseState.CARRIED, PromiseState.DONE]
    tell = partial(promising.tell, by=hedy, promise=made.public_id)
    outcome = at_once(*[partial(tell, fresh(begun), word=word) for word in words])
    made.refresh_from_db()
    carried = Promise.objects.filter(carried_from=made).count()
    assert (len(outcome.results), refusals(outcome)) == (1, ONCE * 2)
    assert (made.state, carried) in [(PromiseState.CARRIED, 1), (PromiseState.DONE, 0)]


def test_a_pulse_sent_twice_at_once_is_one_answer_of_one_person(
    begun: Board, ada: Person, grace: Person, at_once: Together
) -> None:
    board.go(begun, by=ada, step=1, phase=Phase.CLOSING)
    given = [(grace, 1), (grace, 5), (ada, 3), (ada, 3)]
    outcome = at_once(
        *[partial(closing.pulse, fresh(begun), by=person, needed=number, worth=number) for person, number in given]
    )
    numbers = sorted(PulseAnswer.objects.values_list("needed", "worth"))
    assert (refusals(outcome), numbers) in [([], [(1, 1), (3, 3)]), ([], [(3, 3), (5, 5)])]


def test_thumbs_counted_by_two_at_once_are_one_count(
    begun: Board, many: list[Topic], join: Callable[..., Person], person: Callable[..., Person], ada: Person,  # noqa: F811 - as above
    grace: Person, at_once: Together,
) -> None:  # fmt: skip
    handcounting.seat(begun, by=ada, person=join(person("Ida")).public_id, there=True)
    board.open_topic(begun, by=ada, step=1, topic=many[0].public_id)
    for step in (2, 3):
        board.enough(begun, by=ada, step=step)
    ways = [Thumb.UP, Thumb.DOWN]
    counts = [{way: int(way is up) for way in Thumb} for up in ways]
    tables = [fresh(begun), fresh(begun)]
    outcome = at_once(
        *[partial(handcounting.thumbs, table, by=ada, counts=one) for table, one in zip(tables, counts, strict=True)],
        partial(handcounting.thumbs, fresh(begun), by=grace, counts=counts[0]),
    )
    found = [(one.up, one.sideways, one.down) for one in RoomThumbs.objects.all()]
    assert (refusals(outcome), found) in [([], [(1, 0, 0)]), ([], [(0, 0, 1)])]


def test_dots_counted_by_two_at_once_are_one_count(
    begun: Board, many: list[Topic], join: Callable[..., Person], person: Callable[..., Person], ada: Person,  # noqa: F811 - as above
    grace: Person, at_once: Together,
) -> None:  # fmt: skip
    handcounting.seat(begun, by=ada, person=join(person("Ida")).public_id, there=True)
    board.go(begun, by=ada, step=1, phase=Phase.DOTS)
    first, second = {many[0].public_id: 2, many[1].public_id: 1}, {many[2].public_id: 2}
    outcome = at_once(
        partial(handcounting.dots, fresh(begun), by=ada, counts=first),
        partial(handcounting.dots, fresh(begun), by=grace, counts=second),
    )
    found = dict(RoomDots.objects.values_list("topic__public_id", "number"))
    assert (refusals(outcome), found) in [([], first), ([], second)]


def moved_slowly(meeting: Meeting) -> None:
    """As a date is moved: the meeting is held, then its board; between the two somebody else has time to press."""
    with transaction.atomic():
        held = seating.locked(meeting.pk)
        time.sleep(0.3)
        moving.place(held, held.starts_at + timedelta(minutes=30))


def test_a_role_that_goes_to_somebody_waits_for_the_meeting_and_not_for_ever(
    gathered: Board, meeting: Meeting, ada: Person, hedy: Person, at_once: Together
) -> None:
    MeetingRole.objects.filter(role=Role.TIMEKEEPER).delete()

    def keeps_time() -> None:
        time.sleep(0.1)
        attending.hand_over(fresh(gathered), by=ada, role=Role.TIMEKEEPER, to=hedy.public_id)

    outcome = at_once(partial(moved_slowly, meeting), keeps_time)
    assert outcome.errors == []
    assert MeetingRole.objects.get(role=Role.TIMEKEEPER).person == hedy
    assert fresh(gathered).starts_at == START + timedelta(minutes=30)


def test_who_leads_the_next_meeting_says_so_while_that_is_moved_with_this_one(
    begun: Board, meeting: Meeting, ada: Person, clock: Stopped, at_once: Together
) -> None:
    following = another_date(meeting, 42, "next")
    board.prepare(following)

    def both_moved() -> None:
        with transaction.atomic():
            held = [seating.locked(key) for key in (meeting.pk, following.pk)]
            time.sleep(0.3)
            for one in held:
                moving.place(one, one.starts_at)

    def leads_next() -> None:
        time.sleep(0.1)
        closing.accept_next(fresh(begun), by=ada)

    outcome = at_once(both_moved, leads_next)
    assert outcome.errors == []
    assert MeetingRole.objects.get(meeting=following).person == ada
