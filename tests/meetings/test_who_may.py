"""Every press at the board, in every part of a meeting, by everybody: who gets it done, who a sentence, who nothing.

The table names who gets it done: f leads, t keeps the time, s brought the topic that is talked about, m is a member
without a role, * is all four. Everybody else who may read gets one sentence and the present state, and the board stays
as it was. Who may not read finds nothing, whatever they press. In each part each press is made by one of those who get
it done and by one of those who do not, who take turns from part to part.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.http import Http404
from django.test import RequestFactory
from django.urls import resolve, reverse

from groups.models.group import Membership
from meetings import attending, ballots, board, handcounting, promising, tidying, topics, voting
from meetings.boxes import Phase
from meetings.models.ballot import Kind
from meetings.models.board import Board, Topic, TopicState
from meetings.models.meeting import Meeting, Role
from meetings.models.takeaway import Promise, Takeaway
from meetings.views import board as pages
from meetings.views import press as presses
from members.models.person import Person
from roundtable.errors import NotAllowed
from tests.conftest import START, Stopped

pytestmark = pytest.mark.django_db

TABLE = """
press        | open check_in dots sponsor talk thumbs takeaway between closing closed
begin        | f    .        .    .       .    .      .        .       .       .
enough       | .    ft       ft   ft      ft   ft     ft       .       .       .
said         | .    s        .    .       .    .      .        .       .       .
pass         | .    s        .    .       .    .      .        .       .       .
over         | .    .        .    s       .    .      .        .       .       .
pause        | .    *        *    *       *    *      *        *       *       .
resume       | .    ft       ft   ft      ft   ft     ft       ft      ft      .
plus_minute  | .    ft       .    ft      ft   .      ft       .       ft      .
put_off      | f    f        f    f       f    f      f        f       f       .
next         | .    .        .    .       .    .      .        f       .       .
undo         | .    f        f    f       f    f      f        f       f       .
close        | f    f        f    f       f    f      f        f       f       .
extend       | .    .        .    .       .    f      f        .       .       .
move_on      | .    .        .    .       .    f      f        .       .       .
option       | f    .        .    .       .    .      .        .       .       .
autopilot    | f    f        f    f       f    f      f        f       f       .
open_topic   | .    f        f    .       .    .      .        f       f       .
go           | f    f        f    f       f    f      f        f       .       .
dot          | *    *        *    .       .    .      .        .       .       .
thumb        | .    .        .    .       .    *      .        .       .       .
here         | *    *        *    *       *    *      *        *       *       .
gone         | *    *        *    *       *    *      *        *       *       .
hand         | *    *        *    *       *    *      *        *       *       .
lower        | *    *        *    *       *    *      *        *       *       .
done         | .    .        *    .       .    .      .        .       .       .
alive        | *    *        *    *       *    *      *        *       *       *
take_over    | f    f        f    f       f    f      f        f       f       .
lower_of     | f    fs       f    fs      fs   fs     fs       f       f       .
speaker      | f    f        f    f       f    f      f        f       f       .
in_room      | f    f        f    f       f    f      f        f       f       .
out_of_room  | f    f        f    f       f    f      f        f       f       .
accept_next  | *    *        *    *       *    *      *        *       *       .
promise_done | s    s        s    s       s    s      s        s       s       .
take_back    | f    f        f    f       f    f      f        f       f       .
lead         | f    f        f    f       f    f      f        f       f       .
keep_time    | f    f        f    f       f    f      f        f       f       .
propose      | *    *        *    *       *    *      *        *       .       .
sponsor      | *    *        *    *       *    *      *        *       *       .
ask_next     | .    fs       fs   .       .    .      .        f       f       .
withdraw     | s    s        s    s       s    s      s        s       s       .
ears         | s    s        s    s       s    s      s        s       s       .
merge        | m    f        f    f       f    f      f        f       f       .
split        | m    f        f    .       .    .      .        .       .       .
keep         | s    s        s    s       s    s      s        s       s       .
again        | .    .        .    .       .    .      .        f       .       .
offer        | .    .        .    .       .    .      .        .       .       .
bring_again  | *    *        *    *       *    *      *        *       .       .
agree        | .    .        .    .       .    .      .        *       *       .
agree_no     | .    .        .    .       .    .      .        *       *       .
edit         | s    s        s    s       s    s      s        s       s       .
takeaway     | .    .        .    s       s    s      s        s       s       .
promise      | .    *        *    *       *    *      *        *       *       .
pulse        | .    .        .    .       .    .      .        .       *       .
hands_up     | .    .        .    .       .    ft     .        .       .       .
dots_by_hand | ft   ft       ft   .       .    .      .        .       .       .
"""


@dataclass
class Table:
    """One meeting as it goes on, and the presses as a page would send them."""

    board: Board
    people: dict[str, Person]
    clock: Stopped
    topics: dict[str, str] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)
    pressed: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)  # as the page of this part sends them

    @property
    def now(self) -> tuple[Any, ...]:
        """What a refused press leaves as it was."""
        stands = Board.objects.values_list("step", "version", "phase", "box", "box_ends_at", "box_left", "led_until")
        return stands.get(pk=self.board.pk)

    def lead(self, name: str, **details: Any) -> None:
        """A press of who leads that the walk or a row needs."""
        getattr(board, name)(self.board, by=self.people["f"], step=self.now[0], **details)

    def asked(self, kind: Kind) -> int:
        """The number of the open call, as the page shows it."""
        call = ballots.current(self.board, kind)
        return call.number if call else 0

    def presses(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """The address of each press, and what it brings."""
        on, who = self.topics, {name: person.public_id for name, person in self.people.items()}
        kept = Takeaway.objects.first()
        return {
            **{name: ("turn", {"act": name}) for name in TURNS},
            "option": ("turn", {"act": "option:check_in:on"}),
            "autopilot": ("turn", {"act": "autopilot:on"}),
            "open_topic": ("turn", {"act": f"open:{on['mine']}"}),
            "go": ("turn", {"act": "go:closing"}),
            "dot": ("dot", {"place": f"{on['spare']}:1", "call": self.asked(Kind.DOTS)}),
            "thumb": ("thumb", {"thumb": "up", "call": self.asked(Kind.THUMBS)}),
            **{name: ("attend", {"act": name}) for name in PEOPLE},
            "lower_of": ("attend", {"act": f"lower_of:{who['m']}"}),
            "speaker": ("attend", {"act": f"speaker:{who['m']}"}),
            "in_room": ("attend", {"act": f"in_room:{who['absent']}"}),
            "out_of_room": ("attend", {"act": f"out_of_room:{who['room']}"}),
            "promise_done": ("attend", {"act": f"promise_done:{self.made['promise']}"}),
            "lead": ("attend", {"act": f"lead:{who['s']}"}),
            "keep_time": ("attend", {"act": f"keep:{who['s']}"}),
            "propose": ("propose", {"title": "One more"}),
            **{name: ("bring", {"act": f"{name}:{on['spare']}"}) for name in ("withdraw", "ears", "keep", "offer")},
            "sponsor": ("bring", {"act": f"sponsor:{on['hidden']}"}),
            "bring_again": ("bring", {"act": f"bring_again:{self.made['before']}"}),
            "ask_next": ("bring", {"act": "ask_next"}),
            "merge": ("bring", {"act": "merge", "child": on["mine"], "into": on["spare"]}),
            "split": ("bring", {"act": f"split:{on['part']}"}),
            "again": ("bring", {"act": f"again:{on['first']}"}),
            **{
                name: ("bring", {"act": f"{name}:{kept.public_id if kept else 'none'}"})
                for name in ("agree", "agree_no")
            },
            "edit": ("topic", {"title": "In other words", "revision": 1}),
            "takeaway": ("takeaway", {"text": "Ask them.", "revision": kept.revision if kept else 0}),
            "promise": ("promise", {"text": "I ask them."}),
            "pulse": ("pulse", {"needed": 4, "worth": 5}),
            "hands_up": ("by_hand", {"of": "thumbs", "up": 1}),
            "dots_by_hand": ("by_hand", {"of": "dots", on["spare"]: 1}),
        }

    def answer(self, name: str, person: Person) -> str:
        """What one press brings: done, a sentence, or nothing to see. What is refused leaves the board as it was."""
        before = self.now
        address, sent = self.pressed[name]
        more = [self.topics["spare"]] if address == "topic" else []
        path = reverse(f"meetings:{address}", args=[self.board.meeting.public_id, *more])
        body = sent if address == "by_hand" else {"step": before[0], "key": uuid4(), **sent}
        request = RequestFactory(headers={"accept": "application/json"}).post(path, body)
        request.user = person
        view = resolve(path)
        try:
            found = view.func(request, **view.kwargs)
        except Http404:
            return "nothing"
        if found.status_code in (200, 302):
            return "done"
        told = json.loads(found.content)
        assert (found.status_code, told["version"], self.now) == (409, before[1], before)
        assert told["refused"][0].isupper() or told["refused"][0] == '"'
        assert told["refused"][-1] in ".?"
        assert {"dots", "thumb", "here", "hand", "done", "topics"} <= told.keys()
        return "sentence"


TURNS: tuple[str, ...] = (
    "begin",
    "enough",
    "said",
    "pass",
    "over",
    "pause",
    "resume",
    "plus_minute",
    "put_off",
    "next",
    "undo",
)
TURNS += ("close", "extend", "move_on")
PEOPLE = ("here", "gone", "hand", "lower", "done", "alive", "take_over", "accept_next", "take_back")
FIRST: dict[str, Callable[[Table], None]] = {
    "resume": lambda table: table.lead("pause"),
    "ask_next": lambda table: table.lead("open_topic", topic=table.topics["hidden"]),
    "take_back": lambda table: attending.hand_over(
        table.board, by=table.people["f"], role=Role.FACILITATOR, to=table.people["t"].public_id
    ),
}


@contextmanager
def taken_back() -> Iterator[None]:
    """What is pressed here has never happened."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)


@pytest.fixture
def meeting_table(
    meeting: Meeting,
    table: Board,
    ada: Person,
    grace: Person,
    hedy: Person,
    join: Callable[..., Person],
    person: Callable[..., Person],
    clock: Stopped,
    monkeypatch: pytest.MonkeyPatch,
) -> Table:
    """At the start: four are here, one sits in the room, one is absent; six topics, one merged into another, one
    without a name; a promise of the last meeting; a next date."""
    monkeypatch.setattr(presses, "PRESSES_PER_MINUTE", 100_000)
    people = {"f": ada, "t": grace, "s": hedy, "m": join(person("Ida"))}
    people |= {"room": join(person("Kay")), "absent": join(person("Jean"))}
    made = Table(table, people, clock)
    made.made = _before(_other_date(meeting, -42), hedy)
    _other_date(meeting, 42)
    first = [str(hedy.pk), str(ada.pk)]  # who is asked to open a topic, now and once Hedy has opened one
    lot = next(lot for lot in range(10_000) if voting.drawn(_keys(people), lot=lot)[:2] == first)
    Board.objects.filter(pk=table.pk).update(check_in=True, promises=False, lot=lot)
    for name, by in [("first", "s"), ("spare", "s"), ("mine", "m"), ("hidden", "m"), ("part", "m"), ("whole", "f")]:
        made.topics[name] = _topic(made, name, people[by])
    tidying.merge(table, by=people["m"], child=made.topics["part"], parent=made.topics["whole"])
    clock.to(START)
    for name in "ftsm":
        attending.here(table, by=people[name])
    handcounting.seat(table, by=ada, person=people["room"].public_id, there=True)
    attending.hand(table, by=people["m"], up=True)
    return made


def _keys(people: dict[str, Person]) -> list[str]:
    return [str(person.pk) for name, person in people.items() if name != "absent"]


def _other_date(meeting: Meeting, days: int) -> Meeting:
    other = Meeting.objects.get(pk=meeting.pk)
    other.pk, other.public_id, other.occurrence_date = None, f"in-{days}", (START + timedelta(days=days)).date()
    other.starts_at, other.ends_at = START + timedelta(days=days), START + timedelta(days=days, minutes=90)
    other.save()
    return other


def _before(held: Meeting, who: Person) -> dict[str, str]:
    """What an earlier meeting has left: a promise that waits for a word, and a topic that was talked about."""
    times = {"starts_at": held.starts_at, "closing_at": held.ends_at - timedelta(minutes=5), "ends_at": held.ends_at}
    earlier = Board.objects.create(meeting=held, phase=Phase.CLOSED, **times)
    promise = Promise.objects.create(board=earlier, person=who, text="Ask.")
    topic = Topic.objects.create(board=earlier, title="Hiring", state=TopicState.DISCUSSED)
    return {"promise": promise.public_id, "before": topic.public_id}


def _topic(made: Table, name: str, by: Person) -> str:
    topics.propose(made.board, by=by, title=name, note="", hidden=name == "hidden", key=uuid4())
    return Topic.objects.latest("pk").public_id


def walk(made: Table) -> Iterator[str]:
    """The parts of a meeting, one after the other; at each of them the board stands still for who looks on."""
    yield "open"
    made.lead("begin")
    made.lead("enough")
    yield "check_in"
    made.lead("go", phase=Phase.DOTS)
    yield "dots"
    made.lead("enough")
    made.lead("open_topic", topic=made.topics["first"])
    yield "sponsor"
    made.lead("enough")
    yield "talk"
    made.lead("enough")
    yield "thumbs"
    made.lead("enough")
    yield from _summed_up(made)


def _summed_up(made: Table) -> Iterator[str]:
    made.lead("decide", extend=False)
    yield "takeaway"
    board.sum_up(made.board, by=made.people["s"], text="Ask.", revision=0)
    yield "between"
    made.lead("go", phase=Phase.CLOSING)
    yield "closing"
    made.lead("close")
    yield "closed"


def presses_of(cell: str, turn: int) -> Iterator[tuple[str, bool]]:
    """Who presses in this part, and whether they get it done: one of each kind."""
    may = {"*": "ftsm", ".": ""}.get(cell, cell)
    for letters, done in ((may, True), ("".join(set("ftsm") - set(may)), False)):
        if letters:
            yield sorted(letters)[turn % len(letters)], done


def press(made: Table, name: str, letter: str) -> str:
    """The answer; afterwards nothing has happened."""
    with taken_back():
        if name in FIRST:
            with_refusals(FIRST[name], made)
        return made.answer(name, made.people[letter])


def with_refusals(first: Callable[[Table], None], made: Table) -> None:
    """What a row begins with; where that is refused already, the row itself is refused too."""
    try:
        with transaction.atomic():
            first(made)
    except NotAllowed:
        return


def test_who_may_what_when(meeting_table: Table) -> None:
    head, *rows = [line.split() for line in TABLE.strip().splitlines()]
    wrong = {}
    for column, part in enumerate(walk(meeting_table)):
        meeting_table.pressed = meeting_table.presses()
        assert head[2 + column] == part
        for row, (name, _, *cells) in enumerate(rows):
            for letter, done in presses_of(cells[column], row + column):
                answer = press(meeting_table, name, letter)
                if answer != ("done" if done else "nothing" if name == "edit" else "sentence"):
                    wrong[f"{letter} presses {name} in {part}"] = answer
    assert wrong == {}
    assert Topic.objects.get(public_id=meeting_table.topics["spare"]).state == TopicState.OFFERED


def test_the_table_names_every_press_that_the_board_takes() -> None:
    rows = {line.split()[0] for line in TABLE.strip().splitlines()[1:]}
    other_words = {"open": "open_topic", "short": "open_topic", "lead": "lead"} | {
        f"promise_{word}": "promise_done" for word in promising.WORDS
    }
    taken = {*pages.TURNS, *pages.BRINGS, *(name for name in pages.PEOPLE if name != "keep")}
    assert {other_words.get(name, name) for name in taken} <= rows


@pytest.mark.parametrize("who", ["removed", "other", "superuser", "organizer", "stranger"])
def test_who_may_not_read_finds_nothing_whatever_they_press(
    who: str, meeting_table: Table, request: pytest.FixtureRequest
) -> None:
    if who == "removed":
        Membership.objects.filter(person=meeting_table.people["s"]).update(left_on=date(2026, 5, 12))
    person = meeting_table.people["s"] if who == "removed" else request.getfixturevalue(who)
    meeting_table.lead("begin")
    meeting_table.pressed = meeting_table.presses()
    assert {meeting_table.answer(name, person) for name in meeting_table.pressed} == {"nothing"}
