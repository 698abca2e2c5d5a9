"""What a turn of the clock brings about in the rows of a locked board: calls, counts, rounds, and the end.

The caller holds the board, and the meeting where the board may close (sitting.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, DateTimeField, Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from meetings import afterletters, agenda, ballots, boxes, keeping, readers, rounds, voting
from meetings.boxes import Box, Clock, Due, Each, Phase, Plan, Room, Turn
from meetings.models.ballot import Kind
from meetings.models.board import Board, Hand, Here, Move, Round, Topic, TopicState
from meetings.models.meeting import Meeting, MeetingRole
from meetings.models.meeting import State as MeetingState
from meetings.models.pulse import FROM_ANSWERS, Pulse, PulseAnswer
from meetings.models.seat import Attendance
from meetings.models.speaker import Breather, Speaker
from meetings.models.takeaway import Promise, Takeaway
from roundtable import clock
from roundtable.outbox.post import post
from roundtable.prepared import Prepared, Rows, blank, plain

LATE_AFTER = timedelta(minutes=10)
FLEETING = (Here, Hand, Move, Speaker, Breather, PulseAnswer)
BOARD = OuterRef("pk")


def _counted(boards: QuerySet[Board], *, phase: Any) -> QuerySet[Board]:
    """How many are here, topics are open, turns are drawn, and promises of those here wait for a word."""
    owner = Here.objects.filter(board=OuterRef(BOARD), person=OuterRef("person"))
    promises = Promise.objects.open_before(OuterRef("starts_at"), group=OuterRef("meeting__group"))
    counted = {
        "people": Here.objects.filter(board=BOARD).order_by().values("board"),
        "wanted": Topic.objects.filter(board=BOARD).open().order_by().values("board"),
        "turns": Speaker.objects.of(BOARD, phase).order_by().values("board"),
        "told": promises.filter(Exists(owner)).order_by().values("state"),
    }
    numbers = {name: Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0) for name, rows in counted.items()}
    return boards.annotate(**numbers)


def _taken() -> QuerySet[Board]:
    """These numbers, who may read, who leads and who keeps the time, and whether the meeting is called off."""
    roles = Rows(MeetingRole.objects.filter(meeting=OuterRef("meeting")).values("role", "person"))
    asked_at = RawSQL("clock_timestamp()", (), output_field=DateTimeField())
    one = _counted(Board.objects.filter(meeting=blank("meeting")), phase=OuterRef("phase"))
    return readers.with_readers(one).annotate(roles=roles, state=F("meeting__state"), asked_at=asked_at)


def _standing() -> QuerySet[Board]:
    return _counted(Board.objects.only("pk").filter(pk=blank("board")), phase=blank("phase", "text"))


TAKEN: Prepared[Board] = Prepared(_taken)  # asked with every act
STANDING: Prepared[Board] = Prepared(_standing)
LOCK = "UPDATE meetings_board SET version = version + {raised:d} WHERE meeting_id = {meeting:d}"


def take(meeting_id: int, *, raised: int = 1) -> tuple[Board, datetime]:
    """The board's lock, then how the board stands and the database's time: whoever waited sees what was written
    meanwhile. One way to the database, but two statements: a count within the one that waits would be an old one.

    Raises Board.DoesNotExist.
    """
    lock = LOCK.format(raised=raised, meeting=meeting_id)
    found: Any = TAKEN.first(after=lock, meeting=meeting_id, day=clock.today())
    if found is None:
        raise Board.DoesNotExist
    return found, clock.of_database(found.asked_at)


@dataclass
class Settling:
    """The locked board at one moment, as `take` brought it."""

    board: Board
    now: datetime

    @property
    def clock(self) -> Clock:
        """The board's clock as a value."""
        return self.board.clock

    @property
    def found(self) -> Any:
        """The same board with what was asked along with it: numbers, readers and roles."""
        return self.board

    @cached_property
    def plan(self) -> Plan:
        """The segments and lengths that this board walks."""
        return plan_of(self.board)

    @cached_property
    def readers(self) -> frozenset[int]:
        """Who may read the board now."""
        return readers.keys(self.found)

    @cached_property
    def roles(self) -> dict[str, int]:
        """Who leads and who keeps the time, by the key of the person."""
        return {one["role"]: one["person"] for one in plain(self.found.roles)}

    @property
    def called_off(self) -> bool:
        """Whether the meeting does not take place: then nothing is done on its board, by nobody and by no clock."""
        return bool(self.found.state == MeetingState.CANCELLED)

    @property
    def talk(self) -> Round | None:
        """The round that is open or parked."""
        talks = Round.objects.filter(board=self.board, closed_at=None).select_related("topic")
        return talks.first() if self.clock.talking else None

    @property
    def left(self) -> int:
        """R: whole minutes before the close begins."""
        return boxes.minutes_left(self.clock, self.now, self.plan)

    @property
    def at_turn(self) -> int | None:
        """Whose turn it is, by the key of the person; None where turns are not on, or nobody brings the topic."""
        if self.clock.box is not Box.TURN:
            return None
        if self.clock.phase is Phase.INTRODUCE:
            topics = Topic.objects.filter(board=self.board).open().order_by("pk")
            return topics.values_list("sponsor", flat=True)[self.clock.turn : self.clock.turn + 1].first()
        drawn = Speaker.objects.of(self.board, self.clock.phase).filter(place=self.clock.turn)
        return drawn.values_list("person", flat=True).first()

    @property
    def alone(self) -> bool:
        """Whether the clock goes without a hand on it."""
        return self.board.autopilot or self.board.led_until is None or self.board.led_until < self.now

    def room(self, numbers: Any = None) -> Room:
        """What the rows say now, in one statement unless a call is open, or none where it was asked just now."""
        numbers = numbers or STANDING.first(board=self.board.pk, phase=self.board.phase)
        led = self.board.led_until is not None and self.board.led_until >= self.now
        fits = self.left // self.plan.lengths.topic
        order = (self.clock.phase, numbers.turns) if numbers.turns else None
        return Room(
            numbers.people, numbers.wanted, fits, answered=self._answered(), led=led, turns=order, promises=numbers.told
        )

    def _answered(self) -> bool:
        kind = _asked(self.clock)
        call = ballots.current(self.board, kind) if kind else None
        return call is not None and ballots.everybody_answered(self.board, call)

    def settle(self, turn: Turn) -> None:
        """Write what a turn says is due, answer what it asks, and let the clock advance until nothing is due."""
        closed = self.board.phase == Phase.CLOSED
        while True:
            was, self.board.clock = self.clock, turn.clock
            if turn.clock.box is Box.TURN and was.phase is not turn.clock.phase:
                self._draw_turns()
            follow = None
            for due in turn.due:
                follow = self._do(due) or follow
            if follow is None:
                if turn.clock == was and not turn.due:
                    break
                follow = rounds.advance(self.clock, self.now, self.plan, self.room())
            turn = follow
        if self.board.phase != Phase.CLOSED:
            self._time_the_call()
        elif not closed:
            self._finish()

    def catch_up(self) -> bool:
        """Do what is due by the clock alone. Whether anything was."""
        if self.called_off:
            return False
        before = self.clock
        turn = rounds.advance(before, self.now, self.plan, self.room(self.found))
        if turn.clock == before and not turn.due:
            return False
        self.settle(turn)
        return self.clock != before

    @property
    def opening(self) -> agenda.Opening:
        """What the planner says comes next: dots, the first of the last count, a short round, or the close."""
        topics = Topic.objects.filter(board=self.board).open().count()
        ranked = self.board.once and ballots.last_count(self.board) is not None
        return agenda.plan(
            self.left, topics=topics, counted=self.clock.counted, ranked=ranked, lengths=self.plan.lengths
        )

    def next_topic(self) -> Turn:
        """That begins."""
        opening = self.opening
        if opening is agenda.Opening.DOTS:
            return rounds.go(self.clock, Phase.DOTS, self.now, self.plan, self.room())
        if opening is agenda.Opening.LEAVE:
            return rounds.leave(self.clock, self.now, self.plan, self.room())
        return self.open_round(ballots.ranking(self.board)[0], short=opening is agenda.Opening.SHORT_ROUND)

    def open_round(self, topic: Topic, *, short: bool) -> Turn:
        """The topic is under discussion; its sponsor opens it if here, else somebody who is asked: under autopilot
        they do at once, and may pass it on. Another topic than the first in order is shown to be one."""
        turn = rounds.open_round(self.clock, self.now, self.plan, short=short)
        here = topic.sponsor_id in ballots.here_ids(self.board)
        asked = None if here else next(iter(ballots.openers(self.board, readers=self.readers)), None)
        Round.objects.create(
            board=self.board,
            topic=topic,
            number=turn.clock.round,
            sponsor_id=topic.sponsor_id if here else asked if self.alone else None,
            asked_id=asked,
            short=short,
            out_of_order=topic != ballots.ranking(self.board)[0],
            opened_at=self.now,
        )
        topic.state = TopicState.DISCUSSING
        topic.save(update_fields=["state"])
        return turn

    def _do(self, due: Due) -> Turn | None:
        match due:
            case Due.OPEN_DOTS:
                ballots.open_call(self.board, Kind.DOTS, now=self.now, closes_at=self.board.box_ends_at)
            case Due.OPEN_THUMBS:
                ends_at = self.board.box_ends_at
                ballots.open_call(self.board, Kind.THUMBS, now=self.now, closes_at=ends_at, talk=self.talk)
            case Due.DROP_THUMBS:
                ballots.drop(self.board, Kind.THUMBS, now=self.now)
            case Due.CLOSE_ROUND:
                self._close_round()
            case _:
                return self._answer(due)
        return None

    def _answer(self, due: Due) -> Turn:
        if due is Due.COUNT_DOTS:
            call = ballots.current(self.board, Kind.DOTS)
            if call is not None:
                ballots.count_dots(call, readers=self.readers, now=self.now)
            return Turn(rounds.counted(self.clock, self.now, self.plan))
        if due is Due.COUNT_THUMBS:
            return self._verdict()
        return self.next_topic() if due is Due.NEXT_TOPIC else rounds.close(self.clock, self.now)

    def _verdict(self) -> Turn:
        call, talk = ballots.current(self.board, Kind.THUMBS), self.talk
        if call is None or talk is None:
            return rounds.move_on(self.clock, self.now, self.plan)
        verdict = ballots.count_thumbs(call, readers=self.readers, now=self.now)
        talk.outcome = verdict.reason
        talk.save(update_fields=["outcome"])
        follow = {voting.Outcome.EXTEND: rounds.extend, voting.Outcome.MOVE_ON: rounds.move_on}
        return follow.get(verdict.outcome, rounds.ask_facilitator)(self.clock, self.now, self.plan)

    def _close_round(self) -> None:
        talk = Round.objects.filter(board=self.board, closed_at=None).select_related("topic").first()
        if talk is None:
            return
        talk.closed_at, talk.spent, talk.extensions = self.now, self.clock.spent, self.clock.extensions
        talk.save(update_fields=["closed_at", "spent", "extensions"])
        Topic.objects.filter(pk=talk.topic_id).update(state=TopicState.DISCUSSED)

    def _draw_turns(self) -> None:
        """Everybody here has one turn, in an order that the board's lot draws; of a case all but whose it is."""
        segment = self.plan.segment(self.clock.phase)
        drawn = Speaker.objects.of(self.board, segment.phase)
        drawn.update(passed=False)
        if segment.each is Each.TOPIC or drawn.exists():
            return
        here = ballots.here_ids(self.board)
        if segment.each is Each.OTHER:
            here.discard(self.board.speaks or 0)
        order = voting.drawn((str(person) for person in here), lot=self.board.lot)
        Speaker.objects.bulk_create(
            Speaker(board=self.board, phase=segment.phase, place=place, person_id=int(person))
            for place, person in enumerate(order)
        )

    def _time_the_call(self) -> None:
        kind = _asked(self.clock)
        call = ballots.current(self.board, kind) if kind else None
        if call is not None and call.closes_at != self.board.box_ends_at:
            call.closes_at = self.board.box_ends_at
            call.save(update_fields=["closes_at"])

    def _finish(self) -> None:
        """The board is closed: who was here becomes attendance, and all that was fleeting goes."""
        keeping.offer(self.board)
        self._thank()
        late = self.board.starts_at + LATE_AFTER
        for here in Here.objects.filter(board=self.board).order_by("person"):
            came = Attendance.LATE if here.since_at > late else Attendance.PRESENT
            unsaid = self.board.meeting.seats.filter(person=here.person_id, attendance=Attendance.UNKNOWN)
            unsaid.update(attendance=came)
        self._take_pulse()
        self.let_go()
        stands = Meeting.objects.filter(pk=self.board.meeting_id).exclude(state=MeetingState.CANCELLED)
        stands.update(state=MeetingState.HELD)

    def let_go(self) -> None:
        """Open calls end uncounted, and what says who gave what, or was here, goes with the board's secret."""
        for kind in Kind:
            ballots.drop(self.board, kind, now=self.now)
        ballots.ask_anew_about_recording(self.board)
        for fleeting in FLEETING:
            fleeting.objects.filter(board=self.board).delete()
        self.board.secret = None

    def _thank(self) -> None:
        """Who was here gets a letter with numbers; what was said stays on the board."""
        here = ballots.here_ids(self.board)
        seats = self.board.meeting.seats.filter(person__in=here).select_related("person").order_by("pk")
        left = Topic.objects.filter(board=self.board, state=TopicState.OFFERED).count()
        talked = Round.objects.filter(board=self.board).values("topic").distinct().count()
        kept = Takeaway.objects.filter(round__board=self.board).count()
        post(*afterletters.thanks(self.board.meeting, list(seats), talked=talked, kept=kept, left=left))

    def _take_pulse(self) -> None:
        """An average is kept from five answers on; fewer are gone as if nobody had been asked."""
        given = PulseAnswer.objects.filter(board=self.board)
        sums = given.aggregate(answers=Count("pk"), needed=Sum("needed"), worth=Sum("worth"))
        if sums["answers"] >= FROM_ANSWERS:
            Pulse.objects.update_or_create(meeting=self.board.meeting, defaults=sums)


def plan_of(board: Board) -> Plan:
    """The format of the meeting with the lengths of its board."""
    lengths = replace(boxes.Lengths(), boxes=tuple(board.boxes))
    form = agenda.Format(board.meeting.format)
    return agenda.plan_of(form, check_in=board.check_in, promises=board.promises, lengths=lengths)


def _asked(clock: Clock) -> Kind | None:
    if clock.box is Box.THUMBS:
        return Kind.THUMBS
    return Kind.DOTS if clock.phase is Phase.DOTS else None
