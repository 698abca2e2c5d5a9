"""What a turn of the clock brings about in the rows of a locked board: calls, counts, rounds, and the end.

The caller holds the board, and the meeting where the board may close (sitting.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from meetings import agenda, ballots, boxes, keeping, readers, rounds, voting
from meetings.boxes import Box, Clock, Due, Phase, Plan, Room, Turn
from meetings.models.ballot import Kind
from meetings.models.board import Board, Hand, Here, Move, Round, Topic, TopicState
from meetings.models.meeting import Meeting
from meetings.models.meeting import State as MeetingState
from meetings.models.seat import Attendance
from roundtable.prepared import Prepared, blank

LATE_AFTER = timedelta(minutes=10)


def _numbers() -> QuerySet[Board]:
    here = Here.objects.filter(board=OuterRef("pk")).order_by().values("board").annotate(n=Count("pk")).values("n")
    open_ = Topic.objects.filter(board=OuterRef("pk")).open().order_by().values("board")
    topics = open_.annotate(n=Count("pk")).values("n")
    boards = Board.objects.only("pk").filter(pk=blank("board"))
    return boards.annotate(people=Coalesce(Subquery(here), 0), wanted=Coalesce(Subquery(topics), 0))


NUMBERS: Prepared[Board] = Prepared(_numbers)  # asked before every act


@dataclass
class Settling:
    """The locked board at one moment."""

    board: Board
    now: datetime

    @property
    def clock(self) -> Clock:
        """The board's clock as a value."""
        return self.board.clock

    @cached_property
    def plan(self) -> Plan:
        """The segments and lengths that this board walks."""
        return plan_of(self.board)

    @cached_property
    def readers(self) -> frozenset[int]:
        """Who may read the board now, asked after the lock."""
        return readers.of(self.board, self.now.date())

    @property
    def talk(self) -> Round | None:
        """The round that is open or parked."""
        talks = Round.objects.filter(board=self.board, closed_at=None).select_related("topic")
        return talks.first() if self.clock.talking else None

    @property
    def left(self) -> int:
        """R: whole minutes before the close begins."""
        return boxes.minutes_left(self.clock, self.now, self.plan)

    def room(self) -> Room:
        """What the rows say now, in one statement unless a call is open."""
        numbers: Any = NUMBERS.first(board=self.board.pk)
        led = self.board.led_until is not None and self.board.led_until >= self.now
        fits = self.left // self.plan.lengths.topic
        return Room(numbers.people, numbers.wanted, fits, answered=self._answered(), led=led)

    def _answered(self) -> bool:
        kind = _asked(self.clock)
        call = ballots.current(self.board, kind) if kind else None
        return call is not None and ballots.everybody_answered(self.board, call)

    def settle(self, turn: Turn) -> None:
        """Write what a turn says is due, answer what it asks, and let the clock advance until nothing is due."""
        closed = self.board.phase == Phase.CLOSED
        while True:
            was, self.board.clock = self.clock, turn.clock
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
        before = self.clock
        self.settle(rounds.advance(before, self.now, self.plan, self.room()))
        return self.clock != before

    def next_topic(self) -> Turn:
        """What the planner says comes next: dots, the first of the last count, a short round, or the close."""
        topics = ballots.ranking(self.board)
        opening = agenda.plan(self.left, topics=len(topics), counted=self.clock.counted, lengths=self.plan.lengths)
        if opening is agenda.Opening.DOTS:
            return rounds.go(self.clock, Phase.DOTS, self.now, self.plan, self.room())
        if opening is agenda.Opening.LEAVE:
            return rounds.leave(self.clock, self.now, self.plan, self.room())
        return self.open_round(topics[0], short=opening is agenda.Opening.SHORT_ROUND)

    def open_round(self, topic: Topic, *, short: bool) -> Turn:
        """The topic is under discussion; its sponsor opens it if here, else somebody who is asked."""
        turn = rounds.open_round(self.clock, self.now, self.plan, short=short)
        here = topic.sponsor_id in ballots.here_ids(self.board)
        Round.objects.create(
            board=self.board,
            topic=topic,
            number=turn.clock.round,
            sponsor=topic.sponsor if here else None,
            short=short,
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

    def _time_the_call(self) -> None:
        kind = _asked(self.clock)
        call = ballots.current(self.board, kind) if kind else None
        if call is not None and call.closes_at != self.board.box_ends_at:
            call.closes_at = self.board.box_ends_at
            call.save(update_fields=["closes_at"])

    def _finish(self) -> None:
        """The board is closed: calls end uncounted, who was here becomes attendance, and all that was fleeting goes."""
        for kind in Kind:
            ballots.drop(self.board, kind, now=self.now)
        keeping.offer(self.board)
        self.board.secret = None
        late = self.board.starts_at + LATE_AFTER
        for here in Here.objects.filter(board=self.board).order_by("person"):
            came = Attendance.LATE if here.since_at > late else Attendance.PRESENT
            unsaid = self.board.meeting.seats.filter(person=here.person_id, attendance=Attendance.UNKNOWN)
            unsaid.update(attendance=came)
        ballots.ask_anew_about_recording(self.board)
        for fleeting in (Here, Hand, Move):
            fleeting.objects.filter(board=self.board).delete()
        Meeting.objects.filter(pk=self.board.meeting_id).update(state=MeetingState.HELD)


def plan_of(board: Board) -> Plan:
    """The format of the meeting with the lengths of its board."""
    lengths = replace(boxes.Lengths(), boxes=tuple(board.boxes))
    return agenda.plan_of(agenda.Format(board.meeting.format), lengths=lengths)


def _asked(clock: Clock) -> Kind | None:
    if clock.box is Box.THUMBS:
        return Kind.THUMBS
    return Kind.DOTS if clock.phase is Phase.DOTS else None
