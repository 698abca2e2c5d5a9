"""Words of people on a board's page: one that turns the direction of writing turns nothing beside itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client

from meetings import attending, board, handcounting, reading, topics
from meetings.boxes import Phase
from meetings.models.board import Board, Topic, TopicState
from meetings.models.meeting import Format, Meeting, MeetingRole, Role
from meetings.models.takeaway import Promise, Takeaway
from members.models.person import Person
from tests.conftest import Held, Stopped

pytestmark = pytest.mark.django_db
TURN = "\N{RIGHT-TO-LEFT OVERRIDE}"
VOID = {"br", "input", "link", "meta"}
CANNOT_HOLD_ONE = {"option", "script", "textarea"}
Press = Callable[..., set[str]]


class Words(HTMLParser):
    """What stands in each <bdi>, and what turns outside of one."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.apart: list[str] = []
        self.loose: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.apart += [""] if tag == "bdi" else []
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag: str) -> None:
        while tag in self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "bdi" in self.open:
            self.apart[-1] += data
        elif TURN in data and not CANNOT_HOLD_ONE & set(self.open):
            self.loose.append(data)


@pytest.fixture
def turned(gathered: Board, person: Callable[..., Person], join: Callable[..., Person], ada: Person) -> set[str]:
    """The names of all who belong there: three are here, one sits in the room without a device, one is not there."""
    joan, _ = join(person("Joan")), join(person("Mary"))
    handcounting.seat(gathered, by=ada, person=joan.public_id, there=True)
    for one in Person.objects.all():
        one.name = f"{TURN}{one.name}"
        one.save(update_fields=["name"])
    return set(Person.objects.values_list("name", flat=True))


@pytest.fixture
def seen(gathered: Board, client: Client, ada: Person, hedy: Person) -> Callable[[], set[str]]:
    """What turns on the page, for who leads and for a member, each part of it in a <bdi>."""

    def look() -> set[str]:
        found: set[str] = set()
        for one in (ada, hedy):
            client.force_login(one)
            words = Words(client.get(f"/meetings/{gathered.meeting.public_id}/board/").content.decode())
            assert words.loose == []
            found |= {apart for apart in words.apart if TURN in apart}
        return found

    return look


@pytest.fixture
def press(gathered: Board, ada: Person, seen: Callable[[], set[str]]) -> Press:
    """One press of who leads, and what turns on the page that follows."""

    def act(name: str, **details: object) -> set[str]:
        getattr(board, name)(gathered, by=ada, step=Board.objects.get(pk=gathered.pk).step, **details)
        return seen()

    return act


def written(table: Board, *, by: Person, **details: object) -> dict[str, Topic]:
    """A topic with a note and a link that was talked about before, a part of it, and one that nobody brings."""
    link = f"https://example.org/ {TURN}A study"
    hiring = Topic(sponsor=by, title=f"{TURN}Hiring", note=f"{TURN}We are six.", resources=link, **details)
    part = Topic(sponsor=by, title=f"{TURN}Interviews", state=TopicState.MERGED, merged_into=hiring)
    for topic in (hiring, part, nobodys := Topic(title=f"{TURN}Pay")):
        topic.board = table
        topic.save()
    return {"hiring": hiring, "nobodys": nobodys}


def another_time(meeting: Meeting, *, leads: Person) -> None:
    after = meeting.starts_at + timedelta(days=42)
    planned = {"local_date": after.date(), "occurrence_date": after.date(), "local_time": after.time(), "zone": "UTC"}
    ends_at = after + timedelta(minutes=90)
    following = Meeting.objects.create(group=meeting.group, minutes=90, starts_at=after, ends_at=ends_at, **planned)
    MeetingRole.objects.create(meeting=following, role=Role.FACILITATOR, person=leads)


def test_each_word_of_a_person_stands_by_itself_all_through_a_meeting(
    gathered: Board, turned: set[str], seen: Callable[[], set[str]], press: Press, held: Held, ada: Person, hedy: Person
) -> None:
    before = held(date(2026, 3, 31), **{"Teams": f"{TURN}We dropped them.", f"{TURN}Estimates": "Kept."})
    Promise.objects.create(board=before, person=hedy, text=f"{TURN}I write it down.")
    ours = written(gathered, by=hedy, carried_from=Topic.objects.earliest("pk"))
    another_time(gathered.meeting, leads=hedy)
    attending.hand(gathered, by=ada, up=True)
    found = seen() | press("begin")
    for phase in (Phase.PROMISES, Phase.INTRODUCE, Phase.DOTS):
        found |= press("go", phase=phase)
    found |= press("enough") | press("open_topic", topic=ours["nobodys"].public_id)
    found |= press("undo") | press("open_topic", topic=ours["hiring"].public_id)
    found |= press("enough") | press("enough") | press("decide", extend=False)
    board.sum_up(gathered, by=hedy, text="Two a day.", revision=0)
    kept = Takeaway.objects.get(round__topic=ours["hiring"])
    kept.text = f"{TURN}Two a day."
    kept.save(update_fields=["text"])
    Promise.objects.create(board=gathered, person=ada, text=f"{TURN}I ask both.")
    found |= seen()
    topics.again(gathered, by=ada, topic=ours["hiring"].public_id)
    found |= seen() | press("go", phase=Phase.CLOSING) | press("close")
    titles = {f"{TURN}Estimates", f"{TURN}Hiring", f"{TURN}Interviews", f"{TURN}Pay", f"{TURN}A study"}
    texts = {f"{TURN}We are six.", f"{TURN}We dropped them.", f"{TURN}Two a day."}
    assert found == turned | titles | texts | {f"{TURN}I write it down.", f"{TURN}I ask both."}


def test_so_do_the_names_where_one_brings_a_case_and_all_have_a_turn(
    gathered: Board, turned: set[str], press: Press, clock: Stopped, ada: Person, grace: Person, hedy: Person
) -> None:
    gathered.meeting.format = Format.DEEP_DIVE
    gathered.meeting.save(update_fields=["format"])
    attending.name_speaker(gathered, by=ada, of=hedy.public_id)
    found = press("begin") | press("enough") | press("enough") | press("enough")
    turn = reading.read(gathered.meeting_id).shared.turn
    assert turn is not None
    board.end_turn(gathered, by=Person.objects.get(public_id=turn.id), step=4, passed=True)
    clock.forward(minutes=2)
    attending.take_over(gathered, by=grace)
    assert found | press("pause") == turned
