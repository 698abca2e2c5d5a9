"""A circle's memory: the timeline, who may read what was before them, search, own notes, and files to take along."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import Http404
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from groups.models.group import Group, Membership
from meetings import access, keeping, noting, pasts, searching, taking, timeline
from meetings.boxes import Phase
from meetings.models.board import Board, Topic, TopicState
from meetings.models.meeting import Meeting
from meetings.models.note import OwnNote
from meetings.models.past import PastYes
from meetings.models.seat import Attendance, Seat
from meetings.models.takeaway import Promise, PromiseState
from meetings.wanted import Wanted
from members import leaving
from members.models.person import Person
from members.models.program import Roster
from roundtable.errors import NotAllowed
from tests.conftest import Held, Stopped

pytestmark = pytest.mark.django_db
MARCH, APRIL, MAY = date(2026, 3, 17), date(2026, 4, 14), date(2026, 5, 12)


@pytest.fixture(autouse=True)
def july(clock: Stopped) -> None:
    """Everybody of the cast belongs by now, who joined later too."""
    clock.to(datetime(2026, 7, 1, 12, tzinfo=UTC))


def read(person: Person, group: Group) -> list[str]:
    """The days of the meetings that this person finds on the timeline."""
    memory = access.memory(person, group.public_id)
    return [f"{one.meeting.local_date:%B}" for one in timeline.moments(memory, list(memory.boards))]


def found(
    reader: Person,
    group: Group,
    typed: str,
    only: searching.Only = searching.Only(),  # noqa: B008 -- frozen
) -> list[tuple[str, str]]:
    hits = searching.search(access.memory(reader, group.public_id), Wanted.read(typed), only)
    return [(hit.kind, hit.text) for hit in hits]


# The timeline


def test_a_meeting_tells_its_topics_what_was_kept_and_what_became_of_promises(
    held: Held, group: Group, ada: Person, hedy: Person
) -> None:
    before = held(APRIL, Ladders=None)
    board = held(MAY, Metrics="Fewer of them.")
    along = Topic.objects.get(board=before)
    Topic.objects.create(
        board=board, title="Ladders", state=TopicState.OFFERED, carried_from=along, times_carried=1, sponsor=ada
    )
    Promise.objects.create(board=board, person=ada, text="I ask them.", state=PromiseState.DONE)
    memory = access.memory(hedy, group.public_id)
    newest, oldest = timeline.moments(memory, list(memory.boards))
    told = [(one.title, one.discussed, one.history, [kept.text for kept in one.takeaways]) for one in newest.topics]
    assert told == [
        ("Metrics", True, "", ["Fewer of them."]),
        ("Ladders", False, "from 14 Apr 26, second time", []),
    ]
    assert [(one.name, one.text, one.outcome) for one in newest.promises] == [("Ada", "I ask them.", "done")]
    assert [one.title for one in oldest.topics] == ["Ladders"]
    assert len(timeline.drawn([newest, oldest]).threads) == 1


def test_what_was_talked_about_stands_out_and_what_waited_is_one_line(
    client: Client, held: Held, group: Group, ada: Person, hedy: Person
) -> None:
    board = held(MAY, Metrics="Fewer of them.")
    for title, times in (("Ladders", 1), ("Budgets", 0)):
        Topic.objects.create(board=board, title=title, state=TopicState.OFFERED, times_carried=times, sponsor=ada)
    client.force_login(hedy)
    page = client.get(f"/groups/{group.public_id}/timeline/").content.decode()
    assert re.findall(r'<li class="topic">\s*<div>\s*<h3><bdi>(\w+)', page) == ["Metrics"]
    (line,) = re.findall(r"<summary>Waited: (.*)</summary>", page)
    assert line == "<bdi>Ladders</bdi>, <bdi>Budgets</bdi>"
    assert "not talked about this time · brought by Ada · second time" in page


def test_a_meeting_at_which_everything_waited_keeps_its_topics(
    client: Client, held: Held, group: Group, hedy: Person
) -> None:
    board = held(MAY)
    Topic.objects.create(board=board, title="Ladders", state=TopicState.OFFERED)
    client.force_login(hedy)
    page = client.get(f"/groups/{group.public_id}/timeline/").content.decode()
    assert ("Waited: <bdi>Ladders" in page, "No topic of this meeting is kept" in page) == (True, False)


def test_what_was_for_ears_only_is_nowhere(held: Held, group: Group, hedy: Person) -> None:
    board = held(APRIL, Secret=None)
    keeping.blank(Topic.objects.get(board=board))
    last = held(MAY, Whispered=None)
    Topic.objects.filter(board=last).update(ears_only=True)
    memory = access.memory(hedy, group.public_id)
    assert [one.topics for one in timeline.moments(memory, list(memory.boards))] == [(), ()]
    assert found(hedy, group, "whispered") == []


def test_a_takeaway_that_was_kept_before_its_topic_was_for_ears_only_is_nowhere_either(
    held: Held, group: Group, hedy: Person
) -> None:
    board = held(MAY, Metrics="Fewer.")
    Topic.objects.filter(board=board).update(ears_only=True)
    assert (found(hedy, group, "fewer"), list(access.memory(hedy, group.public_id).takeaways)) == ([], [])


def test_who_has_left_is_a_former_member(held: Held, group: Group, ada: Person, hedy: Person) -> None:
    board = held(MAY, Metrics="Fewer.")
    Promise.objects.create(board=board, person=ada, text="I ask them.")
    Membership.objects.filter(person=ada).update(left_on=date(2026, 6, 1))
    memory = access.memory(hedy, group.public_id)
    (moment,) = timeline.moments(memory, list(memory.boards))
    assert (moment.topics[0].sponsor, moment.promises[0].name) == ("a former member", "a former member")
    with pytest.raises(Http404):
        access.memory(ada, group.public_id)


@pytest.mark.parametrize("page", ["timeline", "takeaways"])
def test_one_meeting_and_three_ask_the_database_as_often(
    page: str,
    client: Client,
    held: Held,
    group: Group,
    hedy: Person,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client.force_login(hedy)
    path, count = f"/groups/{group.public_id}/{page}/?q=e", {"timeline": 18, "takeaways": 16}[page]
    for on in (MARCH, APRIL, MAY):
        board = held(on, Metrics="Fewer.", Ladders=None)
        Promise.objects.create(board=board, person=hedy, text="I ask them.")
        noting.write(hedy, board.meeting, text="Remember", revision=0)
        if on != APRIL:
            with django_assert_num_queries(count):
                assert client.get(path).status_code == 200


def test_a_meeting_opens_on_its_own_page_of_the_timeline(
    client: Client, held: Held, group: Group, hedy: Person
) -> None:
    boards = [held(date(2025, 1, 7) + timedelta(weeks=4 * number)) for number in range(14)]
    Membership.objects.update(joined_on=date(2025, 1, 1))
    client.force_login(hedy)
    path, oldest = f"/groups/{group.public_id}/timeline/", boards[0].meeting.public_id
    assert f"m-{oldest}" not in client.get(path).content.decode()
    assert f"m-{oldest}" in client.get(path, {"at": oldest}).content.decode()
    for odd in ({"at": "nowhere"}, {"page": "x"}, {"page": "-1"}, {"page": "9" * 30}):
        assert client.get(path, odd).status_code == 200


def test_before_the_first_meeting_the_pages_say_what_will_come(client: Client, group: Group, hedy: Person) -> None:
    client.force_login(hedy)
    for page in ("timeline", "takeaways", "past"):
        assert '<div class="empty">' in client.get(f"/groups/{group.public_id}/{page}/").content.decode()


# Who may read what was before them


def opens(person: Person, group: Group, *boards: Board) -> None:
    own = Membership.objects.get(group=group, person=person)
    pasts.say(own, yes=[board.meeting.public_id for board in boards])


def test_a_meeting_opens_with_the_yes_of_the_last_who_was_there_and_closes_with_one_no(
    held: Held, group: Group, ada: Person, grace: Person, later: Person
) -> None:
    april, may = held(APRIL, Ladders="Write it."), held(MAY, Metrics="Fewer.")
    assert (read(later, group), found(later, group, "")) == ([], [])
    opens(ada, group, april, may)
    assert (read(later, group), found(later, group, "write")) == ([], [])
    opens(grace, group, april)
    assert (read(later, group), found(later, group, "write")) == (["April"], [("takeaway", "Write it.")])
    opens(ada, group, may)
    assert (read(later, group), found(later, group, "write")) == ([], [])
    assert [(one.agrees, one.is_open) for one in pasts.to_open(Membership.objects.get(person=ada))] == [
        (True, False),
        (False, False),
    ]


def test_who_left_is_not_asked_and_where_nobody_is_left_it_stays_closed(
    held: Held, group: Group, ada: Person, grace: Person, later: Person
) -> None:
    april = held(APRIL, Ladders="Write it.")
    opens(ada, group, april)
    Membership.objects.filter(person=grace).update(left_on=date(2026, 6, 15))
    assert read(later, group) == ["April"]
    Membership.objects.filter(person=ada).update(left_on=date(2026, 6, 15))
    assert read(later, group) == []


def test_who_corrects_that_they_were_there_is_asked_too(
    held: Held, group: Group, ada: Person, hedy: Person, later: Person
) -> None:
    april = held(APRIL, there=(ada,), Ladders="Write it.")
    opens(ada, group, april)
    assert read(later, group) == ["April"]
    Seat.objects.create(meeting=april.meeting, person=hedy, attendance=Attendance.LATE)
    assert read(later, group) == []


def test_of_whom_it_was_never_said_counts_as_there_and_before_the_close_nothing_opens(
    held: Held, group: Group, ada: Person, hedy: Person, later: Person
) -> None:
    april = held(APRIL, there=(ada,), Ladders="Write it.")
    Seat.objects.create(meeting=april.meeting, person=hedy)
    opens(ada, group, april)
    assert read(later, group) == []
    opens(hedy, group, april)
    assert read(later, group) == ["April"]
    Board.objects.filter(pk=april.pk).update(phase=Phase.ROUND)
    assert not Meeting.objects.filter(pasts.opened(date(2026, 7, 1))).exists()


@pytest.mark.parametrize("who", ["hedy", "later"])
def test_only_who_was_there_can_open_it(
    who: str, held: Held, group: Group, later: Person, request: pytest.FixtureRequest
) -> None:
    april = held(APRIL, Ladders="Write it.")
    with pytest.raises(NotAllowed, match="not yours"):
        opens(request.getfixturevalue(who), group, april)
    assert not PastYes.objects.exists()


def test_what_everybody_reads_anyway_is_not_asked_about(held: Held, group: Group, ada: Person) -> None:
    held(APRIL, Ladders="Write it.")
    assert pasts.to_open(Membership.objects.get(person=ada)) == []


def test_the_page_keeps_my_ticks_and_shows_nobody_else_s(
    client: Client, held: Held, group: Group, ada: Person, grace: Person, later: Person
) -> None:
    april = held(APRIL, Ladders="Write it.")
    path = f"/groups/{group.public_id}/past/"
    client.force_login(ada)
    assert client.post(path, {"yes": april.meeting.public_id}).status_code == 302
    assert client.post(path, {"yes": april.meeting.public_id}).status_code == 302  # in a second tab
    assert " checked" in client.get(path).content.decode()
    client.force_login(grace)
    page = client.get(path).content.decode()
    assert (" checked" in page, "not open" in page, "Ada" in page) == (False, True, False)
    assert client.post(path, {"yes": ["nowhere", "%"]}).status_code == 302
    assert PastYes.objects.count() == 1


def test_a_board_of_before_stays_closed_where_its_meeting_opened(
    client: Client, held: Held, group: Group, ada: Person, grace: Person, later: Person
) -> None:
    april = held(APRIL, Ladders="Write it.")
    for person in (ada, grace):
        opens(person, group, april)
    client.force_login(later)
    page = client.get(f"/groups/{group.public_id}/timeline/").content.decode()
    assert ("Write it." in page, f"/meetings/{april.meeting.public_id}/" in page) == (True, False)
    assert client.get(f"/meetings/{april.meeting.public_id}/board/").status_code == 404


# Search


def test_words_are_found_in_takeaways_topics_promises_and_own_notes_and_nobody_else_s(
    held: Held, group: Group, ada: Person, hedy: Person
) -> None:
    board = held(MAY, Ladders="Say 100 % of it.", Budgets=None)
    Promise.objects.create(board=board, person=hedy, text="I measure 100 %.", state=PromiseState.DROPPED)
    noting.write(hedy, board.meeting, text="100 % mine", revision=0)
    noting.write(ada, board.meeting, text="100 % Ada's", revision=0)
    assert found(hedy, group, "100 %") == [
        ("takeaway", "Say 100 % of it."),
        ("promise", "I measure 100 %."),
        ("note", "100 % mine"),
    ]
    assert found(hedy, group, "budgets") == [("topic", "a note")]
    assert found(hedy, group, "a note ladders") == [("takeaway", "Say 100 % of it.")]
    assert found(hedy, group, "") == [("takeaway", "Say 100 % of it.")]


def test_what_went_along_is_found_once_where_it_was_last(held: Held, group: Group, ada: Person, hedy: Person) -> None:
    before, board = held(APRIL, Ladders=None), held(MAY)
    first = Topic.objects.get()
    Topic.objects.create(board=board, title="Ladders", note="b", carried_from=first, times_carried=1, state="offered")
    asked = Promise.objects.create(board=before, person=ada, text="Ladders too", state=PromiseState.CARRIED)
    Promise.objects.create(board=board, person=ada, text="Ladders too", carried_from=asked, state=PromiseState.DONE)
    assert found(hedy, group, "ladders") == [("topic", "b"), ("promise", "Ladders too")]


def test_one_meeting_and_one_person_can_be_chosen(held: Held, group: Group, ada: Person, hedy: Person) -> None:
    april, may = held(APRIL, Ladders="A"), held(MAY, Ladders="B")
    Promise.objects.create(board=may, person=hedy, text="C")
    only = searching.Only
    assert found(hedy, group, "", only(meeting=april.meeting.public_id)) == [("takeaway", "A")]
    assert found(hedy, group, "", only(meeting="nowhere")) == []
    assert found(hedy, group, "c", only(person=hedy.pk)) == [("promise", "C")]
    assert found(hedy, group, "ladders", only(person=hedy.pk)) == []


@pytest.mark.parametrize("typed", ["%", '"', "'", "\\", "<b>", "日本", "😀", "é", "x" * 10_000, "\u202e", "a b " * 500])
def test_whatever_is_typed_the_page_answers_and_shows_it_as_typed(
    typed: str, client: Client, held: Held, group: Group, hedy: Person
) -> None:
    held(MAY, Ladders="Nothing of it")
    client.force_login(hedy)
    answer = client.get(f"/groups/{group.public_id}/takeaways/", {"q": typed, "by": typed, "meeting": typed})
    assert answer.status_code == 200
    assert "<b>" not in answer.content.decode()
    assert ("Only the first 200 characters" in answer.content.decode()) == (len(typed.strip()) > 200)


# Own notes


def test_a_note_is_mine_alone_closed_with_my_key_and_goes_with_me(
    client: Client, held: Held, group: Group, ada: Person, hedy: Person
) -> None:
    board = held(MAY)
    Seat.objects.create(meeting=board.meeting, person=hedy)
    path = f"/meetings/{board.meeting.public_id}/note/"
    client.force_login(hedy)
    assert client.post(path, {"text": "Quietly", "revision": 0}).status_code == 302
    note = OwnNote.objects.get()
    assert (note.key_owner(), "Quietly" in client.get(path).content.decode()) == (f"person:{hedy.pk}", True)
    assert "Quietly" in client.get(f"/groups/{group.public_id}/timeline/").content.decode()
    client.force_login(ada)
    for page in (path, f"/groups/{group.public_id}/timeline/", f"/groups/{group.public_id}/takeaways/?q=quietly"):
        assert "Quietly" not in client.get(page).content.decode()
    leaving.erase(hedy)
    assert not OwnNote.objects.exists()


def test_a_note_changed_in_another_tab_is_not_overwritten_and_an_empty_one_goes(
    client: Client, held: Held, hedy: Person
) -> None:
    board = held(MAY, there=(hedy,))
    path = f"/meetings/{board.meeting.public_id}/note/"
    client.force_login(hedy)
    client.post(path, {"text": "First", "revision": 0})
    refused = client.post(path, {"text": "Second", "revision": 0}).content.decode()
    assert ("in another tab" in refused, "First" in refused, "Second" in refused) == (True, True, True)
    assert client.post(path, {"text": "x" * 5001, "revision": 1}).status_code == 200
    assert OwnNote.objects.get().text == "First"
    client.post(path, {"text": " ", "revision": 1})
    client.post(path, {"text": "", "revision": 0})
    assert not OwnNote.objects.exists()


# To take along


def test_everything_about_me_holds_my_words_of_every_group_and_nobody_else_s(
    held: Held, group: Group, ada: Person, hedy: Person
) -> None:
    board = held(MAY, Metrics="Fewer.")
    Promise.objects.create(board=board, person=hedy, text="Hedy's")
    Promise.objects.create(board=board, person=ada, text="I ask them.", state=PromiseState.DONE)
    noting.write(ada, board.meeting, text="Quietly", revision=0)
    Membership.objects.filter(person=ada).update(left_on=date(2026, 6, 1))
    told, at = leaving.everything_about(ada), {"group": "Lisbon 1", "on": "2026-05-12"}
    assert told["topics I brought"] == [{**at, "title": "Metrics", "note": "a note", "links": ""}]
    assert told["takeaways I wrote"] == [{**at, "text": "Fewer."}]
    assert told["promises I made"] == [{**at, "text": "I ask them.", "outcome": "done"}]
    assert told["notes for myself"] == [{**at, "text": "Quietly"}]


def test_the_file_of_a_group_holds_what_its_reader_may_open(
    held: Held, group: Group, ada: Person, later: Person
) -> None:
    board = held(MAY, Metrics="Fewer.", Ladders=None)
    Promise.objects.create(board=board, person=ada, text="I ask them.", state=PromiseState.DONE)
    whole = taking.of_group(access.memory(ada, group.public_id))
    rows = json.loads(taking.as_json(whole))["meetings"]
    assert [(one["topic"], [kept["takeaway"] for kept in one["takeaways"]]) for one in rows[0]["topics"]] == [
        ("Metrics", ["Fewer."]),
        ("Ladders", []),
    ]
    assert rows[0]["promises"] == [{"by": "Ada", "promise": "I ask them.", "outcome": "done"}]
    assert "- Ada: I ask them. (done)" in taking.as_markdown(whole)
    assert "2026-05-12  Metrics\nFewer.\n" in taking.as_text(whole)
    assert json.loads(taking.as_json(taking.of_group(access.memory(later, group.public_id))))["meetings"] == []


def test_of_a_roundtable_only_those_are_named_who_came(held: Held, group: Group, ada: Person, hedy: Person) -> None:
    board = held(MAY, there=(ada,), Metrics="Fewer.")
    Seat.objects.create(meeting=board.meeting, person=hedy)
    Group.objects.update(roster=Roster.OPEN)
    Membership.objects.all().delete()
    assert access.memory(ada, group.public_id).people == [ada]


def test_who_went_to_the_other_half_reads_the_names_of_those_they_met(
    held: Held, group: Group, ada: Person, grace: Person, hedy: Person
) -> None:
    held(MAY, Metrics="Fewer.")
    Membership.objects.filter(person=ada).update(left_on=date(2026, 6, 1), parted=True)
    assert access.memory(ada, group.public_id).people == [ada, grace]


def test_a_roundtable_s_timeline_is_of_those_who_were_there(
    client: Client, held: Held, group: Group, ada: Person, hedy: Person
) -> None:
    held(MAY, there=(ada,), Metrics="Fewer.")
    Group.objects.update(roster=Roster.OPEN)
    Membership.objects.all().delete()
    path = f"/groups/{group.public_id}/timeline/"
    client.force_login(ada)
    page = client.get(path).content.decode()
    assert ("Fewer." in page, "/past/" in page) == (True, False)
    assert client.get(f"/groups/{group.public_id}/past/").status_code == 404
    client.force_login(hedy)
    assert client.get(path).status_code == 404
