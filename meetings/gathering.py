"""The rows of a board that a page shows, read together: one statement is one moment, so no reading is half old.

Who may read comes in the same statement. These are the questions that are asked with every act and for every open
page, so their SQL is made once (roundtable/prepared.py).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Concat

from groups.models.group import Membership
from meetings import ballots, counting, readers
from meetings.boxes import Phase
from meetings.leading import Silence
from meetings.models.ballot import Call, Done, Dot, Kind, Tally, Thumb
from meetings.models.board import Board, Hand, Here, Round, Topic
from meetings.models.meeting import MeetingRole
from meetings.models.speaker import Speaker
from meetings.models.takeaway import Agreement, Promise, Takeaway
from members.models.person import Person
from members.models.program import Roster
from roundtable import clock, vault
from roundtable.prepared import Blank, Prepared, Rows, blank, plain, records

BOARD = OuterRef("pk")
BEFORE_PROMISES = (Phase.OPEN, Phase.WELCOME, Phase.CHECK_IN)


@dataclass(frozen=True)
class Distance:
    """How far the database's clock is from this machine's, in seconds, and how long asking took: the error's limit."""

    seconds: float
    trip: float

    @classmethod
    def measured(cls) -> tuple[datetime, Distance]:
        """The database's time, and the distance found while asking for it."""
        before = time.time()
        now = clock.database_now()
        return now, cls.between(before, now, time.time())

    @classmethod
    def between(cls, before: float, now: datetime, after: float) -> Distance:
        """Of the database's time that was asked for and came between two times of ours."""
        return cls(now.timestamp() - (before + after) / 2, after - before)


@dataclass(frozen=True)
class Gathered:
    """All that is known of one board at one moment."""

    table: Board
    people: dict[int, Person]
    calls: list[Call]
    rounds: list[Round]
    takeaways: list[Takeaway]  # each with `agreed`, how many take it along too
    concluded: list[Takeaway]  # of topics that have come again, each with `topic`, the key of the one before
    tallies: list[Tally]  # each with `lot` and `of`, the key of the board that counted
    here: list[Here]
    roles: list[MeetingRole]
    turns: list[Speaker]
    topics: list[Topic]  # each with `carried_on`, the day of the meeting that it comes from
    hands: list[int]
    done: int
    held: list[tuple[int, int]]  # topics opened and extensions of the last meetings, while this one has not begun
    promised: list[int]  # whose promises wait for a word, until that is asked
    now: datetime
    distance: Distance


def _people(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """What is shown of the people of these seats or memberships, by name."""
    return rows.order_by("person__name", "person").values(
        "person__id", "person__public_id", "person__name", "person__initials"
    )


def _concluded(topics: QuerySet[Any, Any]) -> QuerySet[Takeaway]:
    """Inside a question about a board: what was kept of these topics at earlier meetings of its circle, if everybody
    who belongs now belonged then. Who came later does not read what was kept before.
    """
    day, met = blank("day", "date"), OuterRef("round__board__meeting__local_date")
    readers_now = Membership.objects.on(day) | Membership.objects.parted()
    later = readers_now.filter(group=OuterRef("round__board__meeting__group"), joined_on__gt=met)
    kept = Takeaway.objects.filter(round__topic__in=topics, round__board__meeting__group__roster=Roster.FIXED)
    return kept.exclude(Exists(later)).order_by("round__number")


def _while(rows: QuerySet[Any, Any], *phases: Phase) -> QuerySet[Any, Any]:
    """Inside a question about a board: these, while it is in one of these phases."""
    return rows.annotate(phase=ExpressionWrapper(OuterRef("phase"), CharField())).filter(phase__in=phases)


def _whole_board() -> QuerySet[Board]:
    calls = Call.objects.filter(board=BOARD)
    topics = Topic.objects.filter(board=BOARD).order_by("pk")
    before = Topic.objects.filter(board=OuterRef(BOARD), carried_from__isnull=False).values("carried_from")
    counted = Tally.objects.filter(Q(call__board=BOARD) | Q(topic__in=before), call__kind=Kind.DOTS)
    turns = Speaker.objects.filter(board=BOARD, phase=OuterRef("phase")).order_by("place")
    owner = Concat(Value("group:"), OuterRef("meeting__group"), output_field=CharField())
    done = Done.objects.filter(call__board=BOARD, call__kind=Kind.DOTS, call__closed_at=None)
    other = Round.objects.filter(board__meeting__group=OuterRef("meeting__group")).exclude(board=BOARD)
    promised = Promise.objects.open_before(OuterRef("starts_at"), group=OuterRef("meeting__group"))
    return (
        Board.objects.select_related("meeting__group")
        .filter(meeting=blank("meeting"))
        .annotate(
            members=Rows(_people(readers.members_of_a_board(blank("day", "date")))),
            guests=Rows(_people(readers.guests_of_a_board())),
            calls=Rows(calls.filter(closed_at=None)),
            rounds=Rows(Round.objects.filter(board=BOARD).order_by("number")),
            takeaways=Rows(Takeaway.objects.filter(round__board=BOARD).with_agreements()),
            concluded=Rows(_concluded(before).annotate(topic=F("round__topic"))),
            tallies=Rows(counted.annotate(lot=F("call__lot"), of=F("call__board")).order_by("call__number")),
            here=Rows(ballots.with_words(Here.objects.filter(board=BOARD)).order_by("since_at", "pk")),
            roles=Rows(MeetingRole.objects.filter(meeting=OuterRef("meeting"))),
            turns=Rows(turns),
            topics=Rows(topics.annotate(carried_on=F("carried_from__board__meeting__local_date"))),
            hands=Rows(Hand.objects.filter(board=BOARD).order_by("pk")),
            marks=Rows(done),
            held=Rows(counting.last_meetings(_while(other, Phase.OPEN))),
            promised=ArraySubquery(_while(promised, *BEFORE_PROMISES).order_by("pk").values("person")),
            keys=Rows(vault.DataKey.objects.filter(owner=owner)),
            asked_at=RawSQL("clock_timestamp()", (), output_field=DateTimeField()),
        )
    )


WHOLE_BOARD: Prepared[Board] = Prepared(_whole_board)


def gather(meeting_id: int, day: date) -> Gathered:
    """Everything of this board and its readers on a day, and the group's key held ready for its words.

    Raises Board.DoesNotExist.
    """
    before = time.time()
    found: Any = WHOLE_BOARD.first(meeting=meeting_id, day=day)
    after = time.time()
    if found is None:
        raise Board.DoesNotExist
    now = clock.of_database(found.asked_at)
    vault.hold(records(vault.DataKey, found.keys))
    people = [*records(Person, found.members), *records(Person, found.guests)]
    return Gathered(
        table=found,
        people={person.pk: person for person in people},
        calls=records(Call, found.calls),
        rounds=records(Round, found.rounds),
        takeaways=records(Takeaway, found.takeaways),
        concluded=records(Takeaway, found.concluded),
        tallies=records(Tally, found.tallies),
        here=records(Here, found.here),
        roles=records(MeetingRole, found.roles),
        turns=records(Speaker, found.turns),
        topics=records(Topic, found.topics),
        hands=[hand.person_id for hand in records(Hand, found.hands)],
        done=len(records(Done, found.marks)),
        held=[(meeting["opened"], meeting["longer"]) for meeting in plain(found.held)],
        promised=found.promised,
        now=now,
        distance=Distance.between(before, now, after),
    )


def _mine() -> QuerySet[Board]:
    me = blank("person")
    calls, topics = Call.objects.filter(board=BOARD, closed_at=None), Topic.objects.filter(board=BOARD).open()
    done = Done.objects.filter(call__board=BOARD, call__kind=Kind.DOTS, call__closed_at=None, person=me)
    given = {"call__board": BOARD, "call__closed_at": None}
    dots = Dot.objects.filter(call__kind=Kind.DOTS, voter=blank("as_dots", "bytea"), **given)
    thumbs = Thumb.objects.filter(call__kind=Kind.THUMBS, voter=blank("as_thumbs", "bytea"), **given)
    agreed = Agreement.objects.filter(takeaway__round__board=BOARD, person=me)
    one = Board.objects.only("led_until", "starts_at", "autopilot").filter(pk=blank("board"))
    return one.annotate(
        asked_at=RawSQL("clock_timestamp()", (), output_field=DateTimeField()),
        calls=Rows(calls),
        topics=Rows(topics.order_by("pk").values("public_id", "sponsor_id", "hidden_author")),
        done=Exists(done),
        here=Exists(Here.objects.filter(board=BOARD, person=me, in_room=False)),
        hand=Exists(Hand.objects.filter(board=BOARD, person=me)),
        agrees=ArraySubquery(agreed.order_by("pk").values("takeaway__public_id")),
        own_dots=ArraySubquery(dots.values("topic__public_id")),
        own_thumb=Coalesce(Subquery(thumbs.values("way")), Value("")),
    )


MINE: Prepared[Board] = Prepared(_mine)


@dataclass(frozen=True)
class Mine:
    """What the rows of a board say about one person, with that person's own ballots.

    `here` means with a device: who was ticked in the room and has one after all says so themselves.
    """

    calls: dict[str, Call]
    topics: list[Topic]
    agrees: list[str]
    silence: Silence
    done: bool
    here: bool
    hand: bool
    dots: Mapping[str, int]  # by topic
    thumb: str


def mine(table: Board, person: Person) -> Mine:
    """Open calls and own ballots in them, open topics, whether this person is done, here, and has a hand up; and who
    may take over by now. One statement where the guard (access.py) has found the calls that are open.
    """
    voters = ballots.voters(table, person)
    names: dict[str, Any] = {f"as_{kind}": voters[kind].name if kind in voters else None for kind in Kind}
    found: Any = MINE.first(board=table.pk, person=person.pk, **names)
    calls = {call.kind: call for call in records(Call, found.calls)}
    topics = records(Topic, found.topics)
    dots: Mapping[str, int] = Counter(found.own_dots)
    thumb = found.own_thumb
    if any(kind not in voters or voters[kind].call != call.pk for kind, call in calls.items()):
        dots, thumb = _ballots(calls, person)
    return Mine(
        calls,
        topics,
        found.agrees,
        found.silence(clock.of_database(found.asked_at)),
        done=found.done,
        here=found.here,
        hand=found.hand,
        dots=dots,
        thumb=thumb,
    )


def _ballots(calls: Mapping[str, Call], person: Person) -> tuple[Mapping[str, int], str]:
    """The same of calls that the guard did not find open: asked by themselves."""
    dots, thumbs = calls.get(Kind.DOTS), calls.get(Kind.THUMBS)
    return ballots.own_dots(dots, person) if dots else {}, ballots.own_thumb(thumbs, person) if thumbs else ""


def _watched() -> QuerySet[Board]:
    watched = (Blank("meetings", "bigint[]"),)
    wanted = RawSQL("meetings_board.meeting_id = ANY(%s)", watched, output_field=BooleanField())
    due = Board.objects.due(blank("now", "timestamptz")).filter(pk=BOARD)
    boards = Board.objects.only("meeting_id", "version", "led_until", "starts_at", "autopilot").filter(wanted)
    return readers.with_readers(boards.annotate(is_due=Exists(due)))


WATCHED: Prepared[Board] = Prepared(_watched)


@dataclass(frozen=True)
class Standing:
    """What the backstop of the streams asks of many boards at once."""

    version: int
    readers: frozenset[int]
    silence: Silence
    due: bool


def standing(meeting_ids: Collection[int]) -> tuple[Distance, dict[int, Standing]]:
    """How far the clocks are apart, and of each board its version, its readers, whether somebody leads and whether the
    clock owes something: one statement for all boards."""
    now, distance = Distance.measured()
    boards: list[Any] = WATCHED.ask(meetings=list(meeting_ids), day=now.date(), now=now)
    return distance, {
        one.meeting_id: Standing(one.version, readers.keys(one), silence=one.silence(now), due=one.is_due)
        for one in boards
    }
