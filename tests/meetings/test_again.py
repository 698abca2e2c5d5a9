"""A topic that an earlier meeting has talked about comes again, with what was concluded then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from meetings import keeping, ownpart, reading, topics
from meetings.models.board import Board, Round, Topic, TopicState
from meetings.models.meeting import Meeting
from meetings.models.takeaway import Takeaway
from members.models.person import Person
from roundtable.errors import NotAllowed
from tests.conftest import START

pytestmark = pytest.mark.django_db


@pytest.fixture
def talked(meeting: Meeting, table: Board, hedy: Person) -> Topic:
    """Six weeks before, Hedy's topic was talked about, and this was kept of it."""
    held = Meeting.objects.get(pk=meeting.pk)
    held.pk, held.public_id, held.occurrence_date = None, "before", (START - timedelta(days=42)).date()
    held.local_date, held.starts_at = held.occurrence_date, START - timedelta(days=42)
    held.ends_at = held.starts_at + timedelta(minutes=90)
    held.save()
    times = {"starts_at": held.starts_at, "closing_at": held.ends_at - timedelta(minutes=5), "ends_at": held.ends_at}
    before = Board.objects.create(meeting=held, phase="closed", **times)
    topic = Topic.objects.create(board=before, title="Ladders", note="Ours", sponsor=hedy, state=TopicState.DISCUSSED)
    talk = Round.objects.create(
        board=before, topic=topic, number=1, opened_at=held.starts_at, closed_at=held.ends_at, sponsor=hedy
    )
    Takeaway.objects.create(round=talk, written_by=hedy, written_at=held.ends_at, text="Write it down.")
    return topic


def shown(table: Board) -> tuple[str, str, str, str]:
    card = reading.read(table.meeting_id).shared.waiting[0]
    return card.title, card.sponsor, card.carried, card.concluded


def test_any_member_brings_it_again_once_with_what_was_concluded(table: Board, talked: Topic, ada: Person) -> None:
    assert ownpart.discussed_before(table, ada) == [talked]
    for _ in range(2):
        topics.bring_again(table, by=ada, topic=talked.public_id)
    assert Topic.objects.filter(board=table).count() == 1
    assert shown(table) == ("Ladders", "Ada", "from 31 Mar, talked about then", "Write it down.")
    assert ownpart.discussed_before(table, ada) == []


def test_what_was_kept_before_somebody_came_is_not_shown_where_they_read_it(
    table: Board, talked: Topic, ada: Person, join: Callable[..., Person], person: Callable[..., Person]
) -> None:
    newcomer = join(person("Newcomer"), joined_on=date(2026, 4, 15))
    with pytest.raises(NotAllowed, match="earlier meeting of yours"):
        topics.bring_again(table, by=newcomer, topic=talked.public_id)
    topics.bring_again(table, by=ada, topic=talked.public_id)
    assert ownpart.discussed_before(table, newcomer) == []
    assert shown(table)[3] == ""


def test_for_ears_only_takes_the_words_of_who_brings_it_and_leaves_the_others(
    table: Board, talked: Topic, ada: Person
) -> None:
    topics.bring_again(table, by=ada, topic=talked.public_id)
    mine = Topic.objects.get(board=table)
    topics.ears_only(table, by=ada, topic=mine.public_id)
    keeping.offer(table)
    assert set(Topic.objects.values_list("public_id", "ears_only")) == {
        (talked.public_id, False),
        (mine.public_id, True),
    }
    assert [one.title for one in Topic.objects.order_by("pk")] == ["Ladders", ""]


def test_who_withdraws_it_may_bring_it_once_more(table: Board, talked: Topic, ada: Person) -> None:
    topics.bring_again(table, by=ada, topic=talked.public_id)
    topics.withdraw(table, by=ada, topic=Topic.objects.get(board=table).public_id)
    assert ownpart.discussed_before(table, ada) == [talked]
    topics.bring_again(table, by=ada, topic=talked.public_id)
    assert len(reading.read(table.meeting_id).shared.waiting) == 1


@pytest.mark.parametrize("change", [{"state": TopicState.OFFERED}, {"ears_only": True}])
def test_what_was_not_talked_about_or_is_for_ears_only_does_not_come_again(
    change: dict[str, object], table: Board, talked: Topic, hedy: Person
) -> None:
    Topic.objects.filter(pk=talked.pk).update(**change)
    with pytest.raises(NotAllowed, match="not discussed"):
        topics.bring_again(table, by=hedy, topic=talked.public_id)


def test_at_a_roundtable_only_who_brought_it_and_nothing_of_what_was_kept(
    table: Board, talked: Topic, ada: Person, hedy: Person
) -> None:
    table.meeting.group.roster = "open"
    table.meeting.group.save()
    table.meeting.seats.update(state="coming", number=None)
    with pytest.raises(NotAllowed, match="not discussed"):
        topics.bring_again(table, by=ada, topic=talked.public_id)
    topics.bring_again(table, by=hedy, topic=talked.public_id)
    assert shown(table)[1:] == ("Hedy", "from 31 Mar, talked about then", "")
