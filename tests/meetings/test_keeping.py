"""What a group keeps, who finds it, and what is never overwritten."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from groups.models.group import Group, Membership
from meetings import access, board, keeping, searching, topics
from meetings.models.board import Board, Round, Topic
from meetings.models.meeting import Meeting
from meetings.models.takeaway import Takeaway
from meetings.wanted import Wanted
from members.models.person import Person
from roundtable.errors import NotAllowed
from tests.conftest import Stopped

pytestmark = pytest.mark.django_db


def found(person: Person, table: Board, words: str) -> list[str]:
    memory = access.memory(person, table.meeting.group.public_id)
    return [one.text for one in searching.search(memory, Wanted.read(words))]


@pytest.fixture
def kept(gathered: Board, ada: Person) -> Board:
    """One takeaway of Ada's topic on Müller's ladder."""
    topics.propose(gathered, by=ada, title="Müller's ladder", note="", hidden=False, key=uuid4())
    board.begin(gathered, by=ada, step=0)
    board.open_topic(gathered, by=ada, step=1, topic=Topic.objects.get().public_id)
    board.sum_up(gathered, by=ada, text="Write it WITH them.", revision=0)
    return gathered


@pytest.mark.parametrize(
    ("words", "number"),
    [("", 1), ("with", 1), ("MULLER with", 1), ("müller's", 1), ("ladder them", 1), ("ladder alone", 0)],
)
def test_a_search_finds_every_word_whatever_its_case_and_accents(
    words: str, number: int, kept: Board, hedy: Person
) -> None:
    assert len(found(hedy, kept, words)) == number


def test_who_joined_later_reads_from_the_joining_date_on(
    kept: Board, later: Person, hedy: Person, clock: Stopped
) -> None:
    Membership.objects.filter(person=later).update(joined_on=date(2026, 5, 12))
    assert found(later, kept, "") == ["Write it WITH them."]
    Membership.objects.filter(person=later).update(joined_on=date(2026, 5, 13))
    kept.meeting.refresh_from_db()
    clock.forward(days=2)
    assert found(later, kept, "") == []


def test_only_the_sponsor_writes_the_takeaway(kept: Board, hedy: Person) -> None:
    with pytest.raises(NotAllowed, match="sponsor"):
        board.sum_up(kept, by=hedy, text="Mine", revision=1)


def test_a_takeaway_changed_meanwhile_is_not_overwritten(kept: Board, ada: Person) -> None:
    board.sum_up(kept, by=ada, text="Second", revision=1)
    with pytest.raises(NotAllowed, match="meanwhile"):
        board.sum_up(kept, by=ada, text="Third", revision=1)
    assert found(ada, kept, "") == ["Second"]


def test_a_takeaway_has_at_most_three_lines(kept: Board, ada: Person) -> None:
    with pytest.raises(NotAllowed, match="3 lines"):
        board.sum_up(kept, by=ada, text="1\n2\n3\n4", revision=1)


def test_an_act_does_not_undo_a_topic_whose_takeaway_is_kept(kept: Board, ada: Person) -> None:
    with pytest.raises(NotAllowed, match="stays"):
        board.undo(kept, by=ada, step=Board.objects.get(pk=kept.pk).step)


def test_the_page_of_one_and_of_three_takeaways_asks_the_database_as_often(
    client: Client, kept: Board, ada: Person, hedy: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(hedy)
    with django_assert_num_queries(13):
        client.get(f"/groups/{kept.meeting.group.public_id}/takeaways/")
    for number in (2, 3):
        topic = Topic.objects.create(board=kept, title="More", state="discussed")
        talk = Round.objects.create(
            board=kept, topic=topic, number=number, opened_at=kept.starts_at, closed_at=kept.ends_at
        )
        Takeaway.objects.create(round=talk, written_by=ada, written_at=kept.ends_at, text="Text")
    with django_assert_num_queries(13):
        client.get(f"/groups/{kept.meeting.group.public_id}/takeaways/")


def test_a_topic_for_ears_only_leaves_no_words_where_it_was_carried_from(
    gathered: Board, group: Group, ada: Person
) -> None:
    topics.propose(gathered, by=ada, title="A secret", note="and why", hidden=False, key=uuid4())
    board.close(gathered, by=ada, step=0)
    before = gathered.meeting
    later = timedelta(days=42)
    meeting = Meeting.objects.create(
        group=group,
        occurrence_date=before.local_date + later,
        local_date=before.local_date + later,
        local_time=before.local_time,
        zone="UTC",
        minutes=90,
        starts_at=before.starts_at + later,
        ends_at=before.ends_at + later,
    )
    following = board.prepare(meeting)
    carried = Topic.objects.get(board=following)
    assert (carried.title, carried.note) == ("A secret", "and why")
    topics.ears_only(following, by=ada, topic=carried.public_id)
    keeping.offer(following)
    assert {(one.title, one.note) for one in Topic.objects.all()} == {("", "")}
